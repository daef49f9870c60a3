// Shared by all kernels: sums over warps and blocks, the running softmax.
//
// Every kernel: matrices are row-major and dense unless strides are parameters; sizes count elements; a null pointer means
// "not wanted" where the comment says so. Sums run in one fixed order, so that equal launches give equal bits; nothing uses
// atomics. Each __syncthreads() is there for a reason that the tests know: taking any one out is reported as a race.
#pragma once

#include <cuda_bf16.h>
#include <math_constants.h>

constexpr int WARP = 32;
constexpr unsigned FULL = 0xffffffffu;

// Dynamic shared memory; a kernel's comment says what is in it.
extern __shared__ __align__(16) float shared[];

static __device__ __forceinline__ int lane() { return threadIdx.x % WARP; }
static __device__ __forceinline__ int warp() { return threadIdx.x / WARP; }

// Number of this thread among all of a one-dimensional launch, and how many there are.
static __device__ __forceinline__ long long first_element() { return blockIdx.x * (long long) blockDim.x + threadIdx.x; }
static __device__ __forceinline__ long long element_stride() { return gridDim.x * (long long) blockDim.x; }

// The encoder's inner activations lie in memory as float or as bf16; in registers and in sums everything is float. Kernels of bf16
// take four elements at a time, and the host sees to it that rows are of so many and begin where one instruction reads them.
using bf16 = __nv_bfloat16;

// W neighbours, which one instruction reads or writes.
template <int W>
struct Floats {
    float v[W];
};

template <int W>
__device__ __forceinline__ Floats<W> load(const float *p) {
    Floats<W> x;
    if constexpr (W == 1) {
        x.v[0] = *p;
    } else {
        float4 four = *(const float4 *) p;
        x.v[0] = four.x, x.v[1] = four.y, x.v[2] = four.z, x.v[3] = four.w;
    }
    return x;
}

template <int W>
__device__ __forceinline__ Floats<W> load(const bf16 *p) {
    Floats<W> x;
    if constexpr (W == 1) {
        x.v[0] = __bfloat162float(*p);
    } else {
        uint2 four = *(const uint2 *) p; // a bf16 is the upper half of a float
        x.v[0] = __uint_as_float(four.x << 16), x.v[1] = __uint_as_float(four.x & 0xffff0000u);
        x.v[2] = __uint_as_float(four.y << 16), x.v[3] = __uint_as_float(four.y & 0xffff0000u);
    }
    return x;
}

template <int W>
__device__ __forceinline__ void store(float *p, Floats<W> x) {
    if constexpr (W == 1) *p = x.v[0];
    else *(float4 *) p = make_float4(x.v[0], x.v[1], x.v[2], x.v[3]);
}

template <int W>
__device__ __forceinline__ void store(bf16 *p, Floats<W> x) {
    if constexpr (W == 1) {
        *p = __float2bfloat16_rn(x.v[0]);
    } else {
        __nv_bfloat162 four[2] = {__floats2bfloat162_rn(x.v[0], x.v[1]), __floats2bfloat162_rn(x.v[2], x.v[3])};
        *(uint2 *) p = *(const uint2 *) four;
    }
}

static __device__ __forceinline__ float warp_sum(float v) {
#pragma unroll
    for (int o = WARP / 2; o > 0; o /= 2) v += __shfl_xor_sync(FULL, v, o);
    return v;
}

// Sum over the block, for every thread. `scratch` has a float per warp and is used once in a kernel.
static __device__ __forceinline__ float block_sum(float v, float *scratch) {
    v = warp_sum(v);
    if (lane() == 0) scratch[warp()] = v;
    __syncthreads();
    float total = 0.0f;
    for (int w = 0; w < (int) blockDim.x / WARP; w++) total += scratch[w];
    return total;
}

// A softmax-weighted sum of vectors that arrive one by one: each is read once. Lane-private parts of `weighted` belong to
// the caller; the scalars are the same in all lanes of a warp.
struct Running {
    float max = -CUDART_INF_F;
    float sum = 0.0f;
    float shrink = 1.0f; // what the weighted sum must be multiplied with before the next vector is added
    float factor = 0.0f; // what the next vector must be multiplied with

    __device__ __forceinline__ void take(float score) {
        shrink = 1.0f;
        if (score == -CUDART_INF_F) { // weighs nothing; its difference to an equal maximum would be NaN
            factor = 0.0f;
            return;
        }
        if (score > max) {
            shrink = expf(max - score);
            sum *= shrink;
            max = score;
        }
        factor = expf(score - max);
        sum += factor;
    }
};

// log(1 + e^t) without overflow.
static __device__ __forceinline__ float softplus(float t) { return fmaxf(t, 0.0f) + log1pf(expf(-fabsf(t))); }
