/*
 * The normals of org.infoprompt.ops.Noise: Philox4x32-10 (Salmon et al., Parallel Random Numbers: As Easy as 1, 2, 3,
 * SC 2011) with key (seed low, seed high) and counter (l/4, k, row, call), and Box-Muller on its four words. One counter a
 * lane; a lane's result does not depend on its place or its neighbours.
 */
#ifndef IPK_PHILOX_H
#define IPK_PHILOX_H

#include "vmath.h"

/* One 32-bit word in the lower half of each lane, because the generator needs 64-bit products; upper halves are rubbish. */
typedef uint64_t vq __attribute__((vector_size(IPK_LANES * 4), may_alias));

struct philox_words {
    vq w[4];
};

/* The products of the lower halves. */
IPK_INLINE vq philox_multiply(vq a, vq b) {
#if IPK_LANES == 16
    return (vq)_mm512_mul_epu32((__m512i)a, (__m512i)b);
#elif IPK_LANES == 8
    return (vq)_mm256_mul_epu32((__m256i)a, (__m256i)b);
#elif defined(__SSE2__)
    return (vq)__builtin_ia32_pmuludq128((vi)a, (vi)b);
#else
    return (a & 0xffffffffu) * (b & 0xffffffffu);
#endif
}

IPK_INLINE vq vq_splat(uint64_t x) {
#if IPK_LANES == 16
    return (vq)_mm512_set1_epi64((long long)x);
#elif IPK_LANES == 8
    return (vq)_mm256_set1_epi64x((long long)x);
#else
    return (vq){x, x};
#endif
}

/* 0, step, 2 step, ... from start on. */
IPK_INLINE vq vq_count(uint32_t start, uint32_t step) {
    vq x;
    for (int i = 0; i < IPK_DOUBLES; i++) {
        x[i] = start + (uint64_t)step * (uint64_t)i;
    }
    return x;
}

/* The keys of all rounds in every lane, made once a call. */
#define PHILOX_ROUNDS 10
struct philox_keys {
    vq first[PHILOX_ROUNDS];
    vq second[PHILOX_ROUNDS];
};

IPK_INLINE struct philox_keys philox_schedule(int64_t seed) {
    struct philox_keys keys;
    uint32_t first = (uint32_t)seed, second = (uint32_t)((uint64_t)seed >> 32);
    for (int round = 0; round < PHILOX_ROUNDS; round++) {
        keys.first[round] = vq_splat(first);
        keys.second[round] = vq_splat(second);
        first += 0x9E3779B9u;
        second += 0xBB67AE85u;
    }
    return keys;
}

IPK_INLINE void philox_round(struct philox_words *c, vq first_key, vq second_key) {
    vq p0 = philox_multiply(c->w[0], vq_splat(0xD2511F53u));
    vq p1 = philox_multiply(c->w[2], vq_splat(0xCD9E8D57u));
    c->w[0] = (p1 >> 32) ^ c->w[1] ^ first_key;
    c->w[1] = p1;
    c->w[2] = (p0 >> 32) ^ c->w[3] ^ second_key;
    c->w[3] = p0;
}

/*
 * The upper 24 bits of the four words of each lane: lane i has the counter (block + i block_step, sample + i sample_step,
 * row, call). Even and odd lanes have their counters in two sets, which interleave at the end.
 */
IPK_INLINE void philox_bits(uint32_t block, uint32_t block_step, uint32_t sample, uint32_t sample_step, uint32_t row,
                            uint32_t call, const struct philox_keys *keys, vi bits[4]) {
    struct philox_words even = {{vq_count(block, 2 * block_step), vq_count(sample, 2 * sample_step), vq_splat(row),
                                 vq_splat(call)}};
    struct philox_words odd = even;
    odd.w[0] += vq_splat(block_step);
    odd.w[1] += vq_splat(sample_step);
#pragma GCC unroll 10
    for (int round = 0; round < PHILOX_ROUNDS; round++) {
        philox_round(&even, keys->first[round], keys->second[round]);
        philox_round(&odd, keys->first[round], keys->second[round]);
    }
    for (int i = 0; i < 4; i++) {
        vu words = (vu)((even.w[i] & 0xffffffffu) | (odd.w[i] << 32));
        bits[i] = (vi)(words >> 8);
    }
}

/* sqrt(-2 ln u) for u = (j + 1/2) 2^-24. */
IPK_INLINE vf philox_radius(vi j) {
    const float spacing = 0x1p-24f;
    vf u = (__builtin_convertvector(j, vf) + 0.5f) * spacing;
    /* u = (1 + f) 2^n with 1 + f in [sqrt(1/2), sqrt(2)); the constant is sqrt(1/2). */
    vi n = ((vi)u - 0x3F3504F3) >> 23;
    vf f = (vf)((vi)u - (n << 23)) - 1.0f;
    /* Above sqrt(1/2) the sum j + 1/2 may round and u become 1: there f = u - 1 comes from 2^24 - j, which is exact. */
    vf near_one = (0.5f - __builtin_convertvector((1 << 24) - j, vf)) * spacing;
    vi near = n >= 0;
    f = vf_select(near, near_one, f);
    vf log = __builtin_convertvector(n & ~near, vf) * 0.69314718f + vf_log_near_one(f);
    return vf_sqrt(log * -2.0f);
}

/* cos and sin of 2 pi (j + 1/2) 2^-24. */
IPK_INLINE void philox_turn(vi j, vf *cosine, vf *sine) {
    /* The nearest quarter turn and the rest, both exact: only the product with 2 pi is rounded. */
    vi quarter = (j + (1 << 21)) >> 22;
    vf t = (__builtin_convertvector(j - (quarter << 22), vf) + 0.5f) * (6.2831855f * 0x1p-24f);
    vf u = t * t;
    /* Minimax on [-pi/4, pi/4], relative errors 4e-9 and 2e-10 before rounding. */
    vf s = u * -0.00019515282f + 0.00833216f;
    s = (s * u - 0.16666655f) * u;
    s = s * t + t;
    vf c = u * 2.4433157e-5f - 0.0013887316f;
    c = c * u + 0.041666646f;
    c = (c * u - 0.5f) * u + 1.0f;
    vi swapped = (quarter & 1) != 0;
    vi cos_sign = ((quarter + 1) & 2) << 30;
    vi sin_sign = (quarter & 2) << 30;
    *cosine = (vf)((vi)vf_select(swapped, s, c) ^ cos_sign);
    *sine = (vf)((vi)vf_select(swapped, c, s) ^ sin_sign);
}

/* Normals 0 to 3 of each lane's block. */
IPK_INLINE void philox_normals(uint32_t block, uint32_t block_step, uint32_t sample, uint32_t sample_step, uint32_t row,
                               uint32_t call, const struct philox_keys *keys, vf normals[4]) {
    vi bits[4];
    philox_bits(block, block_step, sample, sample_step, row, call, keys, bits);
    for (int pair = 0; pair < 4; pair += 2) {
        vf radius = philox_radius(bits[pair]);
        vf cosine, sine;
        philox_turn(bits[pair + 1], &cosine, &sine);
        normals[pair] = radius * cosine;
        normals[pair + 1] = radius * sine;
    }
}

#endif
