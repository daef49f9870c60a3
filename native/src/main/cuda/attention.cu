// Softmax attention over packed sequences of different lengths, streamed: no score outlives its tile. Semantics of
// org.infoprompt.ops.AttentionKernels. A block takes TILE queries (or keys) of one head of one sequence and walks over the
// other side in tiles; each thread owns two rows of the tile and every eighth column.
//
// Grid: x = tile, y = sequence * heads + head. HP is the head size rounded up to 32, 64 or 128; columns beyond it are zero.
// Queries, keys, values and outputs are of type T in memory; tiles, scores and sums are float.
#include "common.cuh"

constexpr int LANES = 8;   // threads that share a pair of rows
constexpr int PAD = 4;     // keeps float4 aligned and the rows of eight neighbours in different banks

template <int HP>
struct Tile {
    static constexpr int rows = HP <= 64 ? 32 : 16; // so that four tiles and two of scores fit into 48 KB
    static constexpr int threads = rows / 2 * LANES;
    static constexpr int columns = rows / LANES;    // scores of a thread in each of its rows
    static constexpr int stride = HP + PAD;
    static constexpr int width = HP / LANES;        // output elements of a thread in each of its rows
};

// Reads rows [first, last) of a tile that starts at row `first`; zero beyond the last row and the head size.
template <int HP>
__device__ __forceinline__ void read_tile(
    float *tile, const float *source, int stride, int first, int last, int head_size, float factor) {
    for (int n = threadIdx.x; n < Tile<HP>::rows * HP; n += Tile<HP>::threads) {
        int r = n / HP, d = n % HP;
        float v = 0.0f;
        if (first + r < last && d < head_size) v = factor * source[(first + r) * (long long) stride + d];
        tile[r * Tile<HP>::stride + d] = v;
    }
}

// As above from bf16, four columns at a time: each thread reads the same ones in all its rows.
template <int HP>
__device__ __forceinline__ void read_tile(
    float *tile, const bf16 *source, int stride, int first, int last, int head_size, float factor) {
    constexpr int groups = HP / 4, step = Tile<HP>::threads / groups;
    int d = threadIdx.x % groups * 4;
#pragma unroll
    for (int i = 0; i < Tile<HP>::rows / step; i++) {
        int r = threadIdx.x / groups + i * step;
        Floats<4> v = {};
        if (first + r < last && d < head_size) v = load<4>(source + (first + r) * (long long) stride + d);
#pragma unroll
        for (int k = 0; k < 4; k++) v.v[k] *= factor;
        store<4>(tile + r * Tile<HP>::stride + d, v);
    }
}

// scores[i][j] = a[2 row + i] . b[column + 8 j].
template <int HP>
__device__ __forceinline__ void products(
    const float *a, const float *b, int row, int column, float scores[2][Tile<HP>::columns]) {
    constexpr int stride = Tile<HP>::stride;
#pragma unroll
    for (int i = 0; i < 2; i++)
#pragma unroll
        for (int j = 0; j < Tile<HP>::columns; j++) scores[i][j] = 0.0f;
#pragma unroll 2
    for (int d = 0; d < HP; d += 4) {
        float4 x[2];
#pragma unroll
        for (int i = 0; i < 2; i++) x[i] = *(const float4 *) (a + (2 * row + i) * stride + d);
#pragma unroll
        for (int j = 0; j < Tile<HP>::columns; j++) {
            float4 y = *(const float4 *) (b + (column + LANES * j) * stride + d);
#pragma unroll
            for (int i = 0; i < 2; i++) {
                scores[i][j] += x[i].x * y.x + x[i].y * y.y + x[i].z * y.z + x[i].w * y.w;
            }
        }
    }
}

// sums[i][j] += sum_n weights[2 row + i][n] tile[n][column + 8 j]; TRANSPOSED reads weights[n][2 row + i].
template <int HP, bool TRANSPOSED>
__device__ __forceinline__ void accumulate(
    const float *weights, const float *tile, int row, int column, float sums[2][Tile<HP>::width]) {
    constexpr int rows = Tile<HP>::rows;
#pragma unroll 2
    for (int n = 0; n < rows; n++) {
        float w[2];
#pragma unroll
        for (int i = 0; i < 2; i++) {
            w[i] = TRANSPOSED ? weights[n * (rows + 1) + 2 * row + i] : weights[(2 * row + i) * (rows + 1) + n];
        }
#pragma unroll
        for (int j = 0; j < Tile<HP>::width; j++) {
            float v = tile[n * Tile<HP>::stride + column + LANES * j];
#pragma unroll
            for (int i = 0; i < 2; i++) sums[i][j] += w[i] * v;
        }
    }
}

