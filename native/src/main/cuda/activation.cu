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
template <typename T>
__device__ __forceinline__ void activation_forward(
    long long n, int width, int kind, const T *x, const float *bias, T *slope, T *y) {
    for (long long i = first_element(); i < n; i += element_stride()) {
        float v = load(x + i);
        if (bias != nullptr) v += bias[i % width];
        float derivative;
        float value = activate(kind, v, &derivative);
        if (slope != nullptr) store(slope + i, derivative);
        store(y + i, value);
    }
}

// dx = dy activation'(x); dx may be dy.
template <typename T>
__device__ __forceinline__ void activation_backward(long long n, int kind, const T *x, const T *dy, T *dx) {
    for (long long i = first_element(); i < n; i += element_stride()) {
        float derivative;
        activate(kind, load(x + i), &derivative);
        store(dx + i, load(dy + i) * derivative);
    }
}

// y = a b, element-wise; y may be a or b.
template <typename T>
__device__ __forceinline__ void multiply(long long n, const T *a, const T *b, T *y) {
    for (long long i = first_element(); i < n; i += element_stride()) store(y + i, load(a + i) * load(b + i));
}

#define ACTIVATION(T, suffix)                                                                                          \
    extern "C" __global__ void ipk_activation_forward_##suffix(                                                        \
        long long n, int width, int kind, const T *x, const float *bias, T *slope, T *y) {                             \
        activation_forward<T>(n, width, kind, x, bias, slope, y);                                                      \
    }                                                                                                                  \
    extern "C" __global__ void ipk_activation_backward_##suffix(                                                       \
        long long n, int kind, const T *x, const T *dy, T *dx) {                                                       \
        activation_backward<T>(n, kind, x, dy, dx);                                                                    \
    }                                                                                                                  \
    extern "C" __global__ void ipk_multiply_##suffix(long long n, const T *a, const T *b, T *y) {                      \
        multiply<T>(n, a, b, y);                                                                                       \
    }

ACTIVATION(float, f32)
ACTIVATION(bf16, bf16)
