/*
 * Softmax attention over packed sequences, forward and backward, one sequence and head at a time.
 *
 * Keys are packed transposed, values as they are, both with rows filled up to whole vectors; a block of queries then has its
 * scores against all keys of the sequence in scratch: 12 queries against 512 keys are 24 KiB. Only the log-sum-exp outlives
 * the forward pass, and the backward pass recomputes the weights from it (Dao et al., FlashAttention, arXiv 2205.14135).
 *
 * Every product is one chain of fused multiply-adds over ascending k for each element, whatever tile it falls into, so that
 * no query depends on the ones beside it.
 */
#include "../simd.h"
#include "../vmath.h"

/* Queries whose scores are in scratch at once. */
#define ATTENTION_FORWARD_QUERIES 24
#define ATTENTION_BACKWARD_QUERIES 48

/* Rows of a tile of 4, 2 and 1 vectors: all accumulators, one row of b and one element of a fit the registers. */
#if IPK_LANES == 16
#define ATTENTION_ROWS_4 6
#define ATTENTION_ROWS_2 12
#else
#define ATTENTION_ROWS_4 2
#define ATTENTION_ROWS_2 4
#endif
#define ATTENTION_ROWS_1 8

IPK_INLINE int64_t attention_padded(int64_t n) { return (n + IPK_LANES - 1) / IPK_LANES * IPK_LANES; }

/* c[rows][4, 2 or 1 vectors] = a b, or += a b; a has its rows and its k that many elements apart. */
IPK_INLINE void attention_tile(const int rows, const int vectors, const int add, const float *a, int64_t a_row,
                               int64_t a_k, const float *b, int64_t b_k, int64_t depth, float *c, int64_t c_row) {
    vf sum[12][4];
#pragma GCC unroll 12
    for (int r = 0; r < rows; r++) {
#pragma GCC unroll 4
        for (int v = 0; v < vectors; v++) {
            sum[r][v] = add ? vf_load(c + r * c_row + v * IPK_LANES) : vf_splat(0);
        }
    }
    for (int64_t k = 0; k < depth; k++) {
        vf row[4];
#pragma GCC unroll 4
        for (int v = 0; v < vectors; v++) {
            row[v] = vf_load(b + v * IPK_LANES);
        }
#pragma GCC unroll 12
        for (int r = 0; r < rows; r++) {
            vf x = vf_splat(a[r * a_row]);
#pragma GCC unroll 4
            for (int v = 0; v < vectors; v++) {
                sum[r][v] = vf_fma(x, row[v], sum[r][v]);
            }
        }
        a += a_k;
        b += b_k;
    }
#pragma GCC unroll 12
    for (int r = 0; r < rows; r++) {
#pragma GCC unroll 4
        for (int v = 0; v < vectors; v++) {
            vf_store(c + r * c_row + v * IPK_LANES, sum[r][v]);
        }
    }
}

/* All rows of c's columns [0, vectors * IPK_LANES). */
IPK_INLINE void attention_columns(const int vectors, const int most, const int add, int64_t rows, const float *a,
                                  int64_t a_row, int64_t a_k, const float *b, int64_t b_k, int64_t depth, float *c,
                                  int64_t c_row) {
    while (rows >= most) {
        attention_tile(most, vectors, add, a, a_row, a_k, b, b_k, depth, c, c_row);
        a += most * a_row;
        c += most * c_row;
        rows -= most;
    }
#define ATTENTION_REST(n)                                                                                              \
    if (most > n && rows >= n) {                                                                                       \
        attention_tile(n, vectors, add, a, a_row, a_k, b, b_k, depth, c, c_row);                                       \
        a += n * a_row;                                                                                                \
        c += n * c_row;                                                                                                \
        rows -= n;                                                                                                     \
    }
    ATTENTION_REST(8)
    ATTENTION_REST(4)
    ATTENTION_REST(2)
    ATTENTION_REST(1)
#undef ATTENTION_REST
}

