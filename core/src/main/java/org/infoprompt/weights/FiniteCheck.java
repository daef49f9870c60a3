package org.infoprompt.weights;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.util.Collection;
import org.infoprompt.tensor.DType;
import org.infoprompt.tensor.Tensor;

/** Finds NaN and infinity in weights before they turn every result into NaN. */
public final class FiniteCheck {
    private static final ValueLayout.OfInt BITS = ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final int EXPONENT = 0x7F80_0000;
    private static final int BLOCK = 4096;

    private FiniteCheck() {}

    /**
     * Checks F32 tensors; tensors of other types are passed over.
     *
     * @param weights the source
     * @param tensors names of tensors in it
     * @throws WeightFormatException naming the first tensor with a NaN or infinity and its flat index
     * @throws IOException if a tensor cannot be read
     */
    public static void check(TensorSource weights, Collection<String> tensors) throws IOException {
        for (String name : tensors) {
            Tensor tensor = weights.tensor(name);
            if (tensor.dtype() == DType.F32) {
                long bad = firstNotFinite(tensor.segment());
                FilePages.release(tensor.segment());
                if (bad >= 0) {
                    throw new WeightFormatException(
                            weights.name(),
                            name,
                            "element " + bad + " is "
                                    + Float.intBitsToFloat(tensor.segment().get(BITS, bad * Float.BYTES))
                                    + ", weights must be finite",
                            "fetch or export the model again");
                }
            }
        }
    }

    /** Returns the index of the first float that is NaN or infinite, or -1. */
    static long firstNotFinite(MemorySegment floats) {
        long n = floats.byteSize() / Float.BYTES;
        // Through an array: before the compiler has come to it, access to a segment costs tens of times that to an
        // array, and a
        // model is opened once.
        int[] block = new int[BLOCK];
        for (long start = 0; start < n; start += BLOCK) {
            int length = (int) Math.min(BLOCK, n - start);
            MemorySegment.copy(floats, BITS, start * Float.BYTES, block, 0, length);
            // Without a branch per element the compiler vectorises this loop, which decides how fast a model opens.
            int largest = 0;
            for (int i = 0; i < length; i++) {
                largest = Math.max(largest, block[i] & EXPONENT);
            }
            if (largest == EXPONENT) {
                for (int i = 0; i < length; i++) {
                    if ((block[i] & EXPONENT) == EXPONENT) {
                        return start + i;
                    }
                }
            }
        }
        return -1;
    }
}
