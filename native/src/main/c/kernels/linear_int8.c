/*
 * Products with int8 weights, for inference. Column j of the weight is s_j times integers in [-127, 127], s_j = max |w| / 127. A row
 * of x is, when it is multiplied, t (q - z) with integers q in [0, 255] and a zero point z of its own: t is the range of its values
 * and 0 over 255. Then y = sum (q - z) w times t s_j, with sums of integers, which are exact: as far as
 * bias and residual the result is bit for bit the same in every tier.
 *
 * A row or column whose range is below about 1e-34 counts as zeros; one with an infinity or NaN gives NaN.
 *
 * A panel holds INT8_COLUMNS columns: their scales, the sums of their integers, and the integers as [k / 4][INT8_COLUMNS][4], filled
 * up with zeros. Left rows are laid out as in linear.c, four values of k in the place of one float. With VNNI they are bytes q, and
 * z times the column's sum is taken off in the end. Other processors multiply pairs of 16 bits: left rows are q - z, and the bytes of
 * a group of four lie in the order 0, 2, 1, 3, so that the even ones and the odd ones are pairs.
 */
#include "linear_finish.h"

#include <math.h>

#define INT8_COLUMNS (2 * IPK_LANES)
#define INT8_DEPTH 192 /* groups of four: with AVX-512 24 KiB of a panel, half of the first-level cache */
#if defined(__AVX512VNNI__)
#define INT8_HEIGHT 14 /* 28 accumulators, 2 vectors of the panel, 1 group of the left rows: 31 of 32 registers */
typedef uint8_t int8_left;
#else
#define INT8_HEIGHT (IPK_LANES == 16 ? 10 : 4)
typedef int16_t int8_left;
#endif
/* How many groups ahead a panel is asked for, as in linear.c. */
#define INT8_AHEAD 64
/* Values of a row in one piece: a line more than the depth, so that rows do not fall into the same sets of the cache. */
#define INT8_STRIDE (4 * INT8_DEPTH + 64)
/* Left rows quantised at once. */
#define INT8_BLOCK_BYTES (512 * 1024)
/* A smaller scale has no inverse worth using. */
#define INT8_LEAST_SCALE 0x1p-120f

IPK_INLINE int64_t int8_depth(int64_t k) { return (k + 3) / 4; }

IPK_INLINE int64_t int8_pieces(int64_t k) { return (int8_depth(k) + INT8_DEPTH - 1) / INT8_DEPTH; }

IPK_INLINE int64_t int8_panel_bytes(int64_t k) {
    return INT8_COLUMNS * ((int64_t)sizeof(float) + (int64_t)sizeof(int32_t) + 4 * int8_depth(k));
}

/* The most left rows of a block. */
IPK_INLINE int64_t int8_block(int64_t k) {
    int64_t rows = INT8_BLOCK_BYTES / (int8_pieces(k) * INT8_STRIDE * (int64_t)sizeof(int8_left));
    rows = rows / INT8_HEIGHT * INT8_HEIGHT;
    return rows < INT8_HEIGHT ? INT8_HEIGHT : rows > 12 * INT8_HEIGHT ? 12 * INT8_HEIGHT : rows;
}

static int64_t IPK_KERNEL(ipk_linear_bytes_int8)(int64_t k, int64_t n) {
    return (n + INT8_COLUMNS - 1) / INT8_COLUMNS * int8_panel_bytes(k);
}

static void IPK_KERNEL(ipk_linear_pack_int8)(int64_t k, int64_t n, int32_t transposed, const float *weight, void *packed) {
#if defined(__AVX512VNNI__)
    static const int8_t order[4] = {0, 1, 2, 3};
#else
    static const int8_t order[4] = {0, 2, 1, 3};
#endif
    int64_t step = transposed ? 1 : n;
    for (int64_t j = 0; j < n; j += INT8_COLUMNS) {
        char *panel = (char *)packed + j / INT8_COLUMNS * int8_panel_bytes(k);
        int8_t *bytes = (int8_t *)panel + INT8_COLUMNS * (sizeof(float) + sizeof(int32_t));
        memset(panel, 0, (size_t)int8_panel_bytes(k));
        for (int64_t c = 0; c < INT8_COLUMNS && j + c < n; c++) {
            const float *column = weight + (j + c) * (transposed ? k : 1);
            float largest = 0, poison = 0;
            for (int64_t i = 0; i < k; i++) {
                float size = fabsf(column[i * step]);
                largest = size > largest ? size : largest;
                poison += size * 0.0f;
            }
            float scale = largest / 127.0f + poison;
            float inverse = scale >= INT8_LEAST_SCALE ? 1.0f / scale : 0.0f; /* not for NaN either */
            int32_t sum = 0;
            for (int64_t i = 0; i < k && inverse > 0; i++) {
                long q = lrintf(column[i * step] * inverse);
                q = q > 127 ? 127 : q < -127 ? -127 : q;
                sum += (int32_t)q;
                bytes[(i / 4 * INT8_COLUMNS + c) * 4 + order[i % 4]] = (int8_t)q;
            }
            scale = scale < INT8_LEAST_SCALE ? 0.0f : scale;
            memcpy(panel + c * 4, &scale, sizeof scale);
            memcpy(panel + (INT8_COLUMNS + c) * 4, &sum, sizeof sum);
        }
    }
}

