/*
 * Products of rows with a frozen weight packed into panels, and of two small matrices.
 *
 * A panel holds LINEAR_COLUMNS columns of the right operand as [k][LINEAR_COLUMNS], the last one filled up with zeros, so that the
 * inner loop reads it front to back. A block of left rows is first copied to scratch, cut at every LINEAR_DEPTH values of k
 * with a constant stride, so that all its elements are addressed from one register. One piece of a panel, [LINEAR_DEPTH]
 * [LINEAR_COLUMNS], is 24 KiB with AVX-512: it stays in the first-level cache while the block's tiles pass over it.
 *
 * Every element of the result is one chain over ascending k that starts with bias and residual, whatever tile it is in.
 *
 * Where the processor multiplies pairs of bf16 (AVX512_BF16), the panels and left rows of bf16 products hold pairs of k, a pair in
 * the place of one float; all else is the same for k / 2 pairs.
 */
#include "linear_finish.h"

#if IPK_LANES == 16
#define LINEAR_HEIGHT 14 /* 28 accumulators, 2 vectors of the panel, 1 element of the left rows: 31 of 32 registers */
#else
#define LINEAR_HEIGHT 6
#endif
#if defined(__AVX512BF16__)
#define LINEAR_PAIRS 1
#else
#define LINEAR_PAIRS 0
#endif
#define LINEAR_COLUMNS (2 * IPK_LANES)
#define LINEAR_DEPTH 192
/* One line more than the depth, so that rows of a tile do not fall into the same sets of the cache. */
#define LINEAR_STRIDE (LINEAR_DEPTH + 16)
/*
 * How many steps of k ahead a panel is asked for, and how many its pages are. Frozen weights are larger than any cache and come from
 * memory in every call: with few left rows 16 steps were too late, and asking for each page earlier still saved time on top, with large
 * pages too (a virtual machine, where the pages behind them may be small).
 */
#define LINEAR_AHEAD 64
#define LINEAR_PAGES_AHEAD 384
#define LINEAR_PAGE_STEPS (4096 / (LINEAR_COLUMNS * 4))
/* Left rows copied at once: half of a second-level cache of 1 MiB or more, at most 12 tiles. */
#define LINEAR_BLOCK_BYTES (512 * 1024)

IPK_INLINE int64_t linear_pieces(int64_t k) { return k <= LINEAR_DEPTH ? 1 : (k + LINEAR_DEPTH - 1) / LINEAR_DEPTH; }

/* The most left rows of a block. */
IPK_INLINE int64_t linear_block(int64_t k) {
    int64_t rows = LINEAR_BLOCK_BYTES / (linear_pieces(k) * LINEAR_STRIDE * (int64_t)sizeof(float));
    rows = rows / LINEAR_HEIGHT * LINEAR_HEIGHT;
    return rows < LINEAR_HEIGHT ? LINEAR_HEIGHT : rows > 12 * LINEAR_HEIGHT ? 12 * LINEAR_HEIGHT : rows;
}

/* What a panel holds; a constant in each version of the inner loop. */
enum linear_elements { LINEAR_F32, LINEAR_BF16, LINEAR_BF16_PAIRS };

/*
 * c[height][LINEAR_COLUMNS] = first + bias + a b for one piece; NULL is 0. first has ldfirst elements between rows, 0 for one row
 * that all share.
 */
