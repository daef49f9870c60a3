#include "check.h"

#include <stdlib.h>
#include <string.h>

static const int64_t widths[] = {1, 3, 7, 16, 17, 33, 64, 127, 207, 384, 1021};
enum { ROWS = 5, WIDTHS = sizeof widths / sizeof *widths };

static void exact_norm(int64_t width, const float *x, const float *gamma, const float *beta, double epsilon, double *y,
                       double *unit, double *rstd) {
    for (int64_t r = 0; r < ROWS; r++) {
        double mean = 0, variance = 0;
        for (int64_t i = 0; i < width; i++) {
            mean += x[r * width + i] / (double)width;
        }
        for (int64_t i = 0; i < width; i++) {
            variance += (x[r * width + i] - mean) * (x[r * width + i] - mean) / (double)width;
        }
        rstd[r] = 1 / sqrt(variance + epsilon);
        for (int64_t i = 0; i < width; i++) {
            unit[r * width + i] = (x[r * width + i] - mean) * rstd[r];
            y[r * width + i] = unit[r * width + i] * gamma[i] + beta[i];
        }
    }
}

void test_layer_norm(void) {
    for (int w = 0; w < WIDTHS; w++) {
        int64_t width = widths[w], n = ROWS * width;
        float *x = guarded_random(n, 2), *gamma = guarded_random(width, 1), *beta = guarded_random(width, 1);
        for (int64_t i = 0; i < n; i++) {
            x[i] += i < width ? 1000 : 1; /* the first row lies far from zero */
        }
        float *y = guarded(n), *unit = guarded(n), *rstd = guarded(ROWS);
        double *e_y = malloc((size_t)n * 8), *e_unit = malloc((size_t)n * 8), e_rstd[ROWS];
        exact_norm(width, x, gamma, beta, 1e-2, e_y, e_unit, e_rstd);
        ipk_layer_norm_forward_f32(ROWS, width, x, gamma, beta, 1e-2, y, unit, rstd);
        check_close("normalized", unit, e_unit, n, 1e-4);
        check_close("layer norm", y, e_y, n, 2e-4);
        check_close("rstd", rstd, e_rstd, ROWS, 1e-4);
        float *dy = guarded_random(n, 1);
        double *e_dx = malloc((size_t)n * 8);
        for (int64_t r = 0; r < ROWS; r++) {
            double mean = 0, projection = 0;
            for (int64_t i = 0; i < width; i++) {
                double g = (double)dy[r * width + i] * gamma[i];
                mean += g / (double)width;
                projection += g * unit[r * width + i] / (double)width;
            }
            for (int64_t i = 0; i < width; i++) {
                double g = (double)dy[r * width + i] * gamma[i];
                e_dx[r * width + i] = rstd[r] * (g - mean - unit[r * width + i] * projection);
            }
        }
        ipk_layer_norm_backward_f32(ROWS, width, dy, gamma, unit, rstd, dy);
        check_close("layer norm's gradient, in place", dy, e_dx, n, 2e-5 * (1 + e_rstd[1] + e_rstd[2] + e_rstd[3]));
        float *again = guarded(n);
        memcpy(again, x, (size_t)n * 4);
        ipk_layer_norm_forward_f32(ROWS, width, again, gamma, beta, 1e-2, again, NULL, NULL);
        check(memcmp(again, y, (size_t)n * 4) == 0, "in place differs at width %d", (int)width);
        free(e_y);
        free(e_unit);
        free(e_dx);
    }
    ipk_layer_norm_forward_f32(0, 8, NULL, NULL, NULL, 1, NULL, NULL, NULL);
}

static double activation(int32_t kind, double x) {
    switch (kind) {
        case IPK_GELU_ERF: return 0.5 * x * erfc(-x * M_SQRT1_2);
        case IPK_GELU_TANH: return x / (1 + exp(-M_2_SQRTPI * M_SQRT2 * (x + 0.044715 * x * x * x)));
        default: return x > 0 ? x : 0;
    }
}

void test_activations(void) {
    for (int32_t kind = IPK_GELU_ERF; kind <= IPK_RELU; kind++) {
        for (int w = 0; w < WIDTHS; w++) {
            int64_t n = widths[w];
            float *x = guarded_random(n, 3), *y = guarded(n), *dy = guarded_random(n, 1);
            double *e_y = malloc((size_t)n * 8), *e_dx = malloc((size_t)n * 8);
            for (int64_t i = 0; i < n; i++) {
                e_y[i] = activation(kind, x[i]);
                e_dx[i] = dy[i] * (activation(kind, x[i] + 1e-6) - activation(kind, x[i] - 1e-6)) / 2e-6;
            }
            ipk_activation_forward_f32(n, kind, x, y);
            check_close("activation", y, e_y, n, 5e-6);
            ipk_activation_backward_f32(n, kind, x, dy, dy);
            check_close("activation's gradient", dy, e_dx, n, 2e-5);
            free(e_y);
            free(e_dx);
        }
        float edges[4] = {INFINITY, -INFINITY, NAN, -3e38f}, ones[4] = {1, 1, 1, 1}, y[4];
        ipk_activation_forward_f32(4, kind, edges, y);
        check(y[0] == INFINITY && y[1] == 0 && isnan(y[2]) && y[3] == 0, "activation %d at the edges", kind);
        ipk_activation_backward_f32(4, kind, edges, ones, y);
        check(y[0] == 1 && y[1] == 0 && isnan(y[2]) && y[3] == 0, "slope %d at the edges", kind);
    }
}
