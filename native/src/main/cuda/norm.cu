// Layer normalisation, a block per row that stages its row in shared memory: one read and one write of it. Semantics of
// org.infoprompt.ops.NormKernels; forward also takes a residual that is added to x first. Shared: [width].
#include "common.cuh"

template <typename T>
__device__ __forceinline__ void layer_norm_forward(
    int width, const T *x, const T *residual, const float *gamma, const float *beta, float epsilon, T *y,
    T *normalized, float *rstd) {
    float *staged = shared; // each thread reads back only what it wrote
    __shared__ float sums[WARP], squares[WARP];
    long long row = blockIdx.x * (long long) width;
    // Relative to the first element, so that a row far from zero keeps its digits.
    float base = load(x + row);
    if (residual != nullptr) base += load(residual + row);
    float sum = 0.0f;
    for (int i = threadIdx.x; i < width; i += blockDim.x) {
        float v = load(x + row + i);
        if (residual != nullptr) v += load(residual + row + i);
        v -= base;
        staged[i] = v;
        sum += v;
    }
    float mean = block_sum(sum, sums) / width;
    float square = 0.0f;
    for (int i = threadIdx.x; i < width; i += blockDim.x) {
        float centred = staged[i] - mean;
        square += centred * centred;
    }
    float scale = 1.0f / sqrtf(block_sum(square, squares) / width + epsilon);
    for (int i = threadIdx.x; i < width; i += blockDim.x) {
        float unit = (staged[i] - mean) * scale;
        store(y + row + i, unit * gamma[i] + beta[i]);
        if (normalized != nullptr) store(normalized + row + i, unit);
    }
    if (rstd != nullptr && threadIdx.x == 0) rstd[blockIdx.x] = scale;
}

// dx = rstd (g - mean(g) - normalized mean(g normalized)), g = dy gamma; dx may be dy. Shared: [2 width].
template <typename T>
__device__ __forceinline__ void layer_norm_backward(
    int width, const T *dy, const float *gamma, const T *normalized, const float *rstd, T *dx) {
    float *staged = shared;
    __shared__ float sums[WARP], projections[WARP];
    long long row = blockIdx.x * (long long) width;
    float sum = 0.0f, projection = 0.0f;
    for (int i = threadIdx.x; i < width; i += blockDim.x) {
        float g = load(dy + row + i) * gamma[i];
        float unit = load(normalized + row + i);
        staged[i] = g;
        staged[width + i] = unit;
        sum += g;
        projection += g * unit;
    }
    sum = warp_sum(sum);
    projection = warp_sum(projection);
    if (lane() == 0) {
        sums[warp()] = sum;
        projections[warp()] = projection;
    }
    __syncthreads();
    sum = 0.0f;
    projection = 0.0f;
    for (int w = 0; w < (int) blockDim.x / WARP; w++) {
        sum += sums[w];
        projection += projections[w];
    }
    float mean = sum / width;
    float slope = projection / width;
    float scale = rstd[blockIdx.x];
    for (int i = threadIdx.x; i < width; i += blockDim.x) {
        store(dx + row + i, scale * (staged[i] - mean - staged[width + i] * slope));
    }
}

#define LAYER_NORM(T, suffix)                                                                                          \
    extern "C" __global__ void ipk_layer_norm_forward_##suffix(                                                        \
        int width, const T *x, const T *residual, const float *gamma, const float *beta, float epsilon, T *y,          \
        T *normalized, float *rstd) {                                                                                  \
        layer_norm_forward<T>(width, x, residual, gamma, beta, epsilon, y, normalized, rstd);                          \
    }                                                                                                                  \
    extern "C" __global__ void ipk_layer_norm_backward_##suffix(                                                       \
        int width, const T *dy, const float *gamma, const T *normalized, const float *rstd, T *dx) {                   \
        layer_norm_backward<T>(width, dy, gamma, normalized, rstd, dx);                                                \
    }

LAYER_NORM(float, f32)
LAYER_NORM(bf16, bf16)
