package org.infoprompt.ops.nativecpu;

import org.infoprompt.ops.AttentionKernels;
import org.infoprompt.ops.AttentionKernelsContract;
import org.junit.jupiter.api.condition.EnabledIf;

@EnabledIf(value = "org.infoprompt.ops.nativecpu.NativeTests#canRun", disabledReason = "no native kernels in this JVM")
class NativeAttentionKernelsTest extends AttentionKernelsContract {
    private final AttentionKernels kernels =
            NativeBackend.instance().newKernels().attention();

    @Override
    protected AttentionKernels kernels() {
        return kernels;
    }
}
