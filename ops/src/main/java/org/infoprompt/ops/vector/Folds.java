package org.infoprompt.ops.vector;

/**
 * Sums over lanes in one fixed order. The Vector API leaves the order of its own float reductions open, and the
 * interpreter's differs from the compiler's, so a result could change when a method gets compiled.
 */
final class Folds {
    private Folds() {}

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