// Over the eight lanes that share a pair of rows.
static __device__ __forceinline__ float lanes_sum(float v) {
#pragma unroll
    for (int o = LANES / 2; o > 0; o /= 2) v += __shfl_xor_sync(FULL, v, o);
    return v;
}

static __device__ __forceinline__ float lanes_max(float v) {
#pragma unroll
    for (int o = LANES / 2; o > 0; o /= 2) v = fmaxf(v, __shfl_xor_sync(FULL, v, o));
    return v;
}

template <int HP, class T>
__device__ __forceinline__ void attention_forward(
    int heads, int head_size, const int *query_starts, const int *key_starts, const T *q, int q_stride,
    const T *kv, int kv_stride, int k_column, int v_column, T *out, float *log_sum_exp) {
    using S = Tile<HP>;
    __shared__ __align__(16) float queries[S::rows * S::stride];
    __shared__ __align__(16) float keys[S::rows * S::stride];
    __shared__ __align__(16) float values[S::rows * S::stride];
    __shared__ float weights[S::rows * (S::rows + 1)];
    int sequence = blockIdx.y / heads, head = blockIdx.y % heads;
    int first = query_starts[sequence] + blockIdx.x * S::rows, last = query_starts[sequence + 1];
    if (first >= last) return;
    int key_first = key_starts[sequence], key_last = key_starts[sequence + 1];
    int row = threadIdx.x / LANES, column = threadIdx.x % LANES;
    long long head_column = (long long) head * head_size;
    read_tile<HP>(queries, q + head_column, q_stride, first, last, head_size, rsqrtf((float) head_size));
    float sums[2][S::width] = {};
    float max[2] = {-CUDART_INF_F, -CUDART_INF_F}, sum[2] = {0.0f, 0.0f};
    for (int k = key_first; k < key_last; k += S::rows) {
        if (k > key_first) __syncthreads(); // the last tile's readers are done
        read_tile<HP>(keys, kv + k_column + head_column, kv_stride, k, key_last, head_size, 1.0f);
        read_tile<HP>(values, kv + v_column + head_column, kv_stride, k, key_last, head_size, 1.0f);
        __syncthreads(); // keys, values and the queries are complete
        float scores[2][S::columns];
        products<HP>(queries, keys, row, column, scores);
#pragma unroll
        for (int i = 0; i < 2; i++) {
            float tile_max = max[i];
#pragma unroll
            for (int j = 0; j < S::columns; j++) {
                if (k + column + LANES * j >= key_last) scores[i][j] = -CUDART_INF_F;
                tile_max = fmaxf(tile_max, scores[i][j]);
            }
            tile_max = lanes_max(tile_max);
            float base = tile_max == -CUDART_INF_F ? 0.0f : tile_max; // all scores so far are -inf: they weigh nothing
            float shrink = expf(max[i] - base);
            max[i] = tile_max;
            float part = 0.0f;
#pragma unroll
            for (int j = 0; j < S::columns; j++) {
                float w = expf(scores[i][j] - base);
                weights[(2 * row + i) * (S::rows + 1) + column + LANES * j] = w;
                part += w;
            }
            sum[i] = sum[i] * shrink + lanes_sum(part);
#pragma unroll
            for (int j = 0; j < S::width; j++) sums[i][j] *= shrink;
        }
        __syncwarp(); // a row's weights are written and read by eight lanes of one warp
        accumulate<HP, false>(weights, values, row, column, sums);
    }
#pragma unroll
    for (int i = 0; i < 2; i++) {
        int r = first + 2 * row + i;
        if (r >= last) continue;
#pragma unroll
        for (int j = 0; j < S::width; j++) {
            int d = column + LANES * j;
            if (d < head_size) {
                store<1>(out + r * (long long) heads * head_size + head_column + d, {sums[i][j] / sum[i]});
            }
        }
        if (log_sum_exp != nullptr && column == 0) log_sum_exp[r * (long long) heads + head] = max[i] + logf(sum[i]);
    }
}

