#include "check.h"

#include <stdlib.h>
#include <string.h>

static const int64_t seed = 0x123456789abcdef0;
enum { ROWS = 3, POSITIVE = 309, NEGATIVE = 310 };

/* The generator as its authors state it. */
static void philox(uint32_t counter[4]) {
    uint32_t k0 = (uint32_t)seed, k1 = (uint32_t)(seed >> 32);
    for (int round = 0; round < 10; round++) {
        uint64_t p0 = 0xD2511F53ull * counter[0], p1 = 0xCD9E8D57ull * counter[2];
        counter[0] = (uint32_t)(p1 >> 32) ^ counter[1] ^ k0;
        counter[1] = (uint32_t)p1;
        counter[2] = (uint32_t)(p0 >> 32) ^ counter[3] ^ k1;
        counter[3] = (uint32_t)p0;
        k0 += 0x9E3779B9u;
        k1 += 0xBB67AE85u;
    }
}

static double normal(int32_t call, int32_t row, int64_t sample, int64_t l) {
    uint32_t counter[4] = {(uint32_t)(l / 4), (uint32_t)sample, (uint32_t)row, (uint32_t)call};
    philox(counter);
    int pair = l % 4 / 2 * 2;
    double radius = sqrt(-2 * log(((counter[pair] >> 8) + 0.5) * 0x1p-24));
    double angle = 2 * M_PI * ((counter[pair + 1] >> 8) + 0.5) * 0x1p-24;
    return l % 2 ? radius * sin(angle) : radius * cos(angle);
}

static int32_t *row_numbers(void) {
    int32_t *numbers = guarded_bytes(ROWS * 4);
    for (int r = 0; r < ROWS; r++) {
        numbers[r] = 1000 + 7 * r;
    }
    return numbers;
}

void test_gaussian(void) {
    int32_t *numbers = row_numbers();
    for (int64_t width = 1; width < 300; width += width < 40 ? 1 : 83) {
        int64_t samples = 4, n = ROWS * samples * width;
        float *out = guarded(n);
        double *expected = malloc((size_t)n * 8);
        for (int64_t i = 0; i < n; i++) {
            expected[i] = normal(NEGATIVE, numbers[i / width / samples], i / width % samples, i % width);
        }
        ipk_gaussian_f32(ROWS, samples, width, seed, NEGATIVE, numbers, out);
        check_close("normals", out, expected, n, 2e-6);
        free(expected);
    }
    /* Many numbers, so that both tails of the uniforms occur. */
    int64_t n = 1 << 20;
    float *out = guarded(n);
    ipk_gaussian_f32(1, n / 256, 256, seed, NEGATIVE, numbers, out);
    for (int64_t i = 0; i < n; i++) {
        double expected = normal(NEGATIVE, numbers[0], i / 256, i % 256);
        check(fabs(out[i] - expected) <= 2e-6, "normal %d is %g, expected %g", (int)i, (double)out[i], expected);
    }
}

static double sigma(float log_std) {
    return exp(fmin(fmax(log_std, -2), 10));
}

static int inside(float log_std) {
    return log_std >= -2 && log_std <= 10;
}

