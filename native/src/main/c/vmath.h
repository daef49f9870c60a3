/*
 * Elementary functions on vectors of floats. The polynomials and rational functions are minimax fits in relative error,
 * rounded to float; the errors named were measured against double. NaN gives NaN, infinities give the limits.
 */
#ifndef IPK_VMATH_H
#define IPK_VMATH_H

#include "simd.h"

/* Limits to +-bound; NaN stays. */
IPK_INLINE vf vf_clamp(vf x, float bound) { return vf_max(vf_splat(-bound), vf_min(vf_splat(bound), x)); }

/* e^x, relative error below 1.3e-7; results below the smallest normal float are 0. */
IPK_INLINE vf vf_exp(vf x) {
    const float round = 12582912.0f; /* 1.5 * 2^23: adding it leaves an integer in the low bits */
    vf shifted = x * 1.442695f + round;
    vf n = shifted - round;
    vf r = x - n * 0.6933594f; /* ln 2 in two parts; the product with the first is exact */
    r = r + n * 2.1219444e-4f;
    vf p = vf_splat(0.001381456f);
    p = p * r + 0.008368735f;
    p = p * r + 0.04166839f;
    p = p * r + 0.16666521f;
    p = p * r + 0.49999994f;
    p = p * r * r + r + 1.0f;
    vf scaled = (vf)((vu)p + ((vu)shifted << 23));
    scaled = vf_select(x < -87.33654f, vf_splat(0), scaled);
    scaled = vf_select(x > 88.72283f, vf_splat(__builtin_inff()), scaled);
    return vf_select(x == x, scaled, x);
}

/* The same for x <= 88.7 and NaN, in fewer instructions. */
IPK_INLINE vf vf_exp_below(vf x) {
    const float round = 12582912.0f;
    vf shifted = x * 1.442695f + round;
    vf n = shifted - round;
    vf r = x - n * 0.6933594f;
    r = r + n * 2.1219444e-4f;
    vf p = vf_splat(0.001381456f);
    p = p * r + 0.008368735f;
    p = p * r + 0.04166839f;
    p = p * r + 0.16666521f;
    p = p * r + 0.49999994f;
    p = p * r * r + r + 1.0f;
#if IPK_LANES == 16
    __mmask16 large = _mm512_cmp_ps_mask((__m512)x, _mm512_set1_ps(-87.33654f), _CMP_NLT_UQ);
    return (vf)_mm512_maskz_scalef_ps(large, (__m512)p, (__m512)n);
#else
    /* A NaN with a number added to its bits may no longer be one; x * 0 brings it back. */
    vf scaled = x * 0.0f + (vf)((vu)p + ((vu)shifted << 23));
    return vf_select(x < -87.33654f, vf_splat(0), scaled);
#endif
}

/* ln(1 + f) for 1 + f in [sqrt(1/2), sqrt(2)]. */
IPK_INLINE vf vf_log_near_one(vf f) {
    vf p = vf_splat(0.06746641f);
    p = p * f - 0.11675652f;
    p = p * f + 0.11888162f;
    p = p * f - 0.12405589f;
    p = p * f + 0.14219552f;
    p = p * f - 0.16667996f;
    p = p * f + 0.20002119f;
    p = p * f - 0.2500001f;
    p = p * f + 0.33333313f;
    vf square = f * f;
    return (p * f * square - square * 0.5f) + f;
}

/* ln x, relative error below 1.3e-7; 0 gives -infinity, negative numbers NaN; subnormal numbers count as 0. */
IPK_INLINE vf vf_log(vf x) {
    vi bits = (vi)x;
    vi n = (bits - 0x3F3504F3) >> 23; /* x = m * 2^n with m in [sqrt(1/2), sqrt(2)); the constant is sqrt(1/2) */
    vf f = (vf)(bits - (n << 23)) - 1.0f;
    vf exponent = __builtin_convertvector(n, vf);
    vf p = vf_splat(0.06746641f);
    p = p * f - 0.11675652f;
    p = p * f + 0.11888162f;
    p = p * f - 0.12405589f;
    p = p * f + 0.14219552f;
    p = p * f - 0.16667996f;
    p = p * f + 0.20002119f;
    p = p * f - 0.2500001f;
    p = p * f + 0.33333313f;
    vf square = f * f;
    vf tail = square * -0.5f + p * f * square;
    vf result = exponent * -2.1219444e-4f + tail + f;
    result = exponent * 0.6933594f + result;
    result = vf_select(x < 1.17549435e-38f, vf_splat(-__builtin_inff()), result);
    result = vf_select(x < 0.0f, vf_splat(__builtin_nanf("")), result);
    return vf_select(x < __builtin_inff(), result, x);
}