// dq, and delta[r, head] = sum_j p_j (dout . v_j), which the keys' pass needs. One pass over the keys carries
// a = sum p dp k, b = sum p k and delta: dq = (a - delta b) / sqrt(head size).
template <int HP, class T>
__device__ __forceinline__ void attention_backward_queries(
    int heads, int head_size, const int *query_starts, const int *key_starts, const T *q, int q_stride,
    const T *kv, int kv_stride, int k_column, int v_column, const float *log_sum_exp, const T *d_out,
    T *dq, float *delta) {
    using S = Tile<HP>;
    __shared__ __align__(16) float queries[S::rows * S::stride];
    __shared__ __align__(16) float outs[S::rows * S::stride];
    __shared__ __align__(16) float keys[S::rows * S::stride];
    __shared__ __align__(16) float values[S::rows * S::stride];
    __shared__ float weights[S::rows * (S::rows + 1)];
    __shared__ float slopes[S::rows * (S::rows + 1)];
    int sequence = blockIdx.y / heads, head = blockIdx.y % heads;
    int first = query_starts[sequence] + blockIdx.x * S::rows, last = query_starts[sequence + 1];
    if (first >= last) return;
    int key_first = key_starts[sequence], key_last = key_starts[sequence + 1];
    int row = threadIdx.x / LANES, column = threadIdx.x % LANES;
    int width = heads * head_size;
    long long head_column = (long long) head * head_size;
    float scale = rsqrtf((float) head_size);
    read_tile<HP>(queries, q + head_column, q_stride, first, last, head_size, scale);
    read_tile<HP>(outs, d_out + head_column, width, first, last, head_size, 1.0f);
    float lse[2], mean[2] = {0.0f, 0.0f};
#pragma unroll
    for (int i = 0; i < 2; i++) {
        int r = first + 2 * row + i;
        lse[i] = r < last ? log_sum_exp[r * (long long) heads + head] : 0.0f;
    }
    float a[2][S::width] = {}, b[2][S::width] = {};
    for (int k = key_first; k < key_last; k += S::rows) {
        if (k > key_first) __syncthreads(); // the last tile's readers are done
        read_tile<HP>(keys, kv + k_column + head_column, kv_stride, k, key_last, head_size, 1.0f);
        read_tile<HP>(values, kv + v_column + head_column, kv_stride, k, key_last, head_size, 1.0f);
        __syncthreads(); // all four tiles are complete
        float p[2][S::columns], dp[2][S::columns];
        products<HP>(queries, keys, row, column, p);
        products<HP>(outs, values, row, column, dp);
#pragma unroll
        for (int i = 0; i < 2; i++) {
            float part = 0.0f;
#pragma unroll
            for (int j = 0; j < S::columns; j++) {
                float w = k + column + LANES * j < key_last ? expf(p[i][j] - lse[i]) : 0.0f;
                int at = (2 * row + i) * (S::rows + 1) + column + LANES * j;
                weights[at] = w;
                slopes[at] = w * dp[i][j];
                part += w * dp[i][j];
            }
            mean[i] += lanes_sum(part);
        }
        __syncwarp(); // weights and slopes of a row are written and read by eight lanes of one warp
        accumulate<HP, false>(slopes, keys, row, column, a);
        accumulate<HP, false>(weights, keys, row, column, b);
    }
#pragma unroll
    for (int i = 0; i < 2; i++) {
        int r = first + 2 * row + i;
        if (r >= last) continue;
#pragma unroll
        for (int j = 0; j < S::width; j++) {
            int d = column + LANES * j;
            if (d < head_size) {
                store<1>(dq + r * (long long) q_stride + head_column + d, {scale * (a[i][j] - mean[i] * b[i][j])});
            }
        }
        if (column == 0) delta[r * (long long) heads + head] = mean[i];
    }
}

