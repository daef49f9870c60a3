package org.infoprompt.weights;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import org.infoprompt.tensor.DType;
import org.infoprompt.tensor.Tensor;

/** Widens or narrows floating-point tensors to F32; files are little-endian whatever the machine is. */
public final class FloatConversions {
    private static final ValueLayout.OfFloat F32 = ValueLayout.JAVA_FLOAT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final ValueLayout.OfDouble F64 =
            ValueLayout.JAVA_DOUBLE_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final ValueLayout.OfShort HALF = ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

    private FloatConversions() {}

    /**
     * {@return an F32 tensor as it is, any other floating-point tensor as a read-only copy}
     *
     * @param tensor F16, BF16, F32 or F64
     * @param arena owns the copy
     * @throws IllegalArgumentException if the tensor holds integers
     */
    public static Tensor toFloat32(Tensor tensor, Arena arena) {
        if (tensor.dtype() == DType.F32) {
            return tensor;
        }
        long n = tensor.shape().numElements();
        MemorySegment from = tensor.segment();
        MemorySegment to = arena.allocate(Math.multiplyExact(n, (long) Float.BYTES), AlignedViews.ALIGNMENT);
        switch (tensor.dtype()) {
            case F64 -> {
                for (long i = 0; i < n; i++) {
                    to.setAtIndex(F32, i, (float) from.getAtIndex(F64, i));
                }
            }
            case F16 -> {
                for (long i = 0; i < n; i++) {
                    to.setAtIndex(F32, i, Float.float16ToFloat(from.getAtIndex(HALF, i)));
                }
            }
            case BF16 -> {
                for (long i = 0; i < n; i++) {
                    to.setAtIndex(F32, i, Float.intBitsToFloat(from.getAtIndex(HALF, i) << 16));
                }
            }
            default -> throw new IllegalArgumentException("dtype " + tensor.dtype() + " is not floating-point");
        }
        return new Tensor(to.asReadOnly(), DType.F32, tensor.shape());
    }
}
