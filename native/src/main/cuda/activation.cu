// Activations and their slopes; kinds as in org.infoprompt.ops.Activation.
#include "common.cuh"

constexpr int GELU_ERF = 0;
constexpr int GELU_TANH = 1;
constexpr float TANH_SCALE = 0.7978845608028654f; // sqrt(2 / pi)
constexpr float TANH_CUBE = 0.044715f;

// The activation's value at x; its derivative goes to *slope.
static __device__ __forceinline__ float activate(int kind, float x, float *slope) {
    if (kind == GELU_ERF) {
        float cdf = normcdff(x);
        float density = expf(-0.5f * x * x) * 0.3989422804014327f; // 1 / sqrt(2 pi)
        *slope = density == 0.0f ? cdf : cdf + x * density;
        return x == -CUDART_INF_F ? -0.0f : x * cdf;
    }
    if (kind == GELU_TANH) {
        float t = 2.0f * TANH_SCALE * (x + TANH_CUBE * x * x * x);
        float p = 1.0f / (1.0f + expf(-t));
        float peak = p / (1.0f + expf(t)); // p (1 - p) without the cancellation
        float inner = 2.0f * TANH_SCALE * (1.0f + 3.0f * TANH_CUBE * x * x);
        *slope = peak == 0.0f ? p : p + x * peak * inner;
        return x == -CUDART_INF_F ? -0.0f : x * p;
    }
    *slope = x <= 0.0f ? 0.0f : isnan(x) ? x : 1.0f;
    return x <= 0.0f ? 0.0f : x;
}

// y[r, i] = activation(x[r, i] + bias[i]); bias may be null; slope, if wanted, receives the derivative. y may be x.
template <class T, int W>
__device__ __forceinline__ void activation_forward(
    long long n, int width, int kind, const T *x, const float *bias, T *slope, T *y) {
    for (long long i = W * first_element(); i < n; i += W * element_stride()) {
        Floats<W> v = load<W>(x + i), derivatives;
        if (bias != nullptr) {
            Floats<W> b = load<W>(bias + i % width);
#pragma unroll
            for (int k = 0; k < W; k++) v.v[k] += b.v[k];
        }
#pragma unroll
        for (int k = 0; k < W; k++) {
            v.v[k] = activate(kind, v.v[k], &derivatives.v[k]);
        }
        if (slope != nullptr) store<W>(slope + i, derivatives);
        store<W>(y + i, v);
    }
}

extern "C" __global__ void ipk_activation_forward_f32(
    long long n, int width, int kind, const float *x, const float *bias, float *slope, float *y) {
    activation_forward<float, 1>(n, width, kind, x, bias, slope, y);
}

extern "C" __global__ void ipk_activation_forward_bf16(
    long long n, int width, int kind, const bf16 *x, const float *bias, bf16 *slope, bf16 *y) {
    activation_forward<bf16, 4>(n, width, kind, x, bias, slope, y);
}

// dx = dy activation'(x); dx may be dy.
extern "C" __global__ void ipk_activation_backward_f32(
    long long n, int kind, const float *x, const float *dy, float *dx) {
    for (long long i = first_element(); i < n; i += element_stride()) {
        float derivative;
        activate(kind, x[i], &derivative);
        dx[i] = dy[i] * derivative;
    }
}

// y = a b, element-wise; y may be a or b.
template <class T, int W>
__device__ __forceinline__ void multiply(long long n, const T *a, const T *b, T *y) {
    for (long long i = W * first_element(); i < n; i += W * element_stride()) {
        Floats<W> v = load<W>(a + i), w = load<W>(b + i);
#pragma unroll
        for (int k = 0; k < W; k++) v.v[k] *= w.v[k];
        store<W>(y + i, v);
    }
}

extern "C" __global__ void ipk_multiply_f32(long long n, const float *a, const float *b, float *y) {
    multiply<float, 1>(n, a, b, y);
}

extern "C" __global__ void ipk_multiply_bf16(long long n, const bf16 *a, const bf16 *b, bf16 *y) {
    multiply<bf16, 4>(n, a, b, y);
}
