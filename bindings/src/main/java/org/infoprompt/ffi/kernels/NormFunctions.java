package org.infoprompt.ffi.kernels;

import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import org.jspecify.annotations.Nullable;

/** Layer normalisation and element-wise activations: {@code ipk_layer_norm_*} and {@code ipk_activation_*}. */
public final class NormFunctions {
    private static final MethodHandle layerNormForward$mh = KernelLibrary.link("ipk_layer_norm_forward_f32");
    private static final MethodHandle activationForward$mh = KernelLibrary.link("ipk_activation_forward_f32");

    /** Linked when they are first called: linking takes some milliseconds each, and inference needs none of them. */
    private static final class Backward {
        static final MethodHandle layerNormBackward$mh = KernelLibrary.link("ipk_layer_norm_backward_f32");
        static final MethodHandle activationBackward$mh = KernelLibrary.link("ipk_activation_backward_f32");
    }

    private NormFunctions() {}

    /**
     * y = (x - mean)·rstd ∘ gamma + beta per row.
     *
     * @param rows R
     * @param width D
     * @param x [R, D]
     * @param gamma [D]
     * @param beta [D]
     * @param epsilon added to the variance
     * @param y [R, D]; may be {@code x}
     * @param normalized [R, D], or null
     * @param rstd [R], or null
     * @throws IndexOutOfBoundsException if a segment is too short
     */
    public static void layerNormForward(
            long rows,
            long width,
            MemorySegment x,
            MemorySegment gamma,
            MemorySegment beta,
            double epsilon,
            MemorySegment y,
            @Nullable MemorySegment normalized,
            @Nullable MemorySegment rstd) {
        long size = Sizes.area(rows, width);
        Sizes.floats("x", x, size);
        Sizes.floats("gamma", gamma, width);
        Sizes.floats("beta", beta, width);
        Sizes.floats("y", y, size);
        MemorySegment unit = Sizes.floatsOrNull("normalized", normalized, size);
        MemorySegment scale = Sizes.floatsOrNull("rstd", rstd, rows);
        try {
            layerNormForward$mh.invokeExact(rows, width, x, gamma, beta, epsilon, y, unit, scale);
        } catch (Throwable e) {
            throw KernelLibrary.unexpected(e);
        }
    }

    /**
     * dx = rstd·(g - mean(g) - normalized·mean(g ∘ normalized)) with g = dy ∘ gamma.
     *
     * @param rows R
     * @param width D
     * @param dy [R, D]
     * @param gamma [D]
     * @param normalized [R, D]
     * @param rstd [R]
     * @param dx [R, D]; may be {@code dy}
     * @throws IndexOutOfBoundsException if a segment is too short
     */
    public static void layerNormBackward(
            long rows,
            long width,
            MemorySegment dy,
            MemorySegment gamma,
            MemorySegment normalized,
            MemorySegment rstd,
            MemorySegment dx) {
        long size = Sizes.area(rows, width);
        Sizes.floats("dy", dy, size);
        Sizes.floats("gamma", gamma, width);
        Sizes.floats("normalized", normalized, size);
        Sizes.floats("rstd", rstd, rows);
        Sizes.floats("dx", dx, size);
        try {
            Backward.layerNormBackward$mh.invokeExact(rows, width, dy, gamma, normalized, rstd, dx);
        } catch (Throwable e) {
            throw KernelLibrary.unexpected(e);
        }
    }

    /**
     * y = activation(x).
     *
     * @param n number of elements
     * @param activation a constant of {@link LinearFunctions}
     * @param x input
     * @param y output; may be {@code x}
     * @throws IndexOutOfBoundsException if a segment is too short
     */
    public static void activationForward(long n, int activation, MemorySegment x, MemorySegment y) {
        Sizes.floats("x", x, n);
        Sizes.floats("y", y, n);
        try {
            activationForward$mh.invokeExact(n, activation, x, y);
        } catch (Throwable e) {
            throw KernelLibrary.unexpected(e);
        }
    }

    /**
     * dx = dy ∘ activation'(x).
     *
     * @param n number of elements
     * @param activation a constant of {@link LinearFunctions}
     * @param x the forward pass's input
     * @param dy gradient to the output
     * @param dx gradient to the input; may be {@code dy}
     * @throws IndexOutOfBoundsException if a segment is too short
     */
    public static void activationBackward(long n, int activation, MemorySegment x, MemorySegment dy, MemorySegment dx) {
        Sizes.floats("x", x, n);
        Sizes.floats("dy", dy, n);
        Sizes.floats("dx", dx, n);
        try {
            Backward.activationBackward$mh.invokeExact(n, activation, x, dy, dx);
        } catch (Throwable e) {
            throw KernelLibrary.unexpected(e);
        }
    }
}
