/*
 * Vectors of floats in the compiler's own vector extension, as wide as the tier's registers: IPK_LANES floats. All
 * arithmetic on them is written with the usual operators; a * b + c becomes one fused operation where the tier has it.
 */
#ifndef IPK_SIMD_H
#define IPK_SIMD_H

#include <stddef.h>
#include <stdint.h>
#include <string.h>

#if defined(__AVX512F__)
#include <immintrin.h>
#define IPK_LANES 16
#elif defined(__AVX2__)
#include <immintrin.h>
#define IPK_LANES 8
#else
#define IPK_LANES 4
#endif

#define IPK_INLINE static inline __attribute__((always_inline, unused))

typedef float vf __attribute__((vector_size(IPK_LANES * 4), may_alias));
typedef int32_t vi __attribute__((vector_size(IPK_LANES * 4), may_alias));
typedef uint32_t vu __attribute__((vector_size(IPK_LANES * 4), may_alias));
typedef float vf_unaligned __attribute__((vector_size(IPK_LANES * 4), aligned(4), may_alias));

IPK_INLINE vf vf_load(const float *p) { return *(const vf_unaligned *)p; }
IPK_INLINE void vf_store(float *p, vf x) { *(vf_unaligned *)p = x; }

/* (vf){} + x adds to +0, which would lose the sign of -0. */
IPK_INLINE vf vf_splat(float x) {
#if IPK_LANES == 16
    return (vf)_mm512_set1_ps(x);
#elif IPK_LANES == 8
    return (vf)_mm256_set1_ps(x);
#else
    return (vf){x, x, x, x};
#endif
}

IPK_INLINE vi vi_splat(int32_t x) { return (vi)(vf_splat(0) == vf_splat(0)) & x; }

/* The first n < IPK_LANES elements; the others are 0. Reads nothing beyond them. */
IPK_INLINE vf vf_load_part(const float *p, int64_t n) {
#if IPK_LANES == 16
    return (vf)_mm512_maskz_loadu_ps((__mmask16)((1u << n) - 1), p);
#else
    vf x = {0};
    memcpy(&x, p, (size_t)n * sizeof(float));
    return x;
#endif
}

/* Writes the first n < IPK_LANES elements and nothing beyond them. */
IPK_INLINE void vf_store_part(float *p, vf x, int64_t n) {
#if IPK_LANES == 16
    _mm512_mask_storeu_ps(p, (__mmask16)((1u << n) - 1), (__m512)x);
#else
    memcpy(p, &x, (size_t)n * sizeof(float));
#endif
}

/* bf16 is the upper half of a float; rounded to nearest, ties to even, NaN stays NaN. */
IPK_INLINE uint16_t bf16_round(float x) {
    uint32_t bits;
    memcpy(&bits, &x, sizeof bits);
    if ((bits & 0x7fffffffu) > 0x7f800000u) {
        return (uint16_t)(bits >> 16 | 0x40);
    }
    return (uint16_t)((bits + 0x7fffu + (bits >> 16 & 1)) >> 16);
}

IPK_INLINE float bf16_value(uint16_t x) {
    uint32_t bits = (uint32_t)x << 16;
    float value;
    memcpy(&value, &bits, sizeof value);
    return value;
}

IPK_INLINE vf vf_load_bf16(const uint16_t *p) {
#if IPK_LANES == 16
    return (vf)_mm512_slli_epi32(_mm512_cvtepu16_epi32(_mm256_loadu_si256((const __m256i *)p)), 16);
#elif IPK_LANES == 8
    return (vf)_mm256_slli_epi32(_mm256_cvtepu16_epi32(_mm_loadu_si128((const __m128i *)p)), 16);
#else
    return (vf){bf16_value(p[0]), bf16_value(p[1]), bf16_value(p[2]), bf16_value(p[3])};
#endif
}

