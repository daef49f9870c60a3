/*
 * InfoPrompt's kernels in native code: everything that the library exports.
 *
 * Every matrix is row-major and contiguous unless a parameter says otherwise; sizes count elements. Pointers need no
 * alignment beyond their element's. No function allocates, locks or reports errors: callers check sizes first. All are
 * safe to call from several threads on memory that does not overlap. Sums run in one fixed order, so that no result
 * depends on how rows are spread over calls or threads.
 *
 * Names: ipk_<operation>_<direction>_<element type>.
 */
#ifndef INFOPROMPT_KERNELS_H
#define INFOPROMPT_KERNELS_H

#include <stdint.h>

#define IPK_EXPORT __attribute__((visibility("default")))

/* What the code is compiled for, from the least to the most; a level includes those below it. */
enum ipk_tier {
    IPK_BASELINE = 0, /* what every processor of the architecture has */
    IPK_AVX2 = 1,     /* AVX2, FMA */
    IPK_AVX512 = 2,   /* AVX-512 F, BW, DQ, VL */
    IPK_AVX512_VNNI = 3,
    IPK_AVX512_BF16 = 4,
    IPK_AMX = 5       /* AMX TILE, BF16, INT8 */
};

/* activation, as LinearFunctions of the bindings numbers them */
enum ipk_activation { IPK_NONE = -1, IPK_GELU_ERF = 0, IPK_GELU_TANH = 1, IPK_RELU = 2 };

/*
 * Functions about the library itself: X(result, name, parameters).
 *
 * ipk_init        chooses the highest tier that the processor, the system and the build have, at most max_tier (an ipk_tier);
 *                 returns it. Before the first call the baseline runs. Not to be called while kernels run.
 * ipk_tier_name   the name of a tier, or NULL if there is none of this number
 * ipk_signatures  "result name(parameters)" of every function, one a line
 * ipk_allocate    zeroed memory that starts on a page, in large pages where the system has them; NULL if there is none
 * ipk_release     gives it back
 */
#define IPK_CONTROLS(X)                                                                                                \
    X(int32_t, ipk_init, (int32_t max_tier))                                                                           \
    X(const char *, ipk_tier_name, (int32_t tier))                                                                     \
    X(const char *, ipk_signatures, (void))                                                                            \
    X(void *, ipk_allocate, (int64_t bytes))                                                                           \
    X(void, ipk_release, (void *memory, int64_t bytes))

/*
 * Kernels, compiled once for each tier: X(result, name, parameters, arguments).
 *
 * ipk_linear_bytes_f32    size of the packed form of a weight [k, n]; it depends on the tier
 * ipk_linear_pack_f32     packs a weight: transposed 0 reads it as [k, n], 1 as [n, k]
 * ipk_linear_scratch_f32  bytes of scratch that ipk_linear_forward_f32 needs for any number of rows
 * ipk_linear_forward_f32  y[rows, n] = activation(x[rows, k] w + bias + residual); bias, residual, slope may be NULL;
 *                         y may be residual; slope receives the activation's derivative at its argument
 * ipk_linear_backward_f32 y[rows, n] = (x[rows, k] w) * slope, element-wise; y may be slope
 * ipk_linear_*_bf16       the same with the weight and, inside, x rounded to bf16; sums, x and y stay float
 * ipk_gemm_scratch_f32    bytes of scratch that ipk_gemm_f32 needs
 * ipk_gemm_f32            c[m, n] = alpha op(a) op(b) + beta c; op(a) is [m, k], op(b) is [k, n]; beta 0 does not read c
 */
