// Layer normalisation, a block per row that stages its row in shared memory: one read and one write of it. Semantics of
// org.infoprompt.ops.NormKernels; forward also takes a residual that is added to x first. Shared: [width].
#include "common.cuh"

extern "C" __global__ void ipk_layer_norm_forward_f32(
    int width, const float *x, const float *residual, const float *gamma, const float *beta, float epsilon, float *y,
    float *normalized, float *rstd) {
    float *staged = shared; // each thread reads back only what it wrote
    __shared__ float sums[WARP], squares[WARP];
    long long row = blockIdx.x * (long long) width;
    // Relative to the first element, so that a row far from zero keeps its digits.
    float base = x[row];
    if (residual != nullptr) base += residual[row];
    float sum = 0.0f;
    for (int i = threadIdx.x; i < width; i += blockDim.x) {
        float v = x[row + i];
        if (residual != nullptr) v += residual[row + i];
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
        y[row + i] = unit * gamma[i] + beta[i];
        if (normalized != nullptr) normalized[row + i] = unit;
    }
    if (rstd != nullptr && threadIdx.x == 0) rstd[blockIdx.x] = scale;
}

// dx = rstd (g - mean(g) - normalized mean(g normalized)), g = dy gamma; dx may be dy. Shared: [2 width].
extern "C" __global__ void ipk_layer_norm_backward_f32(
    int width, const float *dy, const float *gamma, const float *normalized, const float *rstd, float *dx) {
    float *staged = shared;
    __shared__ float sums[WARP], projections[WARP];
    long long row = blockIdx.x * (long long) width;
    float sum = 0.0f, projection = 0.0f;
    for (int i = threadIdx.x; i < width; i += blockDim.x) {
        float g = dy[row + i] * gamma[i];
        float unit = normalized[row + i];
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
        dx[row + i] = scale * (staged[i] - mean - staged[width + i] * slope);
    }
}
