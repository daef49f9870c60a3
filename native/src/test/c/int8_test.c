/* int8 products against the same arithmetic in plain loops, bit for bit: all tiers must agree with it, and so with one another. */
#include "check.h"

#include <float.h>
#include <stdlib.h>
#include <string.h>

static const int64_t sizes[][3] = {/* rows, k, n */
                                   {1, 1, 1},     {3, 7, 5},      {14, 192, 32}, {15, 193, 33}, {28, 384, 64}, {29, 400, 70},
                                   {170, 17, 40}, {33, 1000, 33}, {2, 1537, 96}, {0, 5, 9},     {97, 64, 31},  {5, 769, 47}};

/* Rounded to float, never fused. */
static float times(float a, float b) {
    volatile float product = a * b;
    return product;
}

static float plus(float a, float b) {
    volatile float sum = a + b;
    return sum;
}

/* values of k, step apart, as scale times integers; returns the scale. */
static float quantise_column(int64_t k, const float *w, int64_t step, int32_t *q) {
    float largest = 0;
    int finite = 1;
    for (int64_t i = 0; i < k; i++) {
        largest = fmaxf(largest, fabsf(w[i * step]));
        finite &= isfinite(w[i * step]) != 0;
    }
    float scale = largest / 127;
    if (!finite || scale < 0x1p-120f) {
        memset(q, 0, (size_t)k * sizeof *q);
        return finite ? 0 : NAN;
    }
    for (int64_t i = 0; i < k; i++) {
        q[i] = (int32_t)nearbyintf(times(w[i * step], 1 / scale));
    }
    return scale;
}

static float quantise_row(int64_t k, const float *x, int32_t *q) {
    float least = 0, most = 0;
    int finite = 1;
    for (int64_t i = 0; i < k; i++) {
        least = fminf(least, x[i]);
        most = fmaxf(most, x[i]);
        finite &= isfinite(x[i]) != 0;
    }
    float scale = plus(most / 255, -(least / 255));
    memset(q, 0, (size_t)k * sizeof *q);
    if (!finite || scale < 0x1p-120f) {
        return finite ? 0 : NAN;
    }
    int32_t zero = (int32_t)nearbyintf(times(-least, 1 / scale));
    for (int64_t i = 0; i < k; i++) {
        int32_t value = (int32_t)nearbyintf(times(x[i], 1 / scale)) + zero;
        q[i] = (value > 255 ? 255 : value) - zero;
    }
    return scale;
}

static void product(int64_t rows, int64_t k, int64_t n, const float *x, const float *weight, int transposed, const float *bias,
                    const float *residual, float *y) {
    int32_t *w = malloc((size_t)(k * n + 1) * sizeof *w), *row = malloc((size_t)k * sizeof *row);
    float *scales = malloc((size_t)n * sizeof *scales);
    for (int64_t j = 0; j < n; j++) {
        scales[j] = quantise_column(k, weight + (transposed ? j * k : j), transposed ? 1 : n, w + j * k);
    }
    for (int64_t r = 0; r < rows; r++) {
        float scale = quantise_row(k, x + r * k, row);
        for (int64_t j = 0; j < n; j++) {
            int64_t sum = 0;
            for (int64_t i = 0; i < k; i++) {
                sum += row[i] * w[j * k + i];
            }
            check(sum >= INT32_MIN && sum <= INT32_MAX, "sum %lld overflows", (long long)sum);
            float value = times((float)(int32_t)sum, times(scales[j], scale));
            value = bias ? plus(value, bias[j]) : value;
            y[r * n + j] = residual ? plus(value, residual[r * n + j]) : value;
        }
    }
    free(w);
    free(row);
    free(scales);
}

static void *pack(int64_t k, int64_t n, int32_t transposed, const float *weight) {
    void *packed = guarded_bytes(ipk_linear_bytes_int8(k, n));
    ipk_linear_pack_int8(k, n, transposed, weight, packed);
    return packed;
}

static void check_same(const char *what, const float *actual, const float *expected, int64_t elements) {
    for (int64_t i = 0; i < elements; i++) {
        int same = memcmp(actual + i, expected + i, sizeof(float)) == 0 || (isnan(actual[i]) && isnan(expected[i]));
        if (!same) {
            check(0, "%s[%lld] is %.9g, expected %.9g", what, (long long)i, (double)actual[i], (double)expected[i]);
            return;
        }
    }
}

static double activation(int32_t kind, double x) {
    switch (kind) {
        case IPK_GELU_ERF: return 0.5 * x * (1 + erf(x * M_SQRT1_2));
        case IPK_GELU_TANH: return 0.5 * x * (1 + tanh(0.5 * M_2_SQRTPI * M_SQRT2 * (x + 0.044715 * x * x * x)));
        default: return x > 0 ? x : 0;
    }
}