/* mask ? a : b; a mask is the result of a comparison, all ones or zeros in each lane */
IPK_INLINE vf vf_select(vi mask, vf a, vf b) {
#if IPK_LANES == 16
    return (vf)_mm512_mask_blend_ps(_mm512_movepi32_mask((__m512i)mask), (__m512)b, (__m512)a);
#elif IPK_LANES == 8
    return (vf)_mm256_blendv_ps((__m256)b, (__m256)a, (__m256)mask);
#else
    return (vf)((mask & (vi)a) | (~mask & (vi)b));
#endif
}

/* As the instruction: the second if either is NaN. */
#if IPK_LANES == 16
IPK_INLINE vf vf_max(vf a, vf b) { return (vf)_mm512_max_ps((__m512)a, (__m512)b); }
IPK_INLINE vf vf_min(vf a, vf b) { return (vf)_mm512_min_ps((__m512)a, (__m512)b); }
#elif IPK_LANES == 8
IPK_INLINE vf vf_max(vf a, vf b) { return (vf)_mm256_max_ps((__m256)a, (__m256)b); }
IPK_INLINE vf vf_min(vf a, vf b) { return (vf)_mm256_min_ps((__m256)a, (__m256)b); }
#else
IPK_INLINE vf vf_max(vf a, vf b) { return vf_select(a > b, a, b); }
IPK_INLINE vf vf_min(vf a, vf b) { return vf_select(a < b, a, b); }
#endif
IPK_INLINE vf vf_abs(vf x) { return (vf)((vi)x & 0x7fffffff); }

/* The sum of all lanes, always by halves. */
IPK_INLINE float vf_sum(vf x) {
#if IPK_LANES == 16
    return _mm512_reduce_add_ps((__m512)x);
#elif IPK_LANES == 8
    __m128 four = _mm_add_ps(_mm256_castps256_ps128((__m256)x), _mm256_extractf128_ps((__m256)x, 1));
    __m128 two = _mm_add_ps(four, _mm_movehl_ps(four, four));
    return _mm_cvtss_f32(_mm_add_ss(two, _mm_movehdup_ps(two)));
#else
    return (x[0] + x[2]) + (x[1] + x[3]);
#endif
}

IPK_INLINE float vf_largest(vf x) {
#if IPK_LANES == 16
    return _mm512_reduce_max_ps((__m512)x);
#else
    float largest = x[0];
    for (int i = 1; i < IPK_LANES; i++) {
        largest = x[i] > largest ? x[i] : largest;
    }
    return largest;
#endif
}

/* a * b + c in one rounding where the tier can. */
#if IPK_LANES == 16
IPK_INLINE vf vf_fma(vf a, vf b, vf c) { return (vf)_mm512_fmadd_ps((__m512)a, (__m512)b, (__m512)c); }
IPK_INLINE vf vf_sqrt(vf x) { return (vf)_mm512_sqrt_ps((__m512)x); }
#elif IPK_LANES == 8
IPK_INLINE vf vf_fma(vf a, vf b, vf c) { return (vf)_mm256_fmadd_ps((__m256)a, (__m256)b, (__m256)c); }
IPK_INLINE vf vf_sqrt(vf x) { return (vf)_mm256_sqrt_ps((__m256)x); }
#else
IPK_INLINE vf vf_fma(vf a, vf b, vf c) { return a * b + c; }
IPK_INLINE vf vf_sqrt(vf x) {
    for (int i = 0; i < IPK_LANES; i++) {
        x[i] = __builtin_sqrtf(x[i]);
    }
    return x;
}
#endif

/* x as if it had been stored: a product in it is rounded, and not fused with what follows. */
IPK_INLINE vf vf_rounded(vf x) {
#if defined(__x86_64__)
    __asm__("" : "+v"(x));
#elif defined(__aarch64__)
    __asm__("" : "+w"(x));
#endif
    return x;
}

/* 0, 1, 2, ... */
IPK_INLINE vi vi_lanes(void) {
    vi x;
    for (int i = 0; i < IPK_LANES; i++) {
        x[i] = i;
    }
    return x;
}

