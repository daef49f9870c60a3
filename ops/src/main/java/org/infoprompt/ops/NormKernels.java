package org.infoprompt.ops;

import java.lang.foreign.MemorySegment;
import org.jspecify.annotations.Nullable;

/** Layer normalisation over rows (Ba et al., arXiv 1607.06450), biased variance as in PyTorch. */
public interface NormKernels {
    /**
     * y = (x - mean)·rstd ∘ gamma + beta per row; {@code y} may be {@code x}.
     *
     * @param rows R
     * @param width D
     * @param x [R, D]
     * @param gamma [D]
     * @param beta [D]
     * @param epsilon added to the variance
     * @param y [R, D]
     * @param normalized [R, D], receives (x - mean)·rstd; null when no backward pass follows
     * @param rstd [R], receives 1/√(variance + epsilon); null exactly when {@code normalized} is
     */
    void layerNormForward(
            int rows,
            int width,
            MemorySegment x,
            MemorySegment gamma,
            MemorySegment beta,
            double epsilon,
            MemorySegment y,
            @Nullable MemorySegment normalized,
            @Nullable MemorySegment rstd);

    /**
     * Gradient to the input: with g = dy ∘ gamma, dx = rstd·(g - mean(g) - normalized·mean(g ∘ normalized)). {@code dx} is
     * overwritten and may be {@code dy}.
     *
     * @param rows R
     * @param width D
     * @param dy [R, D]
     * @param gamma [D]
     * @param normalized [R, D] as written by forward
     * @param rstd [R] as written by forward
     * @param dx [R, D]
     */
    void layerNormBackward(
            int rows,
            int width,
            MemorySegment dy,
            MemorySegment gamma,
            MemorySegment normalized,
            MemorySegment rstd,
            MemorySegment dx);
}
