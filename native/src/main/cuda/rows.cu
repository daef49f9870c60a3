// Row movement and reductions. Semantics of org.infoprompt.ops.RowKernels.
#include "common.cuh"

// out[r] = (word or prompt row) + position row + type row; a block per row. types may be null. source[r] < 0 is prompt -1 - source.
template <typename T>
__device__ __forceinline__ void embed(
    int width, const T *words, const float *prompts, const int *source, const T *positions, const int *position_ids,
    const T *types, const int *type_ids, T *out) {
    int r = blockIdx.x;
    int s = source[r];
    const T *position = positions + position_ids[r] * (long long) width;
    const T *type = types == nullptr ? nullptr : types + type_ids[r] * (long long) width;
    for (int i = threadIdx.x; i < width; i += blockDim.x) {
        float v = s >= 0 ? load(words + s * (long long) width + i) : prompts[(-1 - s) * (long long) width + i];
        v += load(position + i);
        if (type != nullptr) v += load(type + i);
        store(out + r * (long long) width + i, v);
    }
}

// out[i] = table[index[i]]; a block per row.
template <typename T>
__device__ __forceinline__ void gather(int width, const T *table, const int *index, T *out) {
    const T *source = table + index[blockIdx.x] * (long long) width;
    T *target = out + blockIdx.x * (long long) width;
    for (int i = threadIdx.x; i < width; i += blockDim.x) target[i] = source[i];
}

#define ROWS(T, suffix)                                                                                                \
    extern "C" __global__ void ipk_embed_##suffix(                                                                     \
        int width, const T *words, const float *prompts, const int *source, const T *positions,                        \
        const int *position_ids, const T *types, const int *type_ids, T *out) {                                        \
        embed<T>(width, words, prompts, source, positions, position_ids, types, type_ids, out);                        \
    }                                                                                                                  \
    extern "C" __global__ void ipk_gather_##suffix(int width, const T *table, const int *index, T *out) {              \
        gather<T>(width, table, index, out);                                                                           \
    }

ROWS(float, f32)
ROWS(bf16, bf16)

// out[i] = (bf16) x[i] and back.
extern "C" __global__ void ipk_to_bf16_f32(long long n, const float *x, bf16 *out) {
    for (long long i = first_element(); i < n; i += element_stride()) store(out + i, x[i]);
}

extern "C" __global__ void ipk_from_bf16_f32(long long n, const bf16 *x, float *out) {
    for (long long i = first_element(); i < n; i += element_stride()) out[i] = load(x + i);
}

// table[index[i]] += source[i] in this order, which a thread per column keeps without atomics.
extern "C" __global__ void ipk_scatter_add_f32(int rows, int width, const float *source, const int *index, float *table) {
    int c = (int) first_element();
    if (c >= width) return;
    for (int r = 0; r < rows; r++) table[index[r] * (long long) width + c] += source[r * (long long) width + c];
}

// y[r] += bias.
extern "C" __global__ void ipk_add_bias_f32(long long n, int width, const float *bias, float *y) {
    for (long long i = first_element(); i < n; i += element_stride()) y[i] += bias[i % width];
}

// out[c] = beta out[c] + alpha sum_r x[r, c], rows in order, in double; beta 0 overwrites. A thread per column.
extern "C" __global__ void ipk_column_sums_f32(
    int rows, int width, double alpha, const float *x, double beta, float *out) {
    int c = (int) first_element();
    if (c >= width) return;
    double sum = 0.0;
    for (int r = 0; r < rows; r++) sum += x[r * (long long) width + c];
    sum *= alpha;
    out[c] = (float) (beta == 0.0 ? sum : beta * out[c] + sum);
}

// out[r] = mean of x[r group ..]; a block per row.
extern "C" __global__ void ipk_group_mean_f32(int group, int width, const float *x, float *out) {
    const float *source = x + blockIdx.x * (long long) group * width;
    for (int i = threadIdx.x; i < width; i += blockDim.x) {
        float sum = 0.0f;
        for (int j = 0; j < group; j++) sum += source[j * (long long) width + i];
        out[blockIdx.x * (long long) width + i] = sum / group;
    }
}

// x[r group + j] += alpha d[r].
extern "C" __global__ void ipk_group_spread_f32(long long n, int group, int width, float alpha, const float *d, float *x) {
    for (long long i = first_element(); i < n; i += element_stride()) {
        long long row = i / width / group;
        x[i] += alpha * d[row * width + i % width];
    }
}

// y = alpha x + beta y; beta 0 overwrites.
extern "C" __global__ void ipk_axpby_f32(long long n, float alpha, const float *x, float beta, float *y) {
    for (long long i = first_element(); i < n; i += element_stride()) {
        y[i] = beta == 0.0f ? alpha * x[i] : alpha * x[i] + beta * y[i];
    }
}

// partials[block] = its part of sum x^2 in double, always in the same order.
extern "C" __global__ void ipk_sum_of_squares_f32(long long n, const float *x, double *partials) {
    __shared__ double parts[WARP];
    double sum = 0.0;
    for (long long i = first_element(); i < n; i += element_stride()) sum += (double) x[i] * x[i];
#pragma unroll
    for (int o = WARP / 2; o > 0; o /= 2) sum += __shfl_xor_sync(FULL, sum, o);
    if (lane() == 0) parts[warp()] = sum;
    __syncthreads();
    if (threadIdx.x == 0) {
        double total = 0.0;
        for (int w = 0; w < (int) blockDim.x / WARP; w++) total += parts[w];
        partials[blockIdx.x] = total;
    }
}