/* The first n lanes, the others 0. */
IPK_INLINE vf vf_first(vf x, int64_t n) { return (vf)((vi)x & (vi_lanes() < vi_splat((int32_t)n))); }

/* The first IPK_LANES elements of rest, or all there are. */
IPK_INLINE vf vf_load_upto(const float *p, int64_t rest) {
    return rest >= IPK_LANES ? vf_load(p) : vf_load_part(p, rest);
}

IPK_INLINE void vf_store_upto(float *p, vf x, int64_t rest) {
    if (rest >= IPK_LANES) {
        vf_store(p, x);
    } else {
        vf_store_part(p, x, rest);
    }
}

/* As vf_load_part, with the other lanes filled from a vector. */
IPK_INLINE vf vf_load_over(vf fill, const float *p, int64_t n) {
#if IPK_LANES == 16
    return (vf)_mm512_mask_loadu_ps((__m512)fill, (__mmask16)((1u << n) - 1), p);
#else
    memcpy(&fill, p, (size_t)n * sizeof(float));
    return fill;
#endif
}

/* Half as many doubles, for sums that decide a run's course. */
#define IPK_DOUBLES (IPK_LANES / 2)
typedef double vd __attribute__((vector_size(IPK_LANES * 4), may_alias));
typedef float vf_half_unaligned __attribute__((vector_size(IPK_LANES * 2), aligned(4), may_alias));

IPK_INLINE vd vd_load(const float *p) { return __builtin_convertvector(*(const vf_half_unaligned *)p, vd); }

IPK_INLINE double vd_sum(vd x) {
    double sum = 0;
    for (int i = 0; i < IPK_DOUBLES; i++) {
        sum += x[i];
    }
    return sum;
}

#if IPK_LANES == 16
/* to[d][i] = from[i][d] for 16 rows of 16, both with that many elements between rows. */
IPK_INLINE void vf_transpose(const float *from, int64_t from_row, float *to, int64_t to_row) {
    __m512 a[16], b[16];
    for (int i = 0; i < 16; i++) {
        a[i] = _mm512_loadu_ps(from + i * from_row);
    }
    for (int i = 0; i < 16; i += 2) {
        b[i] = _mm512_unpacklo_ps(a[i], a[i + 1]);
        b[i + 1] = _mm512_unpackhi_ps(a[i], a[i + 1]);
    }
    for (int i = 0; i < 16; i += 4) {
        a[i] = _mm512_shuffle_ps(b[i], b[i + 2], 0x44);
        a[i + 1] = _mm512_shuffle_ps(b[i], b[i + 2], 0xee);
        a[i + 2] = _mm512_shuffle_ps(b[i + 1], b[i + 3], 0x44);
        a[i + 3] = _mm512_shuffle_ps(b[i + 1], b[i + 3], 0xee);
    }
    /* Each 128-bit part of a[4j + c] holds column c of its part of rows 4j to 4j + 3. */
    for (int c = 0; c < 4; c++) {
        b[c] = _mm512_shuffle_f32x4(a[c], a[4 + c], 0x88);
        b[4 + c] = _mm512_shuffle_f32x4(a[8 + c], a[12 + c], 0x88);
        b[8 + c] = _mm512_shuffle_f32x4(a[c], a[4 + c], 0xdd);
        b[12 + c] = _mm512_shuffle_f32x4(a[8 + c], a[12 + c], 0xdd);
    }
    for (int c = 0; c < 4; c++) {
        _mm512_storeu_ps(to + c * to_row, _mm512_shuffle_f32x4(b[c], b[4 + c], 0x88));
        _mm512_storeu_ps(to + (8 + c) * to_row, _mm512_shuffle_f32x4(b[c], b[4 + c], 0xdd));
        _mm512_storeu_ps(to + (4 + c) * to_row, _mm512_shuffle_f32x4(b[8 + c], b[12 + c], 0x88));
        _mm512_storeu_ps(to + (12 + c) * to_row, _mm512_shuffle_f32x4(b[8 + c], b[12 + c], 0xdd));
    }
}
#endif

#endif
