package org.infoprompt.ffi.torch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import org.assertj.core.data.Offset;
import org.infoprompt.ffi.NativeCallException;
import org.infoprompt.ffi.torch.TorchOps.Epilogue;
import org.infoprompt.ffi.torch.TorchTensor.ElementType;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class TorchOpsTest {
    private static final Offset<Float> CLOSE = Offset.offset(3e-5f);

    private static final int ROWS = 5;
    private static final int OUT = 64;
    private static final int IN = 63;

    private final float[] x = Torch.random(ROWS * IN);
    private final float[] weight = Torch.random(OUT * IN);
    private final float[] bias = Torch.random(OUT);
    private final float[] residual = Torch.random(ROWS * OUT);

    @BeforeAll
    static void load() {
        Torch.assumeLoaded();
    }

    @Test
    void aPackedLinearLayerIsRight() {
        try (Arena arena = Arena.ofConfined();
                TorchTensor rows = TorchTensor.over(Torch.copy(arena, x), ElementType.F32, ROWS, IN);
                TorchTensor plain = TorchTensor.over(Torch.copy(arena, weight), ElementType.F32, OUT, IN);
                TorchTensor shift = TorchTensor.over(Torch.copy(arena, bias), ElementType.F32, OUT);
                TorchTensor other = TorchTensor.over(Torch.copy(arena, residual), ElementType.F32, ROWS, OUT);
                TorchTensor packed = TorchOps.packLinear(plain)) {
            float[] product = Torch.product(ROWS, OUT, IN, x, weight, true);
            for (Epilogue epilogue : Epilogue.values()) {
                try (TorchTensor y = TorchOps.linear(rows, packed, shift, epilogue)) {
                    check(arena, y, product, i -> apply(epilogue, product[i] + bias[i % OUT]));
                }
            }
            try (TorchTensor y = TorchOps.linear(rows, packed, null, Epilogue.NONE)) {
                check(arena, y, product, i -> product[i]);
            }
            try (TorchTensor y = TorchOps.linearAdd(rows, packed, shift, other)) {
                check(arena, y, product, i -> product[i] + bias[i % OUT] + residual[i]);
            }
            // The dispatcher took a handle of its own: this one still works.
            assertThat(plain.sizes()).containsExactly(OUT, IN);
        }
    }

    @Test
    void weightsThatLibTorchMultipliesWronglyAreRefused() {
        try (Arena arena = Arena.ofConfined();
                TorchTensor plain =
                        TorchTensor.over(Torch.copy(arena, Torch.random(33 * IN)), ElementType.F32, 33, IN)) {
            assertThatThrownBy(() -> TorchOps.packLinear(plain))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("33 outputs");
        }
    }

    @Test
    @SuppressWarnings("restricted") // the result is not row-major, so it is read where it lies
    void attentionIsRight() {
        int heads = 2;
        int queries = 3;
        int keys = 5;
        int d = 4;
        float[] q = Torch.random(heads * queries * d);
        float[] k = Torch.random(heads * keys * d);
        float[] v = Torch.random(heads * keys * d + 1);
        try (Arena arena = Arena.ofConfined();
                TorchTensor query = TorchTensor.over(Torch.copy(arena, q), ElementType.F32, 1, heads, queries, d);
                TorchTensor key = TorchTensor.over(Torch.copy(arena, k), ElementType.F32, 1, heads, keys, d);
                TorchTensor value = TorchTensor.over(Torch.copy(arena, v), ElementType.F32, 1, heads, keys, d);
                TorchTensor result = TorchOps.attention(query, key, value)) {
            assertThat(result.sizes()).containsExactly(1, heads, queries, d);
            long[] strides = result.strides();
            long address = result.address();
            for (int h = 0; h < heads; h++) {
                for (int i = 0; i < queries; i++) {
                    double[] p = new double[keys];
                    double sum = 0;
                    for (int j = 0; j < keys; j++) {
                        double score = 0;
                        for (int c = 0; c < d; c++) {
                            score += q[(h * queries + i) * d + c] * k[(h * keys + j) * d + c];
                        }
                        p[j] = Math.exp(score / Math.sqrt(d));
                        sum += p[j];
                    }
                    for (int c = 0; c < d; c++) {
                        double expected = 0;
                        for (int j = 0; j < keys; j++) {
                            expected += p[j] / sum * v[(h * keys + j) * d + c];
                        }
                        float actual = MemorySegment.ofAddress(address)
                                .reinterpret(4L * heads * queries * d)
                                .getAtIndex(Torch.FLOAT, h * strides[1] + i * strides[2] + c);
                        assertThat(actual).isCloseTo((float) expected, CLOSE);
                    }
                }
            }
        }
    }

    @Test
    void shapesThatDoNotFitAreNamed() {
        long before = TorchTensor.openTensors();
        try (Arena arena = Arena.ofConfined();
                TorchTensor a = TorchTensor.over(arena.allocate(24, 64), ElementType.F32, 2, 3);
                TorchTensor b = TorchTensor.over(arena.allocate(32, 64), ElementType.F32, 4, 2);
                TorchTensor out = TorchTensor.over(arena.allocate(16, 64), ElementType.F32, 2, 2)) {
            assertThatThrownBy(() -> TorchOps.matmul(out, a, b))
                    .isInstanceOfSatisfying(
                            NativeCallException.class,
                            e -> assertThat(e.status()).isNotZero())
                    .hasMessageContaining("aoti_torch_cpu_mm_out")
                    .hasMessageContaining("F32[2, 3], F32[4, 2]");
            assertThatThrownBy(() -> TorchOps.linear(a, b, null, Epilogue.NONE))
                    .isInstanceOf(NativeCallException.class)
                    .hasMessageContaining("aoti_torch_cpu__linear_pointwise")
                    .hasMessageContaining("none");
        }
        assertThat(TorchTensor.openTensors()).isEqualTo(before);
    }

    @Test
    void gradientsAreNotRecordedOnAnyThread() throws InterruptedException {
        boolean[] recorded = {false, true};
        Thread thread = new Thread(() -> {
            recorded[0] = aoti_torch_h.aoti_torch_grad_mode_is_enabled();
            TorchThread.prepare();
            recorded[1] = aoti_torch_h.aoti_torch_grad_mode_is_enabled();
        });
        thread.start();
        thread.join();
        assertThat(recorded).containsExactly(true, false);
    }

    private interface Expected {
        float at(int index);
    }

    private static void check(Arena arena, TorchTensor y, float[] like, Expected expected) {
        MemorySegment result = arena.allocate(4L * like.length, 64);
        y.copyTo(result);
        for (int i = 0; i < like.length; i++) {
            assertThat(result.getAtIndex(Torch.FLOAT, i)).isCloseTo(expected.at(i), CLOSE);
        }
    }

    private static float apply(Epilogue epilogue, float v) {
        return switch (epilogue) {
            case NONE -> v;
            case RELU -> Math.max(0, v);
            case GELU_TANH -> (float) (v / (1 + Math.exp(-2 * Math.sqrt(2 / Math.PI) * (v + 0.044715 * v * v * v))));
            case GELU_ERF -> (float) (v * normalCdf(v));
        };
    }

    /** The normal distribution by Simpson's rule, exact enough here. */
    private static double normalCdf(double v) {
        int steps = 2000;
        double h = v / steps;
        double sum = 0;
        for (int i = 0; i <= steps; i++) {
            double t = i * h;
            sum += (i == 0 || i == steps ? 1 : i % 2 == 0 ? 2 : 4) * Math.exp(-t * t / 2);
        }
        return 0.5 + sum * h / 3 / Math.sqrt(2 * Math.PI);
    }
}
