package org.infoprompt.ffi.torch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class BrgemmTest {
    @BeforeAll
    static void load() {
        Torch.assumeLoaded();
    }

    @ParameterizedTest
    @CsvSource({"1,64,384", "5,64,17", "64,64,1536", "7,3,1", "33,40,400"})
    void float32IsOneChainOfFusedMultiplyAdds(int m, int n, int k) {
        try (Arena arena = Arena.ofConfined()) {
            float[] a = Torch.random(m * k);
            float[] b = Torch.random(k * n);
            float[] expected = Torch.product(m, n, k, a, b, false);
            MemorySegment c = arena.allocate(4L * m * n, 64);
            Brgemm.f32(m, n, k, false, Torch.copy(arena, a), 0, k, Torch.copy(arena, b), n, c, n);
            assertThat(Torch.values(c)).isEqualTo(expected);
            Brgemm.f32(m, n, k, true, Torch.copy(arena, a), 0, k, Torch.copy(arena, b), n, c, n);
            for (int i = 0; i < expected.length; i++) {
                assertThat(Torch.values(c)[i]).isCloseTo(2 * expected[i], Offset.offset(1e-4f));
            }
        }
    }

    @Test
    void operandsMayBeArrays() {
        float[] a = Torch.random(6 * 40);
        float[] b = Torch.random(40 * 32);
        float[] c = new float[6 * 32];
        Brgemm.f32(6, 32, 40, false, segment(a), 0, 40, segment(b), 32, segment(c), 32);
        assertThat(c).isEqualTo(Torch.product(6, 32, 40, a, b, false));
    }

    @Test
    void offsetsAndStridesAreRespected() {
        try (Arena arena = Arena.ofConfined()) {
            float[] a = Torch.random(4 * 20);
            float[] b = Torch.random(8 * 30);
            MemorySegment c = arena.allocate(4L * 4 * 40, 64);
            Brgemm.f32(
                    3,
                    16,
                    8,
                    false,
                    Torch.copy(arena, a),
                    4 * 5,
                    20,
                    Torch.copy(arena, b).asSlice(4 * 7),
                    30,
                    c.asSlice(4 * 9),
                    40);
            float[] actual = Torch.values(c);
            for (int i = 0; i < actual.length; i++) {
                int row = (i - 9 + 40) / 40 - 1;
                int column = Math.floorMod(i - 9, 40);
                float expected = 0;
                if (i >= 9 && row < 3 && column < 16) {
                    for (int k = 0; k < 8; k++) {
                        expected = Math.fma(a[5 + row * 20 + k], b[7 + k * 30 + column], expected);
                    }
                }
                assertThat(actual[i]).as("element %d", i).isEqualTo(expected);
            }
        }
    }

    @ParameterizedTest
    @CsvSource({"1,64,384", "5,64,18", "64,64,1536", "33,32,400"})
    void bfloat16IsSummedInFloat32(int m, int n, int k) {
        assumeBf16();
        try (Arena arena = Arena.ofConfined()) {
            float[] a = Torch.random(m * k);
            float[] b = Torch.random(k * n);
            MemorySegment packed = arena.allocate(2L * k * n, 64);
            Brgemm.packBf16(k, n, Torch.rounded(arena, b), n, packed);
            MemorySegment c = arena.allocate(4L * m * n, 64);
            Brgemm.bf16(m, n, k, false, Torch.rounded(arena, a), k, packed, 0, c, n);
            Brgemm.release();
            for (int i = 0; i < m; i++) {
                for (int j = 0; j < n; j++) {
                    double expected = 0;
                    double size = 0;
                    for (int l = 0; l < k; l++) {
                        double term = (double) Torch.round(a[i * k + l]) * Torch.round(b[l * n + j]);
                        expected += term;
                        size += Math.abs(term);
                    }
                    // Far below what rounding the result to bfloat16 would do.
                    assertThat((double) c.getAtIndex(Torch.FLOAT, (long) i * n + j))
                            .isCloseTo(expected, Offset.offset(1e-6 * (size + 1)));
                }
            }
        }
    }

    @Test
    void aRowDoesNotDependOnTheRowsBesideIt() {
        assumeBf16();
        int n = 64;
        int k = 384;
        int m = 70;
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment a = Torch.rounded(arena, Torch.random(m * k));
            MemorySegment packed = arena.allocate(2L * k * n, 64);
            Brgemm.packBf16(k, n, Torch.rounded(arena, Torch.random(k * n)), n, packed);
            MemorySegment whole = arena.allocate(4L * m * n, 64);
            Brgemm.bf16(m, n, k, false, a, k, packed, 0, whole, n);
            for (int group = 1; group <= 33; group++) {
                MemorySegment parts = arena.allocate(4L * m * n, 64);
                for (int r = 0; r < m; r += group) {
                    Brgemm.bf16(
                            Math.min(group, m - r),
                            n,
                            k,
                            false,
                            a.asSlice(2L * r * k),
                            k,
                            packed,
                            0,
                            parts.asSlice(4L * r * n),
                            n);
                }
                assertThat(Torch.values(parts)).as("groups of %d", group).isEqualTo(Torch.values(whole));
            }
            Brgemm.release();
        }
    }

    @Test
    void wrongArgumentsAreRefusedBeforeTheCall() {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment a = arena.allocate(4L * 2 * 8, 64);
            MemorySegment b = arena.allocate(4L * 8 * 16, 64);
            MemorySegment c = arena.allocate(4L * 2 * 16, 64);
            assertThatThrownBy(() -> Brgemm.f32(3, 16, 8, false, a, 0, 8, b, 16, c, 16))
                    .isInstanceOf(IndexOutOfBoundsException.class)
                    .hasMessageStartingWith("a needs 96 bytes");
            assertThatThrownBy(() -> Brgemm.f32(2, 16, 8, false, a, 0, 8, b.asSlice(4), 16, c, 16))
                    .isInstanceOf(IndexOutOfBoundsException.class)
                    .hasMessageStartingWith("b");
            assertThatThrownBy(() -> Brgemm.f32(2, 16, 8, false, a, -4, 8, b, 16, c, 16))
                    .isInstanceOf(IndexOutOfBoundsException.class)
                    .hasMessageStartingWith("a");
            assertThatThrownBy(() -> Brgemm.f32(2, 16, 8, false, a, 0, 8, b, 16, c, 17))
                    .isInstanceOf(IndexOutOfBoundsException.class)
                    .hasMessageStartingWith("c");
            assertThatThrownBy(() -> Brgemm.f32(2, 16, 8, false, a, 0, 7, b, 16, c, 16))
                    .isInstanceOf(IllegalArgumentException.class);
            assertThatThrownBy(() -> Brgemm.f32(0, 16, 8, false, a, 0, 8, b, 16, c, 16))
                    .isInstanceOf(IllegalArgumentException.class);
            assertThatThrownBy(() -> Brgemm.bf16(1, 16, 7, false, a, 8, b, 0, c, 16))
                    .isInstanceOf(IllegalArgumentException.class);
            assertThat(Torch.values(c)).containsOnly(0f);
        }
    }

    private static MemorySegment segment(float[] values) {
        return MemorySegment.ofArray(values);
    }

    private static void assumeBf16() {
        Assumptions.assumeTrue(Brgemm.hasBf16(), "this processor has no bfloat16 products");
    }
}
