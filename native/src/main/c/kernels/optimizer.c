/* Parameter updates. */
#include "../simd.h"

struct adamw {
    float decay, keep1, take1, keep2, root_take2, step, floor;
};

IPK_INLINE void adamw_update(const struct adamw *a, vf g, vf *m, vf *v, vf *p) {
    *m = vf_fma(*m, vf_splat(a->keep1), g * vf_splat(a->take1));
    /* Squaring after the factor keeps v of tiny gradients out of the subnormal numbers one step longer. */
    vf scaled = g * vf_splat(a->root_take2);
    *v = vf_fma(scaled, scaled, *v * vf_splat(a->keep2));
    vf decayed = vf_fma(*p, vf_splat(a->decay), *p);
    *p = *m * vf_splat(a->step) / (vf_sqrt(*v) + vf_splat(a->floor)) + decayed;
}

/*
 * AdamW (Loshchilov & Hutter, arXiv 1711.05101) in PyTorch's order. step_size is lr/(1 - beta1^t), root_correction
 * sqrt(1 - beta2^t): lr m^/(sqrt(v)/root + eps) = step_size root m/(sqrt(v) + eps root) takes one division an element.
 */
static void IPK_KERNEL(ipk_adamw_f32)(int64_t n, float *parameter, const float *gradient, double gradient_factor, float *first_moment,
                         float *second_moment, double decay, double beta1, double beta2, double epsilon, double step_size,
                         double root_correction) {
    struct adamw a = {
        .decay = (float)-decay,
        .keep1 = (float)beta1,
        .take1 = (float)((1 - beta1) * gradient_factor),
        .keep2 = (float)beta2,
        .root_take2 = (float)(__builtin_sqrt(1 - beta2) * gradient_factor),
        .step = (float)(-step_size * root_correction),
        .floor = (float)(epsilon * root_correction),
    };
    int64_t i = 0;
    for (; i + IPK_LANES <= n; i += IPK_LANES) {
        vf m = vf_load(first_moment + i), v = vf_load(second_moment + i), p = vf_load(parameter + i);
        adamw_update(&a, vf_load(gradient + i), &m, &v, &p);
        vf_store(first_moment + i, m);
        vf_store(second_moment + i, v);
        vf_store(parameter + i, p);
    }
    if (i < n) {
        int64_t rest = n - i;
        vf m = vf_load_part(first_moment + i, rest), v = vf_load_part(second_moment + i, rest);
        vf p = vf_load_part(parameter + i, rest);
        adamw_update(&a, vf_load_part(gradient + i, rest), &m, &v, &p);
        vf_store_part(first_moment + i, m, rest);
        vf_store_part(second_moment + i, v, rest);
        vf_store_part(parameter + i, p, rest);
    }
}