// dk and dv of a tile of keys; zero for keys without queries.
template <int HP, class T>
__device__ __forceinline__ void attention_backward_keys(
    int heads, int head_size, const int *query_starts, const int *key_starts, const T *q, int q_stride,
    const T *kv, int kv_stride, int k_column, int v_column, const float *log_sum_exp, const T *d_out,
    const float *delta, T *dkv) {
    using S = Tile<HP>;
    __shared__ __align__(16) float queries[S::rows * S::stride];
    __shared__ __align__(16) float outs[S::rows * S::stride];
    __shared__ __align__(16) float keys[S::rows * S::stride];
    __shared__ __align__(16) float values[S::rows * S::stride];
    __shared__ float weights[S::rows * (S::rows + 1)];
    __shared__ float slopes[S::rows * (S::rows + 1)];
    int sequence = blockIdx.y / heads, head = blockIdx.y % heads;
    int first = key_starts[sequence] + blockIdx.x * S::rows, last = key_starts[sequence + 1];
    if (first >= last) return;
    int query_first = query_starts[sequence], query_last = query_starts[sequence + 1];
    int row = threadIdx.x / LANES, column = threadIdx.x % LANES;
    int width = heads * head_size;
    long long head_column = (long long) head * head_size;
    float scale = rsqrtf((float) head_size);
    read_tile<HP>(keys, kv + k_column + head_column, kv_stride, first, last, head_size, 1.0f);
    read_tile<HP>(values, kv + v_column + head_column, kv_stride, first, last, head_size, 1.0f);
    float dk[2][S::width] = {}, dv[2][S::width] = {};
    for (int n = query_first; n < query_last; n += S::rows) {
        if (n > query_first) __syncthreads(); // the last tile's readers are done
        read_tile<HP>(queries, q + head_column, q_stride, n, query_last, head_size, scale);
        read_tile<HP>(outs, d_out + head_column, width, n, query_last, head_size, 1.0f);
        __syncthreads(); // all four tiles are complete
        float p[2][S::columns], dp[2][S::columns];
        products<HP>(queries, keys, row, column, p);
        products<HP>(outs, values, row, column, dp);
#pragma unroll
        for (int i = 0; i < 2; i++) {
            int r = n + 2 * row + i;
            float lse = r < query_last ? log_sum_exp[r * (long long) heads + head] : 0.0f;
            float mean = r < query_last ? delta[r * (long long) heads + head] : 0.0f;
#pragma unroll
            for (int j = 0; j < S::columns; j++) {
                bool real = r < query_last && first + column + LANES * j < last;
                float w = real ? expf(p[i][j] - lse) : 0.0f;
                int at = (2 * row + i) * (S::rows + 1) + column + LANES * j;
                weights[at] = w;
                slopes[at] = real ? w * (dp[i][j] - mean) : 0.0f;
            }
        }
        __syncthreads(); // weights are read by column
        // The queries in the tile are scaled already.
        accumulate<HP, true>(slopes, queries, row, column, dk);
        accumulate<HP, true>(weights, outs, row, column, dv);
    }
#pragma unroll
    for (int i = 0; i < 2; i++) {
        int r = first + 2 * row + i;
        if (r >= last) continue;
#pragma unroll
        for (int j = 0; j < S::width; j++) {
            int d = column + LANES * j;
            if (d < head_size) {
                T *target = dkv + r * (long long) kv_stride + head_column + d;
                store<1>(target + k_column, {dk[i][j]});
                store<1>(target + v_column, {dv[i][j]});
            }
        }
    }
}

#define ATTENTION(HP, NAME, T)                                                                                         \
    extern "C" __global__ void __launch_bounds__(Tile<HP>::threads, 2) ipk_attention_forward_##HP##_##NAME(            \
        int heads, int head_size, const int *query_starts, const int *key_starts, const T *q, int q_stride,            \
        const T *kv, int kv_stride, int k_column, int v_column, T *out, float *log_sum_exp) {                          \
        attention_forward<HP>(                                                                                         \
            heads, head_size, query_starts, key_starts, q, q_stride, kv, kv_stride, k_column, v_column, out,           \
            log_sum_exp);                                                                                              \
    }                                                                                                                  \
    extern "C" __global__ void __launch_bounds__(Tile<HP>::threads, 2) ipk_attention_backward_queries_##HP##_##NAME(   \
        int heads, int head_size, const int *query_starts, const int *key_starts, const T *q, int q_stride,            \
        const T *kv, int kv_stride, int k_column, int v_column, const float *log_sum_exp, const T *d_out, T *dq,       \
        float *delta) {                                                                                                \
        attention_backward_queries<HP>(                                                                                \
            heads, head_size, query_starts, key_starts, q, q_stride, kv, kv_stride, k_column, v_column, log_sum_exp,   \
            d_out, dq, delta);                                                                                         \
    }                                                                                                                  \
    extern "C" __global__ void __launch_bounds__(Tile<HP>::threads, 2) ipk_attention_backward_keys_##HP##_##NAME(      \
        int heads, int head_size, const int *query_starts, const int *key_starts, const T *q, int q_stride,            \
        const T *kv, int kv_stride, int k_column, int v_column, const float *log_sum_exp, const T *d_out,              \
        const float *delta, T *dkv) {                                                                                  \
        attention_backward_keys<HP>(                                                                                   \
            heads, head_size, query_starts, key_starts, q, q_stride, kv, kv_stride, k_column, v_column, log_sum_exp,   \
            d_out, delta, dkv);                                                                                        \
    }

ATTENTION(32, f32, float)
ATTENTION(64, f32, float)
ATTENTION(128, f32, float)
ATTENTION(32, bf16, bf16)
ATTENTION(64, bf16, bf16)
ATTENTION(128, bf16, bf16)
