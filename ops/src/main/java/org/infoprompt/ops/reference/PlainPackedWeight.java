package org.infoprompt.ops.reference;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import org.infoprompt.ops.PackedWeight;
import org.infoprompt.ops.WeightUse;
import org.infoprompt.ops.check.MatmulChecks;
import org.infoprompt.tensor.DType;

/** A copy of the weight as it is in the checkpoint. */
public final class PlainPackedWeight implements PackedWeight {
    private final MemorySegment weight;
    private final DType dtype;
    private final int out;
    private final int in;
    private final WeightUse use;

    private PlainPackedWeight(MemorySegment weight, DType dtype, int out, int in, WeightUse use) {
        this.weight = weight;
        this.dtype = dtype;
        this.out = out;
        this.in = in;
        this.use = use;
    }

    /**
     * Copies a weight.
     *
     * @param dtype F32 or F64
     * @param weight [out, in]
     * @param out rows of the weight
     * @param in columns of the weight
     * @param use what it will be multiplied with
     * @return the copy
     */
    public static PlainPackedWeight pack(DType dtype, MemorySegment weight, int out, int in, WeightUse use) {
        MatmulChecks.pack(dtype.bytes(), weight, out, in);
        long bytes = (long) out * in * dtype.bytes();
        MemorySegment copy = Arena.ofAuto().allocate(bytes, 64);
        MemorySegment.copy(weight, 0, copy, 0, bytes);
        return new PlainPackedWeight(copy.asReadOnly(), dtype, out, in, use);
    }

    @Override
    public int inputSize() {
        return use == WeightUse.FORWARD ? in : out;
    }

    @Override
    public int outputSize() {
        return use == WeightUse.FORWARD ? out : in;
    }

    @Override
    public long byteSize() {
        return weight.byteSize();
    }

    DType dtype() {
        return dtype;
    }

    MemorySegment weight() {
        return weight;
    }

    /** Returns where the factor of input k for output n lies. */
    long index(int k, int n) {
        return use == WeightUse.FORWARD ? (long) n * in + k : (long) k * in + n;
    }
}
