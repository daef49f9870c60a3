// Standard normals that are named by coordinates instead of stored; the definition is that of org.infoprompt.ops.Noise:
// Philox4x32-10 (Salmon et al., SC 2011), counter (l/4, sample, row, step*4 + stream), Box-Muller on ((w >> 8) + 1/2) 2^-24.
#pragma once

#include "common.cuh"

static __device__ __forceinline__ float uniform(unsigned w) { return ((float) (w >> 8) + 0.5f) * 0x1p-24f; }

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
    float radius0 = sqrtf(-2.0f * logf(uniform(c0)));
    float radius1 = sqrtf(-2.0f * logf(uniform(c2)));
    float4 out;
    sincospif(2.0f * uniform(c1), &out.y, &out.x);
    sincospif(2.0f * uniform(c3), &out.w, &out.z);
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