/* a / b for b between 1e-30 and 1e30, to two units in the last place: a division takes as long as a dozen other operations. */
IPK_INLINE vf vf_quotient(vf a, vf b) {
#if IPK_LANES == 16
    vf r = (vf)_mm512_rcp14_ps((__m512)b);
    r = r + r * (1.0f - b * r);
    vf q = a * r;
    return q + r * (a - b * q);
#else
    return a / b;
#endif
}

/* The error function, absolute error below 3e-7, relative below 4e-7; exactly +-1 beyond +-3.92. */
IPK_INLINE vf vf_erf(vf x) {
    vf c = vf_clamp(x, 3.9200203f);
    vf u = c * c;
    vf p = vf_splat(2.0259079e-6f);
    p = p * u + 2.8468747e-4f;
    p = p * u + 0.0038081557f;
    p = p * u + 0.05287543f;
    p = p * u + 0.1915502f;
    p = p * u + 1.1283793f;
    vf q = vf_splat(3.783178e-5f);
    q = q * u + 0.0011707243f;
    q = q * u + 0.015055078f;
    q = q * u + 0.114559546f;
    q = q * u + 0.50308985f;
    q = q * u + 1.0f;
    return vf_clamp(vf_quotient(p * c, q), 1.0f);
}

/* The hyperbolic tangent, absolute and relative error below 3e-7; exactly +-1 beyond +-8.99. */
IPK_INLINE vf vf_tanh(vf x) {
    vf c = vf_clamp(x, 8.990042f);
    vf u = c * c;
    vf p = vf_splat(1.3319027e-8f);
    p = p * u + 2.0583446e-5f;
    p = p * u + 0.0034940324f;
    p = p * u + 0.13379715f;
    p = p * u + 1.0f;
    vf q = vf_splat(7.7619995e-7f);
    q = q * u + 3.2830893e-4f;
    q = q * u + 0.025871065f;
    q = q * u + 0.4671303f;
    q = q * u + 1.0f;
    return p * c / q;
}

/* The normal distribution; its fit may miss 0 below -5.6. */
IPK_INLINE vf vf_normal(vf x) { return vf_select(x < -5.6f, vf_splat(0), 0.5f + 0.5f * vf_erf(x * 0.70710677f)); }

/* x Phi(x); -14 stands for everything smaller, so that infinity times 0 does not occur. */
IPK_INLINE vf vf_gelu_erf(vf x) { return vf_max(vf_splat(-14.0f), x) * vf_normal(x); }

/* The same and its derivative, Phi(x) + x phi(x). */
IPK_INLINE vf vf_gelu_erf_both(vf x, vf *slope) {
    vf cdf = vf_normal(x);
    vf c = vf_clamp(x, 14.0f);
    *slope = cdf + c * 0.3989423f * vf_exp_below(-0.5f * c * c);
    return vf_max(vf_splat(-14.0f), x) * cdf;
}

IPK_INLINE vf vf_gelu_erf_slope(vf x) {
    vf slope;
    vf_gelu_erf_both(x, &slope);
    return slope;
}

/*
 * The tanh form of GELU, x / (1 + e^-2z) with z = sqrt(2 / pi) (x + 0.044715 x^3), and its derivative; with e^-2|z| nothing
 * cancels.
 */
IPK_INLINE vf vf_gelu_tanh_both(vf x, vf *slope) {
    vf c = vf_clamp(x, 12.0f);
    vf cube = 0.044715f * c * c;
    vf e = vf_exp_below(-1.5957691f * vf_abs(c) * (1.0f + cube));
    vf r = vf_quotient(vf_splat(1), 1.0f + e);
    vf cdf = vf_select(c < 0.0f, e * r, r);
    *slope = cdf + c * (e * r * r) * (1.5957691f * (1.0f + 3.0f * cube));
    return vf_max(vf_splat(-14.0f), x) * cdf;
}

IPK_INLINE vf vf_gelu_tanh(vf x) {
    vf slope;
    return vf_gelu_tanh_both(x, &slope);
}

IPK_INLINE vf vf_gelu_tanh_slope(vf x) {
    vf slope;
    vf_gelu_tanh_both(x, &slope);
    return slope;
}

/* max(x, 0) that keeps NaN, and its derivative. */
IPK_INLINE vf vf_relu(vf x) { return vf_select(x <= 0.0f, vf_splat(0), x); }

IPK_INLINE vf vf_relu_slope(vf x) {
    return vf_select(x <= 0.0f, vf_splat(0), vf_select(x > 0.0f, vf_splat(1), x));
}

#endif
