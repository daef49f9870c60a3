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

    /**
     * As the method above, and also writes {@code y} into {@code copy}, which is of the type that normalized rows are kept in: what a
     * product reads next.
     *
     * @param rows R
     * @param width D
     * @param x [R, D]
     * @param gamma [D]
     * @param beta [D]
     * @param epsilon added to the variance
     * @param y [R, D]
     * @param copy [R, D], or null where nobody reads it
     * @param normalized [R, D], or null
     * @param rstd [R]; null exactly when {@code normalized} is
     * @throws IllegalArgumentException if a copy is asked for of kernels of one type alone
     */
    default void layerNormForward(
            int rows,
            int width,
            MemorySegment x,
            MemorySegment gamma,
            MemorySegment beta,
            double epsilon,
            MemorySegment y,
            @Nullable MemorySegment copy,
            @Nullable MemorySegment normalized,
            @Nullable MemorySegment rstd) {
        noCopy(copy);
        layerNormForward(rows, width, x, gamma, beta, epsilon, y, normalized, rstd);
    }

    /**
     * As the method above, and also writes {@code dx} into {@code copy}, which is of the type that normalized rows are kept in.
     *
     * @param rows R
     * @param width D
     * @param dy [R, D]
     * @param gamma [D]
     * @param normalized [R, D] as written by forward
     * @param rstd [R] as written by forward
     * @param dx [R, D]
     * @param copy [R, D], or null where nobody reads it
     * @throws IllegalArgumentException if a copy is asked for of kernels of one type alone
     */
    default void layerNormBackward(
            int rows,
            int width,
            MemorySegment dy,
            MemorySegment gamma,
            MemorySegment normalized,
            MemorySegment rstd,
            MemorySegment dx,
            @Nullable MemorySegment copy) {
        noCopy(copy);
        layerNormBackward(rows, width, dy, gamma, normalized, rstd, dx);
    }

    private static void noCopy(@Nullable MemorySegment copy) {
        if (copy != null) {
            throw new IllegalArgumentException("products read the rows themselves: a copy of them is of no use");
        }
    }
}