IPK_INLINE void linear_tile(const int height, const enum linear_elements elements, const float *a, const void *panel, int64_t depth,
                            const float *first, int64_t ldfirst, const float *bias, float *c, int64_t ldc) {
    const float *b = panel;
    const uint16_t *b16 = panel;
    vf sum[LINEAR_HEIGHT][2];
    vf bias0 = bias ? vf_load(bias) : vf_splat(0);
    vf bias1 = bias ? vf_load(bias + IPK_LANES) : vf_splat(0);
#pragma GCC unroll 16
    for (int r = 0; r < height; r++) {
        sum[r][0] = bias0;
        sum[r][1] = bias1;
    }
    if (first) {
#pragma GCC unroll 16
        for (int r = 0; r < height; r++) {
            sum[r][0] += vf_load(first + r * ldfirst);
            sum[r][1] += vf_load(first + r * ldfirst + IPK_LANES);
        }
    }
    for (int64_t i = 0; i < depth; i++) {
        vf b0, b1;
        if (i % LINEAR_PAGE_STEPS == 0) {
            __builtin_prefetch(elements == LINEAR_BF16 ? (const void *)(b16 + LINEAR_PAGES_AHEAD * LINEAR_COLUMNS)
                                                       : (const void *)(b + LINEAR_PAGES_AHEAD * LINEAR_COLUMNS));
        }
        if (elements == LINEAR_BF16) {
            b0 = vf_load_bf16(b16);
            b1 = vf_load_bf16(b16 + IPK_LANES);
            b16 += LINEAR_COLUMNS;
            __builtin_prefetch(b16 + LINEAR_AHEAD * LINEAR_COLUMNS);
        } else {
            b0 = vf_load(b);
            b1 = vf_load(b + IPK_LANES);
            b += LINEAR_COLUMNS;
            __builtin_prefetch(b + LINEAR_AHEAD * LINEAR_COLUMNS);
            if (LINEAR_COLUMNS > 16) {
                __builtin_prefetch(b + LINEAR_AHEAD * LINEAR_COLUMNS + 16);
            }
        }
#pragma GCC unroll 16
        for (int r = 0; r < height; r++) {
            vf x = vf_splat(a[r * LINEAR_STRIDE + i]);
#if LINEAR_PAIRS
            if (elements == LINEAR_BF16_PAIRS) {
                sum[r][0] = (vf)_mm512_dpbf16_ps((__m512)sum[r][0], (__m512bh)x, (__m512bh)b0);
                sum[r][1] = (vf)_mm512_dpbf16_ps((__m512)sum[r][1], (__m512bh)x, (__m512bh)b1);
                continue;
            }
#endif
            sum[r][0] += x * b0;
            sum[r][1] += x * b1;
        }
    }
#pragma GCC unroll 16
    for (int r = 0; r < height; r++) {
        vf_store(c + r * ldc, sum[r][0]);
        vf_store(c + r * ldc + IPK_LANES, sum[r][1]);
    }
}

typedef void linear_tile_function(const float *a, const void *b, int64_t depth, const float *first, int64_t ldfirst,
                                  const float *bias, float *c, int64_t ldc);

#define LINEAR_TILE(height, type, elements)                                                                            \
    static __attribute__((noinline)) void linear_tile_##height##_##type(                                               \
        const float *a, const void *b, int64_t depth, const float *first, int64_t ldfirst, const float *bias, float *c, \
        int64_t ldc) {                                                                                                 \
        linear_tile(height, elements, a, b, depth, first, ldfirst, bias, c, ldc);                                       \
    }
#if LINEAR_HEIGHT == 14
#define LINEAR_HEIGHTS(X, ...)                                                                                         \
    X(1, __VA_ARGS__) X(2, __VA_ARGS__) X(3, __VA_ARGS__) X(4, __VA_ARGS__) X(5, __VA_ARGS__) X(6, __VA_ARGS__)        \
    X(7, __VA_ARGS__) X(8, __VA_ARGS__) X(9, __VA_ARGS__) X(10, __VA_ARGS__) X(11, __VA_ARGS__) X(12, __VA_ARGS__)     \
    X(13, __VA_ARGS__) X(14, __VA_ARGS__)
#else
#define LINEAR_HEIGHTS(X, ...)                                                                                         \
    X(1, __VA_ARGS__) X(2, __VA_ARGS__) X(3, __VA_ARGS__) X(4, __VA_ARGS__) X(5, __VA_ARGS__) X(6, __VA_ARGS__)
