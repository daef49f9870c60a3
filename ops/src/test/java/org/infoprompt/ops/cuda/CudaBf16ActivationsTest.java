package org.infoprompt.ops.cuda;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;
import java.util.Random;
import org.infoprompt.cudasim.FakeGpu;
import org.infoprompt.cudasim.ptx.DeviceHeap;
import org.infoprompt.ops.Activation;
import org.infoprompt.ops.Backend;
import org.infoprompt.ops.Guarded;
import org.infoprompt.ops.Kernels;
import org.infoprompt.ops.MatmulKernels;
import org.infoprompt.ops.PackedWeight;
import org.infoprompt.ops.Precision;
import org.infoprompt.ops.WeightUse;
import org.infoprompt.ops.reference.PlainActivationKernels;
import org.infoprompt.ops.reference.PlainAttentionKernels;
import org.infoprompt.ops.reference.PlainNormKernels;
import org.infoprompt.tensor.DType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledIfSystemProperty;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Kernels whose operands lie in bfloat16 against the double reference on the same, rounded operands: what they write in float32 is as near as
 * float32 arithmetic makes it, and what they write in bfloat16 is that, rounded once.
 */
@DisabledIfSystemProperty(
        named = "infoprompt.test.expectedBackend",
        matches = "scalar",
        disabledReason = "does not depend on the backend; runs in the run with the vector module")
@SuppressWarnings("NarrowCalculation") // sizes are small
class CudaBf16ActivationsTest {
    /** Half a unit in the last of 8 bits. */
    private static final double ROUNDING = 1.0 / 256;

    private static final double FLOAT = 2e-5;

    private static final FakeGpu GPU = new FakeGpu();
    private static final Backend BACKEND = GPU.backend().with(Precision.BF16);
    private static final Kernels KERNELS = BACKEND.newKernels();

    private final Random random = new Random(11);
    private final Arena arena = Arena.ofAuto();

    private double[] normals(int n, double scale) {
        return Guarded.random(random, n, scale);
    }

    /** Returns normal numbers that bfloat16 has. */
    private double[] halves(int n, double scale) {
        return rounded(normals(n, scale));
    }

    private static double[] rounded(double[] values) {
        return Arrays.stream(values)
                .map(v -> Float.intBitsToFloat(DeviceHeap.bfloat16((float) v) << 16))
                .toArray();
    }

    private MemorySegment half(double[] values) {
        MemorySegment segment = arena.allocate(2L * Math.max(values.length, 1), 64);
        for (int i = 0; i < values.length; i++) {
            segment.setAtIndex(ValueLayout.JAVA_SHORT, i, DeviceHeap.bfloat16((float) values[i]));
        }
        return segment;
    }

    private MemorySegment single(double[] values) {
        return Guarded.of(values).segment();
    }

    private MemorySegment exact(double[] values) {
        MemorySegment segment = arena.allocate(8L * Math.max(values.length, 1), 64);
        MemorySegment.copy(values, 0, segment, ValueLayout.JAVA_DOUBLE, 0, values.length);
        return segment;
    }

    private static double[] readHalf(MemorySegment segment, int n) {
        double[] values = new double[n];
        Arrays.setAll(values, i -> Float.intBitsToFloat(segment.getAtIndex(ValueLayout.JAVA_SHORT, i) << 16));
        return values;
    }

    private static double[] readSingle(MemorySegment segment, int n) {
        double[] values = new double[n];
        Arrays.setAll(values, i -> segment.getAtIndex(ValueLayout.JAVA_FLOAT_UNALIGNED, i));
        return values;
    }

    private static double[] readExact(MemorySegment segment, int n) {
        return segment.asSlice(0, 8L * n).toArray(ValueLayout.JAVA_DOUBLE);
    }