/* c[rows][columns] = a b, or += a b; columns is a multiple of IPK_LANES. */
IPK_INLINE void attention_product(const int add, int64_t rows, int64_t columns, const float *a, int64_t a_row,
                                  int64_t a_k, const float *b, int64_t b_k, int64_t depth, float *c, int64_t c_row) {
    int64_t j = 0;
    for (; j + 4 * IPK_LANES <= columns; j += 4 * IPK_LANES) {
        attention_columns(4, ATTENTION_ROWS_4, add, rows, a, a_row, a_k, b + j, b_k, depth, c + j, c_row);
    }
    for (; j + 2 * IPK_LANES <= columns; j += 2 * IPK_LANES) {
        attention_columns(2, ATTENTION_ROWS_2, add, rows, a, a_row, a_k, b + j, b_k, depth, c + j, c_row);
    }
    if (j < columns) {
        attention_columns(1, ATTENTION_ROWS_1, add, rows, a, a_row, a_k, b + j, b_k, depth, c + j, c_row);
    }
}

/* c = a b with the elements of a row of a side by side. */
static void attention_rows(int64_t rows, int64_t columns, const float *a, int64_t a_row, const float *b, int64_t b_k,
                           int64_t depth, float *c, int64_t c_row) {
    attention_product(0, rows, columns, a, a_row, 1, b, b_k, depth, c, c_row);
}

/* c += a^T b with the elements of a column of the result side by side. */
static void attention_add_transposed(int64_t rows, int64_t columns, const float *a, int64_t a_k, const float *b,
                                     int64_t b_k, int64_t depth, float *c, int64_t c_row) {
    attention_product(1, rows, columns, a, 1, a_k, b, b_k, depth, c, c_row);
}

/* Copies rows of a wider buffer, each filled up with zeros. */
IPK_INLINE void attention_pack(int64_t rows, int64_t size, int64_t filled, const float *from, int64_t stride, float *to) {
    for (int64_t r = 0; r < rows; r++) {
        int64_t i = 0;
        for (; i + IPK_LANES <= size; i += IPK_LANES) {
            vf_store(to + i, vf_load(from + i));
        }
        if (i < size) {
            vf_store(to + i, vf_load_part(from + i, size - i));
        }
        from += stride;
        to += filled;
    }
}

/* to[d][row] = from[row][d], columns filled up with zeros. */
static void attention_pack_transposed(int64_t rows, int64_t size, int64_t filled, const float *from, int64_t stride,
                                      float *to) {
    for (int64_t r = 0; r < filled; r += IPK_LANES) {
        int64_t count = rows - r < IPK_LANES ? rows - r : IPK_LANES;
        int64_t d = 0;
#if IPK_LANES == 16
        for (; d + 16 <= size && count == 16; d += 16) {
            vf_transpose(from + r * stride + d, stride, to + d * filled + r, filled);
        }
#endif
        for (; d < size; d++) {
            vf column = vf_splat(0);
            for (int64_t i = 0; i < count; i++) {
                column[i] = from[(r + i) * stride + d];
            }
            vf_store(to + d * filled + r, column);
        }
    }
}

IPK_INLINE void attention_copy(int64_t n, const float *from, float *to) {
    int64_t i = 0;
    for (; i + IPK_LANES <= n; i += IPK_LANES) {
        vf_store(to + i, vf_load(from + i));
    }
    if (i < n) {
        vf_store_part(to + i, vf_load_part(from + i, n - i), n - i);
    }
}

/* to = factor * from */
IPK_INLINE void attention_scale(int64_t n, float factor, const float *from, float *to) {
    vf f = vf_splat(factor);
    int64_t i = 0;
    for (; i + IPK_LANES <= n; i += IPK_LANES) {
        vf_store(to + i, vf_load(from + i) * f);
    }
    if (i < n) {
        vf_store_part(to + i, vf_load_part(from + i, n - i) * f, n - i);
    }
}

