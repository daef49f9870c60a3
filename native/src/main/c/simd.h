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
IPK_INLINE vf vf_select(vi mask, vf a, vf b) { return (vf)((mask & (vi)a) | (~mask & (vi)b)); }

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
    float lane[IPK_LANES];
    memcpy(lane, &x, sizeof lane);
    for (int half = IPK_LANES / 2; half > 0; half /= 2) {
        for (int i = 0; i < half; i++) {
            lane[i] += lane[i + half];
        }
    }
    return lane[0];
}

IPK_INLINE float vf_largest(vf x) {
    float lane[IPK_LANES];
    memcpy(lane, &x, sizeof lane);
    float largest = lane[0];
    for (int i = 1; i < IPK_LANES; i++) {
        largest = lane[i] > largest ? lane[i] : largest;
    }
    return largest;
}

#endif