static int64_t IPK_KERNEL(ipk_linear_scratch_int8)(int64_t k) {
    int64_t row = int8_pieces(k) * INT8_STRIDE * (int64_t)sizeof(int8_left) + INT8_COLUMNS * (int64_t)sizeof(int32_t)
                  + 2 * (int64_t)sizeof(float) + (int64_t)sizeof(int32_t);
    return int8_block(k) * row + 64;
}

/* A block of left rows that was quantised. */
struct int8_rows {
    int64_t rows, k, n;
    int8_left *left;  /* [pieces][rows][INT8_STRIDE] */
    int32_t *sums;    /* [rows][INT8_COLUMNS] */
    float *scales;    /* t of each row */
    float *inverses;  /* 1 / t */
    int32_t *zeros;   /* z of each row */
};

/*
 * To the nearest integer, ties to even, for sizes below 2^22, plus an integer: adding 1.5 2^23 leaves the integer in the low bits. The
 * product is rounded first, in every tier.
 */
IPK_INLINE vi int8_nearest(vf x, vf inverse, int32_t add) {
    return (vi)(vf_rounded(x * inverse) + 12582912.0f) + vi_splat(add - 0x4B400000);
}

#if defined(__AVX512VNNI__)
/* q of up to 16 values; a largest value of 256 is cut to 255. */
IPK_INLINE void int8_store(int8_left *to, vf x, vf inverse, int32_t zero) {
    __m128i bytes = _mm512_cvtusepi32_epi8((__m512i)int8_nearest(x, inverse, zero));
    memcpy(to, &bytes, sizeof bytes);
}
#else
typedef int16_t int8_shorts __attribute__((vector_size(IPK_LANES * 2)));

/* q - z, where q is cut to 255. */
IPK_INLINE void int8_store(int8_left *to, vf x, vf inverse, int32_t zero) {
    vi q = int8_nearest(x, inverse, 0), most = vi_splat(255 - zero);
    vi over = q > most;
    int8_shorts shorts = __builtin_convertvector((over & most) | (~over & q), int8_shorts);
    memcpy(to, &shorts, sizeof shorts);
}
#endif

/* Finds scale, its inverse and zero point of a row. */
static void int8_range(const struct int8_rows *block, int64_t r, const float *x) {
    int64_t k = block->k, i = 0;
    vf least[2] = {vf_splat(0), vf_splat(0)}, most[2] = {vf_splat(0), vf_splat(0)}, poison[2] = {vf_splat(0), vf_splat(0)};
    for (; i + 2 * IPK_LANES <= k; i += 2 * IPK_LANES) {
        for (int c = 0; c < 2; c++) {
            vf v = vf_load(x + i + c * IPK_LANES);
            least[c] = vf_min(least[c], v);
            most[c] = vf_max(most[c], v);
            poison[c] += v * 0.0f;
        }
    }
    for (; i < k; i += IPK_LANES) {
        vf v = vf_load_upto(x + i, k - i);
        least[0] = vf_min(least[0], v);
        most[0] = vf_max(most[0], v);
        poison[0] += v * 0.0f;
    }
    float low = -vf_largest(-vf_min(least[0], least[1]));
    float scale = vf_largest(vf_max(most[0], most[1])) / 255.0f - low / 255.0f;
    float spoiled = vf_sum(poison[0] + poison[1]); /* 0 or NaN */
    scale = scale >= INT8_LEAST_SCALE ? scale : 0.0f;
    float inverse = scale > 0 ? 1.0f / scale : 0.0f;
    block->scales[r] = spoiled == 0 ? scale : spoiled;
    block->inverses[r] = inverse;
    block->zeros[r] = (int32_t)lrintf(-low * inverse);
}

