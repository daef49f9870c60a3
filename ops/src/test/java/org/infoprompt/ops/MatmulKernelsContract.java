package org.infoprompt.ops;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** What every float32 implementation of {@link MatmulKernels} must do. */
@SuppressWarnings("exports")
public abstract class MatmulKernelsContract {
    private static final long SEED = Long.getLong("infoprompt.seed", 20261122L);

    private final Random random = new Random(SEED);

    protected MatmulKernelsContract() {}

    protected abstract MatmulKernels kernels();

    /** Rounds factors of packed products to what the kernels round them to, so that only their sums are inexact. */
    protected double[] factors(double[] values) {
        return values;
    }

    /** The least bytes of a packed element. */
    protected long elementBytes() {
        return Float.BYTES;
    }

    protected abstract PackedWeight pack(MemorySegment weight, int out, int in, WeightUse use);

    @ParameterizedTest
    @CsvSource({
        "1,1,1", "1,1021,33", "2,207,17", "3,64,1021", "7,33,256", "16,7,207", "17,127,64", "33,16,127", "64,256,33",
        "127,17,16", "207,3,7", "256,64,3", "1021,1,17", "5,96,769", "12,130,385", "1,128,1021", "2,65,400",
                "13,31,1536"
    })
    public void linearLayersAndTheirGradientsAreAccurate(int rows, int out, int in) {
        double[] weight = factors(Guarded.random(random, out * in, 1));
        for (WeightUse use : WeightUse.values()) {
            boolean forward = use == WeightUse.FORWARD;
            int k = forward ? in : out;
            int n = forward ? out : in;
            double[] x = factors(Guarded.random(random, rows * k, 1));
            double[] bias = Guarded.random(random, n, 1);
            double[] residual = Guarded.random(random, rows * n, 3);
            PackedWeight packed = pack(Guarded.of(weight).segment(), out, in, use);
            assertThat(packed.inputSize()).isEqualTo(k);
            assertThat(packed.outputSize()).isEqualTo(n);
            assertThat(packed.byteSize()).isGreaterThanOrEqualTo(elementBytes() * k * n);
            double[] exact = PlainMatmul.product(false, forward, rows, n, k, x, weight, bias, false);
            double[] single = PlainMatmul.product(false, forward, rows, n, k, x, weight, bias, true);
            double scale = Math.sqrt(k) + 1;

            Guarded y = Guarded.unwritten(rows * n);
            kernels()
                    .linear(
                            packed,
                            rows,
                            Guarded.of(x).segment(),
                            Guarded.of(bias).segment(),
                            y.segment());
            Guarded.assertClose("linear", y.values(), single, exact, scale);
            y.assertIntact();

            double[] none = new double[n];
            kernels().linear(packed, rows, Guarded.of(x).whole(), null, y.whole());
            Guarded.assertClose(
                    "linear without bias",
                    y.values(),
                    PlainMatmul.product(false, forward, rows, n, k, x, weight, none, true),
                    PlainMatmul.product(false, forward, rows, n, k, x, weight, none, false),
                    scale);
            y.assertIntact();

            Guarded inPlace = Guarded.of(residual);
            kernels()
                    .linearAdd(
                            packed,
                            rows,
                            Guarded.of(x).segment(),
                            Guarded.of(bias).segment(),
                            inPlace.segment(),
                            inPlace.segment());
            Guarded.assertClose("linearAdd", inPlace.values(), sum(single, residual), sum(exact, residual), scale + 10);
            inPlace.assertIntact();
        }
    }

