// Softmax and cross-entropy, a warp per row. Semantics of org.infoprompt.ops.LossKernels.
#include "common.cuh"

// The largest element of a row; NaN if there is one, as in the CPU kernels' sums that follow.
static __device__ __forceinline__ float row_max(int width, const float *x) {
    float max = -CUDART_INF_F;
    for (int i = lane(); i < width; i += WARP) max = fmaxf(max, x[i]);
#pragma unroll
    for (int o = WARP / 2; o > 0; o /= 2) max = fmaxf(max, __shfl_xor_sync(FULL, max, o));
    return max;
}

static __device__ __forceinline__ float exponentials(int width, const float *x, float max) {
    float sum = 0.0f;
    for (int i = lane(); i < width; i += WARP) sum += expf(x[i] - max);
    return warp_sum(sum);
}

// losses[r] = -log softmax(logits[r])[label]; d_logits, if wanted, = scale (softmax - onehot).
extern "C" __global__ void ipk_cross_entropy_f32(
    int rows, int classes, const float *logits, const int *labels, float scale, float *losses, float *d_logits) {
    int r = blockIdx.x * (blockDim.x / WARP) + warp();
    if (r >= rows) return;
    const float *x = logits + r * (long long) classes;
    float max = row_max(classes, x);
    float sum = exponentials(classes, x, max);
    int label = labels[r];
    // In this order a loss that is tiny beside the logits keeps its digits.
    if (lane() == 0) losses[r] = max - x[label] + logf(sum);
    if (d_logits == nullptr) return;
    for (int c = lane(); c < classes; c += WARP) {
        float p = expf(x[c] - max) / sum;
        d_logits[r * (long long) classes + c] = scale * (c == label ? p - 1.0f : p);
    }
}

// y = softmax(x); y may be x.
extern "C" __global__ void ipk_softmax_f32(int rows, int width, const float *x, float *y) {
    int r = blockIdx.x * (blockDim.x / WARP) + warp();
    if (r >= rows) return;
    const float *source = x + r * (long long) width;
    float max = row_max(width, source);
    float sum = exponentials(width, source, max);
    for (int i = lane(); i < width; i += WARP) y[r * (long long) width + i] = expf(source[i] - max) / sum;
}
