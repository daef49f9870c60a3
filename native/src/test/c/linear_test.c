#include "check.h"

#include <stdlib.h>
#include <string.h>

static const int64_t sizes[][3] = {/* rows, k, n */
                                   {1, 1, 1},     {3, 7, 5},    {14, 192, 32}, {15, 193, 33}, {28, 384, 64}, {29, 400, 70},
                                   {170, 17, 40}, {70, 1000, 33}, {2, 577, 96}, {0, 5, 9},     {97, 64, 31},  {200, 16, 16}};

/* The same functions for each element type of the weight. */
struct linear {
    const char *name;
    int rounds;
    int64_t (*bytes)(int64_t, int64_t);
    void (*pack)(int64_t, int64_t, int32_t, const float *, void *);
    int64_t (*scratch)(int64_t);
    void (*forward)(int64_t, int64_t, int64_t, const void *, const float *, const float *, const float *, int32_t, float *,
                    float *, void *);
    void (*backward)(int64_t, int64_t, int64_t, const void *, const float *, const float *, float *, void *);
};

static const struct linear types[] = {
    {"f32", 0, ipk_linear_bytes_f32, ipk_linear_pack_f32, ipk_linear_scratch_f32, ipk_linear_forward_f32,
     ipk_linear_backward_f32},
    {"bf16", 1, ipk_linear_bytes_bf16, ipk_linear_pack_bf16, ipk_linear_scratch_bf16, ipk_linear_forward_bf16,
     ipk_linear_backward_bf16},
};

#define EACH_TYPE_AND_SIZE(t, s)                                                                                       \
    for (const struct linear *t = types; t < types + sizeof types / sizeof *types; t++)                                \
        for (size_t s = 0; s < sizeof sizes / sizeof *sizes; s++)

/* To the nearest bf16, ties to even. */
static double rounded(const struct linear *type, float x) {
    if (!type->rounds) {
        return x;
    }
    uint32_t bits;
    memcpy(&bits, &x, sizeof bits);
    bits = (bits + 0x7fff + (bits >> 16 & 1)) & 0xffff0000u;
    memcpy(&x, &bits, sizeof x);
    return x;
}

static double activation(int32_t kind, double x) {
    switch (kind) {
        case IPK_GELU_ERF: return 0.5 * x * (1 + erf(x * M_SQRT1_2));
        case IPK_GELU_TANH: return 0.5 * x * (1 + tanh(0.5 * M_2_SQRTPI * M_SQRT2 * (x + 0.044715 * x * x * x)));
        case IPK_RELU: return x > 0 ? x : 0;
        default: return x;
    }
}

static double slope(int32_t kind, double x) {
    return (activation(kind, x + 1e-6) - activation(kind, x - 1e-6)) / 2e-6;
}

static void product(const struct linear *type, int64_t rows, int64_t k, int64_t n, const float *x, const float *weight, int transposed,
                    const float *bias, const float *residual, double *y) {
    for (int64_t r = 0; r < rows; r++) {
        for (int64_t j = 0; j < n; j++) {
            double sum = (bias ? bias[j] : 0) + (residual ? residual[r * n + j] : 0);
            for (int64_t i = 0; i < k; i++) {
                sum += rounded(type, x[r * k + i]) * rounded(type, weight[transposed ? j * k + i : i * n + j]);
            }
            y[r * n + j] = sum;
        }
    }
}

static void *pack(const struct linear *type, int64_t k, int64_t n, int32_t transposed, const float *weight) {
    void *packed = guarded_bytes(type->bytes(k, n));
    type->pack(k, n, transposed, weight, packed);
    return packed;
}