void test_bottleneck(void) {
    for (int64_t width = 1; width < 300; width += width < 40 ? 1 : 83) {
        int64_t n = ROWS * width;
        float *mu = guarded_random(n, 1), *s = guarded_random(n, 2), *eps = guarded_random(n, 1), *dz = guarded_random(n, 1);
        float *z = guarded(n), *d_mu = guarded_random(n, 1), *d_s = guarded_random(n, 1), *losses = guarded(ROWS);
        double *e_z = malloc((size_t)n * 8), *e_mu = malloc((size_t)n * 8), *e_s = malloc((size_t)n * 8), e_losses[ROWS];
        for (int64_t r = 0; r < ROWS; r++) {
            losses[r] = 0.5;
            e_losses[r] = 0.5;
        }
        for (int64_t i = 0; i < n; i++) {
            double c = log(sigma(s[i])), variance = exp(2 * c);
            e_z[i] = mu[i] + eps[i] * sigma(s[i]);
            e_mu[i] = d_mu[i] + dz[i] + 0.3 / (double)width * mu[i];
            e_s[i] = d_s[i] + inside(s[i]) * (dz[i] * eps[i] * sigma(s[i]) + 0.3 / (double)width * (variance - 1));
            e_losses[i / width] += (-c + 0.5 * variance + 0.5 * mu[i] * mu[i] - 0.5) / (double)width;
        }
        ipk_sample_forward_f32(n, mu, s, eps, z);
        ipk_sample_backward_f32(n, s, eps, dz, d_mu, d_s);
        ipk_kl_f32(ROWS, width, mu, s, 0.3, losses, d_mu, d_s);
        check_close("sample", z, e_z, n, 1e-3);
        check_close("dmu", d_mu, e_mu, n, 2e-6);
        check_close("dlogStd", d_s, e_s, n, 2e-3);
        for (int64_t r = 0; r < ROWS; r++) {
            check(fabs(losses[r] - e_losses[r]) <= 2e-6 * e_losses[r], "divergence %g, expected %g", (double)losses[r],
                  e_losses[r]);
        }
        free(e_z);
        free(e_mu);
        free(e_s);
    }
}

/* Loss and p0 of a row from its scores, the positive first. */
static double loss_of(int64_t n, const double *scores, double *p) {
    double max = -INFINITY, sum = 0;
    for (int64_t i = 0; i < n; i++) {
        max = fmax(max, scores[i]);
    }
    for (int64_t i = 0; i < n; i++) {
        p[i] = exp(scores[i] - max);
        sum += p[i];
    }
    for (int64_t i = 0; i < n; i++) {
        p[i] /= sum;
    }
    return max + log(sum) - scores[0];
}

static void head(int64_t width, double floor) {
    enum { VOCABULARY = 20, TOKENS = 13 };
    float *prompts = guarded_random(ROWS * width, 1), *words = guarded_random(VOCABULARY * width, 1);
    float *c = guarded_random(width, 1), *losses = guarded(ROWS);
    float *d_prompts = guarded_random(ROWS * width, 1), *d_c = guarded(ROWS * width);
    int32_t *ids = guarded_bytes(TOKENS * 4), *starts = guarded_bytes((ROWS + 1) * 4);
    for (int t = 0; t < TOKENS; t++) {
        ids[t] = (t * 7 + 3) % VOCABULARY;
    }
    memcpy(starts, (int32_t[]){0, 0, 5, TOKENS}, (ROWS + 1) * 4); /* the first row is empty */
    double *e_prompts = malloc((size_t)(ROWS * width) * 8), *e_c = calloc((size_t)(ROWS * width), 8), e_losses[ROWS];
    double root = 1 / sqrt((double)width), scores[TOKENS + 1], p[TOKENS + 1];
    for (int64_t r = 0; r < ROWS; r++) {
        int64_t count = starts[r + 1] - starts[r];
        for (int64_t j = 0; j <= count; j++) {
            const float *row = j == 0 ? prompts + r * width : words + ids[starts[r] + j - 1] * width;
            scores[j] = 0;
            for (int64_t i = 0; i < width; i++) {
                scores[j] += root * row[i] * c[i];
            }
        }
        e_losses[r] = loss_of(count + 1, scores, p);
        int flows = !(-e_losses[r] < floor);
        e_losses[r] = flows ? e_losses[r] : -floor;
        for (int64_t i = 0; i < width; i++) {
            e_prompts[r * width + i] = d_prompts[r * width + i] + flows * 0.7 * root * (p[0] - 1) * c[i];
            for (int64_t j = 0; j <= count; j++) {
                const float *row = j == 0 ? prompts + r * width : words + ids[starts[r] + j - 1] * width;
                e_c[r * width + i] += flows * 0.7 * root * (p[j] - (j == 0)) * row[i];
            }
        }
    }
    ipk_head_information_f32(ROWS, width, prompts, words, ids, starts, c, floor, 0.7, losses, d_prompts, d_c,
                             guarded_bytes(ipk_head_information_scratch_f32(width)));
    check_close("head loss", losses, e_losses, ROWS, 1e-5);
    check_close("gradient to the mean prompts", d_prompts, e_prompts, ROWS * width, 3e-6);
    check_close("gradient to the class mean", d_c, e_c, ROWS * width, 3e-6);
    free(e_prompts);
    free(e_c);
}