#define IPK_LINEAR_FUNCTIONS(X)                                                                                        \
    X(int64_t, ipk_linear_bytes_f32, (int64_t k, int64_t n), (k, n))                                                   \
    X(void, ipk_linear_pack_f32,                                                                                       \
      (int64_t k, int64_t n, int32_t transposed, const float *weight, void *packed),                                   \
      (k, n, transposed, weight, packed))                                                                              \
    X(int64_t, ipk_linear_scratch_f32, (int64_t k), (k))                                                               \
    X(void, ipk_linear_forward_f32,                                                                                    \
      (int64_t rows, int64_t k, int64_t n, const void *packed, const float *x, const float *bias,                      \
       const float *residual, int32_t activation, float *slope, float *y, void *scratch),                              \
      (rows, k, n, packed, x, bias, residual, activation, slope, y, scratch))                                          \
    X(void, ipk_linear_backward_f32,                                                                                   \
      (int64_t rows, int64_t k, int64_t n, const void *packed, const float *x, const float *slope, float *y,           \
       void *scratch),                                                                                                 \
      (rows, k, n, packed, x, slope, y, scratch))                                                                      \
    X(int64_t, ipk_linear_bytes_bf16, (int64_t k, int64_t n), (k, n))                                                  \
    X(void, ipk_linear_pack_bf16,                                                                                      \
      (int64_t k, int64_t n, int32_t transposed, const float *weight, void *packed),                                   \
      (k, n, transposed, weight, packed))                                                                              \
    X(int64_t, ipk_linear_scratch_bf16, (int64_t k), (k))                                                              \
    X(void, ipk_linear_forward_bf16,                                                                                   \
      (int64_t rows, int64_t k, int64_t n, const void *packed, const float *x, const float *bias,                      \
       const float *residual, int32_t activation, float *slope, float *y, void *scratch),                              \
      (rows, k, n, packed, x, bias, residual, activation, slope, y, scratch))                                          \
    X(void, ipk_linear_backward_bf16,                                                                                  \
      (int64_t rows, int64_t k, int64_t n, const void *packed, const float *x, const float *slope, float *y,           \
       void *scratch),                                                                                                 \
      (rows, k, n, packed, x, slope, y, scratch))                                                                      \
    X(int64_t, ipk_gemm_scratch_f32, (int64_t k), (k))                                                                 \
    X(void, ipk_gemm_f32,                                                                                              \
      (int32_t transpose_a, int32_t transpose_b, int64_t m, int64_t n, int64_t k, float alpha, const float *a,         \
       const float *b, float beta, float *c, void *scratch),                                                           \
      (transpose_a, transpose_b, m, n, k, alpha, a, b, beta, c, scratch))

/*
 * The same for inference with int8 weights: each column of the weight is a scale times integers in [-127, 127], and each row of x is
 * rounded to a scale of its own times integers in [0, 255] less a zero point. Then y = sum times both scales, + bias, + residual,
 * each rounded: without an activation the bits are the same in every tier. k may be at most 65536, so that no sum overflows.
 */
#define IPK_INT8_FUNCTIONS(X)                                                                                          \
    X(int64_t, ipk_linear_bytes_int8, (int64_t k, int64_t n), (k, n))                                                  \
    X(void, ipk_linear_pack_int8,                                                                                      \
      (int64_t k, int64_t n, int32_t transposed, const float *weight, void *packed),                                   \
      (k, n, transposed, weight, packed))                                                                              \
    X(int64_t, ipk_linear_scratch_int8, (int64_t k), (k))                                                              \
    X(void, ipk_linear_forward_int8,                                                                                   \
      (int64_t rows, int64_t k, int64_t n, const void *packed, const float *x, const float *bias,                      \
       const float *residual, int32_t activation, float *slope, float *y, void *scratch),                              \
      (rows, k, n, packed, x, bias, residual, activation, slope, y, scratch))

/*
 * Softmax attention over packed sequences: sequence i owns the query rows [query_starts[i], query_starts[i + 1]) and the key
 * rows [key_starts[i], key_starts[i + 1]) and sees nothing else. A query row starts at r q_stride, its key at
 * r kv_stride + k_column, its value at r kv_stride + v_column. Scores are scaled by 1/sqrt(head_size).
 *
 * ipk_attention_scratch_f32   bytes of scratch for sequences of up to num_keys keys
 * ipk_attention_forward_f32   out[rows, heads head_size]; log_sum_exp[rows, heads] may be NULL
 * ipk_attention_backward_f32  overwrites the columns that queries, keys and values own in dq and dkv, which may be one buffer
 */