/* Quantises a row. Its least value goes to 0 exactly; its largest may round to 256. */
static void int8_quantise(const struct int8_rows *block, int64_t r, const float *x) {
    int64_t k = block->k;
    int32_t zero = block->zeros[r];
    vf inverse = vf_splat(block->inverses[r]);
    for (int64_t piece = 0, i = 0; i < k; piece++) {
        int8_left *to = block->left + (piece * block->rows + r) * INT8_STRIDE;
        int64_t end = i + 4 * INT8_DEPTH < k ? i + 4 * INT8_DEPTH : k;
        for (; i + IPK_LANES <= end; i += IPK_LANES, to += IPK_LANES) {
            int8_store(to, vf_load(x + i), inverse, zero);
        }
        if (i < end) {
            int8_store(to, vf_load_part(x + i, end - i), inverse, zero);
            i = end;
        }
    }
}

/* The four values of k at this place, to all lanes. */
IPK_INLINE vi int8_splat(const void *from) {
    int32_t bits;
    memcpy(&bits, from, sizeof bits);
    return vi_splat(bits);
}

typedef int32_t vi_unaligned __attribute__((vector_size(IPK_LANES * 4), aligned(4), may_alias));

IPK_INLINE vi vi_load(const void *p) { return *(const vi_unaligned *)p; }
IPK_INLINE void vi_store(void *p, vi x) { *(vi_unaligned *)p = x; }

/* sum += the products of a group of four of a left row with the vector of the panel. */
#if defined(__AVX512VNNI__)
#define INT8_PARTS 1
IPK_INLINE void int8_split(vi b, vi *parts) { parts[0] = b; }
IPK_INLINE void int8_load(const int8_left *a, vi *parts) { parts[0] = int8_splat(a); }
IPK_INLINE vi int8_multiply(vi sum, const vi *a, const vi *b) {
    return (vi)_mm512_dpbusd_epi32((__m512i)sum, (__m512i)a[0], (__m512i)b[0]);
}
#elif defined(__SSE2__) && !(defined(IPK_INT8_PORTABLE) && IPK_LANES == 4)
#define INT8_PARTS 2
#if IPK_LANES == 16
#define INT8_VECTOR(name) _mm512_##name
typedef __m512i int8_vector;
#elif IPK_LANES == 8
#define INT8_VECTOR(name) _mm256_##name
typedef __m256i int8_vector;
#else
#include <emmintrin.h>
#define INT8_VECTOR(name) _mm_##name
typedef __m128i int8_vector;
#endif
IPK_INLINE void int8_split(vi b, vi *parts) {
    parts[0] = (vi)INT8_VECTOR(srai_epi16)(INT8_VECTOR(slli_epi16)((int8_vector)b, 8), 8);
    parts[1] = (vi)INT8_VECTOR(srai_epi16)((int8_vector)b, 8);
}
IPK_INLINE void int8_load(const int8_left *a, vi *parts) {
    parts[0] = int8_splat(a);
    parts[1] = int8_splat(a + 2);
}
IPK_INLINE vi int8_multiply(vi sum, const vi *a, const vi *b) {
    return sum + (vi)INT8_VECTOR(madd_epi16)((int8_vector)a[0], (int8_vector)b[0])
           + (vi)INT8_VECTOR(madd_epi16)((int8_vector)a[1], (int8_vector)b[1]);
}
#else
#define INT8_PARTS 4
IPK_INLINE void int8_split(vi b, vi *parts) {
    parts[0] = (vi)((vu)b << 24) >> 24;
    parts[2] = (vi)((vu)b << 16) >> 24;
    parts[1] = (vi)((vu)b << 8) >> 24;
    parts[3] = b >> 24;
}
IPK_INLINE void int8_load(const int8_left *a, vi *parts) {
    for (int i = 0; i < 4; i++) {
        parts[i] = vi_splat(a[i]);
    }
}
IPK_INLINE vi int8_multiply(vi sum, const vi *a, const vi *b) {
    return sum + a[0] * b[0] + a[1] * b[1] + a[2] * b[2] + a[3] * b[3];
}
#endif