/* The largest of n scores; lanes beyond n are ignored. */
IPK_INLINE float attention_max(int64_t n, const float *s) {
    vf max = vf_splat(-__builtin_inff());
    int64_t i = 0;
    for (; i + IPK_LANES <= n; i += IPK_LANES) {
        max = vf_max(max, vf_load(s + i));
    }
    if (i < n) {
        max = vf_max(max, vf_load_over(max, s + i, n - i));
    }
    return vf_largest(max);
}

/* The weight of a score: forward from the row's largest score, backward from the log-sum-exp of the scaled ones. */
IPK_INLINE vf attention_weight(const int backward, vf s, vf scale, vf shift) {
    if (backward) {
        return vf_exp_below(vf_fma(s, scale, -shift));
    }
    return vf_exp_below((s - shift) * scale); /* exactly 1 for the largest score, however large that is */
}

/* Replaces n scores by their weights, with 0 up to a whole vector; returns their sum. */
IPK_INLINE float attention_weights(const int backward, int64_t n, float scale, float shift, float *s) {
    vf f = vf_splat(scale), t = vf_splat(shift), sum = vf_splat(0);
    int64_t i = 0;
    for (; i + IPK_LANES <= n; i += IPK_LANES) {
        vf e = attention_weight(backward, vf_load(s + i), f, t);
        sum += e;
        vf_store(s + i, e);
    }
    if (i < n) {
        vf e = vf_first(attention_weight(backward, vf_load(s + i), f, t), n - i);
        sum += e;
        vf_store(s + i, e);
    }
    return vf_sum(sum);
}

/* The log-sum-exp of the scaled scores of some queries, whose results lie that many elements apart. */
IPK_INLINE void attention_log_sum_exp(int64_t queries, float scale, const float *maxima, const float *sums, float *to,
                                      int64_t stride) {
    for (int64_t j = 0; j < queries; j += IPK_LANES) {
        int64_t count = queries - j < IPK_LANES ? queries - j : IPK_LANES;
        vf max = vf_load_upto(maxima + j, count);
        vf result = vf_fma(max, vf_splat(scale), vf_log(vf_load_upto(sums + j, count)));
        for (int64_t i = 0; i < count; i++) {
            to[(j + i) * stride] = result[i];
        }
    }
}

/* The parts of scratch for one head. */
struct attention_scratch {
    int64_t keys;    /* keys of a row of scores */
    int64_t filled;  /* head size up to whole vectors */
    float *k_t;      /* [headSize, keys] */
    float *v_t;      /* [headSize, keys]; backward only */
    float *k;        /* [numKeys, filled]; backward only */
    float *v;        /* [numKeys, filled]; forward only */
    float *dk;       /* [numKeys, filled]; backward only */
    float *dv;       /* [numKeys, filled]; backward only */
    float *q;        /* [queries, filled] */
    float *d_out;    /* [queries, filled]; backward only */
    float *out;      /* [queries, filled] */
    float *scores;   /* [queries, keys] */
    float *d_scores; /* [queries, keys]; backward only */
};

IPK_INLINE float *attention_take(float **next, int64_t n) {
    float *taken = *next;
    *next += attention_padded(n);
    return taken;
}

/* Lays scratch out; returns how many floats it takes. A line between rows of scores keeps them out of the same cache sets. */
IPK_INLINE int64_t attention_layout(struct attention_scratch *s, int64_t head_size, int64_t num_keys, int backward,
                                    void *memory) {
    float *start = (float *)(((uintptr_t)memory + 63) & ~(uintptr_t)63);
    float *next = start;
    int64_t queries = backward ? ATTENTION_BACKWARD_QUERIES : ATTENTION_FORWARD_QUERIES;
    s->filled = attention_padded(head_size);
    s->keys = attention_padded(num_keys);
    s->keys += s->keys % 64 == 0 ? 16 : 0;
    s->k_t = attention_take(&next, head_size * s->keys);
    s->q = attention_take(&next, queries * s->filled);
    s->out = attention_take(&next, queries * s->filled);
    s->scores = attention_take(&next, queries * s->keys);
    if (backward) {
        s->v_t = attention_take(&next, head_size * s->keys);
        s->k = attention_take(&next, num_keys * s->filled);
        s->dk = attention_take(&next, num_keys * s->filled);
        s->dv = attention_take(&next, num_keys * s->filled);
        s->d_out = attention_take(&next, queries * s->filled);
        s->d_scores = attention_take(&next, queries * s->keys);
    } else {
        s->v = attention_take(&next, num_keys * s->filled);
    }
    return next - start;
}

