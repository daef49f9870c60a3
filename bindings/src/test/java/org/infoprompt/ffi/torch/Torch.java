package org.infoprompt.ffi.torch;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Random;
import org.junit.jupiter.api.Assumptions;

/** What the tests of LibTorch share. */
final class Torch {
    static final ValueLayout.OfFloat FLOAT = ValueLayout.JAVA_FLOAT;

    private static final long SEED = Long.getLong("infoprompt.seed", 20261124L);

    private Torch() {}

    /** Skips the test where there is no LibTorch. */
    static void assumeLoaded() {
        LibTorch.Status status = LibTorch.status();
        Assumptions.assumeTrue(status.loaded(), status.reason());
    }

    /** Returns numbers in [-1, 1). */
    static float[] random(int length) {
        Random random = new Random(SEED + length);
        float[] values = new float[length];
        for (int i = 0; i < length; i++) {
            values[i] = random.nextFloat() * 2 - 1;
        }
        return values;
    }

    /** Returns a native copy. */
    static MemorySegment copy(Arena arena, float... values) {
        MemorySegment segment = arena.allocate(4L * values.length, 64);
        MemorySegment.copy(values, 0, segment, FLOAT, 0, values.length);
        return segment;
    }

    /** Returns a native copy rounded to bfloat16. */
    static MemorySegment rounded(Arena arena, float... values) {
        MemorySegment segment = arena.allocate(2L * values.length, 64);
        for (int i = 0; i < values.length; i++) {
            segment.setAtIndex(ValueLayout.JAVA_SHORT, i, (short) (Float.floatToRawIntBits(round(values[i])) >>> 16));
        }
        return segment;
    }

    /** Returns the nearest bfloat16, ties to even. */
    static float round(float value) {
        int bits = Float.floatToRawIntBits(value);
        return Float.intBitsToFloat((bits + 0x7fff + (bits >>> 16 & 1)) & 0xffff0000);
    }

    /** Returns a·b or a·bᵀ, every sum one chain of fused multiply-adds. */
    static float[] product(int m, int n, int k, float[] a, float[] b, boolean transposed) {
        float[] c = new float[m * n];
        for (int i = 0; i < m; i++) {
            for (int j = 0; j < n; j++) {
                float sum = 0;
                for (int l = 0; l < k; l++) {
                    sum = Math.fma(a[i * k + l], transposed ? b[j * k + l] : b[l * n + j], sum);
                }
                c[i * n + j] = sum;
            }
        }
        return c;
    }

    static float[] values(MemorySegment segment) {
        return segment.toArray(FLOAT);
    }
}
