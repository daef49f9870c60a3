// The Gaussian bottleneck and the two information losses of InfoPrompt (arXiv 2306.04933): loss and all gradients of a row from
// one pass over its negatives, which are neither stored nor scored twice. Semantics of org.infoprompt.ops.InformationKernels.
#include "noise.cuh"

constexpr float MIN_LOG_STD = -2.0f;
constexpr float MAX_LOG_STD = 10.0f;
constexpr int POSITIVE = 1; // streams of Noise
constexpr int NEGATIVE = 2;
constexpr int MAX_WARPS = 8;

// The clamped log of the deviation; NaN stays NaN.
static __device__ __forceinline__ float clamped(float log_std) {
    return isnan(log_std) ? log_std : fminf(fmaxf(log_std, MIN_LOG_STD), MAX_LOG_STD);
}

static __device__ __forceinline__ float deviation(float log_std) { return expf(clamped(log_std)); }

// Whether the clamp lets a gradient through.
static __device__ __forceinline__ bool inside(float log_std) { return log_std >= MIN_LOG_STD && log_std <= MAX_LOG_STD; }

// What a row's loss and gradients need of its negatives, once all warps' parts are merged.
struct Outcome {
    bool flows;  // whether a gradient flows: not beneath the released code's clamp
    float share; // 1 - p0, the negatives' part of the softmax
    float scale; // turns the merged weighted sum into the sum of p_k x_k
    float loss;

    __device__ __forceinline__ Outcome(float positive, float max, float sum, float floor) {
        float excess = max + logf(sum) - positive;
        float whole = softplus(excess);
        bool below = -whole < floor;
        flows = !below;
        loss = below ? -floor : whole;
        share = 1.0f / (1.0f + expf(-excess));
        scale = sum == 0.0f ? 0.0f : share / sum;
    }
};

// Merges the warps' running softmaxes: for every thread the common maximum and sum; `factors` receives what each warp's
// weighted sum is to be multiplied with.
static __device__ __forceinline__ float merge(
    int warps, const float *maxima, const float *sums, float factors[MAX_WARPS], float *sum) {
    float max = -CUDART_INF_F;
    for (int w = 0; w < warps; w++) max = maxima[w] > max ? maxima[w] : max;
    float total = 0.0f;
#pragma unroll
    for (int w = 0; w < MAX_WARPS; w++) { // unrolled, so that the factors are registers
        bool there = w < warps && sums[w] != 0.0f; // a sum that is NaN is there
        factors[w] = there ? expf(maxima[w] - max) : 0.0f;
        if (there) total += factors[w] * sums[w];
    }
    *sum = total;
    return max;
}

// Head information loss. A block per row, a warp per word of the row. Shared: [2 warps, width].
extern "C" __global__ void __launch_bounds__(WARP *MAX_WARPS) ipk_head_information_f32(
    int width, const float *mean_prompts, const float *words, const int *token_ids, const int *token_starts,
    const float *class_mean, float floor, float gradient_scale, float *losses, float *d_mean_prompts,
    float *d_class_mean) {
    __shared__ float maxima[MAX_WARPS], sums[MAX_WARPS], parts[MAX_WARPS];
    int warps = blockDim.x / WARP;
    float *word = shared + (2 * warp()) * width; // lane-private elements, so that no barrier is needed
    float *weighted = word + width;
    long long row = blockIdx.x * (long long) width;
    float per_root = rsqrtf((float) width);
    for (int i = lane(); i < width; i += WARP) weighted[i] = 0.0f;
    Running running;
    for (int t = token_starts[blockIdx.x] + warp(); t < token_starts[blockIdx.x + 1]; t += warps) {
        const float *source = words + token_ids[t] * (long long) width;
        float score = 0.0f;
        for (int i = lane(); i < width; i += WARP) {
            float x = source[i];
            word[i] = x;
            score += x * class_mean[i];
        }
        running.take(per_root * warp_sum(score));
        for (int i = lane(); i < width; i += WARP) {
            weighted[i] = weighted[i] * running.shrink + running.factor * word[i];
        }
    }
    float positive = 0.0f;
    for (int i = threadIdx.x; i < width; i += blockDim.x) positive += mean_prompts[row + i] * class_mean[i];
    positive = warp_sum(positive);
    if (lane() == 0) {
        maxima[warp()] = running.max;
        sums[warp()] = running.sum;
        parts[warp()] = positive;
    }
    __syncthreads();
    positive = 0.0f;
    for (int w = 0; w < warps; w++) positive += parts[w];
    float sum;
    float factors[MAX_WARPS];
    float max = merge(warps, maxima, sums, factors, &sum);
    Outcome out(per_root * positive, max, sum, floor);
    if (threadIdx.x == 0) losses[blockIdx.x] = out.loss;
    float scale = gradient_scale * per_root;
    for (int i = threadIdx.x; i < width; i += blockDim.x) {
        float mean = 0.0f;
#pragma unroll
        for (int w = 0; w < MAX_WARPS; w++) {
            if (w < warps) mean += factors[w] * shared[(2 * w + 1) * width + i];
        }
        if (out.flows) d_mean_prompts[row + i] += -scale * out.share * class_mean[i];
        float own = out.scale * mean - out.share * mean_prompts[row + i];
        d_class_mean[row + i] = out.flows ? scale * own : 0.0f;
    }
}

