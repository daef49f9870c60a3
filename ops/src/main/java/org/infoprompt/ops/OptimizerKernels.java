package org.infoprompt.ops;

import java.lang.foreign.MemorySegment;

/** Parameter updates. */
public interface OptimizerKernels {
    /**
     * One AdamW step (Loshchilov &amp; Hutter, arXiv 1711.05101) with PyTorch's order of operations: p ← p·(1 -
     * lr·weightDecay); m ← β₁m + (1-β₁)g; v ← β₂v + (1-β₂)g²; p ← p - lr/(1-β₁ᵗ) · m / (√v/√(1-β₂ᵗ) + ε), g =
     * gradientFactor·gradient.
     *
     * @param n number of elements
     * @param parameter updated
     * @param gradient read only
     * @param gradientFactor factor from clipping, 1 for none
     * @param firstMoment m
     * @param secondMoment v
     * @param learningRate lr of this step
     * @param beta1 β₁
     * @param beta2 β₂
     * @param epsilon ε
     * @param weightDecay decoupled decay
     * @param step t, counted from 1
     */
    void adamW(
            long n,
            MemorySegment parameter,
            MemorySegment gradient,
            double gradientFactor,
            MemorySegment firstMoment,
            MemorySegment secondMoment,
            double learningRate,
            double beta1,
            double beta2,
            double epsilon,
            double weightDecay,
            long step);
}
