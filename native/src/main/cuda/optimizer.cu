// AdamW (arXiv 1711.05101) in PyTorch's order of operations. Semantics of org.infoprompt.ops.OptimizerKernels.
#include "common.cuh"

// step_size = lr / (1 - beta1^t), root = sqrt(1 - beta2^t), keep = 1 - lr decay: computed by the host in double.
extern "C" __global__ void ipk_adamw_f32(
    long long n, float *parameter, const float *gradient, float factor, float *first, float *second, float beta1,
    float rest1, float beta2, float rest2, float step_size, float root, float epsilon, float keep) {
    for (long long i = first_element(); i < n; i += element_stride()) {
        float g = factor * gradient[i];
        float m = beta1 * first[i] + rest1 * g;
        float v = beta2 * second[i] + rest2 * g * g;
        first[i] = m;
        second[i] = v;
        parameter[i] = parameter[i] * keep - step_size * m / (sqrtf(v) / root + epsilon);
    }
}
