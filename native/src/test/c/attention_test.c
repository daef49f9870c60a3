#include "check.h"

#include <stdlib.h>
#include <string.h>

/* One attention problem; queries, keys and values lie in rows of their own or in one fused buffer. */
struct problem {
    int64_t heads, size, sequences;
    int32_t *query_starts, *key_starts;
    int64_t q_stride, kv_stride, k_column, v_column;
    float *q, *kv, *d_out;
    int64_t queries, keys, most_keys;
};

static int32_t *starts_of(int64_t sequences, const int32_t *lengths) {
    int32_t *starts = guarded_bytes((sequences + 1) * (int64_t)sizeof(int32_t));
    starts[0] = 0;
    for (int64_t i = 0; i < sequences; i++) {
        starts[i + 1] = starts[i] + lengths[i];
    }
    return starts;
}

static struct problem problem_of(int64_t heads, int64_t size, int64_t sequences, const int32_t *queries,
                                 const int32_t *keys, float scale) {
    int64_t width = heads * size;
    struct problem p = {.heads = heads, .size = size, .sequences = sequences};
    p.query_starts = starts_of(sequences, queries);
    p.key_starts = starts_of(sequences, keys);
    p.queries = p.query_starts[sequences];
    p.keys = p.key_starts[sequences];
    for (int64_t i = 0; i < sequences; i++) {
        p.most_keys = keys[i] > p.most_keys ? keys[i] : p.most_keys;
    }
    if (queries == keys) {
        p.q_stride = p.kv_stride = 3 * width;
        p.k_column = width;
        p.v_column = 2 * width;
        p.q = p.kv = guarded_random(p.keys * p.kv_stride, scale);
    } else {
        p.q_stride = width + 3;
        p.kv_stride = 2 * width + 5;
        p.k_column = width + 4;
        p.v_column = 1;
        p.q = guarded_random(p.queries * p.q_stride, scale);
        p.kv = guarded_random(p.keys * p.kv_stride, scale);
    }
    p.d_out = guarded_random(p.queries * width, 1);
    return p;
}

static void *scratch_for(const struct problem *p) {
    return guarded_bytes(ipk_attention_scratch_f32(p->size, p->most_keys));
}

static double dot(int64_t n, const float *a, const float *b) {
    double sum = 0;
    for (int64_t i = 0; i < n; i++) {
        sum += (double)a[i] * b[i];
    }
    return sum;
}

/* All outputs in double; gradients lie as their inputs, what they do not own is 0. */
static void exact(const struct problem *p, double *out, double *lse, double *dq, double *dkv) {
    int64_t width = p->heads * p->size;
    double scale = 1 / sqrt((double)p->size);
    double *weight = malloc((size_t)(p->most_keys + 1) * sizeof(double));
    double *slope = malloc((size_t)(p->most_keys + 1) * sizeof(double));
    for (int64_t s = 0; s < p->sequences; s++) {
        int64_t first = p->key_starts[s], keys = p->key_starts[s + 1] - first;
        for (int64_t r = p->query_starts[s]; r < p->query_starts[s + 1]; r++) {
            for (int64_t h = 0; h < p->heads; h++) {
                const float *q = p->q + r * p->q_stride + h * p->size;
                const float *k = p->kv + first * p->kv_stride + p->k_column + h * p->size;
                const float *v = p->kv + first * p->kv_stride + p->v_column + h * p->size;
                const float *d = p->d_out + r * width + h * p->size;
                double max = -INFINITY, sum = 0, mean = 0;
                for (int64_t j = 0; j < keys; j++) {
                    weight[j] = scale * dot(p->size, q, k + j * p->kv_stride);
                    max = fmax(max, weight[j]);
                }
                for (int64_t j = 0; j < keys; j++) {
                    weight[j] = exp(weight[j] - max);
                    sum += weight[j];
                }
                lse[r * p->heads + h] = max + log(sum);
                for (int64_t j = 0; j < keys; j++) {
                    weight[j] /= sum;
                    slope[j] = dot(p->size, d, v + j * p->kv_stride);
                    mean += weight[j] * slope[j];
                }
                for (int64_t e = 0; e < p->size; e++) {
                    double value = 0, gradient = 0;
                    for (int64_t j = 0; j < keys; j++) {
                        double ds = scale * weight[j] * (slope[j] - mean);
                        int64_t row = (first + j) * p->kv_stride + h * p->size + e;
                        value += weight[j] * v[j * p->kv_stride + e];
                        gradient += ds * k[j * p->kv_stride + e];
                        dkv[row + p->k_column] += ds * q[e];
                        dkv[row + p->v_column] += weight[j] * d[e];
                    }
                    out[r * width + h * p->size + e] = value;
                    dq[r * p->q_stride + h * p->size + e] = gradient;
                }
            }
        }
    }
    free(weight);
    free(slope);
}

