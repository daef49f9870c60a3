package org.infoprompt.ops.vector;

import java.lang.foreign.MemorySegment;
import org.infoprompt.ops.MatmulKernels;
import org.infoprompt.ops.MatmulKernelsContract;
import org.infoprompt.ops.PackedWeight;
import org.infoprompt.ops.WeightUse;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;

@EnabledIfSystemProperty(named = "infoprompt.test.expectedBackend", matches = "vector|native")
class VectorMatmulKernelsTest extends MatmulKernelsContract {
    private final MatmulKernels kernels = new VectorMatmulKernels();

    @Override
    protected MatmulKernels kernels() {
        return kernels;
    }

    @Override
    protected PackedWeight pack(MemorySegment weight, int out, int in, WeightUse use) {
        return VectorPackedWeight.pack(weight, out, in, use);
    }
}
