package org.infoprompt.ops.vector;

import static org.infoprompt.ops.vector.Lanes.FLOATS;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;

/**
 * Elementary functions on float vectors. The polynomials and rational functions were fitted by Lawson's iteration (minimax
 * in relative error) and rounded to float; the largest errors measured against double are named with each function. NaN
 * gives NaN, infinities give the limits.
 *
 * <p>Use one of these in a method, not more: where the compiler runs out of nodes (18,000) it stops inlining, and vectors
 * that cross a call are allocated. Longer formulas go in two methods with a loop each, over a scratch array.
 */
final class VectorMath {
    private static final float LOG2_E = 1.442695f;
    /** The high part of ln 2: few enough bits that its product with an exponent is exact. */
    private static final float LN2_HIGH = 0.6933594f;

    private static final float LN2_LOW = -2.1219444e-4f;
    /** 1.5·2²³: adding it rounds to an integer that is then found in the low bits. */
    private static final float ROUND = 12582912f;

    private VectorMath() {}

    /** eˣ, relative error below 1.3e-7; results below the smallest normal float are 0. */
    static FloatVector exp(FloatVector x) {
        FloatVector shifted = x.fma(FloatVector.broadcast(FLOATS, LOG2_E), FloatVector.broadcast(FLOATS, ROUND));
        FloatVector n = shifted.sub(FloatVector.broadcast(FLOATS, ROUND));
        FloatVector r = n.fma(FloatVector.broadcast(FLOATS, -LN2_HIGH), x);
        r = n.fma(FloatVector.broadcast(FLOATS, -LN2_LOW), r);
        FloatVector p = FloatVector.broadcast(FLOATS, 0.001381456f);
        p = p.fma(r, FloatVector.broadcast(FLOATS, 0.008368735f));
        p = p.fma(r, FloatVector.broadcast(FLOATS, 0.04166839f));
        p = p.fma(r, FloatVector.broadcast(FLOATS, 0.16666521f));
        p = p.fma(r, FloatVector.broadcast(FLOATS, 0.49999994f));
        p = p.mul(r).fma(r, r).add(FloatVector.broadcast(FLOATS, 1f));
        IntVector exponent = shifted.reinterpretAsInts().lanewise(VectorOperators.LSHL, 23);
        FloatVector scaled = p.reinterpretAsInts().add(exponent).reinterpretAsFloats();
        scaled = scaled.blend(FloatVector.broadcast(FLOATS, 0f), x.compare(VectorOperators.LT, -87.33654f));
        scaled = scaled.blend(
                FloatVector.broadcast(FLOATS, Float.POSITIVE_INFINITY), x.compare(VectorOperators.GT, 88.72283f));
        return scaled.blend(x, x.compare(VectorOperators.NE, x));
    }

    /** ln x, relative error below 1.3e-7; 0 gives -infinity, negative numbers NaN; subnormal numbers count as 0. */
    static FloatVector log(FloatVector x) {
        IntVector bits = x.reinterpretAsInts();
        // Splits x into m·2ⁿ with m in [√½, √2): 0x3F3504F3 is the float √½.
        IntVector n = bits.sub(IntVector.broadcast(Lanes.INTS, 0x3F3504F3)).lanewise(VectorOperators.ASHR, 23);
        FloatVector f = bits.sub(n.lanewise(VectorOperators.LSHL, 23))
                .reinterpretAsFloats()
                .sub(FloatVector.broadcast(FLOATS, 1f));
        FloatVector exponent = (FloatVector) n.convert(VectorOperators.I2F, 0);
        FloatVector p = logPolynomial(f);
        FloatVector square = f.mul(f);
        FloatVector tail =
                square.mul(FloatVector.broadcast(FLOATS, -0.5f)).add(p.mul(f).mul(square));
        FloatVector result =
                exponent.fma(FloatVector.broadcast(FLOATS, LN2_LOW), tail).add(f);
        result = exponent.fma(FloatVector.broadcast(FLOATS, LN2_HIGH), result);
        result = result.blend(
                FloatVector.broadcast(FLOATS, Float.NEGATIVE_INFINITY),
                x.compare(VectorOperators.LT, Float.MIN_NORMAL));
        result = result.blend(FloatVector.broadcast(FLOATS, Float.NaN), x.compare(VectorOperators.LT, 0f));
        VectorMask<Float> notFinite =
                x.compare(VectorOperators.LT, Float.POSITIVE_INFINITY).not();
        return result.blend(x, notFinite);
    }

    /** (ln(1 + f) - f + f²/2)/f³; apart, because the compiler does not inline methods of more than 325 bytes. */
    static FloatVector logPolynomial(FloatVector f) {
        FloatVector p = FloatVector.broadcast(FLOATS, 0.06746641f);
        p = p.fma(f, FloatVector.broadcast(FLOATS, -0.11675652f));
        p = p.fma(f, FloatVector.broadcast(FLOATS, 0.11888162f));
        p = p.fma(f, FloatVector.broadcast(FLOATS, -0.12405589f));
        p = p.fma(f, FloatVector.broadcast(FLOATS, 0.14219552f));
        p = p.fma(f, FloatVector.broadcast(FLOATS, -0.16667996f));
        p = p.fma(f, FloatVector.broadcast(FLOATS, 0.20002119f));
        p = p.fma(f, FloatVector.broadcast(FLOATS, -0.2500001f));
        p = p.fma(f, FloatVector.broadcast(FLOATS, 0.33333313f));
        return p;
    }

    /** The error function, absolute and absolute error below 3e-7 and relative error below 4e-7; exactly ±1 beyond ±3.92. */
    static FloatVector erf(FloatVector x) {
        FloatVector c = clamp(x, 3.9200203f);
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
        return p.mul(c).div(q);
    }

    /** The hyperbolic tangent, absolute and relative error below 3e-7; exactly ±1 beyond ±8.99. */
    static FloatVector tanh(FloatVector x) {
        FloatVector c = clamp(x, 8.990042f);
        FloatVector u = c.mul(c);
        FloatVector p = FloatVector.broadcast(FLOATS, 1.3319027e-8f);
        p = p.fma(u, FloatVector.broadcast(FLOATS, 2.0583446e-5f));
        p = p.fma(u, FloatVector.broadcast(FLOATS, 0.0034940324f));
        p = p.fma(u, FloatVector.broadcast(FLOATS, 0.13379715f));
        p = p.fma(u, FloatVector.broadcast(FLOATS, 1f));
        FloatVector q = FloatVector.broadcast(FLOATS, 7.7619995e-7f);
        q = q.fma(u, FloatVector.broadcast(FLOATS, 3.2830893e-4f));
        q = q.fma(u, FloatVector.broadcast(FLOATS, 0.025871065f));
        q = q.fma(u, FloatVector.broadcast(FLOATS, 0.4671303f));
        q = q.fma(u, FloatVector.broadcast(FLOATS, 1f));
        return p.mul(c).div(q);
    }

    /** Limits to ±bound and, unlike min and max, costs no extra instructions to keep NaN. */
    private static FloatVector clamp(FloatVector x, float bound) {
        return atLeast(x, -bound).blend(FloatVector.broadcast(FLOATS, bound), x.compare(VectorOperators.GT, bound));
    }

    private static FloatVector atLeast(FloatVector x, float bound) {
        return x.blend(FloatVector.broadcast(FLOATS, bound), x.compare(VectorOperators.LT, bound));
    }
}
