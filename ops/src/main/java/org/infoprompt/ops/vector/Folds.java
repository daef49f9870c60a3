package org.infoprompt.ops.vector;

import jdk.incubator.vector.VectorShuffle;

/**
 * Sums over lanes in one fixed order. The Vector API leaves the order of its own float reductions open, and the
 * interpreter's differs from the compiler's, so a result could change when a method gets compiled.
 */
final class Folds {
    /** Lane i takes lane i + 8; with {@link #BY_4}, {@link #BY_2} and {@link #BY_1} a fold that stays in registers. */
    static final VectorShuffle<Float> BY_8 = by(8);

    /** Lane i takes lane i + 4. */
    static final VectorShuffle<Float> BY_4 = by(4);

    /** Lane i takes lane i + 2. */
    static final VectorShuffle<Float> BY_2 = by(2);

    /** Lane i takes lane i + 1. */
    static final VectorShuffle<Float> BY_1 = by(1);

    private Folds() {}

    private static VectorShuffle<Float> by(int lanes) {
        return VectorShuffle.fromOp(Lanes.FLOATS, i -> (i + lanes) % Lanes.COUNT);
    }

    /** Returns the sum of one vector's worth of elements, in four parts. */
    static float sum(float[] lanes, int start) {
        float a = 0;
        float b = 0;
        float c = 0;
        float d = 0;
        for (int i = start; i < start + Lanes.COUNT; i += 4) {
            a += lanes[i];
            b += lanes[i + 1];
            c += lanes[i + 2];
            d += lanes[i + 3];
        }
        return (a + b) + (c + d);
    }
}
