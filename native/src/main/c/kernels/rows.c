/* Moves, adds and reduces rows. */
#include "../simd.h"

IPK_INLINE void rows_add(int64_t width, const float *a, const float *b, float *out) {
    int64_t i = 0;
    for (; i + IPK_LANES <= width; i += IPK_LANES) {
        vf_store(out + i, vf_load(a + i) + vf_load(b + i));
    }
    if (i < width) {
        int64_t rest = width - i;
        vf_store_part(out + i, vf_load_part(a + i, rest) + vf_load_part(b + i, rest), rest);
    }
}

IPK_INLINE void rows_add_three(int64_t width, const float *a, const float *b, const float *c, float *out) {
    int64_t i = 0;
    for (; i + IPK_LANES <= width; i += IPK_LANES) {
        vf_store(out + i, vf_load(a + i) + vf_load(b + i) + vf_load(c + i));
    }
    if (i < width) {
        int64_t rest = width - i;
        vf_store_part(out + i, vf_load_part(a + i, rest) + vf_load_part(b + i, rest) + vf_load_part(c + i, rest), rest);
    }
}

/* out[r] = (word or prompt row) + position row + type row; source is a word id, or -1-p for prompt row p; types may be NULL. */
static void IPK_KERNEL(ipk_embed_f32)(int64_t rows, int64_t width, const float *words, const float *prompts, const int32_t *source,
                         const float *positions, const int32_t *position_ids, const float *types, const int32_t *type_ids,
                         float *out) {
    for (int64_t r = 0; r < rows; r++) {
        int64_t id = source[r];
        const float *row = id < 0 ? prompts + (-1 - id) * width : words + id * width;
        const float *position = positions + (int64_t)position_ids[r] * width;
        if (types == NULL) {
            rows_add(width, row, position, out + r * width);
        } else {
            rows_add_three(width, row, position, types + (int64_t)type_ids[r] * width, out + r * width);
        }
    }
}

/* out[i] = table[index[i]]. */
static void IPK_KERNEL(ipk_gather_f32)(int64_t rows, int64_t width, const float *table, const int32_t *index, float *out) {
    for (int64_t r = 0; r < rows; r++) {
        memcpy(out + r * width, table + (int64_t)index[r] * width, sizeof(float) * (size_t)width);
    }
}

/* table[index[i]] += source[i], in this order. */
static void IPK_KERNEL(ipk_scatter_add_f32)(int64_t rows, int64_t width, const float *source, const int32_t *index, float *table) {
    for (int64_t r = 0; r < rows; r++) {
        float *target = table + (int64_t)index[r] * width;
        rows_add(width, target, source + r * width, target);
    }
}

/* y[r] += bias. */
static void IPK_KERNEL(ipk_add_bias_f32)(int64_t rows, int64_t width, const float *bias, float *y) {
    for (int64_t r = 0; r < rows; r++) {
        rows_add(width, y + r * width, bias, y + r * width);
    }
}

IPK_INLINE float rows_combine(double alpha, double sum, double beta, float old) {
    return (float)(beta == 0 ? alpha * sum : alpha * sum + beta * old);
}

/* out[c] = beta out[c] + alpha sum_r x[r][c], rows in order, in double; beta 0 overwrites. */
static void IPK_KERNEL(ipk_column_sums_f32)(int64_t rows, int64_t width, double alpha, const float *x, double beta, float *out) {
    enum { HALF = IPK_DOUBLES, COLUMNS = 4 * HALF };
    int64_t i = 0;
    for (; i + COLUMNS <= width; i += COLUMNS) {
        vd sum[4] = {{0}};
        for (int64_t r = 0; r < rows; r++) {
            for (int p = 0; p < 4; p++) {
                sum[p] += vd_load(x + r * width + i + p * HALF);
            }
        }
        for (int p = 0; p < 4; p++) {
            for (int j = 0; j < HALF; j++) {
                float *to = out + i + p * HALF + j;
                *to = rows_combine(alpha, sum[p][j], beta, *to);
            }
        }
    }
    for (; i < width; i++) {
        double sum = 0;
        for (int64_t r = 0; r < rows; r++) {
            sum += x[r * width + i];
        }
        out[i] = rows_combine(alpha, sum, beta, out[i]);
    }
}