#endif
#define LINEAR_ENTRY(height, type) [height] = linear_tile_##height##_##type,

/* The element type of the panels: its size, its tiles by height, and whether left rows are rounded to it. */
struct linear_type {
    int64_t element;
    int rounds;
    int pairs; /* an element is a pair of values of k */
    linear_tile_function *tiles[LINEAR_HEIGHT + 1];
};

LINEAR_HEIGHTS(LINEAR_TILE, f32, LINEAR_F32)
static const struct linear_type linear_f32 = {4, 0, 0, {LINEAR_HEIGHTS(LINEAR_ENTRY, f32)}};

#if !defined(__AMX_BF16__)
#if LINEAR_PAIRS
LINEAR_HEIGHTS(LINEAR_TILE, bf16, LINEAR_BF16_PAIRS)
static const struct linear_type linear_bf16 = {4, 1, 1, {LINEAR_HEIGHTS(LINEAR_ENTRY, bf16)}};
#else
LINEAR_HEIGHTS(LINEAR_TILE, bf16, LINEAR_BF16)
static const struct linear_type linear_bf16 = {2, 1, 0, {LINEAR_HEIGHTS(LINEAR_ENTRY, bf16)}};
#endif
#endif

static void linear_finish_rows(const struct linear_finish *f, float *c, int64_t ldc, int64_t offset, int64_t n,
                               int64_t rows, int64_t columns) {
    for (int64_t r = 0; r < rows; r++) {
        for (int64_t j = 0; j < columns; j += IPK_LANES) {
            float *at = c + r * ldc + j;
            int64_t count = columns - j;
            vf x = count >= IPK_LANES ? vf_load(at) : vf_load_part(at, count);
            x = linear_finished(f, x, offset + r * n + j, count);
            if (count >= IPK_LANES) {
                vf_store(at, x);
            } else {
                vf_store_part(at, x, count);
            }
        }
    }
}

/* A block of left rows that was copied, and where its part of the result goes. */
struct linear_rows {
    int64_t rows, k, n;
    const float *left; /* [pieces][rows][LINEAR_STRIDE] */
    float *apart;      /* [rows][LINEAR_COLUMNS] */
    const struct linear_type *type;
};

/*
 * One panel. first and c point at the block's first row and the panel's first column; offset is that place in the whole
 * result. Sums that cannot be kept in c, because the panel is narrow or c is still to be read, are kept apart.
 */
static void linear_panel(const struct linear_rows *block, int64_t columns, const void *panel, const float *first,
                         const float *bias, const struct linear_finish *finish, int64_t offset, float *c) {
    float wide_bias[LINEAR_COLUMNS];
    int64_t rows = block->rows, n = block->n;
    int narrow = columns < LINEAR_COLUMNS;
    int apart = narrow || finish->factor || finish->old;
    float *sums = apart ? block->apart : c;
    int64_t ldsums = apart ? LINEAR_COLUMNS : n;
    int64_t ldfirst = n;
    if (narrow && bias) {
        memset(wide_bias, 0, sizeof wide_bias);
        memcpy(wide_bias, bias, (size_t)columns * sizeof(float));
        bias = wide_bias;
    }
    if (narrow && first) {
        for (int64_t r = 0; r < rows; r++) {
            memcpy(sums + r * LINEAR_COLUMNS, first + r * n, (size_t)columns * sizeof(float));
            memset(sums + r * LINEAR_COLUMNS + columns, 0, (size_t)(LINEAR_COLUMNS - columns) * sizeof(float));
        }
        first = sums;
        ldfirst = LINEAR_COLUMNS;
    }
    int64_t tiles = (rows + LINEAR_HEIGHT - 1) / LINEAR_HEIGHT;
    for (int64_t done = 0; done < block->k || done == 0; done += LINEAR_DEPTH) {
        int64_t depth = block->k - done < LINEAR_DEPTH ? block->k - done : LINEAR_DEPTH;
        int last = done + depth == block->k;
        const float *left = block->left + done / LINEAR_DEPTH * rows * LINEAR_STRIDE;
        for (int64_t t = 0, r = 0; t < tiles; t++) {
            int64_t height = rows / tiles + (t < rows % tiles);
            float *to = sums + r * ldsums;
            const float *start = done > 0 ? to : first ? first + r * ldfirst : NULL;
            block->type->tiles[height](left + r * LINEAR_STRIDE,
                                       (const char *)panel + done * LINEAR_COLUMNS * block->type->element, depth, start,
                                       done > 0 ? ldsums : ldfirst, done > 0 ? NULL : bias, to, ldsums);
            if (last && linear_finishes(finish)) {
                linear_finish_rows(finish, to, ldsums, offset + r * n, n, height, columns);
            }
            r += height;
        }
    }
    for (int64_t r = 0; apart && r < rows; r++) {
        memcpy(c + r * n, sums + r * LINEAR_COLUMNS, (size_t)columns * sizeof(float));
    }
}

