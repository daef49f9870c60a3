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
    IPK_AMX = 3       /* also AVX-512 BF16, AMX TILE, BF16, INT8 */
};

/* activation of the fused products, as LinearFunctions of the bindings numbers them */
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
 * ipk_forget      tells the system that the pages of a read-only file view need not stay in memory
 */
#define IPK_CONTROLS(X)                                                                                                \
    X(int32_t, ipk_init, (int32_t max_tier))                                                                           \
    X(const char *, ipk_tier_name, (int32_t tier))                                                                     \
    X(const char *, ipk_signatures, (void))                                                                            \
    X(void *, ipk_allocate, (int64_t bytes))                                                                           \
    X(void, ipk_release, (void *memory, int64_t bytes))                                                                \
    X(void, ipk_forget, (const void *memory, int64_t bytes))

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
#define IPK_FUNCTIONS(X)                                                                                               \
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

#define IPK_DECLARE_CONTROL(result, name, parameters) IPK_EXPORT result name parameters;
#define IPK_DECLARE(result, name, parameters, arguments) IPK_EXPORT result name parameters;
IPK_CONTROLS(IPK_DECLARE_CONTROL)
IPK_FUNCTIONS(IPK_DECLARE)
#undef IPK_DECLARE_CONTROL
#undef IPK_DECLARE

#endif
