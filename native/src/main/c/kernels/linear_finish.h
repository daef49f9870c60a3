/* What the products of linear layers of all element types share: what happens to finished sums, and where scratch starts. */
#ifndef IPK_LINEAR_FINISH_H
#define IPK_LINEAR_FINISH_H

#include "../simd.h"
#include "../vmath.h"

IPK_INLINE float *linear_align(void *scratch) { return (float *)(((uintptr_t)scratch + 63) & ~(uintptr_t)63); }

/* What happens to a finished part of the result. */
struct linear_finish {
    int32_t activation; /* IPK_NONE for nothing */
    float *slope;        /* receives the derivative, or NULL */
    const float *factor; /* multiplied in, or NULL */
    const float *old;    /* added times beta, or NULL */
    float alpha, beta;
};

/* Finishes n <= IPK_LANES elements of a row, the first of which is at this offset in the whole result. */
IPK_INLINE vf linear_finished(const struct linear_finish *f, vf x, int64_t offset, int64_t n) {
    int whole = n >= IPK_LANES;
    vf y = x, slope = x;
    switch (f->activation) {
        case IPK_GELU_ERF: y = f->slope ? vf_gelu_erf_both(x, &slope) : vf_gelu_erf(x); break;
        case IPK_GELU_TANH: y = vf_gelu_tanh_both(x, &slope); break;
        case IPK_RELU:
            y = vf_relu(x);
            slope = vf_relu_slope(x);
            break;
        default: break;
    }
    if (f->slope) {
        if (whole) {
            vf_store(f->slope + offset, slope);
        } else {
            vf_store_part(f->slope + offset, slope, n);
        }
    }
    if (f->factor) {
        y *= whole ? vf_load(f->factor + offset) : vf_load_part(f->factor + offset, n);
    }
    if (f->alpha != 1) {
        y *= f->alpha;
    }
    if (f->old) {
        y += f->beta * (whole ? vf_load(f->old + offset) : vf_load_part(f->old + offset, n));
    }
    return y;
}

IPK_INLINE int linear_finishes(const struct linear_finish *f) {
    return f->activation != IPK_NONE || f->factor || f->old || f->alpha != 1;
}

#endif