    /** Each number is the right one but for float32 arithmetic on terms of a scale, and for one rounding of its own. */
    private static void near(String what, double[] actual, double[] expected, double rounding) {
        double scale = Guarded.scale(expected);
        for (int i = 0; i < expected.length; i++) {
            assertThat(Math.abs(actual[i] - expected[i]))
                    .as("%s[%d]: %s, exactly %s", what, i, actual[i], expected[i])
                    .isLessThanOrEqualTo(FLOAT * scale + rounding * Math.abs(expected[i]));
        }
    }

    @ParameterizedTest
    @CsvSource({"1,4,1", "2,8,7", "1,16,33", "3,32,17", "1,36,64", "2,64,65", "1,68,20", "2,128,33"})
    void attentionAndItsGradientsAreAccurate(int heads, int size, int length) {
        int d = heads * size;
        int[] starts = {0, length, length, length + 3};
        int rows = starts[3];
        double[] qkv = halves(rows * 3 * d, 1);
        double[] dOut = halves(rows * d, 1);
        PlainAttentionKernels reference = new PlainAttentionKernels(DType.F64);
        MemorySegment q = exact(qkv);
        MemorySegment out = exact(new double[rows * d]);
        MemorySegment lse = exact(new double[rows * heads]);
        MemorySegment dQkv = exact(new double[rows * 3 * d]);
        reference.forward(heads, size, 3, starts, starts, q, 3 * d, q, 3 * d, d, 2 * d, out, lse);
        reference.backward(heads, size, 3, starts, starts, q, 3 * d, q, 3 * d, d, 2 * d, lse, exact(dOut), dQkv, dQkv);
        MemorySegment halfQ = half(qkv);
        MemorySegment halfOut = half(new double[rows * d]);
        MemorySegment sums = single(new double[rows * heads]);
        MemorySegment gradient = half(new double[rows * 3 * d]);
        var kernels = KERNELS.attention(DType.BF16);
        kernels.forward(heads, size, 3, starts, starts, halfQ, 3 * d, halfQ, 3 * d, d, 2 * d, halfOut, sums);
        kernels.backward(
                heads,
                size,
                3,
                starts,
                starts,
                halfQ,
                3 * d,
                halfQ,
                3 * d,
                d,
                2 * d,
                sums,
                half(dOut),
                gradient,
                gradient);
        near("out", readHalf(halfOut, rows * d), readExact(out, rows * d), ROUNDING);
        near("log-sum-exp", readSingle(sums, rows * heads), readExact(lse, rows * heads), 0);
        near("gradient", readHalf(gradient, rows * 3 * d), readExact(dQkv, rows * 3 * d), ROUNDING);
        assertThat(GPU.driver().fault()).isNull();
    }

    @ParameterizedTest
    @ValueSource(ints = {4, 20, 36, 128, 132, 384, 1020, 1028})
    void normsAreAccurate(int width) {
        int rows = 5;
        int n = rows * width;
        double[] x = normals(n, 2);
        double[] gamma = normals(width, 1);
        double[] beta = normals(width, 1);
        double[] dy = normals(n, 1);
        MemorySegment y = exact(new double[n]);
        MemorySegment unit = exact(new double[n]);
        MemorySegment rstd = exact(new double[rows]);
        MemorySegment dx = exact(new double[n]);
        PlainNormKernels reference = new PlainNormKernels(DType.F64);
        reference.layerNormForward(rows, width, exact(x), exact(gamma), exact(beta), 1e-5, y, unit, rstd);
        var kernels = KERNELS.norm(DType.BF16);
        MemorySegment rows32 = single(x);
        MemorySegment copy = half(new double[n]);
        MemorySegment kept = half(new double[n]);
        MemorySegment deviations = single(new double[rows]);
        MemorySegment scale = single(gamma);
        kernels.layerNormForward(rows, width, rows32, scale, single(beta), 1e-5, rows32, copy, kept, deviations);
        near("y", readSingle(rows32, n), readExact(y, n), 0);
        near("copy", readHalf(copy, n), readExact(y, n), ROUNDING);
        near("normalized", readHalf(kept, n), readExact(unit, n), ROUNDING);
        near("rstd", readSingle(deviations, rows), readExact(rstd, rows), 0);
        double[] keptValues = readHalf(kept, n);
        reference.layerNormBackward(rows, width, exact(dy), exact(gamma), exact(keptValues), rstd, dx);
        MemorySegment gradient = single(dy);
        kernels.layerNormBackward(rows, width, gradient, scale, kept, deviations, gradient, copy);
        near("dx", readSingle(gradient, n), readExact(dx, n), 0);
        near("copy of dx", readHalf(copy, n), readExact(dx, n), ROUNDING);
        MemorySegment alone = single(x);
        kernels.layerNormForward(rows, width, alone, scale, single(beta), 1e-5, alone, null, null);
        near("y alone", readSingle(alone, n), readExact(y, n), 0);
        kernels.layerNormForward(0, width, alone, scale, scale, 1e-5, alone, null, null);
    }

