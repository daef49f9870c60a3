/*
 * The Gaussian bottleneck and the two information losses of InfoPrompt (Wu et al., NeurIPS 2023, arXiv 2306.04933): each
 * loss and all its gradients in one streaming pass over a row's negatives, by the running maximum, the sum of exponentials
 * and the sum of weighted negatives. No sample and no score is stored, and noise is generated where it is used.
 */
#include "../philox.h"

#define INFORMATION_MIN_LOG_STD -2.0f
#define INFORMATION_MAX_LOG_STD 10.0f

/* exp of the clamped logarithm of a standard deviation. */
IPK_INLINE vf information_sigma(vf log_std) {
    return vf_exp_below(vf_min(vf_splat(INFORMATION_MAX_LOG_STD), vf_max(vf_splat(INFORMATION_MIN_LOG_STD), log_std)));
}

/* The gradient where the clamp lets it through, else 0. */
IPK_INLINE vf information_inside(vf log_std, vf gradient) {
    vi inside = (log_std >= INFORMATION_MIN_LOG_STD) & (log_std <= INFORMATION_MAX_LOG_STD);
    return vf_select(inside, gradient, vf_splat(0));
}

IPK_INLINE int64_t information_padded(int64_t n) { return (n + IPK_LANES - 1) / IPK_LANES * IPK_LANES; }

/* Normals 0 to count of one sample, count at most 4 vectors; start is a multiple of 4. */
IPK_INLINE void information_consecutive(const struct philox_keys *keys, uint32_t call, uint32_t row, uint32_t sample, int64_t start,
                                        int64_t count, float *out) {
    vf normals[4];
    philox_normals((uint32_t)(start / 4), 1, sample, 0, row, call, keys, normals);
    float lanes[4][IPK_LANES];
    for (int i = 0; i < 4; i++) {
        vf_store(lanes[i], normals[i]);
    }
    for (int64_t i = 0; i < count; i++) {
        out[i] = lanes[i % 4][i / 4];
    }
}

IPK_INLINE void information_sample(const struct philox_keys *keys, uint32_t call, uint32_t row, uint32_t sample, int64_t width,
                                   float *out) {
    for (int64_t l = 0; l < width; l += 4 * IPK_LANES) {
        int64_t count = width - l < 4 * IPK_LANES ? width - l : 4 * IPK_LANES;
        information_consecutive(keys, call, row, sample, l, count, out + l);
    }
}

static void IPK_KERNEL(ipk_gaussian_f32)(int64_t rows, int64_t samples, int64_t width, int64_t seed, int32_t call,
                                         const int32_t *row_numbers, float *out) {
    struct philox_keys keys = philox_schedule(seed);
    for (int64_t r = 0; r < rows; r++) {
        for (int64_t k = 0; k < samples; k++) {
            information_sample(&keys, (uint32_t)call, (uint32_t)row_numbers[r], (uint32_t)k, width,
                               out + (r * samples + k) * width);
        }
    }
}

static void IPK_KERNEL(ipk_sample_forward_f32)(int64_t n, const float *mu, const float *log_std, const float *eps,
                                               float *z) {
    for (int64_t i = 0; i < n; i += IPK_LANES) {
        vf sigma = information_sigma(vf_load_upto(log_std + i, n - i));
        vf sample = vf_fma(sigma, vf_load_upto(eps + i, n - i), vf_load_upto(mu + i, n - i));
        vf_store_upto(z + i, sample, n - i);
    }
}

static void IPK_KERNEL(ipk_sample_backward_f32)(int64_t n, const float *log_std, const float *eps, const float *dz,
                                                float *d_mu, float *d_log_std) {
    for (int64_t i = 0; i < n; i += IPK_LANES) {
        vf s = vf_load_upto(log_std + i, n - i), d = vf_load_upto(dz + i, n - i);
        vf spread = vf_load_upto(eps + i, n - i) * information_sigma(s);
        vf_store_upto(d_mu + i, vf_load_upto(d_mu + i, n - i) + d, n - i);
        vf old = vf_load_upto(d_log_std + i, n - i);
        vf_store_upto(d_log_std + i, old + information_inside(s, d * spread), n - i);
    }
}