/* One group of four for all rows of a tile. */
IPK_INLINE void int8_step(const int height, const int8_left *a, const int8_t *b, vi sum[][2]) {
    vi b0[INT8_PARTS], b1[INT8_PARTS];
    int8_split(vi_load(b), b0);
    int8_split(vi_load(b + 4 * IPK_LANES), b1);
    __builtin_prefetch(b + INT8_AHEAD * 4 * INT8_COLUMNS);
    if (INT8_COLUMNS > 16) {
        __builtin_prefetch(b + INT8_AHEAD * 4 * INT8_COLUMNS + 64);
    }
#pragma GCC unroll 16
    for (int r = 0; r < height; r++) {
        vi x[INT8_PARTS];
        int8_load(a + r * INT8_STRIDE, x);
        sum[r][0] = int8_multiply(sum[r][0], x, b0);
        sum[r][1] = int8_multiply(sum[r][1], x, b1);
    }
}

/*
 * sums[height][INT8_COLUMNS] = (more ? sums : 0) + a b for one piece. So few rows that their sums would wait for one another have several
 * chains of sums each; integers may be added in any order.
 */
IPK_INLINE void int8_tile(const int height, const int8_left *a, const int8_t *b, int64_t depth, int more, int32_t *sums) {
    const int chains = IPK_LANES < 16 ? 1 : height <= 2 ? 4 : height <= 4 ? 2 : 1;
    vi sum[4][INT8_HEIGHT][2];
#pragma GCC unroll 16
    for (int r = 0; r < height; r++) {
#pragma GCC unroll 4
        for (int c = 0; c < chains; c++) {
            sum[c][r][0] = sum[c][r][1] = vi_splat(0);
        }
        if (more) {
            sum[0][r][0] = vi_load(sums + r * INT8_COLUMNS);
            sum[0][r][1] = vi_load(sums + r * INT8_COLUMNS + IPK_LANES);
        }
    }
    int64_t i = 0;
    for (; i + chains <= depth; i += chains) {
#pragma GCC unroll 4
        for (int c = 0; c < chains; c++) {
            int8_step(height, a + 4 * (i + c), b + (i + c) * 4 * INT8_COLUMNS, sum[c]);
        }
    }
    for (; i < depth; i++) {
        int8_step(height, a + 4 * i, b + i * 4 * INT8_COLUMNS, sum[0]);
    }
#pragma GCC unroll 16
    for (int r = 0; r < height; r++) {
#pragma GCC unroll 4
        for (int c = 1; c < chains; c++) {
            sum[0][r][0] += sum[c][r][0];
            sum[0][r][1] += sum[c][r][1];
        }
        vi_store(sums + r * INT8_COLUMNS, sum[0][r][0]);
        vi_store(sums + r * INT8_COLUMNS + IPK_LANES, sum[0][r][1]);
    }
}

typedef void int8_tile_function(const int8_left *a, const int8_t *b, int64_t depth, int more, int32_t *sums);

#define INT8_TILE(height)                                                                                              \
    static __attribute__((noinline)) void int8_tile_##height(const int8_left *a, const int8_t *b, int64_t depth, int more, \
                                                             int32_t *sums) {                                          \
        int8_tile(height, a, b, depth, more, sums);                                                                    \
    }
#define INT8_ENTRY(height) [height] = int8_tile_##height,
#define INT8_FEW(X) X(1) X(2) X(3) X(4)
#if defined(__AVX512VNNI__)
#define INT8_HEIGHTS(X) INT8_FEW(X) X(5) X(6) X(7) X(8) X(9) X(10) X(11) X(12) X(13) X(14)
#elif IPK_LANES == 16
#define INT8_HEIGHTS(X) INT8_FEW(X) X(5) X(6) X(7) X(8) X(9) X(10)
#else
#define INT8_HEIGHTS(X) INT8_FEW(X)
#endif
INT8_HEIGHTS(INT8_TILE)
static int8_tile_function *const int8_tiles[INT8_HEIGHT + 1] = {INT8_HEIGHTS(INT8_ENTRY)};

/*
 * Makes floats of the sums of rows first .. of the block, adds bias and residual, applies the activation and writes them. residual and
 * y point at the first of the rows and the panel's first column, which is at this offset in the whole result.
 */
