package org.infoprompt.ffi.kernels;

import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import org.jspecify.annotations.Nullable;

/** Supervised losses and the optimiser's update: {@code ipk_cross_entropy_f32}, {@code ipk_softmax_f32}, {@code ipk_adamw_f32}. */
public final class LossFunctions {
    private static final MethodHandle crossEntropy$mh = KernelLibrary.link("ipk_cross_entropy_f32");
    private static final MethodHandle softmax$mh = KernelLibrary.link("ipk_softmax_f32");
    private static final MethodHandle adamW$mh = KernelLibrary.link("ipk_adamw_f32");

    private LossFunctions() {}

    /**
     * losses[r] = -log softmax(logits[r])[labels[r]].
     *
     * @param rows R
     * @param classes C
     * @param logits [R, C]
     * @param labels [R] 32-bit numbers in [0, C), which the caller has checked
     * @param gradientScale factor of the gradient
     * @param losses [R]
     * @param dLogits [R, C], receives gradientScale·(softmax - onehot), or null
     * @throws IndexOutOfBoundsException if a segment is too short
     */
    public static void crossEntropy(
            long rows,
            long classes,
            MemorySegment logits,
            MemorySegment labels,
            double gradientScale,
            MemorySegment losses,
            @Nullable MemorySegment dLogits) {
        long size = Sizes.area(rows, classes);
        Sizes.floats("logits", logits, size);
        Sizes.ints("labels", labels, rows);
        Sizes.floats("losses", losses, rows);
        MemorySegment d = Sizes.floatsOrNull("dLogits", dLogits, size);
        try {
            crossEntropy$mh.invokeExact(rows, classes, logits, labels, gradientScale, losses, d);
        } catch (Throwable e) {
            throw KernelLibrary.unexpected(e);
        }
    }

    /**
     * y = softmax(x) per row.
     *
     * @param rows R
     * @param width elements of a row
     * @param x [R, width]
     * @param y [R, width]; may be {@code x}
     * @throws IndexOutOfBoundsException if a segment is too short
     */
    public static void softmax(long rows, long width, MemorySegment x, MemorySegment y) {
        long size = Sizes.area(rows, width);
        Sizes.floats("x", x, size);
        Sizes.floats("y", y, size);
        try {
            softmax$mh.invokeExact(rows, width, x, y);
        } catch (Throwable e) {
            throw KernelLibrary.unexpected(e);
        }
    }

    /**
     * One AdamW step.
     *
     * @param n number of elements
     * @param parameter updated
     * @param gradient read
     * @param gradientFactor factor of the gradient
     * @param firstMoment m
     * @param secondMoment v
     * @param decay lr·weightDecay
     * @param beta1 β₁
     * @param beta2 β₂
     * @param epsilon ε
     * @param stepSize lr/(1-β₁ᵗ)
     * @param rootCorrection √(1-β₂ᵗ)
     * @throws IndexOutOfBoundsException if a segment is too short
     */
    public static void adamW(
            long n,
            MemorySegment parameter,
            MemorySegment gradient,
            double gradientFactor,
            MemorySegment firstMoment,
            MemorySegment secondMoment,
            double decay,
            double beta1,
            double beta2,
            double epsilon,
            double stepSize,
            double rootCorrection) {
        Sizes.floats("parameter", parameter, n);
        Sizes.floats("gradient", gradient, n);
        Sizes.floats("firstMoment", firstMoment, n);
        Sizes.floats("secondMoment", secondMoment, n);
        try {
            adamW$mh.invokeExact(
                    n,
                    parameter,
                    gradient,
                    gradientFactor,
                    firstMoment,
                    secondMoment,
                    decay,
                    beta1,
                    beta2,
                    epsilon,
                    stepSize,
                    rootCorrection);
        } catch (Throwable e) {
            throw KernelLibrary.unexpected(e);
        }
    }
}