static void IPK_KERNEL(ipk_kl_f32)(int64_t rows, int64_t width, const float *mu, const float *log_std,
                                   double gradient_scale, float *losses, float *d_mu, float *d_log_std) {
    vf scale = vf_splat((float)(gradient_scale / (double)width));
    for (int64_t r = 0; r < rows; r++) {
        double sum = 0;
        for (int64_t l = 0; l < width; l += IPK_LANES) {
            int64_t at = r * width + l, rest = width - l;
            vf m = vf_load_upto(mu + at, rest), s = vf_load_upto(log_std + at, rest);
            vf c = vf_min(vf_splat(INFORMATION_MAX_LOG_STD), vf_max(vf_splat(INFORMATION_MIN_LOG_STD), s));
            vf excess = vf_exp_below(c + c) - 1.0f;
            vf_store_upto(d_mu + at, vf_fma(m, scale, vf_load_upto(d_mu + at, rest)), rest);
            vf old = vf_load_upto(d_log_std + at, rest);
            vf_store_upto(d_log_std + at, old + information_inside(s, excess * scale), rest);
            for (int i = 0; i < IPK_LANES && i < rest; i++) {
                sum += 0.5 * ((double)m[i] * m[i] + excess[i]) - c[i];
            }
        }
        losses[r] = (float)(losses[r] + sum / (double)width);
    }
}

/* The softmax of one positive score against streamed negatives. */
struct information_posterior {
    int flows;           /* whether a gradient flows */
    double loss;         /* the row's loss */
    double share;        /* 1 - p0, the negatives' share; 0 if no gradient flows */
    double share_by_sum; /* turns sum exp(s_k - max) x_k into sum p_k x_k */
};

/* From the negatives' maximum and their sum of exp(s_k - max), which is 0 without negatives. floor is NaN for none. */
IPK_INLINE struct information_posterior information_posterior_of(double positive, double max, double sum, double floor) {
    double lead = max + __builtin_log(sum) - positive;
    double loss = (lead > 0 || lead != lead ? lead : 0) + __builtin_log1p(__builtin_exp(-__builtin_fabs(lead)));
    struct information_posterior p = {.flows = !(-loss < floor)};
    p.loss = p.flows ? loss : -floor;
    p.share = p.flows ? 1 / (1 + __builtin_exp(-lead)) : 0;
    p.share_by_sum = p.flows && sum != 0 ? p.share / sum : 0;
    return p;
}

/* Word rows that are scored and added at once. */
#define HEAD_WORDS 4

/* Scores of four rows against one; prefetches the rows that come next. */
IPK_INLINE void head_scores(int64_t width, const float *const word[HEAD_WORDS], const float *const next[HEAD_WORDS],
                            const float *query, float scores[HEAD_WORDS]) {
    vf sum[HEAD_WORDS][2];
    for (int j = 0; j < HEAD_WORDS; j++) {
        sum[j][0] = sum[j][1] = vf_splat(0);
    }
    int64_t i = 0;
    for (; i + 2 * IPK_LANES <= width; i += 2 * IPK_LANES) {
        vf q0 = vf_load(query + i), q1 = vf_load(query + i + IPK_LANES);
        for (int j = 0; j < HEAD_WORDS; j++) {
            __builtin_prefetch(next[j] + i);
            if (IPK_LANES == 16) {
                __builtin_prefetch(next[j] + i + IPK_LANES);
            }
            sum[j][0] = vf_fma(vf_load(word[j] + i), q0, sum[j][0]);
            sum[j][1] = vf_fma(vf_load(word[j] + i + IPK_LANES), q1, sum[j][1]);
        }
    }
    for (; i < width; i += IPK_LANES) {
        vf q = vf_load_upto(query + i, width - i);
        for (int j = 0; j < HEAD_WORDS; j++) {
            sum[j][0] = vf_fma(vf_load_upto(word[j] + i, width - i), q, sum[j][0]);
        }
    }
    for (int j = 0; j < HEAD_WORDS; j++) {
        scores[j] = vf_sum(sum[j][0] + sum[j][1]);
    }
}

/* weighted = shrink * weighted + the four rows times their factors. */
IPK_INLINE void head_add(int64_t width, const float *const word[HEAD_WORDS], const float factors[HEAD_WORDS],
                         float shrink, float *weighted) {
    vf f0 = vf_splat(factors[0]), f1 = vf_splat(factors[1]), f2 = vf_splat(factors[2]), f3 = vf_splat(factors[3]);
    vf keep = vf_splat(shrink);
    for (int64_t i = 0; i < width; i += IPK_LANES) {
        int64_t rest = width - i;
        vf a = vf_load_upto(word[0] + i, rest) * f0;
        vf b = vf_load_upto(word[1] + i, rest) * f1;
        a = vf_fma(vf_load_upto(word[2] + i, rest), f2, a);
        b = vf_fma(vf_load_upto(word[3] + i, rest), f3, b);
        vf_store(weighted + i, vf_fma(vf_load(weighted + i), keep, a + b));
    }
}