void test_head_information(void) {
    for (int64_t width = 1; width < 1100; width += width < 40 ? 1 : 211) {
        head(width, NAN);
        head(width, -2);
    }
}

static void representation(int64_t width, int64_t samples, int given, double floor) {
    int64_t n = ROWS * width;
    float *x[5], *d[5], *losses = guarded(ROWS), *noise = guarded(ROWS * (1 + samples) * width);
    double *e[5], *scores = malloc((size_t)(samples + 1) * 8), *p = malloc((size_t)(samples + 1) * 8), e_losses[ROWS];
    int32_t *numbers = row_numbers();
    for (int i = 0; i < 5; i++) { /* context, mu, logStd, muPrompted, logStdPrompted */
        x[i] = guarded_random(n, i == 0 ? 1 / sqrtf((float)width) : 1);
        d[i] = guarded_random(n, 1);
        e[i] = malloc((size_t)n * 8);
        for (int64_t j = 0; j < n; j++) {
            e[i][j] = i == 0 ? 0 : d[i][j];
        }
    }
    for (int64_t r = 0; r < ROWS; r++) {
        for (int64_t k = 0; k <= samples; k++) {
            scores[k] = 0;
            for (int64_t l = 0; l < width; l++) {
                float *eps = noise + (r * (1 + samples) + k) * width + l;
                *eps = (float)(k == 0 ? normal(POSITIVE, numbers[r], 0, l) : normal(NEGATIVE, numbers[r], k - 1, l));
                int64_t at = r * width + l;
                scores[k] += (x[k ? 1 : 3][at] + *eps * sigma(x[k ? 2 : 4][at])) * x[0][at];
            }
        }
        e_losses[r] = loss_of(samples + 1, scores, p);
        int flows = !(-e_losses[r] < floor);
        e_losses[r] = flows ? e_losses[r] : -floor;
        for (int64_t k = 0; k <= samples && flows; k++) {
            double a = 0.7 * (p[k] - (k == 0));
            for (int64_t l = 0; l < width; l++) {
                int64_t at = r * width + l;
                float eps = noise[(r * (1 + samples) + k) * width + l], s = x[k ? 2 : 4][at];
                e[0][at] += a * (x[k ? 1 : 3][at] + eps * sigma(s));
                e[k ? 1 : 3][at] += a * x[0][at];
                e[k ? 2 : 4][at] += inside(s) * a * eps * sigma(s) * x[0][at];
            }
        }
    }
    ipk_representation_information_f32(ROWS, width, samples, x[0], x[1], x[2], x[3], x[4], seed, POSITIVE, NEGATIVE,
                                       numbers, given ? noise : NULL, floor, 0.7, losses, d[0], d[1], d[2], d[3], d[4],
                                       guarded_bytes(ipk_representation_scratch_f32(width)));
    check_close("representation loss", losses, e_losses, ROWS, 2e-5);
    for (int i = 0; i < 5; i++) {
        double scale = 1;
        for (int64_t j = 0; j < n; j++) {
            scale = fmax(scale, fabs(e[i][j]));
        }
        check_close(i == 0 ? "gradient to the context" : "gradient to the bottleneck", d[i], e[i], n, 2e-5 * scale);
        free(e[i]);
    }
    free(scores);
    free(p);
}

void test_representation_information(void) {
    for (int64_t width = 1; width < 300; width += width < 40 ? 1 : 83) {
        representation(width, 19, 0, NAN);
        representation(width, 19, 1, NAN);
        representation(width, 19, 0, -2);
    }
    static const int64_t samples[] = {0, 1, 3, 15, 16, 17, 33, 128, 500};
    for (size_t i = 0; i < sizeof samples / sizeof *samples; i++) {
        representation(32, samples[i], 0, NAN);
    }
}