// Four elements of a sample's noise: drawn, or read from explicit_noise [rows, 1 + samples, width].
static __device__ __forceinline__ float4 noise_group(
    const NoiseKey &key, const float *explicit_row, int slot, int group, int sample, int row, int stream, int width) {
    if (explicit_row == nullptr) return key.at(group, sample, row, stream);
    const float *source = explicit_row + slot * (long long) width + 4 * group;
    float4 out = {0.0f, 0.0f, 0.0f, 0.0f};
    int left = width - 4 * group;
    out.x = source[0];
    if (left > 1) out.y = source[1];
    if (left > 2) out.z = source[2];
    if (left > 3) out.w = source[3];
    return out;
}

// Representation information loss. A block per row, a warp per negative sample; noise lives in registers and in lane-private
// shared memory between score and weighted sum. Shared: [1 + 2 warps, padded], padded = width rounded up to 4.
extern "C" __global__ void __launch_bounds__(WARP *MAX_WARPS) ipk_representation_information_f32(
    int width, int samples, const float *context, const float *mu, const float *log_std, const float *mu_prompted,
    const float *log_std_prompted, const int *noise_rows, long long seed, int step, const float *explicit_noise,
    float floor, float gradient_scale, float *losses, float *d_context, float *d_mu, float *d_log_std,
    float *d_mu_prompted, float *d_log_std_prompted) {
    __shared__ float maxima[MAX_WARPS], sums[MAX_WARPS], bases[MAX_WARPS], positives[MAX_WARPS];
    int warps = blockDim.x / WARP;
    int groups = (width + 3) / 4;
    int padded = 4 * groups;
    float *spread = shared; // sigma * context
    float *noise = shared + (1 + 2 * warp()) * padded;
    float *weighted = noise + padded;
    long long row = blockIdx.x * (long long) width;
    int noise_row = explicit_noise == nullptr ? noise_rows[blockIdx.x] : 0;
    const float *explicit_row =
        explicit_noise == nullptr ? nullptr : explicit_noise + blockIdx.x * (1LL + samples) * width;
    NoiseKey key(seed, step);
    float base = 0.0f, positive = 0.0f;
    for (int l = threadIdx.x; l < padded; l += blockDim.x) {
        float s = 0.0f;
        if (l < width) {
            s = deviation(log_std[row + l]) * context[row + l];
            base += mu[row + l] * context[row + l];
            positive += mu_prompted[row + l] * context[row + l];
        }
        spread[l] = s;
    }
    for (int g = threadIdx.x; g < groups; g += blockDim.x) {
        float4 e = noise_group(key, explicit_row, 0, g, 0, noise_row, POSITIVE, width);
        float part[4] = {e.x, e.y, e.z, e.w};
#pragma unroll
        for (int j = 0; j < 4; j++) {
            int l = 4 * g + j;
            if (l < width) positive += part[j] * deviation(log_std_prompted[row + l]) * context[row + l];
        }
    }
    base = warp_sum(base);
    positive = warp_sum(positive);
    if (lane() == 0) {
        bases[warp()] = base;
        positives[warp()] = positive;
    }
    for (int l = lane(); l < padded; l += WARP) weighted[l] = 0.0f;
    __syncthreads(); // spread, bases and positives are complete; weighted is per warp
    base = 0.0f;
    positive = 0.0f;
    for (int w = 0; w < warps; w++) {
        base += bases[w];
        positive += positives[w];
    }
    Running running;
    for (int k = warp(); k < samples; k += warps) {
        float score = 0.0f;
        for (int g = lane(); g < groups; g += WARP) {
            float4 e = noise_group(key, explicit_row, 1 + k, g, k, noise_row, NEGATIVE, width);
            *(float4 *) (noise + 4 * g) = e;
            float4 s = *(const float4 *) (spread + 4 * g);
            score += e.x * s.x + e.y * s.y + e.z * s.z + e.w * s.w;
        }
        running.take(base + warp_sum(score));
        for (int g = lane(); g < groups; g += WARP) {
            float4 e = *(const float4 *) (noise + 4 * g);
            float4 w = *(float4 *) (weighted + 4 * g);
            w.x = w.x * running.shrink + running.factor * e.x;
            w.y = w.y * running.shrink + running.factor * e.y;
            w.z = w.z * running.shrink + running.factor * e.z;
            w.w = w.w * running.shrink + running.factor * e.w;
            *(float4 *) (weighted + 4 * g) = w;
        }
    }
    if (lane() == 0) {
        maxima[warp()] = running.max;
        sums[warp()] = running.sum;
    }
    __syncthreads();
    float sum;
    float factors[MAX_WARPS];
    float max = merge(warps, maxima, sums, factors, &sum);
    Outcome out(positive, max, sum, floor);
    if (threadIdx.x == 0) losses[blockIdx.x] = out.loss;
    for (int g = threadIdx.x; g < groups; g += blockDim.x) {
        float4 e = noise_group(key, explicit_row, 0, g, 0, noise_row, POSITIVE, width);
#pragma unroll 1
        for (int l = 4 * g; l < min(4 * g + 4, width); l++) {
            float normal = e.x; // the next in turn, so that the four stay in registers
            e = {e.y, e.z, e.w, 0.0f};
            long long i = row + l;
            if (!out.flows) {
                d_context[i] = 0.0f;
                continue;
            }
            float mean = 0.0f;
#pragma unroll
            for (int w = 0; w < MAX_WARPS; w++) {
                if (w < warps) mean += factors[w] * shared[(2 + 2 * w) * padded + l];
            }
            float raw = log_std[i], raw_prompted = log_std_prompted[i];
            float c = gradient_scale * context[i];
            float jitter = normal * deviation(raw_prompted);
            float mean_noise = out.scale * mean * deviation(raw);
            d_mu_prompted[i] += -out.share * c;
            if (inside(raw_prompted)) d_log_std_prompted[i] += -out.share * c * jitter;
            d_mu[i] += out.share * c;
            if (inside(raw)) d_log_std[i] += c * mean_noise;
            d_context[i] = gradient_scale * (out.share * (mu[i] - mu_prompted[i] - jitter) + mean_noise);
        }
    }
}