IPK_INLINE float head_dot(int64_t width, const float *a, const float *b) {
    vf even = vf_splat(0), odd = vf_splat(0);
    int64_t i = 0;
    for (; i + 2 * IPK_LANES <= width; i += 2 * IPK_LANES) {
        even = vf_fma(vf_load(a + i), vf_load(b + i), even);
        odd = vf_fma(vf_load(a + i + IPK_LANES), vf_load(b + i + IPK_LANES), odd);
    }
    for (; i < width; i += IPK_LANES) {
        even = vf_fma(vf_load_upto(a + i, width - i), vf_load_upto(b + i, width - i), even);
    }
    return vf_sum(even + odd);
}

/* Row r of the words, the last one again beyond the end. */
IPK_INLINE const float *head_word(const float *words, int64_t width, const int32_t *ids, int64_t t, int64_t end) {
    return words + (int64_t)ids[t < end ? t : end - 1] * width;
}

/* Streams one row's words; leaves their maximum and sum, and the weighted sum in weighted. */
static void head_stream(int64_t width, const float *words, const int32_t *ids, int64_t start, int64_t end,
                        const float *query, double per_root, float *weighted, double *row_max, double *row_sum) {
    double max = -__builtin_inf(), sum = 0;
    memset(weighted, 0, (size_t)information_padded(width) * sizeof(float));
    for (int64_t t = start; t < end; t += HEAD_WORDS) {
        const float *word[HEAD_WORDS], *next[HEAD_WORDS];
        float scores[HEAD_WORDS];
        for (int j = 0; j < HEAD_WORDS; j++) {
            word[j] = head_word(words, width, ids, t + j, end);
            next[j] = head_word(words, width, ids, t + HEAD_WORDS + j, end);
        }
        head_scores(width, word, next, query, scores);
        int64_t count = end - t < HEAD_WORDS ? end - t : HEAD_WORDS;
        double group_max = max;
        for (int64_t j = 0; j < count; j++) {
            double s = per_root * scores[j];
            group_max = s > group_max || s != s ? s : group_max;
        }
        if (group_max == -__builtin_inf()) {
            continue; /* all weigh nothing, and the difference to an equal maximum would be NaN */
        }
        double shrink = group_max == max ? 1 : __builtin_exp(max - group_max);
        max = group_max;
        sum *= shrink;
        for (int64_t j = 0; j < HEAD_WORDS; j++) {
            /* A short group repeats its last word with the factor 0. */
            double factor = j < count ? __builtin_exp(per_root * scores[j] - max) : 0;
            sum += factor;
            scores[j] = (float)factor;
        }
        head_add(width, word, scores, (float)shrink, weighted);
    }
    *row_max = max;
    *row_sum = sum;
}

static int64_t IPK_KERNEL(ipk_head_information_scratch_f32)(int64_t width) {
    return information_padded(width) * (int64_t)sizeof(float) + 64;
}

static void IPK_KERNEL(ipk_head_information_f32)(int64_t rows, int64_t width, const float *mean_prompts,
                                                 const float *words, const int32_t *token_ids,
                                                 const int32_t *token_starts, const float *class_mean,
                                                 double log_prob_floor, double gradient_scale, float *losses,
                                                 float *d_mean_prompts, float *d_class_mean, void *scratch) {
    float *weighted = (float *)(((uintptr_t)scratch + 63) & ~(uintptr_t)63);
    double per_root = 1 / __builtin_sqrt((double)width);
    for (int64_t r = 0; r < rows; r++) {
        const float *prompt = mean_prompts + r * width;
        float *d_prompt = d_mean_prompts + r * width, *d_class = d_class_mean + r * width;
        double max, sum;
        head_stream(width, words, token_ids, token_starts[r], token_starts[r + 1], class_mean, per_root, weighted, &max,
                    &sum);
        double positive = per_root * head_dot(width, prompt, class_mean);
        struct information_posterior p = information_posterior_of(positive, max, sum, log_prob_floor);
        losses[r] = (float)p.loss;
        if (!p.flows) {
            memset(d_class, 0, (size_t)width * sizeof(float));
            continue;
        }
        vf pull = vf_splat((float)(-gradient_scale * per_root * p.share));
        vf share = vf_splat((float)(gradient_scale * per_root * p.share_by_sum));
        for (int64_t i = 0; i < width; i += IPK_LANES) {
            int64_t rest = width - i;
            vf c = vf_load_upto(class_mean + i, rest);
            vf_store_upto(d_prompt + i, vf_fma(pull, c, vf_load_upto(d_prompt + i, rest)), rest);
            vf own = vf_fma(pull, vf_load_upto(prompt + i, rest), vf_load(weighted + i) * share);
            vf_store_upto(d_class + i, own, rest);
        }
    }
}