#define IPK_ATTENTION_FUNCTIONS(X)                                                                                     \
    X(int64_t, ipk_attention_scratch_f32, (int64_t head_size, int64_t num_keys), (head_size, num_keys))                \
    X(void, ipk_attention_forward_f32,                                                                                 \
      (int64_t heads, int64_t head_size, int64_t sequences, const int32_t *query_starts, const int32_t *key_starts,    \
       const float *q, int64_t q_stride, const float *kv, int64_t kv_stride, int64_t k_column, int64_t v_column,       \
       float *out, float *log_sum_exp, void *scratch),                                                                 \
      (heads, head_size, sequences, query_starts, key_starts, q, q_stride, kv, kv_stride, k_column, v_column, out,     \
       log_sum_exp, scratch))                                                                                          \
    X(void, ipk_attention_backward_f32,                                                                                \
      (int64_t heads, int64_t head_size, int64_t sequences, const int32_t *query_starts, const int32_t *key_starts,    \
       const float *q, int64_t q_stride, const float *kv, int64_t kv_stride, int64_t k_column, int64_t v_column,       \
       const float *log_sum_exp, const float *d_out, float *dq, float *dkv, void *scratch),                            \
      (heads, head_size, sequences, query_starts, key_starts, q, q_stride, kv, kv_stride, k_column, v_column,          \
       log_sum_exp, d_out, dq, dkv, scratch))

/*
 * Layer normalisation of rows, and element-wise activations (numbered as ipk_activation).
 *
 * ipk_layer_norm_forward_f32   y may be x; normalized[rows, width] and rstd[rows] may both be NULL
 * ipk_layer_norm_backward_f32  dx may be dy
 * ipk_activation_forward_f32   y = activation(x); y may be x
 * ipk_activation_backward_f32  dx = dy * activation'(x); dx may be dy
 */
#define IPK_NORM_FUNCTIONS(X)                                                                                          \
    X(void, ipk_layer_norm_forward_f32,                                                                                \
      (int64_t rows, int64_t width, const float *x, const float *gamma, const float *beta, double epsilon, float *y,   \
       float *normalized, float *rstd),                                                                                \
      (rows, width, x, gamma, beta, epsilon, y, normalized, rstd))                                                     \
    X(void, ipk_layer_norm_backward_f32,                                                                               \
      (int64_t rows, int64_t width, const float *dy, const float *gamma, const float *normalized, const float *rstd,   \
       float *dx),                                                                                                     \
      (rows, width, dy, gamma, normalized, rstd, dx))                                                                  \
    X(void, ipk_activation_forward_f32, (int64_t n, int32_t activation, const float *x, float *y),                     \
      (n, activation, x, y))                                                                                           \
    X(void, ipk_activation_backward_f32,                                                                               \
      (int64_t n, int32_t activation, const float *x, const float *dy, float *dx), (n, activation, x, dy, dx))

/*
 * Movement and reductions of rows.
 *
 * ipk_embed_f32           out[r] = words[source[r]] (or prompts[-1 - source[r]]) + positions[position_ids[r]]
 *                         + types[type_ids[r]]; types may be NULL
 * ipk_gather_f32          out[i] = table[index[i]]
 * ipk_scatter_add_f32     table[index[i]] += source[i], in this order
 * ipk_add_bias_f32        y[r] += bias
 * ipk_column_sums_f32     out[c] = alpha sum_r x[r][c] + beta out[c], summed in double; beta 0 does not read out
 * ipk_group_mean_f32      out[r] = mean of x[r group] to x[r group + group - 1]
 * ipk_group_spread_f32    x[r group + j] += alpha d[r] for all j
 * ipk_axpby_f32           y = alpha x + beta y; beta 0 does not read y
 * ipk_fill_f32            x = value
 * ipk_sum_of_squares_f32  sum of x^2, in double
 */