    /** In and out of bfloat16, and within it. */
    @ParameterizedTest
    @CsvSource({"BF16,BF16", "BF16,F32", "F32,BF16"})
    void productsAreAccurate(DType rowType, DType resultType) {
        int rows = 7;
        int n = 12;
        int k = 20;
        double[] x = halves(rows * k, 1);
        double[] w = halves(n * k, 1);
        double[] bias = halves(n, 1);
        double[] residual = halves(rows * n, 1);
        MatmulKernels kernels = KERNELS.matmul(rowType, resultType);
        double rounding = resultType == DType.BF16 ? ROUNDING : 0;
        PackedWeight packed = BACKEND.pack(single(w), n, k, WeightUse.FORWARD);
        MemorySegment input = of(rowType, x);
        MemorySegment y = of(resultType, new double[rows * n]);
        double[] product = product(rows, n, k, x, w, bias);
        kernels.linear(packed, rows, input, single(bias), y);
        near("linear", read(resultType, y, rows * n), product, rounding);
        MemorySegment sum = of(resultType, residual);
        kernels.linearAdd(packed, rows, input, single(bias), sum, sum);
        double[] added = new double[rows * n];
        Arrays.setAll(added, i -> product[i] + residual[i]);
        near("linear add", read(resultType, sum, rows * n), added, rounding);
        kernels.linear(packed, 0, input, null, y);
    }

    @ParameterizedTest
    @EnumSource
    void activationsAndTheirSlopesAreAccurate(Activation activation) {
        int rows = 9;
        int n = 140;
        int k = 8;
        double[] x = halves(rows * k, 0.7);
        double[] w = halves(n * k, 0.7);
        double[] bias = halves(n, 1);
        double[] dy = halves(rows * k, 1);
        MatmulKernels kernels = KERNELS.matmul(DType.BF16, DType.BF16);
        PackedWeight packed = BACKEND.pack(single(w), n, k, WeightUse.FORWARD);
        double[] product = rounded(product(rows, n, k, x, w, new double[n]));
        double[] arguments = new double[rows * n];
        Arrays.setAll(arguments, i -> product[i] + bias[i % n]);
        double[] expected = new double[rows * n];
        Arrays.setAll(expected, i -> PlainActivationKernels.value(activation, arguments[i]));
        MemorySegment slope = half(new double[rows * n]);
        MemorySegment y = half(new double[rows * n]);
        kernels.linearActivation(packed, rows, half(x), single(bias), activation, slope, y);
        near("activation", readHalf(y, rows * n), expected, ROUNDING);
        double[] slopes = readHalf(slope, rows * n);
        near(
                "slope",
                slopes,
                Arrays.stream(arguments)
                        .map(v -> PlainActivationKernels.slope(activation, v))
                        .toArray(),
                ROUNDING);
        double[] weightOfGradient = halves(n * k, 1);
        PackedWeight backward = BACKEND.pack(single(transposed(k, n, weightOfGradient)), k, n, WeightUse.BACKWARD);
        kernels.linearActivationBackward(backward, rows, half(dy), slope, slope);
        double[] gradient = product(rows, n, k, dy, weightOfGradient, new double[n]);
        Arrays.setAll(gradient, i -> gradient[i] * slopes[i]);
        near("gradient", readHalf(slope, rows * n), gradient, 2.5 * ROUNDING);
        MemorySegment inferred = half(new double[rows * n]);
        kernels.linearActivation(packed, rows, half(x), single(bias), activation, null, inferred);
        if (activation != Activation.GELU_ERF) { // comes with the product, which then is not rounded in between
            double[] sums = product(rows, n, k, x, w, bias);
            Arrays.setAll(expected, i -> PlainActivationKernels.value(activation, sums[i]));
        }
        near("without slope", readHalf(inferred, rows * n), expected, ROUNDING);
    }

