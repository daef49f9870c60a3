package org.infoprompt.ops.torch;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.Random;
import org.infoprompt.ops.Activation;
import org.infoprompt.ops.Guarded;
import org.infoprompt.ops.MatmulKernels;
import org.infoprompt.ops.MatmulKernelsContract;
import org.infoprompt.ops.PackedWeight;
import org.infoprompt.ops.PlainMatmul;
import org.infoprompt.ops.WeightUse;
import org.infoprompt.ops.vector.VectorBfloat16;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** The contract of matrix products, with operands rounded as the kernels round them where it compares values. */
class Bf16MatmulKernelsTest extends MatmulKernelsContract {
    private final Random random = new Random(7);
    private MatmulKernels kernels;

    @BeforeEach
    void load() {
        Torch.assumeBf16();
        kernels = new Bf16MatmulKernels();
    }

    @Override
    protected MatmulKernels kernels() {
        return kernels;
    }

    @Override
    protected PackedWeight pack(MemorySegment weight, int out, int in, WeightUse use) {
        return Bf16Weight.pack(weight, out, in, use);
    }

    @Override
    @ParameterizedTest
    @CsvSource({
        "1,1,1",
        "1,1021,33",
        "2,207,17",
        "3,64,1021",
        "7,33,256",
        "16,7,207",
        "17,127,64",
        "33,16,127",
        "64,256,33",
        "127,17,16",
        "207,3,7",
        "256,64,3",
        "1021,1,17",
        "5,96,769",
        "300,130,385",
        "1,128,1021",
        "2,65,400",
        "13,31,1536"
    })
    public void linearLayersAndTheirGradientsAreAccurate(int rows, int out, int in) {
        double[] weight = Guarded.random(random, out * in, 1);
        for (WeightUse use : WeightUse.values()) {
            boolean forward = use == WeightUse.FORWARD;
            int k = forward ? in : out;
            int n = forward ? out : in;
            double[] x = Guarded.random(random, rows * k, 1);
            double[] bias = Guarded.random(random, n, 1);
            double[] residual = Guarded.random(random, rows * n, 3);
            PackedWeight packed = pack(Guarded.of(weight).segment(), out, in, use);
            assertThat(packed.byteSize()).isBetween(2L * k * n, 2L * (k + 1) * (n + 31));
            double[] exact = product(forward, rows, n, k, x, weight, bias, false);
            double[] single = product(forward, rows, n, k, x, weight, bias, true);
            Guarded y = Guarded.unwritten(rows * n);
            kernels.linear(
                    packed, rows, Guarded.of(x).segment(), Guarded.of(bias).segment(), y.segment());
            Guarded.assertClose("linear", y.values(), single, exact, Math.sqrt(k) + 1);
            y.assertIntact();

            Guarded inPlace = Guarded.of(residual);
            kernels.linearAdd(
                    packed,
                    rows,
                    Guarded.of(x).segment(),
                    Guarded.of(bias).segment(),
                    inPlace.segment(),
                    inPlace.segment());
            for (int i = 0; i < residual.length; i++) {
                exact[i] += residual[i];
                single[i] += residual[i];
            }
            Guarded.assertClose("linearAdd", inPlace.values(), single, exact, Math.sqrt(k) + 11);
            inPlace.assertIntact();
        }
    }

    @Override
    @ParameterizedTest
    @EnumSource(Activation.class)
    public void activationsAndTheirGradientsAreAccurate(Activation activation) {
        int rows = 33;
        int n = 127;
        int k = 400;
        double[] weight = Guarded.random(random, n * k, 1.5 / Math.sqrt(k));
        double[] x = Guarded.random(random, rows * k, 1);
        double[] bias = Guarded.random(random, n, 1);
        double[] saved = Guarded.random(random, rows * n, 1);
        PackedWeight packed = pack(Guarded.of(weight).segment(), n, k, WeightUse.FORWARD);
        double[] exact = product(true, rows, n, k, x, weight, bias, false);
        double[] single = product(true, rows, n, k, x, weight, bias, true);
        Guarded slope = Guarded.unwritten(rows * n);
        Guarded y = Guarded.unwritten(rows * n);
        kernels.linearActivation(
                packed,
                rows,
                Guarded.of(x).segment(),
                Guarded.of(bias).segment(),
                activation,
                slope.segment(),
                y.segment());
        Guarded.assertClose("slope", slope.values(), slopes(activation, single), slopes(activation, exact), 3);
        Guarded.assertClose("y", y.values(), apply(activation, single), apply(activation, exact), 3);
        slope.assertIntact();
        y.assertIntact();

        double[] none = new double[n];
        exact = product(true, rows, n, k, x, weight, none, false);
        single = product(true, rows, n, k, x, weight, none, true);
        for (int i = 0; i < saved.length; i++) {
            exact[i] *= saved[i];
            single[i] *= saved[i];
        }
        Guarded inPlace = Guarded.of(saved);
        kernels.linearActivationBackward(
                packed, rows, Guarded.of(x).segment(), inPlace.segment(), inPlace.segment());
        Guarded.assertClose("dInner", inPlace.values(), single, exact, 6);
        inPlace.assertIntact();
    }

    private static double[] product(
            boolean forward, int rows, int n, int k, double[] x, double[] weight, double[] bias, boolean single) {
        return PlainMatmul.product(false, forward, rows, n, k, rounded(x), rounded(weight), bias, single);
    }

    private static double[] rounded(double[] values) {
        return Arrays.stream(values)
                .map(v -> Float.intBitsToFloat(VectorBfloat16.round((float) v) << 16))
                .toArray();
    }

    private static double[] slopes(Activation activation, double[] x) {
        return Arrays.stream(x).map(v -> PlainMatmul.slope(activation, v)).toArray();
    }

    private static double[] apply(Activation activation, double[] x) {
        return Arrays.stream(x).map(v -> PlainMatmul.activation(activation, v)).toArray();
    }
}
