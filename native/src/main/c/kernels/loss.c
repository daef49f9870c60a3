/* Supervised losses; natural logarithms. */
#include "../vmath.h"

IPK_INLINE float loss_max(int64_t n, const float *x) {
    vf max = vf_splat(-__builtin_inff());
    int64_t i = 0;
    for (; i + IPK_LANES <= n; i += IPK_LANES) {
        max = vf_max(max, vf_load(x + i));
    }
    if (i < n) {
        max = vf_max(max, vf_load_over(max, x + i, n - i));
    }
    return vf_largest(max);
}

/* y = exp(x - max), returns the sum; y may be NULL. A NaN makes the sum NaN. */
IPK_INLINE float loss_exponentials(int64_t n, const float *x, float max, float *y) {
    vf m = vf_splat(max), sum = vf_splat(0);
    int64_t i = 0;
    for (; i + IPK_LANES <= n; i += IPK_LANES) {
        vf e = vf_exp(vf_load(x + i) - m);
        sum += e;
        if (y != NULL) {
            vf_store(y + i, e);
        }
    }
    if (i < n) {
        int64_t rest = n - i;
        vf e = vf_exp(vf_load_part(x + i, rest) - m);
        sum += vf_first(e, rest);
        if (y != NULL) {
            vf_store_part(y + i, e, rest);
        }
    }
    return vf_sum(sum);
}

IPK_INLINE void loss_scale(int64_t n, float factor, float *y) {
    vf f = vf_splat(factor);
    int64_t i = 0;
    for (; i + IPK_LANES <= n; i += IPK_LANES) {
        vf_store(y + i, vf_load(y + i) * f);
    }
    if (i < n) {
        vf_store_part(y + i, vf_load_part(y + i, n - i) * f, n - i);
    }
}

/* losses = -log softmax(logits)[label]; d_logits = gradient_scale (softmax - onehot), or NULL. */
static void IPK_KERNEL(ipk_cross_entropy_f32)(int64_t rows, int64_t classes, const float *logits, const int32_t *labels,
                                 double gradient_scale, float *losses, float *d_logits) {
    for (int64_t r = 0; r < rows; r++) {
        const float *row = logits + r * classes;
        float *d = d_logits == NULL ? NULL : d_logits + r * classes;
        float label = row[labels[r]];
        float max = loss_max(classes, row);
        double sum = loss_exponentials(classes, row, max, d);
        /* In this order a loss that is tiny beside the logits keeps its digits. */
        losses[r] = (float)((double)max - label + __builtin_log(sum));
        if (d != NULL) {
            loss_scale(classes, (float)(gradient_scale / sum), d);
            d[labels[r]] = (float)(gradient_scale * (__builtin_exp((double)label - max) / sum - 1));
        }
    }
}

/* y = softmax(x) per row; may run in place. */
static void IPK_KERNEL(ipk_softmax_f32)(int64_t rows, int64_t width, const float *x, float *y) {
    for (int64_t r = 0; r < rows; r++) {
        const float *row = x + r * width;
        float sum = loss_exponentials(width, row, loss_max(width, row), y + r * width);
        loss_scale(width, 1 / sum, y + r * width);
    }
}
