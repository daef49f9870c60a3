/* Layer normalisation over rows (Ba et al., arXiv 1607.06450), forward and backward. */
#include "../simd.h"

/* Sums of a row are kept in four vectors, so that additions do not wait for each other. */
#define NORM_PARTS 4

typedef struct {
    vf first[NORM_PARTS];
    vf second[NORM_PARTS];
} norm_sums;

IPK_INLINE float norm_total(const vf *parts) { return vf_sum((parts[0] + parts[1]) + (parts[2] + parts[3])); }

IPK_INLINE float norm_sum(int64_t width, const float *x) {
    norm_sums s = {0};
    int64_t i = 0;
    for (; i + NORM_PARTS * IPK_LANES <= width; i += NORM_PARTS * IPK_LANES) {
        for (int p = 0; p < NORM_PARTS; p++) {
            s.first[p] += vf_load(x + i + p * IPK_LANES);
        }
    }
    for (; i + IPK_LANES <= width; i += IPK_LANES) {
        s.first[0] += vf_load(x + i);
    }
    if (i < width) {
        s.first[1] += vf_load_part(x + i, width - i);
    }
    return norm_total(s.first);
}

IPK_INLINE void norm_add_centred(norm_sums *s, int p, vf x, vf mean) {
    vf centred = x - mean;
    s->first[p] += centred;
    s->second[p] = vf_fma(centred, centred, s->second[p]);
}

/* Sums of x - mean and (x - mean)^2. */
IPK_INLINE void norm_centred_sums(int64_t width, const float *x, float mean, float *first, float *second) {
    norm_sums s = {0};
    vf m = vf_splat(mean);
    int64_t i = 0;
    for (; i + NORM_PARTS * IPK_LANES <= width; i += NORM_PARTS * IPK_LANES) {
        for (int p = 0; p < NORM_PARTS; p++) {
            norm_add_centred(&s, p, vf_load(x + i + p * IPK_LANES), m);
        }
    }
    for (; i + IPK_LANES <= width; i += IPK_LANES) {
        norm_add_centred(&s, 0, vf_load(x + i), m);
    }
    if (i < width) {
        /* Lanes beyond the row hold the mean, which adds nothing. */
        norm_add_centred(&s, 1, vf_load_over(m, x + i, width - i), m);
    }
    *first = norm_total(s.first);
    *second = norm_total(s.second);
}

IPK_INLINE vf norm_unit(vf x, vf mean, vf correction, vf scale) { return (x - mean - correction) * scale; }

/*
 * y = (x - mean) rstd gamma + beta. The mean of the differences to the rounded mean corrects both mean and variance, which
 * keeps float accuracy for rows far from zero (corrected two-pass algorithm: Chan, Golub, LeVeque, 1983).
 */
static void IPK_KERNEL(ipk_layer_norm_forward_f32)(int64_t rows, int64_t width, const float *x, const float *gamma, const float *beta,
                                      double epsilon, float *y, float *normalized, float *rstd) {
    for (int64_t r = 0; r < rows; r++) {
        const float *in = x + r * width;
        float *out = y + r * width;
        float mean = norm_sum(width, in) / (float)width;
        float first, second;
        norm_centred_sums(width, in, mean, &first, &second);
        float correction = first / (float)width;
        double variance = (double)second / width - (double)correction * correction;
        float scale = (float)(1 / __builtin_sqrt(variance + epsilon));
        vf m = vf_splat(mean), c = vf_splat(correction), s = vf_splat(scale);
        float *unit_row = normalized == NULL ? NULL : normalized + r * width;
        int64_t i = 0;
        for (; i + IPK_LANES <= width; i += IPK_LANES) {
            vf unit = norm_unit(vf_load(in + i), m, c, s);
            if (unit_row != NULL) {
                vf_store(unit_row + i, unit);
            }
            vf_store(out + i, vf_fma(unit, vf_load(gamma + i), vf_load(beta + i)));
        }
        if (i < width) {
            int64_t n = width - i;
            vf unit = norm_unit(vf_load_part(in + i, n), m, c, s);
            if (unit_row != NULL) {
                vf_store_part(unit_row + i, unit, n);
            }
            vf_store_part(out + i, vf_fma(unit, vf_load_part(gamma + i, n), vf_load_part(beta + i, n)), n);
        }
        if (rstd != NULL) {
            rstd[r] = scale;
        }
    }
}

IPK_INLINE void norm_add_gradient(norm_sums *s, int p, vf dy, vf gamma, vf unit) {
    vf g = vf_rounded(dy * gamma);
    s->first[p] += g;
    s->second[p] = vf_fma(g, unit, s->second[p]);
}

IPK_INLINE vf norm_input_gradient(vf dy, vf gamma, vf unit, vf mean, vf projection, vf scale) {
    /* Rounded as in the sum: where all are equal, the difference to the mean is exactly 0. */
    return (vf_rounded(dy * gamma) - mean - unit * projection) * scale;
}

/* dx = rstd (g - mean(g) - normalized mean(g normalized)), g = dy gamma. */
static void IPK_KERNEL(ipk_layer_norm_backward_f32)(int64_t rows, int64_t width, const float *dy, const float *gamma,
                                       const float *normalized, const float *rstd, float *dx) {
    for (int64_t r = 0; r < rows; r++) {
        const float *in = dy + r * width;
        const float *unit = normalized + r * width;
        float *out = dx + r * width;
        norm_sums s = {0};
        int64_t i = 0;
        for (; i + NORM_PARTS * IPK_LANES <= width; i += NORM_PARTS * IPK_LANES) {
            for (int p = 0; p < NORM_PARTS; p++) {
                int64_t at = i + p * IPK_LANES;
                norm_add_gradient(&s, p, vf_load(in + at), vf_load(gamma + at), vf_load(unit + at));
            }
        }
        for (; i + IPK_LANES <= width; i += IPK_LANES) {
            norm_add_gradient(&s, 0, vf_load(in + i), vf_load(gamma + i), vf_load(unit + i));
        }
        int64_t rest = width - i;
        if (rest > 0) {
            norm_add_gradient(&s, 1, vf_load_part(in + i, rest), vf_load_part(gamma + i, rest), vf_load_part(unit + i, rest));
        }
        vf mean = vf_splat(norm_total(s.first) / (float)width);
        vf projection = vf_splat(norm_total(s.second) / (float)width);
        vf scale = vf_splat(rstd[r]);
        for (i = 0; i + IPK_LANES <= width; i += IPK_LANES) {
            vf_store(out + i, norm_input_gradient(vf_load(in + i), vf_load(gamma + i), vf_load(unit + i), mean, projection, scale));
        }
        if (rest > 0) {
            vf d = norm_input_gradient(vf_load_part(in + i, rest), vf_load_part(gamma + i, rest), vf_load_part(unit + i, rest), mean,
                                  projection, scale);
            vf_store_part(out + i, d, rest);
        }
    }
}