static int64_t IPK_KERNEL(ipk_attention_scratch_f32)(int64_t head_size, int64_t num_keys) {
    struct attention_scratch s;
    return attention_layout(&s, head_size, num_keys, 1, NULL) * (int64_t)sizeof(float) + 64;
}

static void IPK_KERNEL(ipk_attention_forward_f32)(int64_t heads, int64_t head_size, int64_t sequences,
                                                  const int32_t *query_starts, const int32_t *key_starts,
                                                  const float *q, int64_t q_stride, const float *kv, int64_t kv_stride,
                                                  int64_t k_column, int64_t v_column, float *out, float *log_sum_exp,
                                                  void *scratch) {
    float scale = 1 / __builtin_sqrtf((float)head_size);
    int64_t width = heads * head_size;
    for (int64_t i = 0; i < sequences; i++) {
        int64_t first_key = key_starts[i], keys = key_starts[i + 1] - first_key;
        if (query_starts[i] == query_starts[i + 1]) {
            continue;
        }
        struct attention_scratch s;
        attention_layout(&s, head_size, keys, 0, scratch);
        int64_t columns = attention_padded(keys);
        for (int64_t h = 0; h < heads; h++) {
            const float *key = kv + first_key * kv_stride + k_column + h * head_size;
            const float *value = kv + first_key * kv_stride + v_column + h * head_size;
            attention_pack_transposed(keys, head_size, s.keys, key, kv_stride, s.k_t);
            attention_pack(keys, head_size, s.filled, value, kv_stride, s.v);
            for (int64_t r = query_starts[i]; r < query_starts[i + 1]; r += ATTENTION_FORWARD_QUERIES) {
                int64_t queries = query_starts[i + 1] - r;
                queries = queries < ATTENTION_FORWARD_QUERIES ? queries : ATTENTION_FORWARD_QUERIES;
                attention_rows(queries, columns, q + r * q_stride + h * head_size, q_stride, s.k_t, s.keys, head_size,
                               s.scores, s.keys);
                float maxima[ATTENTION_FORWARD_QUERIES], sums[ATTENTION_FORWARD_QUERIES];
                for (int64_t j = 0; j < queries; j++) {
                    float *row = s.scores + j * s.keys;
                    maxima[j] = attention_max(keys, row);
                    sums[j] = attention_weights(0, keys, scale, maxima[j], row);
                }
                if (log_sum_exp) {
                    attention_log_sum_exp(queries, scale, maxima, sums, log_sum_exp + r * heads + h, heads);
                }
                attention_rows(queries, s.filled, s.scores, s.keys, s.v, s.filled, keys, s.out, s.filled);
                for (int64_t j = 0; j < queries; j++) {
                    attention_scale(head_size, 1 / sums[j], s.out + j * s.filled, out + (r + j) * width + h * head_size);
                }
            }
        }
    }
}

/*
 * Replaces dp by ds = scale * p * (dp - sum(p * dp)). The log-sum-exp is rounded, so the weights of a row with large scores
 * may not sum to 1: sum is what they sum to, and p is weight / sum.
 */
IPK_INLINE void attention_softmax_gradient(int64_t columns, float scale, float sum, const float *weight, float *d) {
    vf total = vf_splat(0);
    for (int64_t i = 0; i < columns; i += IPK_LANES) {
        total = vf_fma(vf_load(weight + i), vf_load(d + i), total);
    }
    vf mean = vf_splat(vf_sum(total) / sum), factor = vf_splat(scale / sum);
    for (int64_t i = 0; i < columns; i += IPK_LANES) {
        vf_store(d + i, vf_load(weight + i) * ((vf_load(d + i) - mean) * factor));
    }
}

