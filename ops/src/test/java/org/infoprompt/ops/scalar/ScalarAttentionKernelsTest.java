package org.infoprompt.ops.scalar;

import org.infoprompt.ops.AttentionKernels;
import org.infoprompt.ops.AttentionKernelsContract;

class ScalarAttentionKernelsTest extends AttentionKernelsContract {
    private final AttentionKernels kernels = new ScalarAttentionKernels();

    @Override
    protected AttentionKernels kernels() {
        return kernels;
    }
}
