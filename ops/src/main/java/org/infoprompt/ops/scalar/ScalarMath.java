package org.infoprompt.ops.scalar;

/** Elementary functions in single precision, without branches that would keep the compiler from vectorising loops. */
final class ScalarMath {
    private static final float LOG2_E = 1.442695f;
    /** The high part of ln 2: few enough bits that its product with an exponent is exact. */
    private static final float LN2_HIGH = 0.6933594f;

    private static final float LN2_LOW = -2.1219444e-4f;
    /** 1.5·2²³: adding it rounds to an integer that is then found in the low bits. */
    private static final float ROUND = 12582912f;

    private static final float SQRT_HALF = 0.70710677f;
    private static final float DENSITY_AT_ZERO = 0.3989423f;
    private static final float TANH_SCALE = 0.7978846f;
    private static final float TANH_CUBIC = 0.044715f;

    private ScalarMath() {}

    /** eˣ to two units in the last place; results below the smallest normal float are 0. */
    static float exp(float x) {
        float shifted = x * LOG2_E + ROUND;
        float n = shifted - ROUND;
        float r = x - n * LN2_HIGH - n * LN2_LOW;
        float p = 0.001381456f;
        p = p * r + 0.008368735f;
        p = p * r + 0.04166839f;
        p = p * r + 0.16666521f;
        p = p * r + 0.49999994f;
        p = p * r * r + r + 1f;
        int exponent = Float.floatToRawIntBits(shifted) << 23;
        float scaled = Float.intBitsToFloat(Float.floatToRawIntBits(p) + exponent);
        scaled = x < -87.33654f ? 0f : scaled;
        scaled = x > 88.72283f ? Float.POSITIVE_INFINITY : scaled;
        return Float.isNaN(x) ? x : scaled;
    }

    /** The error function, absolute error below 5e-7; a rational minimax approximation. */
    static float erf(float x) {
        float c = Math.max(-3.9200203f, Math.min(3.9200203f, x));
        float u = c * c;
        float p = 2.0259079e-6f;
        p = p * u + 2.8468747e-4f;
        p = p * u + 0.0038081557f;
        p = p * u + 0.05287543f;
        p = p * u + 0.1915502f;
        p = p * u + 1.1283793f;
        float q = 3.783178e-5f;
        q = q * u + 0.0011707243f;
        q = q * u + 0.015055078f;
        q = q * u + 0.114559546f;
        q = q * u + 0.50308985f;
        q = q * u + 1f;
        return Math.max(-1f, Math.min(1f, p * c / q));
    }

    /** x·Φ(x), the erf form of GELU; exactly 0 below -5.6, where the approximated erf may round away from -1. */
    static float geluErf(float x) {
        float half = 0.5f * x;
        return x < -5.6f ? 0f : half + half * erf(x * SQRT_HALF);
    }

    /** Φ(x) + x·φ(x). */
    static float geluErfDerivative(float x) {
        float c = Math.max(-14f, Math.min(14f, x));
        float cdf = c < -5.6f ? 0f : 0.5f + 0.5f * erf(c * SQRT_HALF);
        return cdf + c * DENSITY_AT_ZERO * exp(-0.5f * c * c);
    }

    /** The tanh form of GELU, as ½(1 + tanh z) = 1/(1 + e⁻²ᶻ). */
    static float geluTanh(float x) {
        float c = Math.max(-14f, x);
        return c / (1f + exp(-2f * inner(c)));
    }

    /** The derivative of {@link #geluTanh}; with e = e^(-2|z|) nothing cancels. */
    static float geluTanhDerivative(float x) {
        float c = Math.max(-12f, Math.min(12f, x));
        float e = exp(-2f * inner(Math.abs(c)));
        float r = 1f / (1f + e);
        float cdf = c < 0f ? e * r : r;
        return cdf + c * (e * r * r) * (2f * TANH_SCALE * (1f + 3f * TANH_CUBIC * c * c));
    }

    /** max(x, 0) that keeps NaN. */
    static float relu(float x) {
        return x <= 0f ? 0f : x;
    }

    /** 1 where x is positive, else 0; keeps NaN. */
    static float reluDerivative(float x) {
        return x <= 0f ? 0f : x > 0f ? 1f : x;
    }

    private static float inner(float x) {
        return TANH_SCALE * x * (1f + TANH_CUBIC * x * x);
    }
}