    @ParameterizedTest
    @EnumSource(Activation.class)
    public void activationsAndTheirGradientsAreAccurate(Activation activation) {
        int[][] sizes = {{1, 3, 7}, {3, 257, 16}, {17, 64, 33}, {2, 64, 33}, {33, 127, 400}};
        for (int[] size : sizes) {
            int rows = size[0];
            int n = size[1];
            int k = size[2];
            double[] weight = factors(Guarded.random(random, n * k, 1.5 / Math.sqrt(k)));
            double[] x = factors(Guarded.random(random, rows * k, 1));
            double[] bias = Guarded.random(random, n, 1);
            PackedWeight packed = pack(Guarded.of(weight).segment(), n, k, WeightUse.FORWARD);
            double[] exact = PlainMatmul.product(false, true, rows, n, k, x, weight, bias, false);
            double[] single = PlainMatmul.product(false, true, rows, n, k, x, weight, bias, true);

            Guarded slope = Guarded.unwritten(rows * n);
            Guarded y = Guarded.unwritten(rows * n);
            kernels()
                    .linearActivation(
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

            Guarded again = Guarded.unwritten(rows * n);
            kernels()
                    .linearActivation(
                            packed,
                            rows,
                            Guarded.of(x).segment(),
                            Guarded.of(bias).segment(),
                            activation,
                            null,
                            again.segment());
            assertThat(again.values()).isEqualTo(y.values());

            double[] slopes = Guarded.random(random, rows * n, 1);
            Guarded inPlace = Guarded.of(slopes);
            double[] none = new double[n];
            kernels()
                    .linearActivationBackward(
                            packed, rows, Guarded.of(x).segment(), inPlace.segment(), inPlace.segment());
            Guarded.assertClose(
                    "dInner",
                    inPlace.values(),
                    product(PlainMatmul.product(false, true, rows, n, k, x, weight, none, true), slopes),
                    product(PlainMatmul.product(false, true, rows, n, k, x, weight, none, false), slopes),
                    6);
            inPlace.assertIntact();
        }
    }

    @ParameterizedTest
    @CsvSource({
        "1,1,1,1,0",
        "7,3,1,1,1",
        "16,33,17,0.5,0",
        "3,127,64,-2,1",
        "64,7,207,1,0.25",
        "33,256,3,1,1",
        "17,1,1021,1,0",
        "130,65,390,1,1",
        "2,64,33,1,0",
        "1,130,400,2,0",
        "2,2,0,1,0.5"
    })
    public void gemmIsAccurateForAllTransposes(int m, int n, int k, double alpha, double beta) {
        for (int t = 0; t < 4; t++) {
            boolean transposeA = (t & 1) != 0;
            boolean transposeB = (t & 2) != 0;
            double[] a = Guarded.random(random, m * k, 1);
            double[] b = Guarded.random(random, k * n, 1);
            double[] c = Guarded.random(random, m * n, 1);
            if (beta == 0) {
                Arrays.fill(c, Double.NaN);
            }
            Guarded result = Guarded.of(c);
            kernels()
                    .gemm(
                            transposeA,
                            transposeB,
                            m,
                            n,
                            k,
                            alpha,
                            Guarded.of(a).segment(),
                            Guarded.of(b).segment(),
                            beta,
                            result.segment());
            double[] none = new double[n];
            Guarded.assertClose(
                    "gemm",
                    result.values(),
                    combine(alpha, PlainMatmul.product(transposeA, transposeB, m, n, k, a, b, none, true), beta, c),
                    combine(alpha, PlainMatmul.product(transposeA, transposeB, m, n, k, a, b, none, false), beta, c),
                    Math.abs(alpha) * (Math.sqrt(k) + 1) + Math.abs(beta) * 3);
            result.assertIntact();
        }
    }

    @Test
    public void rowsAreTheSameHoweverTheyAreGrouped() {
        for (int k : new int[] {17, 384, 800}) {
            int rows = 100;
            int n = 200;
            PackedWeight packed =
                    pack(Guarded.of(Guarded.random(random, n * k, 1)).segment(), n, k, WeightUse.FORWARD);
            MemorySegment x = Guarded.of(Guarded.random(random, rows * k, 1)).segment();
            MemorySegment bias = Guarded.of(Guarded.random(random, n, 1)).segment();
            Guarded whole = Guarded.unwritten(rows * n);
            kernels().linearActivation(packed, rows, x, bias, Activation.GELU_ERF, null, whole.segment());
            for (int group = 1; group <= 29; group++) {
                Guarded parts = Guarded.unwritten(rows * n);
                for (int r = 0; r < rows; r += group) {
                    int count = Math.min(group, rows - r);
                    kernels()
                            .linearActivation(
                                    packed,
                                    count,
                                    x.asSlice(4L * r * k, 4L * count * k),
                                    bias,
                                    Activation.GELU_ERF,
                                    null,
                                    parts.segment().asSlice(4L * r * n, 4L * count * n));
                }
                assertThat(parts.values()).as("groups of %d, k %d", group, k).isEqualTo(whole.values());
            }
        }
    }

    @Test
    public void infinityAndNaNStayInTheirRows() {
        int rows = 19;
        int n = 70;
        int k = 40;
        double[] weight = Guarded.random(random, n * k, 1);
        double[] x = Guarded.random(random, rows * k, 1);
        PackedWeight packed = pack(Guarded.of(weight).segment(), n, k, WeightUse.FORWARD);
        MemorySegment bias = Guarded.of(new double[n]).segment();
        Guarded clean = Guarded.unwritten(rows * n);
        kernels()
                .linearActivation(
                        packed, rows, Guarded.of(x).segment(), bias, Activation.GELU_ERF, null, clean.segment());
        for (double bad : new double[] {Double.NaN, Double.POSITIVE_INFINITY, 1e4, -1e4}) {
            double[] spoiled = x.clone();
            Arrays.fill(spoiled, 4 * k, 5 * k, bad);
            Guarded y = Guarded.unwritten(rows * n);
            kernels()
                    .linearActivation(
                            packed, rows, Guarded.of(spoiled).segment(), bias, Activation.GELU_ERF, null, y.segment());
            for (int i = 0; i < rows * n; i++) {
                if (i / n != 4) {
                    assertThat(y.values()[i]).isEqualTo(clean.values()[i]);
                } else if (Double.isNaN(bad)) {
                    assertThat(y.values()[i]).isNaN();
                } else if (Double.isFinite(bad)) {
                    assertThat(y.values()[i]).isFinite();
                }
            }
        }
    }

    @Test
    public void noRowsAreFine() {
        PackedWeight packed = pack(Guarded.of(1, 2, 3, 4, 5, 6).segment(), 2, 3, WeightUse.FORWARD);
        Guarded y = Guarded.unwritten(4);
        MemorySegment nothing = MemorySegment.NULL;
        kernels().linear(packed, 0, nothing, null, y.segment());
        kernels()
                .gemm(
                        false,
                        false,
                        0,
                        2,
                        3,
                        1,
                        nothing,
                        Guarded.of(new double[6]).segment(),
                        0,
                        y.segment());
        kernels().gemm(false, false, 2, 0, 3, 1, Guarded.of(new double[6]).segment(), nothing, 0, y.segment());
        y.assertUntouched();
    }

    @Test
    public void wrongArgumentsAreRefusedBeforeAnythingIsWritten() {
        PackedWeight packed = pack(Guarded.of(1, 2, 3, 4, 5, 6).segment(), 2, 3, WeightUse.FORWARD);
        MemorySegment x = Guarded.of(new double[6]).segment();
        MemorySegment bias = Guarded.of(new double[2]).segment();
        Guarded y = Guarded.unwritten(4);
        Guarded small = Guarded.unwritten(3);
        assertThatThrownBy(() -> kernels().linear(packed, 3, x, bias, y.segment()))
                .isInstanceOf(IndexOutOfBoundsException.class);
        assertThatThrownBy(() -> kernels().linear(packed, 2, x, bias, small.segment()))
                .isInstanceOf(IndexOutOfBoundsException.class);
        assertThatThrownBy(() -> kernels().linear(packed, 2, x, bias.asSlice(4), y.segment()))
                .isInstanceOf(IndexOutOfBoundsException.class);
        assertThatThrownBy(() -> kernels().linear(packed, -1, x, bias, y.segment()))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> kernels().linearAdd(packed, 2, x, bias, small.segment(), y.segment()))
                .isInstanceOf(IndexOutOfBoundsException.class);
        assertThatThrownBy(() ->
                        kernels().linearActivation(packed, 2, x, bias, Activation.RELU, small.segment(), y.segment()))
                .isInstanceOf(IndexOutOfBoundsException.class);
        assertThatThrownBy(() -> kernels().linearActivationBackward(packed, 2, x, small.segment(), y.segment()))
                .isInstanceOf(IndexOutOfBoundsException.class);
        assertThatThrownBy(() -> kernels().linear(new ForeignWeight(), 2, x, bias, y.segment()))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> kernels().gemm(false, false, 2, 2, 3, 1, x, bias, 0, y.segment()))
                .isInstanceOf(IndexOutOfBoundsException.class);
        assertThatThrownBy(() -> kernels().gemm(false, false, -2, 2, 3, 1, x, x, 0, y.segment()))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> pack(bias, 2, 3, WeightUse.BACKWARD)).isInstanceOf(IndexOutOfBoundsException.class);
        y.assertUntouched();
        small.assertUntouched();
    }

    @Test
    public void nothingIsAllocatedInTheSteadyState() {
        int n = 100;
        int k = 70;
        PackedWeight packed = pack(Guarded.of(Guarded.random(random, n * k, 1)).segment(), n, k, WeightUse.FORWARD);
        MemorySegment x = Guarded.of(Guarded.random(random, 20 * k, 1)).segment();
        MemorySegment bias = Guarded.of(Guarded.random(random, n, 1)).segment();
        MemorySegment other = Guarded.unwritten(20 * n).segment();
        MemorySegment y = Guarded.unwritten(20 * n).segment();
        MemorySegment weight = Guarded.of(Guarded.random(random, n * k, 1)).segment();
        MatmulKernels kernels = kernels();
        int[] rows = {20, 1, 2, 5};
        Allocations.assertNone(call -> {
            int r = rows[call & 3];
            kernels.linearAdd(packed, r, x, bias, other, y);
            kernels.linearActivation(packed, r, x, bias, Activation.GELU_ERF, other, y);
            kernels.linearActivation(packed, r, x, bias, Activation.GELU_TANH, other, y);
            kernels.linearActivationBackward(packed, r, x, other, y);
            kernels.gemm(true, true, r, n, k, 1, x, weight, 0.5, y);
        });
    }

    private static double[] apply(Activation activation, double[] x) {
        return Arrays.stream(x).map(v -> PlainMatmul.activation(activation, v)).toArray();
    }

    private static double[] slopes(Activation activation, double[] x) {
        return Arrays.stream(x).map(v -> PlainMatmul.slope(activation, v)).toArray();
    }

    private static double[] sum(double[] a, double[] b) {
        double[] c = new double[a.length];
        Arrays.setAll(c, i -> a[i] + b[i]);
        return c;
    }

    private static double[] product(double[] a, double[] b) {
        double[] c = new double[a.length];
        Arrays.setAll(c, i -> a[i] * b[i]);
        return c;
    }

    private static double[] combine(double alpha, double[] a, double beta, double[] c) {
        double[] result = new double[a.length];
        Arrays.setAll(result, i -> beta == 0 ? alpha * a[i] : alpha * a[i] + beta * c[i]);
        return result;
    }

    private static final class ForeignWeight implements PackedWeight {
        @Override
        public int inputSize() {
            return 3;
        }

        @Override
        public int outputSize() {
            return 2;
        }

        @Override
        public long byteSize() {
            return 24;
        }
    }
}