/* The parts of scratch of the representation loss; samples are lanes, so that only a row's end sums over lanes. */
struct latent_scratch {
    float *tile;           /* [padded Z, lanes]: one vector's worth of samples */
    float *weighted;       /* [padded Z, lanes]: each lane's sum of exp(s - max) eps */
    float *projection;     /* [padded Z]: sigma c' */
    float *sigma;          /* [padded Z] */
    float *positive_noise; /* [padded Z] */
    float *mean_noise;     /* [padded Z] */
};

IPK_INLINE int64_t latent_padded(int64_t width) { return (width + 15) / 16 * 16; }

static int64_t IPK_KERNEL(ipk_representation_scratch_f32)(int64_t width) {
    return latent_padded(width) * (2 * IPK_LANES + 4) * (int64_t)sizeof(float) + 64;
}

/* Each lane's running maximum, sum of exponentials and the last tile's factors. */
struct latent_lanes {
    vf max, sum;
};

/* One tile's numbers, their scores against projection. */
IPK_INLINE vf latent_generate(const struct philox_keys *keys, uint32_t call, uint32_t row, int64_t first, int64_t width,
                              const float *projection, float *tile) {
    vf score[2] = {vf_splat(0), vf_splat(0)};
    for (int64_t l = 0; l < width; l += 4) {
        vf normals[4];
        philox_normals((uint32_t)(l / 4), 0, (uint32_t)first, 1, row, call, keys, normals);
        for (int i = 0; i < 4; i++) {
            /* Numbers beyond the width meet a projection of 0. */
            score[i % 2] = vf_fma(normals[i], vf_splat(projection[l + i]), score[i % 2]);
            vf_store(tile + (l + i) * IPK_LANES, normals[i]);
        }
    }
    return score[0] + score[1];
}

/* The same from numbers that are given, [count, width]. */
IPK_INLINE vf latent_read(const float *noise, int64_t count, int64_t width, const float *projection, float *tile) {
    vf score[2] = {vf_splat(0), vf_splat(0)};
    for (int64_t l = 0; l < width; l++) {
        vf normal = vf_splat(0);
        for (int64_t i = 0; i < count; i++) {
            normal[i] = noise[i * width + l];
        }
        score[l % 2] = vf_fma(normal, vf_splat(projection[l]), score[l % 2]);
        vf_store(tile + l * IPK_LANES, normal);
    }
    return score[0] + score[1];
}

/* Takes a tile of count samples in. */
IPK_INLINE void latent_add(struct latent_lanes *lanes, vf score, int64_t count, int64_t width, const float *tile,
                           float *weighted) {
    score = vf_select(vi_lanes() < vi_splat((int32_t)count), score, vf_splat(-__builtin_inff()));
    vf max = vf_max(score, lanes->max); /* a NaN is left to the sum */
    vf shrink = vf_exp_below(lanes->max - max);
    vf factor = vf_exp_below(score - max);
    lanes->max = max;
    lanes->sum = vf_fma(lanes->sum, shrink, factor);
    for (int64_t l = 0; l < width; l++) {
        vf old = vf_load(weighted + l * IPK_LANES) * shrink;
        vf_store(weighted + l * IPK_LANES, vf_fma(vf_load(tile + l * IPK_LANES), factor, old));
    }
}