    @ParameterizedTest
    @ValueSource(ints = {4, 36, 256, 1028})
    void rowsAreMovedBitForBit(int width) {
        double[] table = halves(6 * width, 1);
        int[] index = {5, 0, 3, 3};
        MemorySegment out = half(new double[4 * width]);
        KERNELS.rows().gather(DType.BF16, 4, width, half(table), index, out);
        double[] gathered = readHalf(out, 4 * width);
        for (int r = 0; r < 4; r++) {
            assertThat(Arrays.copyOfRange(gathered, r * width, (r + 1) * width))
                    .isEqualTo(Arrays.copyOfRange(table, index[r] * width, (index[r] + 1) * width));
        }
    }

    /** In float32 too, where nothing is rounded. */
    @ParameterizedTest
    @CsvSource({"BF16,4", "BF16,132", "F32,4", "F32,37", "F32,130"})
    void prefixesAreJoinedAndTakenApart(DType type, int width) {
        int stride = 3 * width;
        double[] table = halves(5 * width, 1);
        double[] buffer = halves(4 * stride, 1);
        int[] source = {99, -1, 2, 0, -3, 3};
        MemorySegment joined = of(type, new double[6 * width]);
        KERNELS.rows().joinRows(type, 1, 6, width, single(table), 2, of(type, buffer), stride, width, source, joined);
        double[] actual = read(type, joined, 6 * width);
        MemorySegment tableBack = single(new double[5 * width]);
        MemorySegment bufferBack = of(type, new double[4 * stride]);
        KERNELS.rows().splitRows(type, 1, 6, width, joined, source, tableBack, 2, bufferBack, stride, width);
        double[] backInTable = readSingle(tableBack, 5 * width);
        double[] backInBuffer = read(type, bufferBack, 4 * stride);
        for (int r = 0; r < 6; r++) {
            for (int i = 0; i < width; i++) {
                int inTable = (1 - source[r]) * width + i;
                int inBuffer = source[r] * stride + width + i;
                double right = r == 0 ? 0 : source[r] < 0 ? table[inTable] : buffer[inBuffer];
                assertThat(actual[r * width + i]).isEqualTo(right);
                if (r > 0) {
                    assertThat(source[r] < 0 ? backInTable[inTable] : backInBuffer[inBuffer])
                            .isEqualTo(right);
                }
            }
        }
        assertThat(Arrays.stream(backInTable).filter(v -> v != 0).count()).isEqualTo(2L * width);
        assertThat(Arrays.stream(backInBuffer).filter(v -> v != 0).count()).isEqualTo(3L * width);
        KERNELS.rows().joinRows(type, 1, 1, width, single(table), 2, of(type, buffer), stride, 0, source, joined);
        assertThatThrownBy(() -> KERNELS.rows()
                        .joinRows(type, 0, 6, width, single(table), 2, of(type, buffer), stride, 0, source, joined))
                .isInstanceOf(IndexOutOfBoundsException.class)
                .hasMessage("source[0] = 99 must be in [-3, 4)");
    }

