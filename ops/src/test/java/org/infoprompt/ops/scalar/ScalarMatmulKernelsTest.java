package org.infoprompt.ops.scalar;

import java.lang.foreign.MemorySegment;
import org.infoprompt.ops.MatmulKernels;
import org.infoprompt.ops.MatmulKernelsContract;
import org.infoprompt.ops.PackedWeight;
import org.infoprompt.ops.WeightUse;

class ScalarMatmulKernelsTest extends MatmulKernelsContract {
    private final MatmulKernels kernels = new ScalarMatmulKernels();

    @Override
    protected MatmulKernels kernels() {
        return kernels;
    }

    @Override
    protected PackedWeight pack(MemorySegment weight, int out, int in, WeightUse use) {
        return ScalarPackedWeight.pack(weight, out, in, use);
    }
}
