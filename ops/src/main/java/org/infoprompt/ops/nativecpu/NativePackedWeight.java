package org.infoprompt.ops.nativecpu;

import java.lang.foreign.MemorySegment;
import org.infoprompt.ffi.kernels.KernelMemory;
import org.infoprompt.ffi.kernels.LinearFunctions;
import org.infoprompt.ops.PackedWeight;
import org.infoprompt.ops.WeightUse;
import org.infoprompt.ops.check.MatmulChecks;

/**
 * A frozen weight in the native kernels' panels.
 *
 * @param memory the panels
 * @param inputSize K
 * @param outputSize N
 */
record NativePackedWeight(KernelMemory memory, int inputSize, int outputSize) implements PackedWeight {
    /**
     * Packs a weight.
     *
     * @param weight [out, in] float32, row-major
     * @param out rows of the weight
     * @param in columns of the weight
     * @param use what it will be multiplied with
     * @throws IndexOutOfBoundsException if the segment is too short
     */
    static NativePackedWeight pack(MemorySegment weight, int out, int in, WeightUse use) {
        MatmulChecks.pack(Float.BYTES, weight, out, in);
        boolean forward = use == WeightUse.FORWARD;
        int k = forward ? in : out;
        int n = forward ? out : in;
        KernelMemory memory = KernelMemory.allocate(LinearFunctions.packedBytes(k, n));
        LinearFunctions.pack(k, n, forward, weight, memory.segment());
        return new NativePackedWeight(memory, k, n);
    }

    MemorySegment panels() {
        return memory.segment();
    }

    @Override
    public long byteSize() {
        return memory.segment().byteSize();
    }
}
