package org.infoprompt.ops;

import java.lang.foreign.MemorySegment;
import org.jspecify.annotations.Nullable;

/**
 * Matrix products. The {@code linear*} family multiplies rows with a frozen packed weight: K = {@code
 * w.inputSize()}, N = {@code w.outputSize()}. Outputs are overwritten unless said otherwise and must not overlap {@code
 * x}. {@code rows} may be 0.
 */
public interface MatmulKernels {
    /**
     * y = x·w + bias.
     *
     * @param w packed weight
     * @param rows R
     * @param x [R, K]
     * @param bias [N], or null for none
     * @param y [R, N]
     */
    void linear(PackedWeight w, int rows, MemorySegment x, @Nullable MemorySegment bias, MemorySegment y);

    /**
     * y = x·w + bias + residual; {@code y} may be {@code residual} itself.
     *
     * @param w packed weight
     * @param rows R
     * @param x [R, K]
     * @param bias [N], or null for none
     * @param residual [R, N]
     * @param y [R, N]
     */
    void linearAdd(
            PackedWeight w,
            int rows,
            MemorySegment x,
            @Nullable MemorySegment bias,
            MemorySegment residual,
            MemorySegment y);

    /**
     * y = activation(x·w + bias), keeping what the backward pass needs: the activation's slope, and not its argument, because its
     * exponentials are at hand here and would have to be computed again there.
     *
     * @param w packed weight
     * @param rows R
     * @param x [R, K]
     * @param bias [N]
     * @param activation the function
     * @param slope [R, N], receives activation'(x·w + bias); null when no backward pass follows
     * @param y [R, N]
     */
    void linearActivation(
            PackedWeight w,
            int rows,
            MemorySegment x,
            MemorySegment bias,
            Activation activation,
            @Nullable MemorySegment slope,
            MemorySegment y);

    /**
     * dInner = (dy·w) ∘ slope: the gradient through the second feed-forward layer and the activation before it.
     *
     * @param w weight packed for {@link WeightUse#BACKWARD}
     * @param rows R
     * @param dy [R, K]
     * @param slope [R, N] as saved by {@link #linearActivation}
     * @param dInner [R, N], the gradient to the activation's argument; may be {@code slope} itself
     */
    void linearActivationBackward(
            PackedWeight w, int rows, MemorySegment dy, MemorySegment slope, MemorySegment dInner);

    /**
     * c = alpha·op(a)·op(b) + beta·c for small trainable matrices; {@code beta} 0 overwrites {@code c} whatever it holds.
     *
     * @param transposeA false: a is [m, k]; true: a is [k, m] and is read transposed
     * @param transposeB false: b is [k, n]; true: b is [n, k] and is read transposed
     * @param m rows of c
     * @param n columns of c
     * @param k summed size
     * @param alpha factor of the product
     * @param a left operand
     * @param b right operand
     * @param beta factor of c
     * @param c [m, n]
     */
    void gemm(
            boolean transposeA,
            boolean transposeB,
            int m,
            int n,
            int k,
            double alpha,
            MemorySegment a,
            MemorySegment b,
            double beta,
            MemorySegment c);
}
