package org.infoprompt.ops.nativecpu;

import java.lang.foreign.MemorySegment;
import org.infoprompt.ops.MatmulKernels;
import org.infoprompt.ops.MatmulKernelsContract;
import org.infoprompt.ops.PackedWeight;
import org.infoprompt.ops.Precision;
import org.infoprompt.ops.WeightUse;
import org.junit.jupiter.api.condition.EnabledIf;

@EnabledIf(value = "org.infoprompt.ops.nativecpu.NativeTests#canRun", disabledReason = "no native kernels in this JVM")
class NativeMatmulKernelsTest extends MatmulKernelsContract {
    private final MatmulKernels kernels = new NativeMatmulKernels(Precision.FP32);

    @Override
    protected MatmulKernels kernels() {
        return kernels;
    }

    @Override
    protected PackedWeight pack(MemorySegment weight, int out, int in, WeightUse use) {
        return NativePackedWeight.pack(Precision.FP32, weight, out, in, use);
    }
}
