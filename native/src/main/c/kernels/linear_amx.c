/*
 * Products with bf16 weights on the tile registers. A tile of the left operand is 16 rows of 32 values, one of the weight 32
 * values of k by 16 columns with pairs of k side by side, one of the result 16 by 16 floats: each 1 KiB. Two by two tiles of the
 * result are summed at a time, so that each tile loaded is used twice; that still takes 64 bytes a cycle, so one operand
 * must come from the first-level cache: k is cut into pieces of AMX_PIECE, whose part of the weight is 24 KiB.
 *
 * Left rows are rounded and laid out as tiles once for a block, as [k / AMX_PIECE][rows / 32][piece / 32][2 tiles], and all
 * columns of the weight pass over the block. The weight is packed as [n / 32][k / 32][2 tiles]. While the tile unit works on a
 * group of 32 rows, the vector units add bias and residual to the group before it, apply the activation and write it.
 */
#include "../simd.h"

enum {
    AMX_ROWS = 16,
    AMX_DEPTH = 32,
    AMX_TILE = AMX_ROWS * AMX_DEPTH, /* elements */
    AMX_COLUMNS = 32,
    AMX_GROUP = 32 * 32, /* elements of the result that are summed at a time */
    AMX_PIECE = 12,      /* steps of AMX_DEPTH */
    AMX_BLOCK_BYTES = 768 * 1024, /* of left tiles: with the weight's panel within a second-level cache */
    AMX_BLOCK_ROWS = 512
};

struct amx_config {
    uint8_t palette, start_row, reserved[14];
    uint16_t row_bytes[16];
    uint8_t rows[16];
} __attribute__((aligned(64)));

/* The compiler does not know that the tile instructions read and write memory. */
#define AMX_FENCE() __asm__ volatile("" ::: "memory")

IPK_INLINE int64_t amx_depth(int64_t k) { return (k + AMX_DEPTH - 1) / AMX_DEPTH; }

IPK_INLINE int64_t amx_block(int64_t k) {
    int64_t rows = AMX_BLOCK_BYTES / (amx_depth(k) * AMX_DEPTH * 2) / 32 * 32;
    return rows < 32 ? 32 : rows > AMX_BLOCK_ROWS ? AMX_BLOCK_ROWS : rows;
}

static int64_t IPK_KERNEL(ipk_linear_bytes_bf16)(int64_t k, int64_t n) {
    return (n + AMX_COLUMNS - 1) / AMX_COLUMNS * AMX_COLUMNS * amx_depth(k) * AMX_DEPTH * 2;
}

static void IPK_KERNEL(ipk_linear_pack_bf16)(int64_t k, int64_t n, int32_t transposed, const float *weight, void *packed) {
    uint16_t *to = packed;
    for (int64_t column = 0; column < n; column += AMX_COLUMNS) {
        for (int64_t d = 0; d < k; d += AMX_DEPTH) {
            for (int64_t c = column; c < column + AMX_COLUMNS; c += 16) {
                for (int64_t i = d; i < d + AMX_DEPTH; i += 2) {
                    for (int64_t j = c; j < c + 16; j++) {
                        for (int64_t l = i; l < i + 2; l++) {
                            int inside = l < k && j < n;
                            *to++ = inside ? bf16_round(weight[transposed ? j * k + l : l * n + j]) : 0;
                        }
                    }
                }
            }
        }
    }
}

static int64_t IPK_KERNEL(ipk_linear_scratch_bf16)(int64_t k) {
    int64_t sums = (amx_block(k) + 32) * AMX_COLUMNS * (int64_t)sizeof(float);
    return sums + amx_block(k) * amx_depth(k) * AMX_DEPTH * 2 + 64;
}

/* Rounds rows to bf16 and lays them out as tiles. A group of 16 rows or fewer has one tile for each step instead of two. */
static void amx_copy_left(int64_t rows, int64_t k, const float *x, uint16_t *to) {
    int64_t steps = amx_depth(k);
    for (int64_t piece = 0; piece < steps; piece += AMX_PIECE) {
        int64_t depth = steps - piece < AMX_PIECE ? steps - piece : AMX_PIECE;
        for (int64_t group = 0; group < rows; group += 32) {
            int64_t tiles = rows - group > 16 ? 2 : 1;
            for (int64_t r = 0; r < tiles * 16; r++) {
                uint16_t *row = to + r / 16 * AMX_TILE + r % 16 * AMX_DEPTH;
                const float *from = x + (group + r) * k + piece * AMX_DEPTH;
                for (int64_t d = 0; d < depth; d++) {
                    int64_t left = group + r < rows ? k - (piece + d) * AMX_DEPTH : 0;
                    __m512 low, high;
                    if (left >= AMX_DEPTH) {
                        low = _mm512_loadu_ps(from + d * AMX_DEPTH);
                        high = _mm512_loadu_ps(from + d * AMX_DEPTH + 16);
                    } else {
                        uint32_t mask = (1u << left) - 1;
                        low = _mm512_maskz_loadu_ps((__mmask16)mask, from + d * AMX_DEPTH);
                        high = _mm512_maskz_loadu_ps((__mmask16)(mask >> 16), from + d * AMX_DEPTH + 16);
                    }
                    __m512bh pair = _mm512_cvtne2ps_pbh(high, low);
                    memcpy(row + d * tiles * AMX_TILE, &pair, sizeof pair);
                }
            }
            to += tiles * depth * AMX_TILE;
        }
    }
}

