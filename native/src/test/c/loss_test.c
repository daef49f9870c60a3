#include "check.h"

#include <stdlib.h>
#include <string.h>

static const int64_t widths[] = {1, 2, 3, 7, 16, 17, 33, 64, 127, 1021};
enum { ROWS = 5, WIDTHS = sizeof widths / sizeof *widths };

void test_losses(void) {
    for (int w = 0; w < WIDTHS; w++) {
        int64_t width = widths[w], n = ROWS * width;
        float *x = guarded_random(n, 4), *d = guarded(n), *losses = guarded(ROWS), *y = guarded(n);
        int32_t *labels = guarded_bytes(ROWS * 4);
        double *p = malloc((size_t)n * 8), e_losses[ROWS];
        x[0] = 1e4f;
        for (int64_t r = 0; r < ROWS; r++) {
            double max = -INFINITY, sum = 0;
            labels[r] = (int32_t)((r * 7) % width);
            for (int64_t i = r * width; i < (r + 1) * width; i++) {
                max = fmax(max, x[i]);
            }
            for (int64_t i = r * width; i < (r + 1) * width; i++) {
                p[i] = exp(x[i] - max);
                sum += p[i];
            }
            for (int64_t i = r * width; i < (r + 1) * width; i++) {
                p[i] /= sum;
            }
            e_losses[r] = max + log(sum) - x[r * width + labels[r]];
        }
        ipk_softmax_f32(ROWS, width, x, y);
        check_close("softmax", y, p, n, 1e-6);
        ipk_cross_entropy_f32(ROWS, width, x, labels, 0.5, losses, NULL);
        check_close("cross-entropy", losses, e_losses, ROWS, 2e-5);
        ipk_cross_entropy_f32(ROWS, width, x, labels, 0.5, losses, d);
        check_close("cross-entropy with gradient", losses, e_losses, ROWS, 2e-5);
        for (int64_t i = 0; i < n; i++) {
            p[i] = 0.5 * (p[i] - (i % width == labels[i / width]));
        }
        check_close("cross-entropy's gradient", d, p, n, 1e-6);
        free(p);
    }
    float row[3] = {1, NAN, 2}, y[3];
    ipk_softmax_f32(1, 3, row, y);
    check(isnan(y[0]) && isnan(y[1]) && isnan(y[2]), "a NaN spoils its row");
}

void test_adamw(void) {
    for (int w = 0; w < WIDTHS; w++) {
        int64_t n = widths[w];
        float *p = guarded_random(n, 1), *g = guarded_random(n, 1), *m = guarded_random(n, 1), *v = guarded_random(n, 1);
        double *e_p = malloc((size_t)n * 8), *e_m = malloc((size_t)n * 8), *e_v = malloc((size_t)n * 8);
        double step_size = 1e-2 / (1 - pow(0.9, 3)), root = sqrt(1 - pow(0.999, 3));
        for (int64_t i = 0; i < n; i++) {
            double gradient = 0.5 * g[i];
            v[i] = fabsf(v[i]);
            e_m[i] = 0.9 * m[i] + 0.1 * gradient;
            e_v[i] = 0.999 * v[i] + 0.001 * gradient * gradient;
            e_p[i] = p[i] * (1 - 1e-2 * 0.1) - step_size * e_m[i] / (sqrt(e_v[i]) / root + 1e-8);
        }
        ipk_adamw_f32(n, p, g, 0.5, m, v, 1e-2 * 0.1, 0.9, 0.999, 1e-8, step_size, root);
        check_close("first moment", m, e_m, n, 1e-6);
        check_close("second moment", v, e_v, n, 1e-6);
        check_close("parameter", p, e_p, n, 1e-5);
        free(e_p);
        free(e_m);
        free(e_v);
    }
}