/* Copies rows first .. first + rows of op(x) [.., k] to the layout of struct linear_rows. */
static void linear_copy_left(int transposed, int rounds, int64_t m, int64_t k, const float *x, int64_t first, int64_t rows,
                             float *to) {
    for (int64_t done = 0; done < k; done += LINEAR_DEPTH) {
        int64_t depth = k - done < LINEAR_DEPTH ? k - done : LINEAR_DEPTH;
        float *piece = to + done / LINEAR_DEPTH * rows * LINEAR_STRIDE;
        if (transposed) {
            for (int64_t i = 0; i < depth; i++) {
                const float *from = x + (done + i) * m + first;
                for (int64_t r = 0; r < rows; r++) {
                    piece[r * LINEAR_STRIDE + i] = from[r];
                }
            }
        } else {
            for (int64_t r = 0; r < rows; r++) {
                memcpy(piece + r * LINEAR_STRIDE, x + (first + r) * k + done, (size_t)depth * sizeof(float));
                for (int64_t i = 0; rounds && i < depth; i++) {
                    piece[r * LINEAR_STRIDE + i] = bf16_value(bf16_round(piece[r * LINEAR_STRIDE + i]));
                }
            }
        }
    }
}

#if LINEAR_PAIRS
/* Copies rows first .. first + rows of x [.., k] as pairs of bf16 to the layout of struct linear_rows. */
static void linear_copy_pairs(int64_t k, const float *x, int64_t first, int64_t rows, float *to) {
    for (int64_t done = 0; done < k; done += 2 * LINEAR_DEPTH) {
        int64_t depth = k - done < 2 * LINEAR_DEPTH ? k - done : 2 * LINEAR_DEPTH;
        float *piece = to + done / (2 * LINEAR_DEPTH) * rows * LINEAR_STRIDE;
        for (int64_t r = 0; r < rows; r++) {
            const float *from = x + (first + r) * k + done;
            for (int64_t i = 0; i < depth; i += 32) {
                uint32_t mask = depth - i >= 32 ? 0xffffffffu : (1u << (depth - i)) - 1;
                __m512 low = _mm512_maskz_loadu_ps((__mmask16)mask, from + i);
                __m512 high = _mm512_maskz_loadu_ps((__mmask16)(mask >> 16), from + i + 16);
                __m512bh pairs = _mm512_cvtne2ps_pbh(high, low);
                /* The stride leaves room for whole vectors. */
                memcpy(piece + r * LINEAR_STRIDE + i / 2, &pairs, sizeof pairs);
            }
        }
    }
}
#endif

