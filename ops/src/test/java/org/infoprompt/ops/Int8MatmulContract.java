package org.infoprompt.ops;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.Random;
import java.util.stream.IntStream;
import org.infoprompt.ops.int8.Int8Backend;
import org.infoprompt.ops.scalar.ScalarBackend;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What every implementation of int8 products must do: the double reference to float's accuracy, the plain loops to the bit. */
@SuppressWarnings("exports")
public abstract class Int8MatmulContract {
    private static final long SEED = Long.getLong("infoprompt.seed", 20261128L);

    private final Random random = new Random(SEED);
    private final Backend plain = new Int8Backend(ScalarBackend.instance());
    private final Backend backend;
    private final MatmulKernels kernels;

    protected Int8MatmulContract(Backend backend) {
        this.backend = backend;
        kernels = backend.newKernels().matmul();
    }

    @ParameterizedTest
    @CsvSource({
        "1,1,1",
        "1,1021,33",
        "2,207,17",
        "3,64,1021",
        "7,33,256",
        "17,127,64",
        "33,16,127",
        "127,17,16",
        "200,3,7",
        "15,96,769",
        "13,31,1537",
        "0,5,9"
    })
    public void productsAreThoseOfRoundedFactors(int rows, int n, int k) {
        double[] weight = Guarded.random(random, n * k, 1);
        double[] x = Guarded.random(random, rows * k, 1);
        double[] bias = Guarded.random(random, n, 1);
        double[] residual = Guarded.random(random, rows * n, 3);
        if ((k & 1) == 1) {
            Arrays.setAll(x, i -> Math.abs(x[i]) - 0.125); // mostly of one sign, as behind an activation
        }
        double[] exact = PlainInt8.product(rows, n, k, x, weight, bias);
        double[] product = linear(backend, rows, n, k, x, weight, bias);
        assertThat(product).isEqualTo(linear(plain, rows, n, k, x, weight, bias));
        assertThat(Guarded.error(product, exact)).isLessThanOrEqualTo(1e-6 * (Math.sqrt(k) + 1));

        Guarded inPlace = Guarded.of(residual);
        PackedWeight packed = pack(backend, weight, n, k);
        MemorySegment rowsOf = Guarded.of(x).segment();
        kernels.linearAdd(packed, rows, rowsOf, Guarded.of(bias).segment(), inPlace.segment(), inPlace.segment());
        double[] sums = new double[rows * n];
        Arrays.setAll(sums, i -> (float) product[i] + (float) residual[i]);
        assertThat(inPlace.values()).isEqualTo(sums);
        inPlace.assertIntact();

        for (Activation activation : Activation.values()) {
            Guarded slope = Guarded.unwritten(rows * n);
            Guarded y = Guarded.unwritten(rows * n);
            MemorySegment shift = Guarded.of(bias).segment();
            kernels.linearActivation(packed, rows, rowsOf, shift, activation, slope.segment(), y.segment());
            double[] values = Arrays.stream(product)
                    .map(v -> PlainMatmul.activation(activation, v))
                    .toArray();
            double[] slopes = Arrays.stream(product)
                    .map(v -> PlainMatmul.slope(activation, v))
                    .toArray();
            assertThat(Guarded.error(y.values(), values)).isLessThanOrEqualTo(1e-6 * (Math.sqrt(k) + 3));
            assertThat(Guarded.error(slope.values(), slopes)).isLessThanOrEqualTo(3e-6);
            y.assertIntact();
            slope.assertIntact();
            Guarded again = Guarded.unwritten(rows * n);
            kernels.linearActivation(packed, rows, rowsOf, shift, activation, null, again.segment());
            assertThat(again.values()).isEqualTo(y.values());
        }
    }

    /** Eight bits hold a product of normal numbers to a percent; this is what a scale mixed up would not pass. */
    @Test
    public void productsAreCloseToThoseOfTheFactors() {
        int rows = 20;
        int n = 60;
        int k = 384;
        double[] weight = Guarded.random(random, n * k, 1);
        double[] x = Guarded.random(random, rows * k, 1);
        IntStream.range(0, n * k).forEach(i -> weight[i] *= (float) (1 + i / k));
        IntStream.range(0, rows * k).forEach(i -> x[i] *= (float) Math.pow(10, i / k - 10));
        double[] none = new double[n];
        double[] rounded = linear(backend, rows, n, k, x, weight, null);
        double[] exact = PlainMatmul.product(false, true, rows, n, k, x, weight, none, false);
        for (int r = 0; r < rows; r++) {
            double squares = 0;
            double errors = 0;
            for (int j = 0; j < n; j++) {
                squares += exact[r * n + j] * exact[r * n + j];
                errors += Math.pow(exact[r * n + j] - rounded[r * n + j], 2);
            }
            assertThat(Math.sqrt(errors / squares)).as("row %d", r).isBetween(1e-3, 0.015);
        }
    }

