// Row movement and reductions. Semantics of org.infoprompt.ops.RowKernels.
#include "common.cuh"

// out[r] = (word or prompt row) + position row + type row; a block per row. types may be null. source[r] < 0 is prompt -1 - source.
extern "C" __global__ void ipk_embed_f32(
    int width, const float *words, const float *prompts, const int *source, const float *positions,
    const int *position_ids, const float *types, const int *type_ids, float *out) {
    int r = blockIdx.x;
    int s = source[r];
    const float *position = positions + position_ids[r] * (long long) width;
    const float *type = types == nullptr ? nullptr : types + type_ids[r] * (long long) width;
    for (int i = threadIdx.x; i < width; i += blockDim.x) {
        float v = s >= 0 ? words[s * (long long) width + i] : prompts[(-1 - s) * (long long) width + i];
        v += position[i];
        if (type != nullptr) v += type[i];
        out[r * (long long) width + i] = v;
    }
}

// A row into another, by the threads of a block.
template <int W, class From, class To>
__device__ __forceinline__ void copy_row(int width, const From *source, To *target) {
    for (int i = W * threadIdx.x; i < width; i += W * blockDim.x) store<W>(target + i, load<W>(source + i));
}

// out[i] = table[index[i]]; a block per row.
extern "C" __global__ void ipk_gather_f32(int width, const float *table, const int *index, float *out) {
    copy_row<1>(width, table + index[blockIdx.x] * (long long) width, out + blockIdx.x * (long long) width);
}

extern "C" __global__ void ipk_gather_bf16(int width, const bf16 *table, const int *index, bf16 *out) {
    copy_row<4>(width, table + index[blockIdx.x] * (long long) width, out + blockIdx.x * (long long) width);
}

// joined[r] = table[-1 - source[r]] where source[r] < 0, else width elements of row source[r] of a wider buffer, from a column
// on; a block per row.
template <int W, class T>
__device__ __forceinline__ void join_rows(
    int width, const float *table, const T *rows, int stride, int column, const int *source, T *joined) {
    int s = source[blockIdx.x];
    T *target = joined + blockIdx.x * (long long) width;
    if (s < 0) copy_row<W>(width, table + (-1 - s) * (long long) width, target);
    else copy_row<W>(width, rows + s * (long long) stride + column, target);
}

// Takes apart what join_rows joined.
template <int W, class T>
__device__ __forceinline__ void split_rows(
    int width, const T *joined, const int *source, float *table, T *rows, int stride, int column) {
    int s = source[blockIdx.x];
    const T *from = joined + blockIdx.x * (long long) width;
    if (s < 0) copy_row<W>(width, from, table + (-1 - s) * (long long) width);
    else copy_row<W>(width, from, rows + s * (long long) stride + column);
}

extern "C" __global__ void ipk_join_rows_f32(
    int width, const float *table, const float *rows, int stride, int column, const int *source, float *joined) {
    join_rows<1>(width, table, rows, stride, column, source, joined);
}

extern "C" __global__ void ipk_join_rows_bf16(
    int width, const float *table, const bf16 *rows, int stride, int column, const int *source, bf16 *joined) {
    join_rows<4>(width, table, rows, stride, column, source, joined);
}

extern "C" __global__ void ipk_split_rows_f32(
    int width, const float *joined, const int *source, float *table, float *rows, int stride, int column) {
    split_rows<1>(width, joined, source, table, rows, stride, column);
}

extern "C" __global__ void ipk_split_rows_bf16(
    int width, const bf16 *joined, const int *source, float *table, bf16 *rows, int stride, int column) {
    split_rows<4>(width, joined, source, table, rows, stride, column);
}

// out[i] = (bf16) x[i].
extern "C" __global__ void ipk_to_bf16_f32(long long n, const float *x, bf16 *out) {
    for (long long i = first_element(); i < n; i += element_stride()) out[i] = __float2bfloat16_rn(x[i]);
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
