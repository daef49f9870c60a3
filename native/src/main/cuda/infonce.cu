// InfoNCE over K candidates that all rows share, losses[r] = -log softmax_k(scale q_r . c_k) at the row's own candidate (van den Oord
// et al., arXiv 1807.03748, eq. 4). Loss and query gradient come from one read of the candidates: the softmax-weighted sum of
// them is carried along. With the candidates' gradient the scores are written once and read once.
//
// Bytes that must move, M rows of D and K candidates, in elements: 2MD + KD without the candidates' gradient, 3MD + 2KD + 2MK with it.
#include "common.cuh"

// A warp per row; a tile of candidates serves all rows of the block. scores and log_sum_exp are null unless
// ipk_info_nce_candidates follows. Shared: [2 warps + tile, width].
extern "C" __global__ void __launch_bounds__(256) ipk_info_nce_f32(
    int rows, int candidates, int width, int tile, const float *queries, const float *keys, const int *positives,
    float scale, float gradient_scale, float *losses, float *d_queries, float *scores, float *log_sum_exp) {
    int warps = blockDim.x / WARP;
    float *query = shared + warp() * width; // lane-private elements, as weighted
    float *weighted = shared + (warps + warp()) * width;
    float *staged = shared + 2 * warps * width;
    int row = blockIdx.x * warps + warp();
    bool real = row < rows;
    int positive = real ? positives[row] : -1;
    for (int i = lane(); i < width; i += WARP) {
        query[i] = real ? queries[row * (long long) width + i] : 0.0f;
        weighted[i] = 0.0f;
    }
    Running running;
    float own = 0.0f;
    for (int first = 0; first < candidates; first += tile) {
        int count = min(tile, candidates - first);
        if (first > 0) __syncthreads(); // the last tile's readers are done
        for (int n = threadIdx.x; n < count * width; n += blockDim.x) {
            staged[n] = keys[first * (long long) width + n];
        }
        __syncthreads(); // the tile is complete
        for (int c = 0; c < count; c++) {
            const float *candidate = staged + c * width;
            float score = 0.0f;
            for (int i = lane(); i < width; i += WARP) score += query[i] * candidate[i];
            score = scale * warp_sum(score);
            if (scores != nullptr && real && lane() == 0) scores[row * (long long) candidates + first + c] = score;
            if (first + c == positive) own = score;
            running.take(score);
            for (int i = lane(); i < width; i += WARP) {
                weighted[i] = weighted[i] * running.shrink + running.factor * candidate[i];
            }
        }
    }
    if (!real) return;
    if (lane() == 0) {
        // In this order a loss that is tiny beside the scores keeps its digits.
        losses[row] = running.max - own + logf(running.sum);
        if (log_sum_exp != nullptr) log_sum_exp[row] = running.max + logf(running.sum);
    }
    for (int i = lane(); i < width; i += WARP) {
        float mean = weighted[i] / running.sum;
        d_queries[row * (long long) width + i] =
            gradient_scale * scale * (mean - keys[positive * (long long) width + i]);
    }
}

// d_keys[k] = factor sum_r (p_rk - [k is row r's own]) q_r, rows in order. A warp per candidate; a tile of rows serves all candidates
// of the block. Shared: [warps + tile, width].
extern "C" __global__ void __launch_bounds__(256) ipk_info_nce_candidates_f32(
    int rows, int candidates, int width, int tile, const float *queries, const int *positives, const float *scores,
    const float *log_sum_exp, float factor, float *d_keys) {
    int warps = blockDim.x / WARP;
    float *sum = shared + warp() * width; // lane-private elements
    float *staged = shared + warps * width;
    int key = blockIdx.x * warps + warp();
    bool real = key < candidates;
    for (int i = lane(); i < width; i += WARP) sum[i] = 0.0f;
    for (int first = 0; first < rows; first += tile) {
        int count = min(tile, rows - first);
        if (first > 0) __syncthreads(); // the last tile's readers are done
        for (int n = threadIdx.x; n < count * width; n += blockDim.x) {
            staged[n] = queries[first * (long long) width + n];
        }
        __syncthreads(); // the tile is complete
        for (int c = 0; c < count && real; c++) {
            int r = first + c;
            float p = expf(scores[r * (long long) candidates + key] - log_sum_exp[r]);
            float w = positives[r] == key ? p - 1.0f : p;
            for (int i = lane(); i < width; i += WARP) sum[i] += w * staged[c * width + i];
        }
    }
    if (!real) return;
    for (int i = lane(); i < width; i += WARP) d_keys[key * (long long) width + i] = factor * sum[i];
}
