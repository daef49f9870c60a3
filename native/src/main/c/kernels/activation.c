/* Element-wise activations, forward and backward. */
#include "../vmath.h"

IPK_INLINE vf activation_value(int32_t kind, vf x) {
    return kind == IPK_GELU_ERF ? vf_gelu_erf(x) : kind == IPK_GELU_TANH ? vf_gelu_tanh(x) : vf_relu(x);
}

IPK_INLINE vf activation_slope(int32_t kind, vf x) {
    return kind == IPK_GELU_ERF    ? vf_gelu_erf_slope(x)
           : kind == IPK_GELU_TANH ? vf_gelu_tanh_slope(x)
                                   : vf_relu_slope(x);
}

IPK_INLINE void activation_forward(int32_t kind, int64_t n, const float *x, float *y) {
    int64_t i = 0;
    for (; i + IPK_LANES <= n; i += IPK_LANES) {
        vf_store(y + i, activation_value(kind, vf_load(x + i)));
    }
    if (i < n) {
        vf_store_part(y + i, activation_value(kind, vf_load_part(x + i, n - i)), n - i);
    }
}

static void IPK_KERNEL(ipk_activation_forward_f32)(int64_t n, int32_t activation, const float *x, float *y) {
    switch (activation) {
    case IPK_GELU_ERF:
        activation_forward(IPK_GELU_ERF, n, x, y);
        break;
    case IPK_GELU_TANH:
        activation_forward(IPK_GELU_TANH, n, x, y);
        break;
    default:
        activation_forward(IPK_RELU, n, x, y);
        break;
    }
}

IPK_INLINE void activation_backward(int32_t kind, int64_t n, const float *x, const float *dy, float *dx) {
    int64_t i = 0;
    for (; i + IPK_LANES <= n; i += IPK_LANES) {
        vf_store(dx + i, vf_load(dy + i) * activation_slope(kind, vf_load(x + i)));
    }
    if (i < n) {
        int64_t rest = n - i;
        vf_store_part(dx + i, vf_load_part(dy + i, rest) * activation_slope(kind, vf_load_part(x + i, rest)), rest);
    }
}

static void IPK_KERNEL(ipk_activation_backward_f32)(int64_t n, int32_t activation, const float *x, const float *dy,
                                                    float *dx) {
    switch (activation) {
    case IPK_GELU_ERF:
        activation_backward(IPK_GELU_ERF, n, x, dy, dx);
        break;
    case IPK_GELU_TANH:
        activation_backward(IPK_GELU_TANH, n, x, dy, dx);
        break;
    default:
        activation_backward(IPK_RELU, n, x, dy, dx);
        break;
    }
}