static void forward(const struct problem *p, float *out, float *lse) {
    ipk_attention_forward_f32(p->heads, p->size, p->sequences, p->query_starts, p->key_starts, p->q, p->q_stride, p->kv,
                              p->kv_stride, p->k_column, p->v_column, out, lse, scratch_for(p));
}

static void compare(const struct problem *p, double tolerance) {
    int64_t width = p->heads * p->size;
    int64_t nq = p->queries * p->q_stride, nkv = p->keys * p->kv_stride;
    double *out = calloc((size_t)(p->queries * width + 1), sizeof(double));
    double *lse = calloc((size_t)(p->queries * p->heads + 1), sizeof(double));
    double *dq = calloc((size_t)(nq + 1), sizeof(double)), *dkv = calloc((size_t)(nkv + 1), sizeof(double));
    exact(p, out, lse, dq, dkv);
    float *actual = guarded(p->queries * width), *actual_lse = guarded(p->queries * p->heads);
    forward(p, actual, actual_lse);
    check_close("attention", actual, out, p->queries * width, tolerance);
    check_close("log-sum-exp", actual_lse, lse, p->queries * p->heads, tolerance * 10);
    float *without = guarded(p->queries * width);
    forward(p, without, NULL);
    check(memcmp(actual, without, (size_t)(p->queries * width) * sizeof(float)) == 0, "log-sum-exp changes the output");

    int fused = p->q == p->kv;
    float *actual_dkv = guarded(nkv), *actual_dq = fused ? actual_dkv : guarded(nq);
    ipk_attention_backward_f32(p->heads, p->size, p->sequences, p->query_starts, p->key_starts, p->q, p->q_stride, p->kv,
                               p->kv_stride, p->k_column, p->v_column, actual_lse, p->d_out, actual_dq, actual_dkv,
                               scratch_for(p));
    if (fused) {
        for (int64_t i = 0; i < nq; i++) {
            dkv[i] += dq[i];
        }
    } else {
        check_close("dq", actual_dq, dq, nq, tolerance * 10);
    }
    check_close("dkv", actual_dkv, dkv, nkv, tolerance * 10);
    free(out);
    free(lse);
    free(dq);
    free(dkv);
}

void test_attention_of_one_length(void) {
    static const int32_t cases[][3] = {{1, 1, 1},    {1, 1, 33},  {3, 8, 7},    {12, 32, 2}, {2, 32, 33}, {2, 32, 127},
                                       {1, 64, 300}, {2, 64, 17}, {3, 33, 127}, {2, 5, 16},  {1, 32, 530}, {1, 400, 5}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct problem p = problem_of(cases[i][0], cases[i][1], 1, &cases[i][2], &cases[i][2], 1);
        compare(&p, 1e-5);
    }
}

void test_attention_of_many_sequences(void) {
    const int32_t lengths[] = {1, 17, 2, 64, 3, 33, 7};
    struct problem p = problem_of(3, 32, 7, lengths, lengths, 1);
    compare(&p, 1e-5);
    const int32_t queries[] = {1, 0, 3, 50}, keys[] = {33, 7, 7, 127};
    p = problem_of(3, 32, 4, queries, keys, 1);
    compare(&p, 1e-5);
    p = problem_of(2, 9, 4, queries, keys, 1);
    compare(&p, 1e-5);
    ipk_attention_forward_f32(1, 8, 0, p.query_starts, p.key_starts, NULL, 8, NULL, 16, 0, 8, NULL, NULL, scratch_for(&p));
}

void test_attention_queries_do_not_depend_on_each_other(void) {
    const int32_t length = 130;
    struct problem p = problem_of(2, 32, 1, &length, &length, 1);
    float *whole = guarded(length * 64);
    forward(&p, whole, NULL);
    for (int32_t r = 0; r < length; r++) {
        struct problem one = p;
        const int32_t single = 1;
        one.query_starts = starts_of(1, &single);
        one.q = p.q + r * p.q_stride;
        float *out = guarded(64);
        forward(&one, out, NULL);
        check(memcmp(out, whole + r * 64, 64 * sizeof(float)) == 0, "query %d depends on others", (int)r);
    }
}

void test_attention_with_large_scores(void) {
    const int32_t length = 40;
    struct problem p = problem_of(1, 32, 1, &length, &length, 10);
    compare(&p, 3e-3);
    for (int64_t i = 0; i < length * p.q_stride; i++) {
        p.q[i] = 1e4f * (i % 3 == 0 ? 1 : -1);
    }
    float *out = guarded(length * 32);
    forward(&p, out, NULL);
    for (int i = 0; i < length * 32; i++) {
        check(isfinite(out[i]), "output %d of large scores is %g", i, (double)out[i]);
    }
}