    /** What a thread takes at a time must be there, and where one instruction reads it. */
    @Test
    void operandsThatKernelsCannotReadAreRefused() {
        MemorySegment x = half(new double[64]);
        MemorySegment floats = single(new double[64]);
        assertThatThrownBy(() -> KERNELS.rows().gather(DType.BF16, 1, 6, x, new int[1], x))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("width 6 must be a multiple of 4 in BF16");
        assertThatThrownBy(() ->
                        KERNELS.norm(DType.BF16).layerNormForward(1, 7, floats, floats, floats, 0, floats, null, null))
                .hasMessage("width 7 must be a multiple of 4 in BF16");
        int[] starts = {0, 1};
        assertThatThrownBy(() ->
                        KERNELS.attention(DType.BF16).forward(1, 6, 1, starts, starts, x, 8, x, 16, 0, 8, x, null))
                .hasMessage("headSize 6 must be a multiple of 4 in BF16");
        assertThatThrownBy(() ->
                        KERNELS.attention(DType.BF16).forward(1, 4, 1, starts, starts, x, 8, x, 16, 2, 8, x, null))
                .hasMessage("stride or column 2 must be a multiple of 4 in BF16");
        MemorySegment large = half(new double[1024]);
        assertThatThrownBy(() -> KERNELS.attention(DType.BF16)
                        .forward(1, 132, 1, starts, starts, large, 132, large, 264, 0, 132, large, null))
                .hasMessage("headSize 132 must be at most 128 in BF16");
        try (Arena own = Arena.ofConfined()) {
            MemorySegment placed = BACKEND.place(half(new double[64]), own);
            assertThatThrownBy(() ->
                            KERNELS.rows().gather(DType.BF16, 1, 4, placed.asSlice(4), new int[1], half(new double[4])))
                    .hasMessage("operands in BF16 must begin at multiples of 8 bytes, those in F32 beside them at"
                            + " multiples of 16");
        }
        assertThatThrownBy(() -> KERNELS.matmul(DType.F16, DType.F32)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> GPU.backend().newKernels().matmul(DType.BF16, DType.F32))
                .hasMessage("rows and results of products in F32 are F32");
    }

    @Test
    void activationsAreInBf16WhereTheKernelsTakeTheSizes() {
        assertThat(BACKEND.activationType(32, 1536)).isEqualTo(DType.BF16);
        assertThat(BACKEND.activationType(128, 4)).isEqualTo(DType.BF16);
        assertThat(BACKEND.activationType(132, 1536)).isEqualTo(DType.F32);
        assertThat(BACKEND.activationType(6, 1536)).isEqualTo(DType.F32);
        assertThat(BACKEND.activationType(32, 1537)).isEqualTo(DType.F32);
        assertThat(GPU.backend().activationType(32, 1536)).isEqualTo(DType.F32);
    }

    private static double[] product(int rows, int n, int k, double[] x, double[] w, double[] bias) {
        double[] y = new double[rows * n];
        for (int r = 0; r < rows; r++) {
            for (int c = 0; c < n; c++) {
                double sum = bias[c];
                for (int i = 0; i < k; i++) {
                    sum += x[r * k + i] * w[c * k + i];
                }
                y[r * n + c] = sum;
            }
        }
        return y;
    }

    /** [n, k] becomes [k, n]. */
    private static double[] transposed(int k, int n, double[] w) {
        double[] t = new double[n * k];
        for (int c = 0; c < n; c++) {
            for (int i = 0; i < k; i++) {
                t[i * n + c] = w[c * k + i];
            }
        }
        return t;
    }

    private MemorySegment of(DType type, double[] values) {
        return type == DType.BF16 ? half(values) : single(values);
    }

    private static double[] read(DType type, MemorySegment segment, int n) {
        return type == DType.BF16 ? readHalf(segment, n) : readSingle(segment, n);
    }
}