static void int8_finish_rows(const struct int8_rows *block, int64_t first, int64_t rows, int64_t columns, const int32_t *sums,
                             const char *panel, const float *bias, const float *residual, const struct linear_finish *finish,
                             int64_t offset, float *y) {
    int64_t n = block->n;
    int finishes = linear_finishes(finish);
    for (int64_t j = 0; j < columns; j += IPK_LANES) {
        int64_t count = columns - j;
        vf column = vf_load((const float *)panel + j);
        vf shift = bias ? vf_load_upto(bias + j, count) : vf_splat(0);
#if defined(__AVX512VNNI__)
        vi total = vi_load(panel + (INT8_COLUMNS + j) * 4);
#endif
        for (int64_t r = 0; r < rows; r++) {
            vi sum = vi_load(sums + r * INT8_COLUMNS + j);
#if defined(__AVX512VNNI__)
            sum -= total * vi_splat(block->zeros[first + r]);
#endif
            vf scale = vf_rounded(column * vf_splat(block->scales[first + r]));
            vf x = vf_rounded(__builtin_convertvector(sum, vf) * scale);
            if (bias) {
                x += shift;
            }
            if (residual) {
                x += vf_load_upto(residual + r * n + j, count);
            }
            if (finishes) {
                x = linear_finished(finish, x, offset + r * n + j, count);
            }
            vf_store_upto(y + r * n + j, x, count);
        }
    }
}

static void int8_panel(const struct int8_rows *block, int64_t columns, const char *panel, const float *bias,
                       const float *residual, const struct linear_finish *finish, int64_t offset, float *y) {
    int64_t rows = block->rows, n = block->n, depth = int8_depth(block->k);
    const int8_t *bytes = (const int8_t *)panel + INT8_COLUMNS * (sizeof(float) + sizeof(int32_t));
    int64_t tiles = (rows + INT8_HEIGHT - 1) / INT8_HEIGHT;
    for (int64_t done = 0, piece = 0; done < depth; done += INT8_DEPTH, piece++) {
        int64_t some = depth - done < INT8_DEPTH ? depth - done : INT8_DEPTH;
        for (int64_t t = 0, r = 0; t < tiles; t++) {
            int64_t height = rows / tiles + (t < rows % tiles);
            /* With one piece the tiles take turns in one place, which stays in the first-level cache. */
            int32_t *sums = block->sums + (depth > INT8_DEPTH ? r * INT8_COLUMNS : 0);
            int8_tiles[height](block->left + (piece * rows + r) * INT8_STRIDE, bytes + done * 4 * INT8_COLUMNS, some, done > 0,
                               sums);
            if (done + some == depth) {
                int8_finish_rows(block, r, height, columns, sums, panel, bias, residual ? residual + r * n : NULL, finish,
                                 offset + r * n, y + r * n);
            }
            r += height;
        }
    }
}

/* Evenly large blocks of at most int8_block(k) rows. */
static void IPK_KERNEL(ipk_linear_forward_int8)(int64_t rows, int64_t k, int64_t n, const void *packed, const float *x,
                                                const float *bias, const float *residual, int32_t activation, float *slope,
                                                float *y, void *scratch) {
    struct linear_finish finish = {activation, slope, NULL, NULL, 1, 0};
    int64_t most = int8_block(k);
    int64_t blocks = (rows + most - 1) / most;
    int8_left *left = (int8_left *)linear_align(scratch);
    int32_t *sums = (int32_t *)(left + int8_pieces(k) * most * INT8_STRIDE);
    int32_t *zeros = sums + most * INT8_COLUMNS;
    float *scales = (float *)(zeros + most);
    for (int64_t i = 0, r = 0; i < blocks; i++) {
        int64_t count = rows / blocks + (i < rows % blocks);
        struct int8_rows block = {count, k, n, left, sums, scales, scales + most, zeros};
        /* All ranges first, so that the chain of operations that ends one overlaps with the next. */
        for (int64_t row = 0; row < count; row++) {
            int8_range(&block, row, x + (r + row) * k);
        }
        for (int64_t row = 0; row < count; row++) {
            int8_quantise(&block, row, x + (r + row) * k);
        }
        for (int64_t j = 0; j < n; j += INT8_COLUMNS) {
            int8_panel(&block, n - j < INT8_COLUMNS ? n - j : INT8_COLUMNS,
                       (const char *)packed + j / INT8_COLUMNS * int8_panel_bytes(k), bias ? bias + j : NULL,
                       residual ? residual + r * n + j : NULL, &finish, r * n + j, y + r * n + j);
        }
        r += count;
    }
}
