// Standard normals that are named by coordinates instead of stored; the definition is that of org.infoprompt.ops.Noise:
// Philox4x32-10 (Salmon et al., SC 2011), counter (l/4, sample, row, step*4 + stream), Box-Muller on ((w >> 8) + 1/2) 2^-24.
#pragma once

#include "common.cuh"

// A word's uniform number is t 2^-25 with an odd t below 2^25, which is one bit more than a float holds. Neither the logarithm
// nor the angle may round it: near 1 the logarithm would lose all digits, near a zero of sine or cosine so would they.
static __device__ __forceinline__ int twice(unsigned w) { return (int) (w >> 8) * 2 + 1; }

// sqrt(-2 ln u).
static __device__ __forceinline__ float radius(unsigned w) {
    int t = twice(w);
    float log = t < 1 << 24 ? logf((float) t * 0x1p-25f) : log1pf((float) ((1 << 25) - t) * -0x1p-25f);
    return sqrtf(-2.0f * log);
}

// Cosine and sine of 2 pi u, from the exact distance to the nearest quarter turn.
static __device__ __forceinline__ void turn(unsigned w, float *cosine, float *sine) {
    int t = twice(w);
    int quarter = (t + (1 << 22)) >> 23;
    float s, c;
    sincospif((float) (t - (quarter << 23)) * 0x1p-24f, &s, &c);
    float x = quarter & 1 ? s : c, y = quarter & 1 ? c : s;
    *cosine = (quarter + 1) & 2 ? -x : x;
    *sine = quarter & 2 ? -y : y;
}

// The normals 4*group .. 4*group + 3.
static __device__ __forceinline__ float4 normals(
    unsigned key0, unsigned key1, unsigned group, unsigned sample, unsigned row, unsigned phase) {
    unsigned c0 = group, c1 = sample, c2 = row, c3 = phase;
#pragma unroll
    for (int round = 0; round < 10; round++) {
        unsigned high0 = __umulhi(0xD2511F53u, c0), low0 = 0xD2511F53u * c0;
        unsigned high1 = __umulhi(0xCD9E8D57u, c2), low1 = 0xCD9E8D57u * c2;
        c0 = high1 ^ c1 ^ key0;
        c1 = low1;
        c2 = high0 ^ c3 ^ key1;
        c3 = low0;
        key0 += 0x9E3779B9u;
        key1 += 0xBB67AE85u;
    }
    float radius0 = radius(c0), radius1 = radius(c2);
    float4 out;
    turn(c1, &out.x, &out.y);
    turn(c3, &out.z, &out.w);
    out.x *= radius0;
    out.y *= radius0;
    out.z *= radius1;
    out.w *= radius1;
    return out;
}

// Which normals a kernel draws.
struct NoiseKey {
    unsigned key0, key1, step;

    __device__ __forceinline__ NoiseKey(long long seed, int step)
        : key0((unsigned) seed), key1((unsigned) (seed >> 32)), step(step) {}

    __device__ __forceinline__ float4 at(int group, int sample, int row, int stream) const {
        return normals(key0, key1, group, sample, row, step * 4 + stream);
    }
};
