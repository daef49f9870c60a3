package org.infoprompt.ops;

import java.lang.foreign.MemorySegment;
import org.jspecify.annotations.Nullable;

/**
 * The Gaussian bottleneck and the two information losses of InfoPrompt (Wu et al., NeurIPS 2023, arXiv 2306.04933), each
 * loss and all its gradients in one streaming pass that never builds samples or scores (methods notes, 01-infoprompt,
 * sections 3 and 8).
 *
 * <p>{@code logStd} is what the linear layer gave; it is clamped to [-2, 10] inside, and its gradient is zero outside (at the
 * bounds themselves it passes, as in PyTorch). Gradients are accumulated unless said otherwise. {@code logProbFloor}: NaN for
 * the paper's InfoNCE; -2 reproduces the released code, where a row's log-probability is clamped from below and gives no
 * gradient beneath.
 */
public interface InformationKernels {
    /**
     * Writes standard normals: out[r, k, l] for sample k of row r.
     *
     * @param noise seed, step and row numbers
     * @param stream one of the constants of {@link Noise}
     * @param rows R
     * @param samples K
     * @param width Z
     * @param out [R, K, Z]
     */
    void gaussian(Noise noise, int stream, int rows, int samples, int width, MemorySegment out);

    /**
     * z = mu + eps·exp(logStd).
     *
     * @param rows R
     * @param width Z
     * @param mu [R, Z]
     * @param logStd [R, Z]
     * @param eps [R, Z] standard normals
     * @param z [R, Z], overwritten
     */
    void sampleForward(int rows, int width, MemorySegment mu, MemorySegment logStd, MemorySegment eps, MemorySegment z);

    /**
     * Adds the gradient of {@link #sampleForward}: dMu += dz, dLogStd += dz·eps·exp(logStd).
     *
     * @param rows R
     * @param width Z
     * @param logStd [R, Z]
     * @param eps [R, Z]
     * @param dz [R, Z]
     * @param dMu [R, Z]
     * @param dLogStd [R, Z]
     */
    void sampleBackward(
            int rows,
            int width,
            MemorySegment logStd,
            MemorySegment eps,
            MemorySegment dz,
            MemorySegment dMu,
            MemorySegment dLogStd);

    /**
     * KL divergence of each row's Gaussian to N(0, I), averaged over Z: mean_l(-s + ½e^{2s} + ½mu² - ½), added to {@code
     * losses}, with its gradients added.
     *
     * @param rows R
     * @param width Z
     * @param mu [R, Z]
     * @param logStd [R, Z]
     * @param gradientScale factor of the gradients, weight/B
     * @param losses [R], unscaled
     * @param dMu [R, Z]
     * @param dLogStd [R, Z]
     */
    void kl(
            int rows,
            int width,
            MemorySegment mu,
            MemorySegment logStd,
            double gradientScale,
            MemorySegment losses,
            MemorySegment dMu,
            MemorySegment dLogStd);

    /**
     * Head information loss: the row's mean prompt must beat the row's own word embeddings against the mean class row. With
     * q = c/√D: pos = pbar_i·q, neg_t = E[x_t]·q, loss_i = -log softmax(pos, neg)_0.
     *
     * @param rows R
     * @param width D
     * @param meanPrompts [R, D], pbar
     * @param words [V, D], E, frozen
     * @param tokenIds word ids of all rows, one after the other, without padding
     * @param tokenStarts R+1 starts into {@code tokenIds}; a row may be empty (loss 0)
     * @param classMean [D], c
     * @param logProbFloor NaN, or the released code's clamp
     * @param gradientScale factor of the gradients, weight/B
     * @param losses [R], overwritten, unscaled
     * @param dMeanPrompts [R, D], accumulated
     * @param dClassMean [R, D], each row's gradient to c, overwritten
     */
    void headInformation(
            int rows,
            int width,
            MemorySegment meanPrompts,
            MemorySegment words,
            int[] tokenIds,
            int[] tokenStarts,
            MemorySegment classMean,
            double logProbFloor,
            double gradientScale,
            MemorySegment losses,
            MemorySegment dMeanPrompts,
            MemorySegment dClassMean);

    /**
     * Representation information loss: a sample of the prompted Gaussian must beat K samples of the same row's plain Gaussian
     * against the projected prompt. All scores live in the latent space: with c' = Woᵀctx/√D, pos = (muP + e0·sigmaP)·c', neg_k
     * = (mu + e_k·sigma)·c', loss_i = -log softmax(pos, neg)_0.
     *
     * @param rows R
     * @param width Z
     * @param samples K
     * @param context [R, Z], c'
     * @param mu [R, Z], plain
     * @param logStd [R, Z], plain
     * @param muPrompted [R, Z]
     * @param logStdPrompted [R, Z]
     * @param noise names e0 ({@link Noise#POSITIVE}) and e_k ({@link Noise#NEGATIVE}), regenerated, never stored
     * @param explicitNoise [R, 1+K, Z] to use instead of {@code noise}, for comparison with other programs; normally null
     * @param logProbFloor NaN, or the released code's clamp
     * @param gradientScale factor of the gradients, weight/B
     * @param losses [R], overwritten, unscaled
     * @param dContext [R, Z], overwritten
     * @param dMu [R, Z], accumulated
     * @param dLogStd [R, Z], accumulated
     * @param dMuPrompted [R, Z], accumulated
     * @param dLogStdPrompted [R, Z], accumulated
     */
    void representationInformation(
            int rows,
            int width,
            int samples,
            MemorySegment context,
            MemorySegment mu,
            MemorySegment logStd,
            MemorySegment muPrompted,
            MemorySegment logStdPrompted,
            Noise noise,
            @Nullable MemorySegment explicitNoise,
            double logProbFloor,
            double gradientScale,
            MemorySegment losses,
            MemorySegment dContext,
            MemorySegment dMu,
            MemorySegment dLogStd,
            MemorySegment dMuPrompted,
            MemorySegment dLogStdPrompted);
}