    @Test
    public void zerosExtremesAndNaN() {
        int n = 70;
        int k = 40;
        double[] special = {0, 1e-38, 1e4, -1e4, Float.MAX_VALUE, Double.NaN, Double.POSITIVE_INFINITY, 2.5, -1e-30};
        int rows = 2 * special.length;
        double[] weight = Guarded.random(random, n * k, 1);
        Arrays.fill(weight, 3 * k, 4 * k, 0);
        weight[7 * k + 1] = Double.NEGATIVE_INFINITY;
        double[] x = Guarded.random(random, rows * k, 1);
        for (int s = 0; s < special.length; s++) {
            Arrays.fill(x, 2 * s * k, (2 * s + 1) * k, special[s]);
            x[(2 * s + 1) * k + s] = special[s];
        }
        double[] bias = Guarded.random(random, n, 1);
        double[] y = linear(backend, rows, n, k, x, weight, bias);
        assertThat(y).isEqualTo(linear(plain, rows, n, k, x, weight, bias));
        for (int r = 0; r < rows; r++) {
            double value = special[r / 2];
            for (int j = 0; j < n; j++) {
                double result = y[r * n + j];
                assertThat(Double.isNaN(result))
                        .as("row %d, column %d is %s", r, j, result)
                        .isEqualTo(!Double.isFinite(value) || j == 7);
                boolean nothingInColumn = j == 3 && Double.isFinite(value);
                boolean nothingInRow = (r == 0 || r == 2) && j != 7;
                if (nothingInColumn || nothingInRow) {
                    assertThat(result).isEqualTo(bias[j]);
                }
            }
        }
    }

    @Test
    public void rowsAreTheSameHoweverTheyAreGrouped() {
        int rows = 100;
        int n = 100;
        int k = 800;
        PackedWeight packed = pack(backend, Guarded.random(random, n * k, 1), n, k);
        MemorySegment x = Guarded.of(Guarded.random(random, rows * k, 1)).segment();
        MemorySegment bias = Guarded.of(Guarded.random(random, n, 1)).segment();
        Guarded whole = Guarded.unwritten(rows * n);
        kernels.linearActivation(packed, rows, x, bias, Activation.GELU_ERF, null, whole.segment());
        for (int group = 1; group <= 29; group += 2) {
            Guarded parts = Guarded.unwritten(rows * n);
            for (int r = 0; r < rows; r += group) {
                int count = Math.min(group, rows - r);
                MemorySegment from = x.asSlice(4L * r * k, 4L * count * k);
                MemorySegment to = parts.segment().asSlice(4L * r * n, 4L * count * n);
                kernels.linearActivation(packed, count, from, bias, Activation.GELU_ERF, null, to);
            }
            assertThat(parts.values()).as("groups of %d", group).isEqualTo(whole.values());
        }
    }

    @Test
    public void wrongArgumentsAndGradientsAreRefused() {
        PackedWeight packed = pack(backend, new double[] {1, 2, 3, 4, 5, 6}, 2, 3);
        MemorySegment x = Guarded.of(new double[6]).segment();
        Guarded y = Guarded.unwritten(4);
        MemorySegment out = y.segment();
        assertThatThrownBy(() -> kernels.linear(packed, 3, x, null, out)).isInstanceOf(IndexOutOfBoundsException.class);
        PackedWeight other = ScalarBackend.instance().pack(x, 2, 3, WeightUse.FORWARD);
        assertThatThrownBy(() -> kernels.linear(other, 2, x, null, out)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> kernels.linearActivationBackward(packed, 2, x, out, out))
                .isInstanceOf(UnsupportedOperationException.class)
                .hasMessage("int8 products have no gradients");
        assertThatThrownBy(() -> backend.pack(x, 2, 3, WeightUse.BACKWARD))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("int8 products have no gradients");
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment large = arena.allocate(65537L * Float.BYTES);
            assertThatThrownBy(() -> backend.pack(large, 1, 65537, WeightUse.FORWARD))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessage("in 65537 must be at most 65536 in int8");
        }
        y.assertUntouched();
    }

    @Test
    public void nothingIsAllocatedInTheSteadyState() {
        int n = 100;
        int k = 70;
        PackedWeight packed = pack(backend, Guarded.random(random, n * k, 1), n, k);
        MemorySegment x = Guarded.of(Guarded.random(random, 20 * k, 1)).segment();
        MemorySegment bias = Guarded.of(Guarded.random(random, n, 1)).segment();
        MemorySegment y = Guarded.unwritten(20 * n).segment();
        int[] rows = {20, 1, 2, 5};
        Allocations.assertNone(call -> {
            int r = rows[call & 3];
            kernels.linearAdd(packed, r, x, bias, y, y);
            kernels.linearActivation(packed, r, x, bias, Activation.GELU_ERF, null, y);
        });
    }

    private static double[] linear(
            Backend backend, int rows, int n, int k, double[] x, double[] weight, double @Nullable [] bias) {
        Guarded y = Guarded.unwritten(rows * n);
        MemorySegment shift = bias == null ? null : Guarded.of(bias).segment();
        MatmulKernels matmul = backend.newKernels().matmul();
        matmul.linear(pack(backend, weight, n, k), rows, Guarded.of(x).segment(), shift, y.segment());
        y.assertIntact();
        return y.values();
    }

    private static PackedWeight pack(Backend backend, double[] weight, int n, int k) {
        PackedWeight packed = backend.pack(Guarded.of(weight).segment(), n, k, WeightUse.FORWARD);
        assertThat(packed.inputSize()).isEqualTo(k);
        assertThat(packed.outputSize()).isEqualTo(n);
        assertThat(packed.byteSize()).isGreaterThanOrEqualTo((long) n * k);
        return packed;
    }
}
