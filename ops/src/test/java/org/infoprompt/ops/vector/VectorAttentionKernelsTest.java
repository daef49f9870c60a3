package org.infoprompt.ops.vector;

import org.infoprompt.ops.AttentionKernels;
import org.infoprompt.ops.AttentionKernelsContract;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;

@EnabledIfSystemProperty(named = "infoprompt.test.expectedBackend", matches = "vector|native")
class VectorAttentionKernelsTest extends AttentionKernelsContract {
    private final AttentionKernels kernels = new VectorAttentionKernels();

    @Override
    protected AttentionKernels kernels() {
        return kernels;
    }
}
