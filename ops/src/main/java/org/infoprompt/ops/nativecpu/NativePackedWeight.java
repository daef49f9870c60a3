package org.infoprompt.ops.nativecpu;

import java.lang.foreign.MemorySegment;
import org.infoprompt.ffi.kernels.KernelMemory;
import org.infoprompt.ffi.kernels.LinearFunctions;
import org.infoprompt.ffi.kernels.WeightType;
import org.infoprompt.ops.PackedWeight;
import org.infoprompt.ops.Precision;
import org.infoprompt.ops.WeightUse;
import org.infoprompt.ops.check.MatmulChecks;

/**
 * A frozen weight in the native kernels' panels.
 *
 * @param type in what it is packed
 * @param memory the panels
 * @param inputSize K
 * @param outputSize N
 */
record NativePackedWeight(WeightType type, KernelMemory memory, int inputSize, int outputSize) implements PackedWeight {
    /**
     * Packs a weight.
     *
     * @param precision FP32, BF16 or INT8
     * @param weight [out, in] float32, row-major
     * @param out rows of the weight
     * @param in columns of the weight
     * @param use what it will be multiplied with
     * @throws IndexOutOfBoundsException if the segment is too short
     * @throws IllegalArgumentException if int8 cannot be used so
     */
    static NativePackedWeight pack(Precision precision, MemorySegment weight, int out, int in, WeightUse use) {
        MatmulChecks.pack(Float.BYTES, weight, out, in);
        if (precision == Precision.INT8) {
            MatmulChecks.packInt8(in, use);
        }
        boolean forward = use == WeightUse.FORWARD;
        int k = forward ? in : out;
        int n = forward ? out : in;
        WeightType type = type(precision);
        KernelMemory memory = KernelMemory.allocate(LinearFunctions.packedBytes(type, k, n));
        LinearFunctions.pack(type, k, n, forward, weight, memory.segment());
        return new NativePackedWeight(type, memory, k, n);
    }

    static WeightType type(Precision precision) {
        return switch (precision) {
            case FP32 -> WeightType.F32;
            case BF16 -> WeightType.BF16;
            case INT8 -> WeightType.INT8;
            case FP64 -> throw new IllegalArgumentException("there are no native kernels in fp64");
        };
    }

    MemorySegment panels() {
        return memory.segment();
    }

    @Override
    public long byteSize() {
        return memory.segment().byteSize();
    }
}
