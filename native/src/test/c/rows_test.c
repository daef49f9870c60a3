#include "check.h"

#include <stdlib.h>
#include <string.h>

static const int64_t widths[] = {1, 3, 7, 16, 17, 33, 64, 127, 207, 1021};
enum { ROWS = 6, GROUP = 3, WIDTHS = sizeof widths / sizeof *widths };

static int32_t *ids_of(const int32_t *values) {
    int32_t *ids = guarded_bytes(ROWS * (int64_t)sizeof(int32_t));
    memcpy(ids, values, ROWS * sizeof(int32_t));
    return ids;
}

void test_rows_are_moved(void) {
    for (int w = 0; w < WIDTHS; w++) {
        int64_t width = widths[w], n = ROWS * width;
        float *words = guarded_random(n, 1), *prompts = guarded_random(2 * width, 1), *positions = guarded_random(n, 1);
        float *types = guarded_random(2 * width, 1), *out = guarded(n);
        int32_t *source = ids_of((int32_t[]){5, -1, 0, -2, 3, 3}), *position = ids_of((int32_t[]){0, 1, 2, 3, 4, 5});
        int32_t *type = ids_of((int32_t[]){0, 1, 0, 1, 1, 0});
        double *expected = malloc((size_t)n * 8);
        for (int typed = 0; typed < 2; typed++) {
            for (int64_t i = 0; i < n; i++) {
                int64_t r = i / width, c = i % width;
                int32_t s = source[r];
                expected[i] = (double)(s < 0 ? prompts[(-1 - s) * width + c] : words[s * width + c])
                              + positions[position[r] * width + c] + (typed ? types[type[r] * width + c] : 0);
            }
            ipk_embed_f32(ROWS, width, words, prompts, source, positions, position, typed ? types : NULL, type, out);
            check_close("embedding", out, expected, n, 1e-6);
        }
        int32_t *index = ids_of((int32_t[]){4, 0, 4, 2, 5, 4});
        ipk_gather_f32(ROWS, width, words, index, out);
        for (int64_t r = 0; r < ROWS; r++) {
            check(memcmp(out + r * width, words + index[r] * width, (size_t)width * 4) == 0, "gathered row");
        }
        for (int64_t i = 0; i < n; i++) {
            expected[i] = words[i];
        }
        for (int64_t i = 0; i < n; i++) {
            expected[index[i / width] * width + i % width] += positions[i];
        }
        ipk_scatter_add_f32(ROWS, width, positions, index, words);
        check_close("scattered", words, expected, n, 2e-6);
        free(expected);
    }
}

void test_rows_are_reduced(void) {
    for (int w = 0; w < WIDTHS; w++) {
        int64_t width = widths[w], n = ROWS * width, groups = ROWS / GROUP;
        float *x = guarded_random(n, 1), *bias = guarded_random(width, 1), *sums = guarded_random(width, 1);
        double *expected = malloc((size_t)n * 8), squares = 0;
        for (double beta = 0; beta <= 0.5; beta += 0.5) {
            for (int64_t c = 0; c < width; c++) {
                expected[c] = beta * sums[c];
                for (int64_t r = 0; r < ROWS; r++) {
                    expected[c] += 1.5 * x[r * width + c];
                }
                sums[c] = beta == 0 ? NAN : sums[c];
            }
            ipk_column_sums_f32(ROWS, width, 1.5, x, beta, sums);
            check_close("column sums", sums, expected, width, 1e-6);
        }
        float *means = guarded(groups * width);
        for (int64_t i = 0; i < groups * width; i++) {
            const float *first = x + i / width * GROUP * width + i % width;
            expected[i] = ((double)first[0] + first[width] + first[2 * width]) / 3;
        }
        ipk_group_mean_f32(groups, GROUP, width, x, means);
        check_close("group means", means, expected, groups * width, 1e-6);
        for (int64_t i = 0; i < n; i++) {
            expected[i] = x[i] + 0.25 * means[i / width / GROUP * width + i % width];
        }
        ipk_group_spread_f32(groups, GROUP, width, 0.25, means, x);
        check_close("group spread", x, expected, n, 1e-6);
        for (int64_t i = 0; i < n; i++) {
            expected[i] = (double)x[i] + bias[i % width];
        }
        ipk_add_bias_f32(ROWS, width, bias, x);
        check_close("bias", x, expected, n, 1e-6);
        for (int64_t i = 0; i < n; i++) {
            squares += (double)x[i] * x[i];
        }
        check(fabs(ipk_sum_of_squares_f32(n, x) - squares) <= 1e-12 * squares, "sum of squares at width %d", (int)width);
        float *y = guarded(n);
        ipk_fill_f32(n, 2, y);
        for (int64_t i = 0; i < n; i++) {
            expected[i] = 3 * x[i] - 1;
        }
        ipk_axpby_f32(n, 3, x, -0.5, y);
        check_close("axpby", y, expected, n, 3e-6);
        y[0] = NAN;
        ipk_axpby_f32(n, 1, x, 0, y);
        check(memcmp(x, y, (size_t)n * 4) == 0, "axpby with beta 0 copies");
        free(expected);
    }
}