static void IPK_KERNEL(ipk_representation_information_f32)(
    int64_t rows, int64_t width, int64_t samples, const float *context, const float *mu, const float *log_std,
    const float *mu_prompted, const float *log_std_prompted, int64_t seed, int32_t positive_call, int32_t negative_call,
    const int32_t *row_numbers, const float *explicit_noise, double log_prob_floor, double gradient_scale, float *losses,
    float *d_context, float *d_mu, float *d_log_std, float *d_mu_prompted, float *d_log_std_prompted, void *scratch) {
    struct philox_keys keys = philox_schedule(seed);
    int64_t z = latent_padded(width);
    float *start = (float *)(((uintptr_t)scratch + 63) & ~(uintptr_t)63);
    struct latent_scratch s = {
        .tile = start,
        .weighted = start + z * IPK_LANES,
        .projection = start + 2 * z * IPK_LANES,
        .sigma = start + 2 * z * IPK_LANES + z,
        .positive_noise = start + 2 * z * IPK_LANES + 2 * z,
        .mean_noise = start + 2 * z * IPK_LANES + 3 * z,
    };
    for (int64_t r = 0; r < rows; r++) {
        int64_t row = r * width;
        memset(s.projection, 0, (size_t)z * sizeof(float));
        for (int64_t l = 0; l < width; l += IPK_LANES) {
            vf sigma = information_sigma(vf_load_upto(log_std + row + l, width - l));
            vf_store(s.sigma + l, sigma);
            vf_store_upto(s.projection + l, sigma * vf_load_upto(context + row + l, width - l), width - l);
        }
        memset(s.weighted, 0, (size_t)(z * IPK_LANES) * sizeof(float));
        /* The least float instead of -infinity: the difference of two is 0 and not NaN. */
        struct latent_lanes lanes = {.max = vf_splat(-3.40282347e38f), .sum = vf_splat(0)};
        const float *given = explicit_noise ? explicit_noise + r * (1 + samples) * width : NULL;
        for (int64_t k = 0; k < samples; k += IPK_LANES) {
            int64_t count = samples - k < IPK_LANES ? samples - k : IPK_LANES;
            vf score = given ? latent_read(given + (1 + k) * width, count, width, s.projection, s.tile)
                             : latent_generate(&keys, (uint32_t)negative_call, (uint32_t)row_numbers[r], k,
                                               width, s.projection, s.tile);
            latent_add(&lanes, score, count, width, s.tile, s.weighted);
        }
        /* All lanes to one maximum. */
        float max = vf_largest(lanes.max);
        vf factor = vf_exp_below(lanes.max - max);
        float sum = vf_sum(lanes.sum * factor);
        for (int64_t l = 0; l < width; l++) {
            s.mean_noise[l] = vf_sum(vf_load(s.weighted + l * IPK_LANES) * factor);
        }
        if (given) {
            memcpy(s.positive_noise, given, (size_t)width * sizeof(float));
        } else {
            information_sample(&keys, (uint32_t)positive_call, (uint32_t)row_numbers[r], 0, width,
                               s.positive_noise);
        }
        /* Scores leave out mu c', which all negatives share; the positive's is relative to it. */
        double positive = 0;
        for (int64_t l = 0; l < width; l += IPK_LANES) {
            int64_t at = row + l, rest = width - l;
            vf sigma = information_sigma(vf_load_upto(log_std_prompted + at, rest));
            vf c = vf_load_upto(context + at, rest), m = vf_load_upto(mu + at, rest);
            vf mp = vf_load_upto(mu_prompted + at, rest), e = vf_load(s.positive_noise + l);
            for (int i = 0; i < IPK_LANES && i < rest; i++) {
                positive += ((double)e[i] * sigma[i] + mp[i] - m[i]) * c[i];
            }
        }
        struct information_posterior p = information_posterior_of(positive, max, sum, log_prob_floor);
        losses[r] = (float)p.loss;
        if (!p.flows) {
            memset(d_context + row, 0, (size_t)width * sizeof(float));
            continue;
        }
        vf push = vf_splat((float)(gradient_scale * p.share));
        vf share = vf_splat((float)(gradient_scale * p.share_by_sum));
        for (int64_t l = 0; l < width; l += IPK_LANES) {
            int64_t at = row + l, rest = width - l;
            vf c = vf_load_upto(context + at, rest), raw = vf_load_upto(log_std + at, rest);
            vf raw_prompted = vf_load_upto(log_std_prompted + at, rest);
            vf pushed = push * c;
            vf spread = vf_load(s.positive_noise + l) * information_sigma(raw_prompted);
            vf mean_noise = share * vf_load(s.mean_noise + l) * vf_load(s.sigma + l);
            vf lead = vf_load_upto(mu + at, rest) - vf_load_upto(mu_prompted + at, rest) - spread;
            vf_store_upto(d_context + at, vf_fma(push, lead, mean_noise), rest);
            vf_store_upto(d_mu_prompted + at, vf_load_upto(d_mu_prompted + at, rest) - pushed, rest);
            vf_store_upto(d_mu + at, vf_load_upto(d_mu + at, rest) + pushed, rest);
            vf d = vf_load_upto(d_log_std + at, rest) + information_inside(raw, mean_noise * c);
            vf_store_upto(d_log_std + at, d, rest);
            vf dp = vf_load_upto(d_log_std_prompted + at, rest) - information_inside(raw_prompted, pushed * spread);
            vf_store_upto(d_log_std_prompted + at, dp, rest);
        }
    }
}