/* Packs columns column .. of op(b) [k, n] into one panel. */
static void linear_pack_panel(int transposed, int64_t k, int64_t n, const float *b, int64_t column, float *panel) {
    int64_t columns = n - column < LINEAR_COLUMNS ? n - column : LINEAR_COLUMNS;
    if (transposed) {
        for (int64_t from = 0; from < k; from += 64) { /* 64 values of k at a time, so that the panel stays in the cache */
            int64_t to = from + 64 < k ? from + 64 : k;
            for (int64_t j = 0; j < LINEAR_COLUMNS; j++) {
                const float *row = b + (column + j) * k;
                for (int64_t i = from; i < to; i++) {
                    panel[i * LINEAR_COLUMNS + j] = j < columns ? row[i] : 0;
                }
            }
        }
        return;
    }
    for (int64_t i = 0; i < k; i++) {
        memcpy(panel + i * LINEAR_COLUMNS, b + i * n + column, (size_t)columns * sizeof(float));
        memset(panel + i * LINEAR_COLUMNS + columns, 0, (size_t)(LINEAR_COLUMNS - columns) * sizeof(float));
    }
}

static int64_t IPK_KERNEL(ipk_linear_bytes_f32)(int64_t k, int64_t n) {
    return (n + LINEAR_COLUMNS - 1) / LINEAR_COLUMNS * LINEAR_COLUMNS * k * (int64_t)sizeof(float);
}

static void IPK_KERNEL(ipk_linear_pack_f32)(int64_t k, int64_t n, int32_t transposed, const float *weight, void *packed) {
    for (int64_t j = 0; j < n; j += LINEAR_COLUMNS) {
        linear_pack_panel(transposed, k, n, weight, j, (float *)packed + j * k);
    }
}

static int64_t IPK_KERNEL(ipk_linear_scratch_f32)(int64_t k) {
    int64_t row = linear_pieces(k) * LINEAR_STRIDE + LINEAR_COLUMNS;
    return linear_block(k) * row * (int64_t)sizeof(float) + 64;
}

/* Evenly large blocks of at most linear_block(k) rows. */
static void linear_product(const struct linear_type *type, int64_t rows, int64_t k, int64_t n, const void *packed,
                           const float *x, const float *residual, const float *bias, const struct linear_finish *finish,
                           float *y, void *scratch) {
    int64_t depth = type->pairs ? (k + 1) / 2 : k;
    int64_t blocks = (rows + linear_block(depth) - 1) / linear_block(depth);
    float *left = linear_align(scratch);
    for (int64_t i = 0, r = 0; i < blocks; i++) {
        int64_t count = rows / blocks + (i < rows % blocks);
        struct linear_rows block = {count, depth, n, left, left + linear_pieces(depth) * count * LINEAR_STRIDE, type};
#if LINEAR_PAIRS
        if (type->pairs) {
            linear_copy_pairs(k, x, r, count, left);
        } else
#endif
        {
            linear_copy_left(0, type->rounds, rows, k, x, r, count, left);
        }
        for (int64_t j = 0; j < n; j += LINEAR_COLUMNS) {
            linear_panel(&block, n - j < LINEAR_COLUMNS ? n - j : LINEAR_COLUMNS,
                         (const char *)packed + j * depth * type->element,
                         residual ? residual + r * n + j : NULL, bias ? bias + j : NULL, finish, r * n + j,
                         y + r * n + j);
        }
        r += count;
    }
}

static void IPK_KERNEL(ipk_linear_forward_f32)(int64_t rows, int64_t k, int64_t n, const void *packed, const float *x,
                                               const float *bias, const float *residual, int32_t activation, float *slope,
                                               float *y, void *scratch) {
    struct linear_finish finish = {activation, slope, NULL, NULL, 1, 0};
    linear_product(&linear_f32, rows, k, n, packed, x, residual, bias, &finish, y, scratch);
}

static void IPK_KERNEL(ipk_linear_backward_f32)(int64_t rows, int64_t k, int64_t n, const void *packed, const float *x,
                                                const float *slope, float *y, void *scratch) {
    struct linear_finish finish = {IPK_NONE, NULL, slope, NULL, 1, 0};
    linear_product(&linear_f32, rows, k, n, packed, x, NULL, NULL, &finish, y, scratch);
}

