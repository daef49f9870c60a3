package org.infoprompt.ops.cuda;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.Random;
import org.infoprompt.cudasim.FakeGpu;
import org.infoprompt.ops.Activation;
import org.infoprompt.ops.Backend;
import org.infoprompt.ops.Guarded;
import org.infoprompt.ops.MatmulKernels;
import org.infoprompt.ops.MatmulKernelsContract;
import org.infoprompt.ops.PackedWeight;
import org.infoprompt.ops.Precision;
import org.infoprompt.ops.WeightUse;
import org.infoprompt.ops.reference.PlainActivationKernels;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledIfSystemProperty;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

@DisabledIfSystemProperty(
        named = "infoprompt.test.expectedBackend",
        matches = "scalar",
        disabledReason = "does not depend on the backend; runs in the run with the vector module")
class CudaBf16MatmulKernelsTest extends MatmulKernelsContract {
    private static final FakeGpu GPU = new FakeGpu();
    private static final Backend FLOAT = GPU.backend();
    private static final Backend BACKEND = FLOAT.with(Precision.BF16);
    private final MatmulKernels kernels = BACKEND.newKernels().matmul();

    @Override
    protected MatmulKernels kernels() {
        return kernels;
    }

    @Override
    protected double[] factors(double[] values) {
        return Arrays.stream(values)
                .map(v -> {
                    int bits = Float.floatToRawIntBits((float) v);
                    return Float.intBitsToFloat((bits + 0x7FFF + ((bits >>> 16) & 1)) & 0xFFFF0000);
                })
                .toArray();
    }

    @Override
    protected long elementBytes() {
        return Short.BYTES;
    }

    @Override
    protected PackedWeight pack(MemorySegment weight, int out, int in, WeightUse use) {
        return BACKEND.pack(weight, out, in, use);
    }

    /** The tanh form comes from the library where no slope is kept, and so not with the same bits. */
    @Override
    @ParameterizedTest
    @EnumSource(names = {"GELU_ERF", "RELU"})
    public void activationsAndTheirGradientsAreAccurate(Activation activation) {
        super.activationsAndTheirGradientsAreAccurate(activation);
    }

    @Test
    void geluComesWithTheProduct() {
        int rows = 5;
        int n = 7;
        int k = 9;
        Random random = new Random(3);
        double[] x = factors(Guarded.random(random, rows * k, 1));
        double[] w = factors(Guarded.random(random, n * k, 1));
        double[] bias = Guarded.random(random, n, 1);
        PackedWeight packed = pack(Guarded.of(w).segment(), n, k, WeightUse.FORWARD);
        Guarded y = Guarded.unwritten(rows * n);
        GPU.driver().counts().clear();
        kernels.linearActivation(
                packed,
                rows,
                Guarded.of(x).segment(),
                Guarded.of(bias).segment(),
                Activation.GELU_TANH,
                null,
                y.segment());
        assertThat(GPU.driver().counts().kernels()).containsExactly("ipk_to_bf16_f32");
        for (int r = 0; r < rows; r++) {
            for (int c = 0; c < n; c++) {
                double sum = bias[c];
                for (int i = 0; i < k; i++) {
                    sum += x[r * k + i] * w[c * k + i];
                }
                double expected = PlainActivationKernels.value(Activation.GELU_TANH, sum);
                assertThat(Math.abs(y.values()[r * n + c] - expected)).isLessThan(1e-5);
            }
        }
    }

    @Test
    void weightsOfTheOtherPrecisionAreRefused() {
        PackedWeight single = FLOAT.pack(Guarded.of(new double[4]).segment(), 2, 2, WeightUse.FORWARD);
        MemorySegment x = Guarded.of(new double[2]).segment();
        assertThatThrownBy(() -> kernels.linear(single, 1, x, null, x.asSlice(0)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("a weight packed in F32 cannot be multiplied by kernels for BF16");
    }

    @Test
    void bothDirectionsShareOneCopy() {
        MemorySegment weight = Guarded.of(new double[6]).segment();
        PackedWeight forward = pack(weight, 2, 3, WeightUse.FORWARD);
        long before = GPU.driver().heap().liveBytes();
        PackedWeight backward = BACKEND.packBackward(forward, weight, 2, 3);
        assertThat(GPU.driver().heap().liveBytes()).isEqualTo(before);
        assertThat(backward.inputSize()).isEqualTo(2);
        assertThat(backward.outputSize()).isEqualTo(3);
        assertThat(backward.byteSize()).isZero();
    }

    /** The fake library allocates. */
    @Override
    public void nothingIsAllocatedInTheSteadyState() {}

    /** Not promised: cuBLASLt chooses its algorithm by the number of rows. */
    @Override
    public void rowsAreTheSameHoweverTheyAreGrouped() {}
}