#define IPK_ROW_FUNCTIONS(X)                                                                                           \
    X(void, ipk_embed_f32,                                                                                             \
      (int64_t rows, int64_t width, const float *words, const float *prompts, const int32_t *source,                   \
       const float *positions, const int32_t *position_ids, const float *types, const int32_t *type_ids, float *out),  \
      (rows, width, words, prompts, source, positions, position_ids, types, type_ids, out))                            \
    X(void, ipk_gather_f32, (int64_t rows, int64_t width, const float *table, const int32_t *index, float *out),       \
      (rows, width, table, index, out))                                                                                \
    X(void, ipk_scatter_add_f32,                                                                                       \
      (int64_t rows, int64_t width, const float *source, const int32_t *index, float *table),                          \
      (rows, width, source, index, table))                                                                             \
    X(void, ipk_add_bias_f32, (int64_t rows, int64_t width, const float *bias, float *y), (rows, width, bias, y))      \
    X(void, ipk_column_sums_f32,                                                                                       \
      (int64_t rows, int64_t width, double alpha, const float *x, double beta, float *out),                            \
      (rows, width, alpha, x, beta, out))                                                                              \
    X(void, ipk_group_mean_f32, (int64_t rows, int64_t group, int64_t width, const float *x, float *out),              \
      (rows, group, width, x, out))                                                                                    \
    X(void, ipk_group_spread_f32,                                                                                      \
      (int64_t rows, int64_t group, int64_t width, double alpha, const float *d, float *x),                            \
      (rows, group, width, alpha, d, x))                                                                               \
    X(void, ipk_axpby_f32, (int64_t n, double alpha, const float *x, double beta, float *y), (n, alpha, x, beta, y))   \
    X(void, ipk_fill_f32, (int64_t n, double value, float *x), (n, value, x))                                          \
    X(double, ipk_sum_of_squares_f32, (int64_t n, const float *x), (n, x))

/*
 * Supervised losses, and the optimiser's update.
 *
 * ipk_cross_entropy_f32  losses[r] = -log softmax(logits[r])[labels[r]]; d_logits = gradient_scale (softmax - onehot),
 *                        or NULL
 * ipk_softmax_f32        y may be x
 * ipk_adamw_f32          AdamW with decay = lr weight_decay, step_size = lr/(1 - beta1^t) and
 *                        root_correction = sqrt(1 - beta2^t)
 */
#define IPK_LOSS_FUNCTIONS(X)                                                                                          \
    X(void, ipk_cross_entropy_f32,                                                                                     \
      (int64_t rows, int64_t classes, const float *logits, const int32_t *labels, double gradient_scale,               \
       float *losses, float *d_logits),                                                                                \
      (rows, classes, logits, labels, gradient_scale, losses, d_logits))                                               \
    X(void, ipk_softmax_f32, (int64_t rows, int64_t width, const float *x, float *y), (rows, width, x, y))             \
    X(void, ipk_adamw_f32,                                                                                             \
      (int64_t n, float *parameter, const float *gradient, double gradient_factor, float *first_moment,                \
       float *second_moment, double decay, double beta1, double beta2, double epsilon, double step_size,               \
       double root_correction),                                                                                        \
      (n, parameter, gradient, gradient_factor, first_moment, second_moment, decay, beta1, beta2, epsilon, step_size,  \
       root_correction))

/*
 * The Gaussian bottleneck and the information losses; log_std is clamped to [-2, 10] inside. Noise number l of sample k of a
 * row is Philox4x32-10 at counter (l/4, k, row_numbers[r], call) under the seed, and Box-Muller (philox.h). log_prob_floor
 * is NaN for none.
 *
 * ipk_gaussian_f32                    out[rows, samples, width] standard normals
 * ipk_sample_forward_f32              z = mu + eps exp(log_std)
 * ipk_sample_backward_f32             d_mu += dz, d_log_std += dz eps exp(log_std)
 * ipk_kl_f32                          adds each row's divergence to N(0, I), a mean over width, and its gradients
 * ipk_head_information_scratch_f32    bytes of scratch
 * ipk_head_information_f32            each row's mean prompt against its words (token_ids from token_starts[r] on);
 *                                     d_mean_prompts is added to, d_class_mean[rows, width] overwritten
 * ipk_representation_scratch_f32      bytes of scratch
 * ipk_representation_information_f32  a sample of each row's prompted Gaussian against samples of its plain one;
 *                                     explicit_noise[rows, 1 + samples, width] is used instead of generated noise, or NULL;
 *                                     d_context is overwritten, the other gradients are added to
 */