/* A block of queries of one head; the pointers are to its first query. */
static void attention_backward_block(const struct attention_scratch *s, int64_t head_size, int64_t keys,
                                     int64_t queries, const float *q, int64_t q_stride, const float *log_sum_exp,
                                     int64_t heads, const float *d_out, int64_t width, float *dq) {
    float scale = 1 / __builtin_sqrtf((float)head_size);
    int64_t columns = attention_padded(keys);
    attention_pack(queries, head_size, s->filled, q, q_stride, s->q);
    attention_pack(queries, head_size, s->filled, d_out, width, s->d_out);
    attention_rows(queries, columns, s->q, s->filled, s->k_t, s->keys, head_size, s->scores, s->keys);
    attention_rows(queries, columns, s->d_out, s->filled, s->v_t, s->keys, head_size, s->d_scores, s->keys);
    for (int64_t j = 0; j < queries; j++) {
        float *weights = s->scores + j * s->keys;
        float sum = attention_weights(1, keys, scale, log_sum_exp[j * heads], weights);
        attention_softmax_gradient(columns, scale, sum, weights, s->d_scores + j * s->keys);
        attention_scale(s->filled, 1 / sum, s->d_out + j * s->filled, s->d_out + j * s->filled);
    }
    attention_add_transposed(keys, s->filled, s->scores, s->keys, s->d_out, s->filled, queries, s->dv, s->filled);
    attention_add_transposed(keys, s->filled, s->d_scores, s->keys, s->q, s->filled, queries, s->dk, s->filled);
    attention_rows(queries, s->filled, s->d_scores, s->keys, s->k, s->filled, keys, s->out, s->filled);
    for (int64_t j = 0; j < queries; j++) {
        attention_copy(head_size, s->out + j * s->filled, dq + j * q_stride);
    }
}

static void IPK_KERNEL(ipk_attention_backward_f32)(int64_t heads, int64_t head_size, int64_t sequences,
                                                   const int32_t *query_starts, const int32_t *key_starts,
                                                   const float *q, int64_t q_stride, const float *kv, int64_t kv_stride,
                                                   int64_t k_column, int64_t v_column, const float *log_sum_exp,
                                                   const float *d_out, float *dq, float *dkv, void *scratch) {
    int64_t width = heads * head_size;
    for (int64_t i = 0; i < sequences; i++) {
        int64_t first_key = key_starts[i], keys = key_starts[i + 1] - first_key;
        struct attention_scratch s;
        attention_layout(&s, head_size, keys, 1, scratch);
        for (int64_t h = 0; h < heads; h++) {
            int64_t column = h * head_size;
            const float *key = kv + first_key * kv_stride + k_column + column;
            const float *value = kv + first_key * kv_stride + v_column + column;
            attention_pack_transposed(keys, head_size, s.keys, key, kv_stride, s.k_t);
            attention_pack_transposed(keys, head_size, s.keys, value, kv_stride, s.v_t);
            attention_pack(keys, head_size, s.filled, key, kv_stride, s.k);
            memset(s.dk, 0, (size_t)(keys * s.filled) * sizeof(float));
            memset(s.dv, 0, (size_t)(keys * s.filled) * sizeof(float));
            for (int64_t r = query_starts[i]; r < query_starts[i + 1]; r += ATTENTION_BACKWARD_QUERIES) {
                int64_t queries = query_starts[i + 1] - r;
                queries = queries < ATTENTION_BACKWARD_QUERIES ? queries : ATTENTION_BACKWARD_QUERIES;
                attention_backward_block(&s, head_size, keys, queries, q + r * q_stride + column, q_stride,
                                         log_sum_exp + r * heads + h, heads, d_out + r * width + column, width,
                                         dq + r * q_stride + column);
            }
            for (int64_t j = 0; j < keys; j++) {
                float *row = dkv + (first_key + j) * kv_stride + column;
                attention_copy(head_size, s.dk + j * s.filled, row + k_column);
                attention_copy(head_size, s.dv + j * s.filled, row + v_column);
            }
        }
    }
}