static int64_t IPK_KERNEL(ipk_gemm_scratch_f32)(int64_t k) {
    return IPK_KERNEL(ipk_linear_scratch_f32)(k) + LINEAR_COLUMNS * k * (int64_t)sizeof(float) + 64;
}

static void IPK_KERNEL(ipk_gemm_f32)(int32_t transpose_a, int32_t transpose_b, int64_t m, int64_t n, int64_t k, float alpha,
                                     const float *a, const float *b, float beta, float *c, void *scratch) {
    struct linear_finish finish = {IPK_NONE, NULL, NULL, beta == 0 ? NULL : c, alpha, beta};
    int64_t blocks = (m + linear_block(k) - 1) / linear_block(k);
    float *panel = linear_align(scratch);
    float *left = panel + LINEAR_COLUMNS * k;
    for (int64_t i = 0, r = 0; i < blocks; i++) {
        int64_t count = m / blocks + (i < m % blocks);
        struct linear_rows block = {count, k, n, left, left + linear_pieces(k) * count * LINEAR_STRIDE,
                                    &linear_f32};
        linear_copy_left(transpose_a, 0, m, k, a, r, count, left);
        for (int64_t j = 0; j < n; j += LINEAR_COLUMNS) {
            linear_pack_panel(transpose_b, k, n, b, j, panel);
            linear_panel(&block, n - j < LINEAR_COLUMNS ? n - j : LINEAR_COLUMNS, panel, NULL, NULL, &finish, r * n + j,
                         c + r * n + j);
        }
        r += count;
    }
}

#if !defined(__AMX_BF16__)
/* Weights in bf16 in the same panels; left rows are rounded to bf16 too, as the hardware's own products do. */

static int64_t IPK_KERNEL(ipk_linear_bytes_bf16)(int64_t k, int64_t n) {
    return IPK_KERNEL(ipk_linear_bytes_f32)(LINEAR_PAIRS ? k + (k & 1) : k, n) / 2;
}

static void IPK_KERNEL(ipk_linear_pack_bf16)(int64_t k, int64_t n, int32_t transposed, const float *weight, void *packed) {
    uint16_t *to = packed;
    const int64_t together = LINEAR_PAIRS ? 2 : 1; /* values of k side by side */
    for (int64_t j = 0; j < n; j += LINEAR_COLUMNS) {
        for (int64_t i = 0; i < k; i += together) {
            for (int64_t c = j; c < j + LINEAR_COLUMNS; c++) {
                for (int64_t l = i; l < i + together; l++) {
                    *to++ = c < n && l < k ? bf16_round(weight[transposed ? c * k + l : l * n + c]) : 0;
                }
            }
        }
    }
}

static int64_t IPK_KERNEL(ipk_linear_scratch_bf16)(int64_t k) {
    return IPK_KERNEL(ipk_linear_scratch_f32)(LINEAR_PAIRS ? (k + 1) / 2 : k);
}

static void IPK_KERNEL(ipk_linear_forward_bf16)(int64_t rows, int64_t k, int64_t n, const void *packed, const float *x,
                                                const float *bias, const float *residual, int32_t activation, float *slope,
                                                float *y, void *scratch) {
    struct linear_finish finish = {activation, slope, NULL, NULL, 1, 0};
    linear_product(&linear_bf16, rows, k, n, packed, x, residual, bias, &finish, y, scratch);
}

static void IPK_KERNEL(ipk_linear_backward_bf16)(int64_t rows, int64_t k, int64_t n, const void *packed, const float *x,
                                                 const float *slope, float *y, void *scratch) {
    struct linear_finish finish = {IPK_NONE, NULL, slope, NULL, 1, 0};
    linear_product(&linear_bf16, rows, k, n, packed, x, NULL, NULL, &finish, y, scratch);
}
#endif
