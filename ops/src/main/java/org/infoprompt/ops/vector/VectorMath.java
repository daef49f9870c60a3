package org.infoprompt.ops.vector;

import static org.infoprompt.ops.vector.Lanes.all;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;

/**
 * Elementary functions on float vectors. The polynomials and rational functions were fitted by Lawson's iteration (minimax
 * in relative error) and rounded to float; the largest errors measured against double are named with each function. NaN
 * gives NaN, infinities give the limits.
 */
final class VectorMath {
    private static final float LOG2_E = 1.442695f;
    /** The high part of ln 2: few enough bits that its product with an exponent is exact. */
    private static final float LN2_HIGH = 0.6933594f;

    private static final float LN2_LOW = -2.1219444e-4f;
    /** 1.5·2²³: adding it rounds to an integer that is then found in the low bits. */
    private static final float ROUND = 12582912f;

    private static final float SQRT_HALF = 0.70710677f;
    /** 1/√(2π). */
    private static final float DENSITY_AT_ZERO = 0.3989423f;
    /** √(2/π). */
    private static final float TANH_SCALE = 0.7978846f;

    private static final float TANH_CUBIC = 0.044715f;

    private VectorMath() {}

    /** eˣ, relative error below 1.3e-7; results below the smallest normal float are 0. */
    static FloatVector exp(FloatVector x) {
        FloatVector shifted = x.fma(all(LOG2_E), all(ROUND));
        FloatVector n = shifted.sub(all(ROUND));
        FloatVector r = n.fma(all(-LN2_HIGH), x);
        r = n.fma(all(-LN2_LOW), r);
        FloatVector p = all(0.001381456f);
        p = p.fma(r, all(0.008368735f));
        p = p.fma(r, all(0.04166839f));
        p = p.fma(r, all(0.16666521f));
        p = p.fma(r, all(0.49999994f));
        p = p.mul(r).fma(r, r).add(all(1f));
        IntVector exponent = shifted.reinterpretAsInts().lanewise(VectorOperators.LSHL, 23);
        FloatVector scaled =
                p.reinterpretAsInts().add(exponent).reinterpretAsFloats();
        scaled = scaled.blend(all(0f), x.compare(VectorOperators.LT, -87.33654f));
        scaled = scaled.blend(all(Float.POSITIVE_INFINITY), x.compare(VectorOperators.GT, 88.72283f));
        return scaled.blend(x, x.compare(VectorOperators.NE, x));
    }

    /** ln x, relative error below 1.3e-7; 0 gives -infinity, negative numbers NaN; subnormal numbers count as 0. */
    static FloatVector log(FloatVector x) {
        IntVector bits = x.reinterpretAsInts();
        // Splits x into m·2ⁿ with m in [√½, √2): 0x3F3504F3 is the float √½.
        IntVector n = bits.sub(Lanes.all(0x3F3504F3)).lanewise(VectorOperators.ASHR, 23);
        FloatVector f = bits.sub(n.lanewise(VectorOperators.LSHL, 23))
                .reinterpretAsFloats()
                .sub(all(1f));
        FloatVector exponent = (FloatVector) n.convert(VectorOperators.I2F, 0);
        FloatVector p = all(0.06746641f);
        p = p.fma(f, all(-0.11675652f));
        p = p.fma(f, all(0.11888162f));
        p = p.fma(f, all(-0.12405589f));
        p = p.fma(f, all(0.14219552f));
        p = p.fma(f, all(-0.16667996f));
        p = p.fma(f, all(0.20002119f));
        p = p.fma(f, all(-0.2500001f));
        p = p.fma(f, all(0.33333313f));
        FloatVector square = f.mul(f);
        FloatVector tail = square.mul(all(-0.5f)).add(p.mul(f).mul(square));
        FloatVector result = exponent.fma(all(LN2_LOW), tail).add(f);
        result = exponent.fma(all(LN2_HIGH), result);
        result = result.blend(all(Float.NEGATIVE_INFINITY), x.compare(VectorOperators.LT, Float.MIN_NORMAL));
        result = result.blend(all(Float.NaN), x.compare(VectorOperators.LT, 0f));
        VectorMask<Float> notFinite = x.compare(VectorOperators.LT, Float.POSITIVE_INFINITY).not();
        return result.blend(x, notFinite);
    }

