package org.infoprompt.ops.vector;

import static org.infoprompt.ops.vector.Lanes.COUNT;
import static org.infoprompt.ops.vector.Lanes.FLOATS;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorOperators;

/**
 * The two expensive functions as loops over arrays, whose lengths are rounded up to whole vectors.
 *
 * <p>They repeat the formulas of {@link VectorMath} with calls of the Vector API only. The compiler always inlines those,
 * but in a method that has grown beyond 18,000 nodes none of ours, and every vector that then crosses a call is
 * allocated: attention inlined a loop with {@code VectorMath.exp} into such a method and stayed four times as slow.
 */
final class VectorLoops {
    private VectorLoops() {}

    /** x = exp(scale·x - shift) as {@link VectorMath#exp}; returns the sum. */
    static float expSum(float[] x, int start, int n, float scale, float shift) {
        FloatVector sum = FloatVector.zero(FLOATS);
        for (int i = start; i < start + n; i += COUNT) {
            FloatVector v = FloatVector.fromArray(FLOATS, x, i)
                    .fma(FloatVector.broadcast(FLOATS, scale), FloatVector.broadcast(FLOATS, -shift));
            FloatVector shifted =
                    v.fma(FloatVector.broadcast(FLOATS, 1.442695f), FloatVector.broadcast(FLOATS, 12582912f));
            FloatVector k = shifted.sub(12582912f);
            FloatVector r = k.fma(FloatVector.broadcast(FLOATS, -0.6933594f), v);
            r = k.fma(FloatVector.broadcast(FLOATS, 2.1219444e-4f), r);
            FloatVector p = FloatVector.broadcast(FLOATS, 0.001381456f);
            p = p.fma(r, FloatVector.broadcast(FLOATS, 0.008368735f));
            p = p.fma(r, FloatVector.broadcast(FLOATS, 0.04166839f));
            p = p.fma(r, FloatVector.broadcast(FLOATS, 0.16666521f));
            p = p.fma(r, FloatVector.broadcast(FLOATS, 0.49999994f));
            p = p.mul(r).fma(r, r).add(1f);
            IntVector exponent = shifted.reinterpretAsInts().lanewise(VectorOperators.LSHL, 23);
            FloatVector e = p.reinterpretAsInts().add(exponent).reinterpretAsFloats();
            e = e.blend(0f, v.compare(VectorOperators.LT, -87.33654f));
            e = e.blend(Float.POSITIVE_INFINITY, v.compare(VectorOperators.GT, 88.72283f));
            e = e.blend(v, v.compare(VectorOperators.NE, v));
            e.intoArray(x, i);
            sum = sum.add(e);
        }
        // Written out: a vector that crosses a call of ours may be allocated.
        sum = COUNT < 16 ? sum : sum.add(sum.rearrange(Folds.BY_8));
        sum = COUNT < 8 ? sum : sum.add(sum.rearrange(Folds.BY_4));
        sum = COUNT < 4 ? sum : sum.add(sum.rearrange(Folds.BY_2));
        return sum.add(sum.rearrange(Folds.BY_1)).lane(0);
    }

    /** y = Φ(x), the normal distribution, by {@link VectorMath#erf}. */
    static void normalCdf(float[] x, int x0, float[] y, int y0, int n) {
        for (int i = 0; i < n; i += COUNT) {
            FloatVector c = FloatVector.fromArray(FLOATS, x, x0 + i).mul(0.70710677f);
            c = c.blend(-3.9200203f, c.compare(VectorOperators.LT, -3.9200203f));
            c = c.blend(3.9200203f, c.compare(VectorOperators.GT, 3.9200203f));
            FloatVector u = c.mul(c);
            FloatVector p = FloatVector.broadcast(FLOATS, 2.0259079e-6f);
            p = p.fma(u, FloatVector.broadcast(FLOATS, 2.8468747e-4f));
            p = p.fma(u, FloatVector.broadcast(FLOATS, 0.0038081557f));
            p = p.fma(u, FloatVector.broadcast(FLOATS, 0.05287543f));
            p = p.fma(u, FloatVector.broadcast(FLOATS, 0.1915502f));
            p = p.fma(u, FloatVector.broadcast(FLOATS, 1.1283793f));
            FloatVector q = FloatVector.broadcast(FLOATS, 3.783178e-5f);
            q = q.fma(u, FloatVector.broadcast(FLOATS, 0.0011707243f));
            q = q.fma(u, FloatVector.broadcast(FLOATS, 0.015055078f));
            q = q.fma(u, FloatVector.broadcast(FLOATS, 0.114559546f));
            q = q.fma(u, FloatVector.broadcast(FLOATS, 0.50308985f));
            q = q.fma(u, FloatVector.broadcast(FLOATS, 1f));
            FloatVector half = FloatVector.broadcast(FLOATS, 0.5f);
            p.mul(c).div(q).fma(half, half).intoArray(y, y0 + i);
        }
    }
}