/* Sums that are complete but for what finishes them. */
struct amx_pending {
    int64_t row, rows, columns; /* rows before row are written */
    const float *sums;
    const float *bias, *residual; /* at the first of the columns; NULL for none */
    int64_t offset;
    float *y;
};

/* What a product does with its sums; a constant in each version of the inner loops. */
enum amx_mode { AMX_PLAIN, AMX_RESIDUAL, AMX_FINISH };

/* Writes the next row. */
IPK_INLINE void amx_finish_row(const enum amx_mode mode, struct amx_pending *p, int64_t n, const struct linear_finish *finish) {
    int64_t r = p->row++;
    const float *sums = p->sums + r / 16 * 512 + r % 16 * 16; /* tiles, each [16][16] */
    float *y = p->y + r * n;
    for (int64_t j = 0; j < AMX_COLUMNS; j += 16) {
        int64_t count = p->columns - j;
        if (count >= 16) {
            vf x = vf_load(sums + 16 * j);
            if (p->bias) {
                x += vf_load(p->bias + j);
            }
            if (mode == AMX_RESIDUAL || (mode == AMX_FINISH && p->residual)) {
                x += vf_load(p->residual + r * n + j);
            }
            if (mode == AMX_FINISH) {
                x = linear_finished(finish, x, p->offset + r * n + j, 16);
            }
            vf_store(y + j, x);
        } else if (count > 0) {
            vf x = vf_load(sums + 16 * j);
            if (p->bias) {
                x += vf_load_part(p->bias + j, count);
            }
            if (p->residual) {
                x += vf_load_part(p->residual + r * n + j, count);
            }
            if (mode == AMX_FINISH) {
                x = linear_finished(finish, x, p->offset + r * n + j, count);
            }
            vf_store_part(y + j, x, count);
        }
    }
}

/* sums = (more ? sums : 0) + left right for tiles x 2 tiles, and meanwhile finishes the rows that are pending. */
IPK_INLINE void amx_group(const enum amx_mode mode, const int tiles, const uint16_t *left, const uint16_t *right,
                          int64_t depth, int more, float *sums, struct amx_pending *p, int64_t n,
                          const struct linear_finish *finish) {
    if (more) {
        _tile_loadd(0, sums, 64);
        _tile_loadd(1, sums + 256, 64);
        if (tiles == 2) {
            _tile_loadd(2, sums + 512, 64);
            _tile_loadd(3, sums + 768, 64);
        }
    } else {
        _tile_zero(0);
        _tile_zero(1);
        if (tiles == 2) {
            _tile_zero(2);
            _tile_zero(3);
        }
    }
    int64_t each = (p->rows - p->row + depth - 1) / depth;
    for (int64_t d = 0; d < depth; d++) {
        _tile_stream_loadd(4, left, 64);
        _tile_loadd(6, right, 64);
        _tile_loadd(7, right + AMX_TILE, 64);
        _tile_dpbf16ps(0, 4, 6);
        _tile_dpbf16ps(1, 4, 7);
        if (tiles == 2) {
            _tile_stream_loadd(5, left + AMX_TILE, 64);
            _tile_dpbf16ps(2, 5, 6);
            _tile_dpbf16ps(3, 5, 7);
        }
        left += tiles * AMX_TILE;
        right += 2 * AMX_TILE;
        for (int64_t i = 0; i < each && p->row < p->rows; i++) {
            amx_finish_row(mode, p, n, finish);
        }
    }
    AMX_FENCE();
    _tile_stored(0, sums, 64);
    _tile_stored(1, sums + 256, 64);
    if (tiles == 2) {
        _tile_stored(2, sums + 512, 64);
        _tile_stored(3, sums + 768, 64);
    }
    AMX_FENCE();
}