    /** The error function, absolute and absolute error below 3e-7 and relative error below 4e-7; exactly ±1 beyond ±3.92. */
    static FloatVector erf(FloatVector x) {
        FloatVector c = clamp(x, 3.9200203f);
        FloatVector u = c.mul(c);
        FloatVector p = all(2.0259079e-6f);
        p = p.fma(u, all(2.8468747e-4f));
        p = p.fma(u, all(0.0038081557f));
        p = p.fma(u, all(0.05287543f));
        p = p.fma(u, all(0.1915502f));
        p = p.fma(u, all(1.1283793f));
        FloatVector q = all(3.783178e-5f);
        q = q.fma(u, all(0.0011707243f));
        q = q.fma(u, all(0.015055078f));
        q = q.fma(u, all(0.114559546f));
        q = q.fma(u, all(0.50308985f));
        q = q.fma(u, all(1f));
        return p.mul(c).div(q);
    }

    /** The hyperbolic tangent, absolute and relative error below 3e-7; exactly ±1 beyond ±8.99. */
    static FloatVector tanh(FloatVector x) {
        FloatVector c = clamp(x, 8.990042f);
        FloatVector u = c.mul(c);
        FloatVector p = all(1.3319027e-8f);
        p = p.fma(u, all(2.0583446e-5f));
        p = p.fma(u, all(0.0034940324f));
        p = p.fma(u, all(0.13379715f));
        p = p.fma(u, all(1f));
        FloatVector q = all(7.7619995e-7f);
        q = q.fma(u, all(3.2830893e-4f));
        q = q.fma(u, all(0.025871065f));
        q = q.fma(u, all(0.4671303f));
        q = q.fma(u, all(1f));
        return p.mul(c).div(q);
    }

    /** x·Φ(x), the erf form of GELU. */
    static FloatVector geluErf(FloatVector x) {
        FloatVector half = x.mul(all(0.5f));
        return erf(x.mul(all(SQRT_HALF))).fma(half, half);
    }

    /** Φ(x) + x·φ(x), the derivative of {@link #geluErf}. */
    static FloatVector geluErfDerivative(FloatVector x) {
        FloatVector cdf = erf(x.mul(all(SQRT_HALF))).fma(all(0.5f), all(0.5f));
        // Beyond 14 the density is 0; clamping keeps infinity times 0 out.
        FloatVector c = clamp(x, 14f);
        FloatVector density = exp(c.mul(c).mul(all(-0.5f))).mul(all(DENSITY_AT_ZERO));
        return c.fma(density, cdf);
    }

    /** The tanh form of GELU, as ½(1 + tanh z) = 1/(1 + e⁻²ᶻ). */
    static FloatVector geluTanh(FloatVector x) {
        FloatVector e = exp(tanhArgument(x).mul(all(-2f)));
        return x.div(e.add(all(1f)));
    }

    /** The derivative of {@link #geluTanh}. */
    static FloatVector geluTanhDerivative(FloatVector x) {
        // Beyond 12 the result is 0 or 1; clamping keeps infinity times 0 out.
        FloatVector c = clamp(x, 12f);
        // With e = e^(-2|z|) both ½(1 + tanh|z|) = 1/(1 + e) and ¼(1 - tanh²z) = e/(1 + e)² are free of cancellation.
        FloatVector e = exp(tanhArgument(c.abs()).mul(all(-2f)));
        FloatVector r = all(1f).div(e.add(all(1f)));
        FloatVector cdf = r.blend(e.mul(r), c.compare(VectorOperators.LT, 0f));
        FloatVector inner = c.mul(c).fma(all(6f * TANH_CUBIC * TANH_SCALE), all(2f * TANH_SCALE));
        return c.mul(e.mul(r).mul(r)).fma(inner, cdf);
    }

    /** max(x, 0) that keeps NaN. */
    static FloatVector relu(FloatVector x) {
        return x.blend(all(0f), x.compare(VectorOperators.LT, 0f));
    }

    /** 1 where x is positive, else 0. */
    static FloatVector reluDerivative(FloatVector x) {
        return all(0f).blend(all(1f), x.compare(VectorOperators.GT, 0f));
    }

    private static FloatVector tanhArgument(FloatVector x) {
        FloatVector inner = x.mul(x).fma(all(TANH_CUBIC * TANH_SCALE), all(TANH_SCALE));
        return x.mul(inner);
    }

    /** Limits to ±bound and, unlike min and max, costs no extra instructions to keep NaN. */
    private static FloatVector clamp(FloatVector x, float bound) {
        FloatVector low = x.blend(all(-bound), x.compare(VectorOperators.LT, -bound));
        return low.blend(all(bound), x.compare(VectorOperators.GT, bound));
    }
}