void test_int8_products(void) {
    for (size_t s = 0; s < sizeof sizes / sizeof *sizes; s++) {
        int64_t rows = sizes[s][0], k = sizes[s][1], n = sizes[s][2];
        int transposed = (int)(s & 1);
        float *x = guarded_random(rows * k, 1), *weight = guarded_random(k * n, 1 / sqrtf((float)k));
        float *bias = guarded_random(n, 1), *residual = guarded_random(rows * n, 1);
        float *y = guarded(rows * n), *slopes = guarded(rows * n), *expected = guarded(rows * n);
        void *packed = pack(k, n, transposed, weight), *scratch = guarded_bytes(ipk_linear_scratch_int8(k));
        for (int64_t i = 0; i < rows * k && s % 3 == 1; i++) {
            x[i] = fabsf(x[i]) - 0.1f; /* mostly of one sign, as behind an activation */
        }
        product(rows, k, n, x, weight, transposed, NULL, NULL, expected);
        ipk_linear_forward_int8(rows, k, n, packed, x, NULL, NULL, IPK_NONE, NULL, y, scratch);
        check_same("product", y, expected, rows * n);
        product(rows, k, n, x, weight, transposed, bias, residual, expected);
        ipk_linear_forward_int8(rows, k, n, packed, x, bias, residual, IPK_NONE, NULL, residual, scratch);
        check_same("product with bias and residual, in place", residual, expected, rows * n);
        product(rows, k, n, x, weight, transposed, bias, NULL, expected);
        for (int32_t kind = IPK_GELU_ERF; kind <= IPK_RELU; kind++) {
            ipk_linear_forward_int8(rows, k, n, packed, x, bias, NULL, kind, slopes, y, scratch);
            for (int64_t i = 0; i < rows * n; i++) {
                double at = expected[i], slope = (activation(kind, at + 1e-6) - activation(kind, at - 1e-6)) / 2e-6;
                check(fabs(y[i] - activation(kind, at)) <= 2e-5, "activation %d of %g is %g", kind, at, (double)y[i]);
                check(fabs(slopes[i] - slope) <= 5e-5 || (kind == IPK_RELU && fabs(at) < 1e-4), "slope %d at %g is %g", kind, at,
                      (double)slopes[i]);
            }
        }
    }
}

void test_int8_extremes(void) {
    enum { ROWS = 13, K = 70, N = 37 };
    float *x = guarded_random(ROWS * K, 1), *weight = guarded_random(K * N, 1), *bias = guarded_random(N, 1);
    for (int i = 0; i < K; i++) {
        x[0 * K + i] = 0;
        x[1 * K + i] = 3e-37f * x[1 * K + i];
        x[2 * K + i] = i % 2 ? FLT_MAX : -FLT_MAX;
        x[3 * K + i] = 2.5f;
        x[4 * K + i] = -2.5f;
        x[5 * K + i] = i == 9 ? 1e4f : x[5 * K + i];
        x[6 * K + i] = i == 69 ? NAN : x[6 * K + i];
        x[7 * K + i] = i == 0 ? INFINITY : x[7 * K + i];
        x[8 * K + i] = i == 40 ? -INFINITY : x[8 * K + i];
        x[9 * K + i] = i % 2 ? 1 : -1; /* 127.5 steps each way: both ends round outwards */
        x[10 * K + i] = (float)i;
        weight[3 * K + i] = 0;
        weight[4 * K + i] = 1e-38f;
        weight[5 * K + i] = i == 5 ? NAN : 1;
        weight[6 * K + i] = i == 5 ? 1e30f : 1;
        weight[7 * K + i] = i == 5 ? -INFINITY : 1;
    }
    float *y = guarded(ROWS * N), *expected = guarded(ROWS * N);
    product(ROWS, K, N, x, weight, 1, bias, NULL, expected);
    ipk_linear_forward_int8(ROWS, K, N, pack(K, N, 1, weight), x, bias, NULL, IPK_NONE, NULL, y,
                            guarded_bytes(ipk_linear_scratch_int8(K)));
    check_same("extreme product", y, expected, ROWS * N);
    check(memcmp(y, bias, 3 * sizeof(float)) == 0 && y[3 + N] == bias[3], "a row or column of zeros is not zero");
    for (int j = 0; j < N; j++) {
        check(isnan(y[6 * N + j]) && isnan(y[7 * N + j]) && isnan(y[8 * N + j]), "what is not finite hides in column %d", j);
        check(j == 5 || j == 7 || isfinite(y[5 * N + j]), "column %d of a finite row is not finite", j);
    }
}

void test_int8_sums_do_not_overflow(void) {
    enum { K = 65536 };
    float *weight = guarded(2 * K), *x = guarded(2 * K), *y = guarded(4), *expected = guarded(4);
    for (int i = 0; i < K; i++) {
        weight[i] = x[i] = 1;
        weight[K + i] = x[K + i] = -1;
    }
    product(2, K, 2, x, weight, 1, NULL, NULL, expected);
    ipk_linear_forward_int8(2, K, 2, pack(K, 2, 1, weight), x, NULL, NULL, IPK_NONE, NULL, y,
                            guarded_bytes(ipk_linear_scratch_int8(K)));
    check_same("largest sum", y, expected, 4);
    check(fabsf(y[0] - K) < 1 && fabsf(y[1] + K) < 1, "the largest sums are %g and %g", (double)y[0], (double)y[1]);
}

void test_int8_rows_do_not_depend_on_each_other(void) {
    int64_t rows = 200, k = 800, n = 70;
    float *x = guarded_random(rows * k, 1), *bias = guarded_random(n, 1);
    void *packed = pack(k, n, 1, guarded_random(k * n, 1)), *scratch = guarded_bytes(ipk_linear_scratch_int8(k));
    float *whole = guarded(rows * n), *part = guarded(rows * n);
    ipk_linear_forward_int8(rows, k, n, packed, x, bias, NULL, IPK_GELU_ERF, NULL, whole, scratch);
    for (int64_t r = 0, count = 1; r < rows; r += count, count++) {
        count = count < rows - r ? count : rows - r;
        ipk_linear_forward_int8(count, k, n, packed, x + r * k, bias, NULL, IPK_GELU_ERF, NULL, part + r * n, scratch);
    }
    check(memcmp(whole, part, (size_t)(rows * n) * sizeof(float)) == 0, "int8 rows differ by how they are grouped");
}
