package org.infoprompt.ops;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;
import java.util.Random;

/** Off-heap float32 buffers with canaries behind them, and doubles with the same values. */
public final class Guarded {
    /** Little-endian floats at any alignment. */
    public static final ValueLayout.OfFloat FLOAT = ValueLayout.JAVA_FLOAT_UNALIGNED;

    private static final int CANARIES = 40;
    private static final float CANARY = -12345.678f;

    private final MemorySegment memory;
    private final int length;

    private Guarded(int length) {
        this.length = length;
        memory = Arena.ofAuto().allocate((long) (length + CANARIES) * Float.BYTES, 64);
        for (int i = length; i < length + CANARIES; i++) {
            memory.setAtIndex(FLOAT, i, CANARY);
        }
    }

    /** Returns a buffer full of canaries, so that elements that were not written show. */
    public static Guarded unwritten(int length) {
        Guarded result = new Guarded(length);
        for (int i = 0; i < length; i++) {
            result.memory.setAtIndex(FLOAT, i, CANARY);
        }
        return result;
    }

    /** Returns a copy. */
    public static Guarded of(double... values) {
        Guarded result = new Guarded(values.length);
        for (int i = 0; i < values.length; i++) {
            result.memory.setAtIndex(FLOAT, i, (float) values[i]);
        }
        return result;
    }

    /** Returns normal numbers, rounded to float. */
    public static double[] random(Random random, int length, double scale) {
        double[] values = new double[length];
        Arrays.setAll(values, i -> (float) (random.nextGaussian() * scale));
        return values;
    }

    /** Returns exactly the elements. */
    public MemorySegment segment() {
        return memory.asSlice(0, (long) length * Float.BYTES);
    }

    /** Returns the elements and the canaries, as a buffer that is longer than needed. */
    public MemorySegment whole() {
        return memory;
    }

    /** Returns the values. */
    public double[] values() {
        double[] values = new double[length];
        Arrays.setAll(values, i -> memory.getAtIndex(FLOAT, i));
        return values;
    }

    /** Fails if something was written behind the elements. */
    public void assertIntact() {
        for (int i = length; i < length + CANARIES; i++) {
            assertThat(memory.getAtIndex(FLOAT, i))
                    .as("canary %d behind %d", i - length, length)
                    .isEqualTo(CANARY);
        }
    }

    /** Fails if anything was written. */
    public void assertUntouched() {
        assertIntact();
        for (int i = 0; i < length; i++) {
            assertThat(memory.getAtIndex(FLOAT, i)).as("element %d", i).isEqualTo(CANARY);
        }
    }

    /** Returns the largest difference, not counting values that are equal; NaN differs from everything but NaN. */
    public static double error(double[] actual, double[] expected) {
        double error = 0;
        for (int i = 0; i < expected.length; i++) {
            if (Double.compare(actual[i], expected[i]) != 0 && actual[i] != expected[i]) {
                double difference = Math.abs(actual[i] - expected[i]);
                error = Math.max(error, Double.isNaN(difference) ? Double.POSITIVE_INFINITY : difference);
            }
        }
        return error;
    }

    /** Returns the largest magnitude of what was written. */
    public static double scale(double[] values) {
        return Arrays.stream(values)
                .filter(v -> v != CANARY)
                .map(Math::abs)
                .max()
                .orElse(0);
    }

    /**
     * Checks {@code err(actual, exact) <= 2 * err(plain, exact) + 1e-6 * scale}.
     *
     * @param plain the same by plain loops in float
     * @param scale magnitude of the terms that are summed
     */
    public static void assertClose(String what, double[] actual, double[] plain, double[] exact, double scale) {
        assertThat(actual).hasSameSizeAs(exact);
        assertThat(error(actual, exact)).as(what).isLessThanOrEqualTo(2 * error(plain, exact) + 1e-6 * scale);
    }
}
