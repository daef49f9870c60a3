// Layer normalisation, a block per row that stages its row in shared memory: one read and one write of it. Semantics of
// org.infoprompt.ops.NormKernels; forward also takes a residual that is added to x first. The rows themselves are float always;
// what is kept for the backward pass, and a copy that products read, are of type T. Each thread takes W neighbours.
#include "common.cuh"

// Shared: [width].
template <class T, int W>
__device__ __forceinline__ void layer_norm_forward(
    int width, const float *x, const float *residual, const float *gamma, const float *beta, float epsilon, float *y,
    T *copy, T *normalized, float *rstd) {
    float *staged = shared; // each thread reads back only what it wrote
    __shared__ float sums[WARP], squares[WARP];
    long long row = blockIdx.x * (long long) width;
    // Relative to the first element, so that a row far from zero keeps its digits.
    float base = x[row];
    if (residual != nullptr) base += residual[row];
    float sum = 0.0f;
    for (int i = W * threadIdx.x; i < width; i += W * blockDim.x) {
        Floats<W> v = load<W>(x + row + i);
        if (residual != nullptr) {
            Floats<W> r = load<W>(residual + row + i);
#pragma unroll
            for (int k = 0; k < W; k++) v.v[k] += r.v[k];
        }
#pragma unroll
        for (int k = 0; k < W; k++) {
            v.v[k] -= base;
            sum += v.v[k];
        }
        store<W>(staged + i, v);
    }
    float mean = block_sum(sum, sums) / width;
    float square = 0.0f;
    for (int i = W * threadIdx.x; i < width; i += W * blockDim.x) {
        Floats<W> v = load<W>(staged + i);
#pragma unroll
        for (int k = 0; k < W; k++) {
            float centred = v.v[k] - mean;
            square += centred * centred;
        }
    }
    float scale = 1.0f / sqrtf(block_sum(square, squares) / width + epsilon);
    for (int i = W * threadIdx.x; i < width; i += W * blockDim.x) {
        Floats<W> unit = load<W>(staged + i), g = load<W>(gamma + i), b = load<W>(beta + i), v;
#pragma unroll
        for (int k = 0; k < W; k++) {
            unit.v[k] = (unit.v[k] - mean) * scale;
            v.v[k] = unit.v[k] * g.v[k] + b.v[k];
        }
        store<W>(y + row + i, v);
        if (copy != nullptr) store<W>(copy + row + i, v);
        if (normalized != nullptr) store<W>(normalized + row + i, unit);
    }
    if (rstd != nullptr && threadIdx.x == 0) rstd[blockIdx.x] = scale;
}

extern "C" __global__ void ipk_layer_norm_forward_f32(
    int width, const float *x, const float *residual, const float *gamma, const float *beta, float epsilon, float *y,
    float *normalized, float *rstd) {
    layer_norm_forward<float, 1>(
        width, x, residual, gamma, beta, epsilon, y, (float *) nullptr, normalized, rstd);
}

extern "C" __global__ void ipk_layer_norm_forward_bf16(
    int width, const float *x, const float *residual, const float *gamma, const float *beta, float epsilon, float *y,
    bf16 *copy, bf16 *normalized, float *rstd) {
    layer_norm_forward<bf16, 4>(width, x, residual, gamma, beta, epsilon, y, copy, normalized, rstd);
}

// dx = rstd (g - mean(g) - normalized mean(g normalized)), g = dy gamma; dx may be dy. Shared: [2 width].
template <class T, int W>
__device__ __forceinline__ void layer_norm_backward(
    int width, const float *dy, const float *gamma, const T *normalized, const float *rstd, float *dx, T *copy) {
    float *staged = shared;
    __shared__ float sums[WARP], projections[WARP];
    long long row = blockIdx.x * (long long) width;
    float sum = 0.0f, projection = 0.0f;
    for (int i = W * threadIdx.x; i < width; i += W * blockDim.x) {
        Floats<W> g = load<W>(dy + row + i), scale = load<W>(gamma + i), unit = load<W>(normalized + row + i);
#pragma unroll
        for (int k = 0; k < W; k++) {
            g.v[k] *= scale.v[k];
            sum += g.v[k];
            projection += g.v[k] * unit.v[k];
        }
        store<W>(staged + i, g);
        store<W>(staged + width + i, unit);
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
    for (int i = W * threadIdx.x; i < width; i += W * blockDim.x) {
        Floats<W> v = load<W>(staged + i), unit = load<W>(staged + width + i);
#pragma unroll
        for (int k = 0; k < W; k++) v.v[k] = scale * (v.v[k] - mean - unit.v[k] * slope);
        store<W>(dx + row + i, v);
        if (copy != nullptr) store<W>(copy + row + i, v);
    }
}

extern "C" __global__ void ipk_layer_norm_backward_f32(
    int width, const float *dy, const float *gamma, const float *normalized, const float *rstd, float *dx) {
    layer_norm_backward<float, 1>(width, dy, gamma, normalized, rstd, dx, (float *) nullptr);
}

extern "C" __global__ void ipk_layer_norm_backward_bf16(
    int width, const float *dy, const float *gamma, const bf16 *normalized, const float *rstd, float *dx, bf16 *copy) {
    layer_norm_backward<bf16, 4>(width, dy, gamma, normalized, rstd, dx, copy);
}