// Standard normals out[rows, samples, width]; a thread per group of four.
extern "C" __global__ void ipk_gaussian_f32(
    int rows, int samples, int width, const int *noise_rows, long long seed, int step, int stream, float *out) {
    int groups = (width + 3) / 4;
    NoiseKey key(seed, step);
    for (long long n = first_element(); n < (long long) rows * samples * groups; n += element_stride()) {
        int g = n % groups;
        long long sample = n / groups;
        float4 e = key.at(g, sample % samples, noise_rows[sample / samples], stream);
        float part[4] = {e.x, e.y, e.z, e.w};
        float *target = out + sample * width + 4 * g;
#pragma unroll
        for (int j = 0; j < 4; j++) {
            if (4 * g + j < width) target[j] = part[j];
        }
    }
}

// z = mu + eps * sigma.
extern "C" __global__ void ipk_sample_forward_f32(
    long long n, const float *mu, const float *log_std, const float *eps, float *z) {
    for (long long i = first_element(); i < n; i += element_stride()) z[i] = mu[i] + eps[i] * deviation(log_std[i]);
}

extern "C" __global__ void ipk_sample_backward_f32(
    long long n, const float *log_std, const float *eps, const float *dz, float *d_mu, float *d_log_std) {
    for (long long i = first_element(); i < n; i += element_stride()) {
        d_mu[i] += dz[i];
        if (inside(log_std[i])) d_log_std[i] += dz[i] * eps[i] * deviation(log_std[i]);
    }
}

// KL divergence to N(0, I), averaged over the width and added to losses[row]. A block per row.
extern "C" __global__ void ipk_kl_f32(
    int width, const float *mu, const float *log_std, float gradient_scale, float *losses, float *d_mu,
    float *d_log_std) {
    __shared__ float scratch[WARP];
    long long row = blockIdx.x * (long long) width;
    float scale = gradient_scale / width;
    float loss = 0.0f;
    for (int l = threadIdx.x; l < width; l += blockDim.x) {
        float m = mu[row + l], raw = log_std[row + l];
        float s = clamped(raw);
        // expm1 keeps the digits of a variance near 1: half(e^2s - 1) - s is then of the order of s squared.
        float excess = expm1f(2.0f * s);
        loss += 0.5f * (excess - 2.0f * s) + 0.5f * m * m;
        d_mu[row + l] += scale * m;
        if (inside(raw)) d_log_std[row + l] += scale * excess;
    }
    float total = block_sum(loss, scratch);
    if (threadIdx.x == 0) losses[blockIdx.x] += total / width;
}
