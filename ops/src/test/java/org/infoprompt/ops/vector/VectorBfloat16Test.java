package org.infoprompt.ops.vector;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.foreign.MemorySegment;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;

@EnabledIfSystemProperty(named = "infoprompt.test.expectedBackend", matches = "vector|native")
class VectorBfloat16Test {
    @Test
    void knownValuesAreRoundedToTheNearestEven() {
        assertThat(back(1f)).isEqualTo(1f);
        assertThat(back(1f + 1f / 256)).isEqualTo(1f);
        assertThat(back(1f + 3f / 256)).isEqualTo(1f + 1f / 64);
        assertThat(back(Math.nextUp(1f + 1f / 256))).isEqualTo(1f + 1f / 128);
        assertThat(back(-0f)).isEqualTo(-0f);
        assertThat(back(Float.POSITIVE_INFINITY)).isEqualTo(Float.POSITIVE_INFINITY);
        assertThat(back(Float.MAX_VALUE)).isEqualTo(Float.POSITIVE_INFINITY);
        assertThat(back(Float.intBitsToFloat(0x7fffffff))).isNaN();
        assertThat(back(Float.intBitsToFloat(0xff800001))).isNaN();
    }

    @Test
    void vectorsAndTailsRoundAsSingleValuesDo() {
        Random random = new Random(3);
        for (int n : new int[] {0, 1, 15, 16, 17, 100, 1021}) {
            float[] values = new float[n + 3];
            for (int i = 0; i < values.length; i++) {
                values[i] = Float.intBitsToFloat(random.nextInt());
            }
            short[] rounded = new short[n + 9];
            VectorBfloat16.round(MemorySegment.ofArray(values), 12, n, rounded, 5);
            for (int i = 0; i < n; i++) {
                assertThat(rounded[5 + i]).isEqualTo(VectorBfloat16.round(values[3 + i]));
            }
            assertThat(rounded[4]).isZero();
            assertThat(rounded[5 + n]).isZero();
        }
    }

    private static float back(float value) {
        return Float.intBitsToFloat(VectorBfloat16.round(value) << 16);
    }
}