void test_linear_forward(void) {
    EACH_TYPE_AND_SIZE(type, s) {
        int64_t rows = sizes[s][0], k = sizes[s][1], n = sizes[s][2];
        int transposed = (int)(s & 1);
        float *x = guarded_random(rows * k, 1), *weight = guarded_random(k * n, 1 / sqrtf((float)k));
        float *bias = guarded_random(n, 1), *residual = guarded_random(rows * n, 1);
        float *y = guarded(rows * n), *slopes = guarded(rows * n);
        void *packed = pack(type, k, n, transposed, weight), *scratch = guarded_bytes(type->scratch(k));
        double *exact = malloc((size_t)(rows * n + 1) * sizeof(double));
        product(type, rows, k, n, x, weight, transposed, NULL, NULL, exact);
        type->forward(rows, k, n, packed, x, NULL, NULL, IPK_NONE, NULL, y, scratch);
        check_close("product", y, exact, rows * n, 2e-5);
        product(type, rows, k, n, x, weight, transposed, bias, residual, exact);
        type->forward(rows, k, n, packed, x, bias, residual, IPK_NONE, NULL, residual, scratch);
        check_close("product with bias and residual, in place", residual, exact, rows * n, 2e-5);
        product(type, rows, k, n, x, weight, transposed, bias, NULL, exact);
        for (int32_t kind = IPK_GELU_ERF; kind <= IPK_RELU; kind++) {
            type->forward(rows, k, n, packed, x, bias, NULL, kind, slopes, y, scratch);
            for (int64_t i = 0; i < rows * n; i++) {
                check(fabs(y[i] - activation(kind, exact[i])) <= 2e-5, "activation %d of %g is %g", kind, exact[i], (double)y[i]);
                check(fabs(slopes[i] - slope(kind, exact[i])) <= 5e-5 || (kind == IPK_RELU && fabs(exact[i]) < 1e-4),
                      "slope %d at %g is %g", kind, exact[i], (double)slopes[i]);
            }
        }
        free(exact);
    }
}

void test_linear_backward(void) {
    EACH_TYPE_AND_SIZE(type, s) {
        int64_t rows = sizes[s][0], k = sizes[s][1], n = sizes[s][2];
        float *x = guarded_random(rows * k, 1), *weight = guarded_random(k * n, 1 / sqrtf((float)k));
        float *slopes = guarded_random(rows * n, 1);
        void *packed = pack(type, k, n, 0, weight), *scratch = guarded_bytes(type->scratch(k));
        double *exact = malloc((size_t)(rows * n + 1) * sizeof(double));
        product(type, rows, k, n, x, weight, 0, NULL, NULL, exact);
        for (int64_t i = 0; i < rows * n; i++) {
            exact[i] *= slopes[i];
        }
        type->backward(rows, k, n, packed, x, slopes, slopes, scratch);
        check_close("gradient in place of the slope", slopes, exact, rows * n, 4e-5);
        free(exact);
    }
}

void test_linear_rows_do_not_depend_on_each_other(void) {
    for (const struct linear *type = types; type < types + sizeof types / sizeof *types; type++) {
        int64_t rows = 200, k = 400, n = 70;
        float *x = guarded_random(rows * k, 1), *bias = guarded_random(n, 1);
        void *packed = pack(type, k, n, 1, guarded_random(k * n, 1)), *scratch = guarded_bytes(type->scratch(k));
        float *whole = guarded(rows * n), *part = guarded(rows * n);
        type->forward(rows, k, n, packed, x, bias, NULL, IPK_GELU_ERF, NULL, whole, scratch);
        for (int64_t r = 0, count = 1; r < rows; r += count, count++) {
            count = count < rows - r ? count : rows - r;
            type->forward(count, k, n, packed, x + r * k, bias, NULL, IPK_GELU_ERF, NULL, part + r * n, scratch);
        }
        check(memcmp(whole, part, (size_t)(rows * n) * sizeof(float)) == 0, "%s rows differ by how they are grouped", type->name);
    }
}

void test_gemm(void) {
    for (size_t s = 0; s < sizeof sizes / sizeof *sizes; s++) {
        for (int t = 0; t < 4; t++) {
            int64_t m = sizes[s][0], k = sizes[s][1], n = sizes[s][2];
            int ta = t & 1, tb = t >> 1;
            float beta = t == 3 ? 0 : 0.5f;
            float *a = guarded_random(m * k, 1), *b = guarded_random(k * n, 1 / sqrtf((float)k)), *c = guarded_random(m * n, 1);
            double *exact = malloc((size_t)(m * n + 1) * sizeof(double));
            for (int64_t i = 0; i < m * n; i++) {
                double sum = 0;
                for (int64_t l = 0; l < k; l++) {
                    sum += (double)a[ta ? l * m + i / n : i / n * k + l] * b[tb ? i % n * k + l : l * n + i % n];
                }
                exact[i] = 1.5 * sum + beta * c[i];
            }
            if (beta == 0) {
                for (int64_t i = 0; i < m * n; i++) {
                    c[i] = NAN;
                }
            }
            ipk_gemm_f32(ta, tb, m, n, k, 1.5f, a, b, beta, c, guarded_bytes(ipk_gemm_scratch_f32(k)));
            check_close("gemm", c, exact, m * n, 4e-5);
            free(exact);
        }
    }
}
