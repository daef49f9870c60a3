/* What the kernels' tests are made of. A test is a function that every tier runs; check() counts. */
#ifndef IPK_CHECK_H
#define IPK_CHECK_H

#include "infoprompt_kernels.h"

#include <math.h>
#include <stddef.h>

/* Memory whose end (or start) touches a page that must not be touched; every call of guarded() gives a new one, all are freed after a test. */
float *guarded(int64_t elements);
void *guarded_bytes(int64_t bytes);

/* As guarded(), filled with numbers of about this size that depend on nothing but the calls before. */
float *guarded_random(int64_t elements, float scale);

/* Notes whether what was expected holds. */
void check(int holds, const char *what, ...) __attribute__((format(printf, 2, 3)));

/* Compares with what was computed in double. */
void check_close(const char *what, const float *actual, const double *expected, int64_t elements, double tolerance);

/* The test functions, in the order they run in. */
#define IPK_TESTS(X)                                                                                                   \
    X(test_linear_forward)                                                                                             \
    X(test_linear_backward)                                                                                            \
    X(test_linear_rows_do_not_depend_on_each_other)                                                                    \
    X(test_gemm)                                                                                                       \
    X(test_int8_products)                                                                                              \
    X(test_int8_extremes)                                                                                              \
    X(test_int8_sums_do_not_overflow)                                                                                  \
    X(test_int8_rows_do_not_depend_on_each_other)                                                                      \
    X(test_attention_of_one_length)                                                                                    \
    X(test_attention_of_many_sequences)                                                                                \
    X(test_attention_queries_do_not_depend_on_each_other)                                                              \
    X(test_attention_with_large_scores)                                                                                \
    X(test_layer_norm)                                                                                                 \
    X(test_activations)                                                                                                \
    X(test_rows_are_moved)                                                                                             \
    X(test_rows_are_reduced)                                                                                           \
    X(test_losses)                                                                                                     \
    X(test_adamw)                                                                                                      \
    X(test_gaussian)                                                                                                   \
    X(test_bottleneck)                                                                                                 \
    X(test_head_information)                                                                                           \
    X(test_representation_information)

#define IPK_DECLARE_TEST(name) void name(void);
IPK_TESTS(IPK_DECLARE_TEST)
#undef IPK_DECLARE_TEST

#endif
