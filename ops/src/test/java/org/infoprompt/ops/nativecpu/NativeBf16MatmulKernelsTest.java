package org.infoprompt.ops.nativecpu;

import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import org.infoprompt.ops.MatmulKernels;
import org.infoprompt.ops.MatmulKernelsContract;
import org.infoprompt.ops.PackedWeight;
import org.infoprompt.ops.Precision;
import org.infoprompt.ops.WeightUse;
import org.junit.jupiter.api.condition.EnabledIf;

@EnabledIf(value = "org.infoprompt.ops.nativecpu.NativeTests#canRun", disabledReason = "no native kernels in this JVM")
class NativeBf16MatmulKernelsTest extends MatmulKernelsContract {
    private final MatmulKernels kernels = new NativeMatmulKernels(Precision.BF16);

    @Override
    protected MatmulKernels kernels() {
        return kernels;
    }

    @Override
    protected double[] factors(double[] values) {
        return Arrays.stream(values).map(NativeBf16MatmulKernelsTest::rounded).toArray();
    }

    @Override
    protected long elementBytes() {
        return Short.BYTES;
    }

    /** To the nearest bfloat16, ties to even. */
    private static double rounded(double value) {
        int bits = Float.floatToRawIntBits((float) value);
        return Float.intBitsToFloat((bits + 0x7FFF + (bits >>> 16 & 1)) & 0xFFFF0000);
    }

    @Override
    protected PackedWeight pack(MemorySegment weight, int out, int in, WeightUse use) {
        return NativePackedWeight.pack(Precision.BF16, weight, out, in, use);
    }
}