IPK_INLINE void amx_block_product(const enum amx_mode mode, int64_t rows, int64_t k, int64_t n, const uint16_t *packed,
                                  const uint16_t *left, const float *bias, const float *residual,
                                  const struct linear_finish *finish, int64_t first, float *y, float *sums) {
    int64_t steps = amx_depth(k);
    int64_t padded = (rows + 15) / 16 * 16;
    struct amx_pending pending = {.rows = 0};
    for (int64_t j = 0; j < n; j += AMX_COLUMNS) {
        for (int64_t piece = 0; piece < steps; piece += AMX_PIECE) {
            const uint16_t *right = packed + (j * steps + piece * AMX_COLUMNS) * AMX_DEPTH;
            int64_t depth = steps - piece < AMX_PIECE ? steps - piece : AMX_PIECE;
            for (int64_t r = 0, group = 0; r < rows; r += 32, group++) {
                const uint16_t *tiles = left + (piece * padded + r * depth) * AMX_DEPTH;
                /* With one piece two places take turns, so that they stay in the first-level cache. */
                float *to = sums + (steps > AMX_PIECE ? group : group & 1) * AMX_GROUP;
                if (rows - r > 16) {
                    amx_group(mode, 2, tiles, right, depth, piece > 0, to, &pending, n, finish);
                } else {
                    amx_group(mode, 1, tiles, right, depth, piece > 0, to, &pending, n, finish);
                }
                if (piece + depth == steps) {
                    int64_t offset = (first + r) * n + j;
                    pending = (struct amx_pending){
                        .rows = rows - r < 32 ? rows - r : 32,
                        .columns = n - j < AMX_COLUMNS ? n - j : AMX_COLUMNS,
                        .sums = to,
                        .bias = bias ? bias + j : NULL,
                        .residual = residual ? residual + offset : NULL,
                        .offset = offset,
                        .y = y + offset,
                    };
                }
            }
        }
    }
    while (pending.row < pending.rows) {
        amx_finish_row(mode, &pending, n, finish);
    }
}

#define AMX_BLOCK(name, mode)                                                                                          \
    static __attribute__((noinline)) void name(int64_t rows, int64_t k, int64_t n, const uint16_t *packed,             \
                                               const uint16_t *left, const float *bias, const float *residual,         \
                                               const struct linear_finish *finish, int64_t first, float *y,            \
                                               float *sums) {                                                          \
        amx_block_product(mode, rows, k, n, packed, left, bias, residual, finish, first, y, sums);                     \
    }
AMX_BLOCK(amx_block_plain, AMX_PLAIN)
AMX_BLOCK(amx_block_residual, AMX_RESIDUAL)
AMX_BLOCK(amx_block_finish, AMX_FINISH)

static void amx_product(int64_t rows, int64_t k, int64_t n, const void *packed, const float *x, const float *bias,
                        const float *residual, const struct linear_finish *finish, float *y, void *scratch) {
    struct amx_config config = {.palette = 1};
    for (int i = 0; i < 8; i++) {
        config.row_bytes[i] = 64;
        config.rows[i] = 16;
    }
    _tile_loadconfig(&config);
    float *sums = linear_align(scratch);
    uint16_t *left = (uint16_t *)(sums + (amx_block(k) + 32) * AMX_COLUMNS);
    int64_t blocks = (rows + amx_block(k) - 1) / amx_block(k);
    int64_t most = blocks == 0 ? 0 : ((rows + blocks - 1) / blocks + 31) / 32 * 32; /* whole groups, evenly spread */
    for (int64_t first = 0; first < rows; first += most) {
        int64_t count = rows - first < most ? rows - first : most;
        amx_copy_left(count, k, x + first * k, left);
        AMX_FENCE();
        (linear_finishes(finish) ? amx_block_finish
         : residual              ? amx_block_residual
                                 : amx_block_plain)(count, k, n, packed, left, bias, residual, finish, first, y, sums);
    }
    _tile_release();
}

static void IPK_KERNEL(ipk_linear_forward_bf16)(int64_t rows, int64_t k, int64_t n, const void *packed, const float *x,
                                                const float *bias, const float *residual, int32_t activation, float *slope,
                                                float *y, void *scratch) {
    struct linear_finish finish = {activation, slope, NULL, NULL, 1, 0};
    amx_product(rows, k, n, packed, x, bias, residual, &finish, y, scratch);
}

static void IPK_KERNEL(ipk_linear_backward_bf16)(int64_t rows, int64_t k, int64_t n, const void *packed, const float *x,
                                                 const float *slope, float *y, void *scratch) {
    struct linear_finish finish = {IPK_NONE, NULL, slope, NULL, 1, 0};
    amx_product(rows, k, n, packed, x, NULL, NULL, &finish, y, scratch);
}