#define IPK_INFORMATION_FUNCTIONS(X)                                                                                   \
    X(void, ipk_gaussian_f32,                                                                                          \
      (int64_t rows, int64_t samples, int64_t width, int64_t seed, int32_t call, const int32_t *row_numbers,           \
       float *out),                                                                                                    \
      (rows, samples, width, seed, call, row_numbers, out))                                                            \
    X(void, ipk_sample_forward_f32,                                                                                    \
      (int64_t n, const float *mu, const float *log_std, const float *eps, float *z), (n, mu, log_std, eps, z))        \
    X(void, ipk_sample_backward_f32,                                                                                   \
      (int64_t n, const float *log_std, const float *eps, const float *dz, float *d_mu, float *d_log_std),             \
      (n, log_std, eps, dz, d_mu, d_log_std))                                                                          \
    X(void, ipk_kl_f32,                                                                                                \
      (int64_t rows, int64_t width, const float *mu, const float *log_std, double gradient_scale, float *losses,       \
       float *d_mu, float *d_log_std),                                                                                 \
      (rows, width, mu, log_std, gradient_scale, losses, d_mu, d_log_std))                                             \
    X(int64_t, ipk_head_information_scratch_f32, (int64_t width), (width))                                             \
    X(void, ipk_head_information_f32,                                                                                  \
      (int64_t rows, int64_t width, const float *mean_prompts, const float *words, const int32_t *token_ids,           \
       const int32_t *token_starts, const float *class_mean, double log_prob_floor, double gradient_scale,             \
       float *losses, float *d_mean_prompts, float *d_class_mean, void *scratch),                                      \
      (rows, width, mean_prompts, words, token_ids, token_starts, class_mean, log_prob_floor, gradient_scale, losses,  \
       d_mean_prompts, d_class_mean, scratch))                                                                         \
    X(int64_t, ipk_representation_scratch_f32, (int64_t width), (width))                                               \
    X(void, ipk_representation_information_f32,                                                                        \
      (int64_t rows, int64_t width, int64_t samples, const float *context, const float *mu, const float *log_std,      \
       const float *mu_prompted, const float *log_std_prompted, int64_t seed, int32_t positive_call,                   \
       int32_t negative_call, const int32_t *row_numbers, const float *explicit_noise, double log_prob_floor,          \
       double gradient_scale, float *losses, float *d_context, float *d_mu, float *d_log_std, float *d_mu_prompted,    \
       float *d_log_std_prompted, void *scratch),                                                                      \
      (rows, width, samples, context, mu, log_std, mu_prompted, log_std_prompted, seed, positive_call, negative_call,  \
       row_numbers, explicit_noise, log_prob_floor, gradient_scale, losses, d_context, d_mu, d_log_std, d_mu_prompted, \
       d_log_std_prompted, scratch))

/* All kernels. */
#define IPK_FUNCTIONS(X)                                                                                               \
    IPK_LINEAR_FUNCTIONS(X)                                                                                            \
    IPK_INT8_FUNCTIONS(X)                                                                                              \
    IPK_ATTENTION_FUNCTIONS(X)                                                                                         \
    IPK_NORM_FUNCTIONS(X)                                                                                              \
    IPK_ROW_FUNCTIONS(X)                                                                                               \
    IPK_LOSS_FUNCTIONS(X)                                                                                              \
    IPK_INFORMATION_FUNCTIONS(X)

#define IPK_DECLARE_CONTROL(result, name, parameters) IPK_EXPORT result name parameters;
#define IPK_DECLARE(result, name, parameters, arguments) IPK_EXPORT result name parameters;
IPK_CONTROLS(IPK_DECLARE_CONTROL)
IPK_FUNCTIONS(IPK_DECLARE)
#undef IPK_DECLARE_CONTROL
#undef IPK_DECLARE

#endif