/* out[r] = mean of the group rows from x[r group] on. */
static void IPK_KERNEL(ipk_group_mean_f32)(int64_t rows, int64_t group, int64_t width, const float *x, float *out) {
    vf count = vf_splat((float)group);
    for (int64_t r = 0; r < rows; r++) {
        const float *first = x + r * group * width;
        for (int64_t i = 0; i < width; i += IPK_LANES) {
            int64_t rest = width - i < IPK_LANES ? width - i : IPK_LANES;
            vf sum = vf_splat(0);
            if (rest == IPK_LANES) {
                for (int64_t j = 0; j < group; j++) {
                    sum += vf_load(first + j * width + i);
                }
                vf_store(out + r * width + i, sum / count);
            } else {
                for (int64_t j = 0; j < group; j++) {
                    sum += vf_load_part(first + j * width + i, rest);
                }
                vf_store_part(out + r * width + i, sum / count, rest);
            }
        }
    }
}

/* x[r group + j] += alpha d[r] for all j. */
static void IPK_KERNEL(ipk_group_spread_f32)(int64_t rows, int64_t group, int64_t width, double alpha, const float *d, float *x) {
    vf factor = vf_splat((float)alpha);
    for (int64_t r = 0; r < rows; r++) {
        const float *from = d + r * width;
        for (int64_t j = 0; j < group; j++) {
            float *to = x + (r * group + j) * width;
            int64_t i = 0;
            for (; i + IPK_LANES <= width; i += IPK_LANES) {
                vf_store(to + i, vf_fma(vf_load(from + i), factor, vf_load(to + i)));
            }
            if (i < width) {
                int64_t rest = width - i;
                vf_store_part(to + i, vf_fma(vf_load_part(from + i, rest), factor, vf_load_part(to + i, rest)), rest);
            }
        }
    }
}

/* y = alpha x + beta y; beta 0 overwrites without reading y. */
static void IPK_KERNEL(ipk_axpby_f32)(int64_t n, double alpha, const float *x, double beta, float *y) {
    vf a = vf_splat((float)alpha), b = vf_splat((float)beta);
    int64_t i = 0;
    if (beta == 0) {
        for (; i + IPK_LANES <= n; i += IPK_LANES) {
            vf_store(y + i, vf_load(x + i) * a);
        }
    } else {
        for (; i + IPK_LANES <= n; i += IPK_LANES) {
            vf_store(y + i, vf_fma(vf_load(y + i), b, vf_load(x + i) * a));
        }
    }
    if (i < n) {
        int64_t rest = n - i;
        vf scaled = vf_load_part(x + i, rest) * a;
        vf_store_part(y + i, beta == 0 ? scaled : vf_fma(vf_load_part(y + i, rest), b, scaled), rest);
    }
}

/* Fills with a value. */
static void IPK_KERNEL(ipk_fill_f32)(int64_t n, double value, float *x) {
    float f = (float)value;
    for (int64_t i = 0; i < n; i++) {
        x[i] = f;
    }
}

/* Sum of squares in double, in an order that depends on n alone. */
static double IPK_KERNEL(ipk_sum_of_squares_f32)(int64_t n, const float *x) {
    enum { HALF = IPK_DOUBLES, STEP = 4 * HALF };
    vd sum[4] = {{0}};
    int64_t i = 0;
    for (; i + STEP <= n; i += STEP) {
        for (int p = 0; p < 4; p++) {
            vd v = vd_load(x + i + p * HALF);
            sum[p] = v * v + sum[p];
        }
    }
    double rest = 0;
    for (; i < n; i++) {
        rest += (double)x[i] * x[i];
    }
    return vd_sum((sum[0] + sum[1]) + (sum[2] + sum[3])) + rest;
}
