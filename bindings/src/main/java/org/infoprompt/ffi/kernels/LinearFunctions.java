package org.infoprompt.ffi.kernels;

import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import org.jspecify.annotations.Nullable;

/** Products of rows with packed weights and of small matrices: {@code ipk_linear_*} and {@code ipk_gemm_*}. */
public final class LinearFunctions {
    /** The activation argument for none. */
    public static final int NO_ACTIVATION = -1;

    /** The activation argument for GELU by the error function. */
    public static final int GELU_ERF = 0;

    /** The activation argument for GELU by the tanh approximation. */
    public static final int GELU_TANH = 1;

    /** The activation argument for max(x, 0). */
    public static final int RELU = 2;

    private static final MethodHandle bytesF32$mh = KernelLibrary.link("ipk_linear_bytes_f32");
    private static final MethodHandle bytesBf16$mh = KernelLibrary.link("ipk_linear_bytes_bf16");
    private static final MethodHandle bytesInt8$mh = KernelLibrary.link("ipk_linear_bytes_int8");
    private static final MethodHandle packF32$mh = KernelLibrary.link("ipk_linear_pack_f32");
    private static final MethodHandle packBf16$mh = KernelLibrary.link("ipk_linear_pack_bf16");
    private static final MethodHandle packInt8$mh = KernelLibrary.link("ipk_linear_pack_int8");
    private static final MethodHandle scratchF32$mh = KernelLibrary.link("ipk_linear_scratch_f32");
    private static final MethodHandle scratchBf16$mh = KernelLibrary.link("ipk_linear_scratch_bf16");
    private static final MethodHandle scratchInt8$mh = KernelLibrary.link("ipk_linear_scratch_int8");
    private static final MethodHandle forwardF32$mh = KernelLibrary.link("ipk_linear_forward_f32");
    private static final MethodHandle forwardBf16$mh = KernelLibrary.link("ipk_linear_forward_bf16");
    private static final MethodHandle forwardInt8$mh = KernelLibrary.link("ipk_linear_forward_int8");

    /** Linked when they are first called: linking takes some milliseconds each, and inference needs none of them. */
    private static final class Backward {
        static final MethodHandle backwardF32$mh = KernelLibrary.link("ipk_linear_backward_f32");
        static final MethodHandle backwardBf16$mh = KernelLibrary.link("ipk_linear_backward_bf16");
    }

    /** Linked when they are first called, as {@link Backward}: most products are with packed weights. */
    private static final class Gemm {
        static final MethodHandle gemmScratch$mh = KernelLibrary.link("ipk_gemm_scratch_f32");
        static final MethodHandle gemm$mh = KernelLibrary.link("ipk_gemm_f32");
    }

    private LinearFunctions() {}

    /**
     * {@return the bytes of a packed weight}
     *
     * @param type in what the weight is packed
     * @param k its rows
     * @param n its columns
     */
    public static long packedBytes(WeightType type, long k, long n) {
        try {
            return switch (type) {
                case F32 -> (long) bytesF32$mh.invokeExact(k, n);
                case BF16 -> (long) bytesBf16$mh.invokeExact(k, n);
                case INT8 -> (long) bytesInt8$mh.invokeExact(k, n);
            };
        } catch (Throwable e) {
            throw KernelLibrary.unexpected(e);
        }
    }

    /**
     * Packs a weight [k, n].
     *
     * @param type in what the weight is packed
     * @param k rows
     * @param n columns
     * @param transposed whether it lies in memory as [n, k]
     * @param weight the weight
     * @param packed receives it, {@link #packedBytes} long
     * @throws IndexOutOfBoundsException if a segment is too short
     */
    public static void pack(
            WeightType type, long k, long n, boolean transposed, MemorySegment weight, MemorySegment packed) {
        Sizes.floats("weight", weight, Sizes.area(k, n));
        Sizes.bytes("packed", packed, packedBytes(type, k, n));
        try {
            switch (type) {
                case F32 -> packF32$mh.invokeExact(k, n, transposed ? 1 : 0, weight, packed);
                case BF16 -> packBf16$mh.invokeExact(k, n, transposed ? 1 : 0, weight, packed);
                case INT8 -> packInt8$mh.invokeExact(k, n, transposed ? 1 : 0, weight, packed);
            }
        } catch (Throwable e) {
            throw KernelLibrary.unexpected(e);
        }
    }

    /**
     * {@return the bytes of scratch that the products with a weight need}
     *
     * @param type in what the weight is packed
     * @param k rows of the weight
     */
    public static long scratchBytes(WeightType type, long k) {
        try {
            return switch (type) {
                case F32 -> (long) scratchF32$mh.invokeExact(k);
                case BF16 -> (long) scratchBf16$mh.invokeExact(k);
                case INT8 -> (long) scratchInt8$mh.invokeExact(k);
            };
        } catch (Throwable e) {
            throw KernelLibrary.unexpected(e);
        }
    }

    /**
     * y = activation(x·w + bias + residual).
     *
     * @param type in what the weight is packed
     * @param rows R
     * @param k rows of the weight
     * @param n columns of the weight
     * @param packed the weight
     * @param x [R, k]
     * @param bias [n], or null
     * @param residual [R, n], or null
     * @param activation one of the constants above
     * @param slope [R, n], receives the derivative, or null
     * @param y [R, n]; may be {@code residual}
     * @param scratch {@link #scratchBytes} long
     * @throws IndexOutOfBoundsException if a segment is too short
     */
    public static void forward(
            WeightType type,
            long rows,
            long k,
            long n,
            MemorySegment packed,
            MemorySegment x,
            @Nullable MemorySegment bias,
            @Nullable MemorySegment residual,
            int activation,
            @Nullable MemorySegment slope,
            MemorySegment y,
            MemorySegment scratch) {
        long size = Sizes.area(rows, n);
        Sizes.bytes("packed", packed, packedBytes(type, k, n));
        Sizes.floats("x", x, Sizes.area(rows, k));
        Sizes.floats("y", y, size);
        Sizes.bytes("scratch", scratch, scratchBytes(type, k));
        MemorySegment b = Sizes.floatsOrNull("bias", bias, n);
        MemorySegment r = Sizes.floatsOrNull("residual", residual, size);
        MemorySegment s = Sizes.floatsOrNull("slope", slope, size);
        try {
            switch (type) {
                case F32 -> forwardF32$mh.invokeExact(rows, k, n, packed, x, b, r, activation, s, y, scratch);
                case BF16 -> forwardBf16$mh.invokeExact(rows, k, n, packed, x, b, r, activation, s, y, scratch);
                case INT8 -> forwardInt8$mh.invokeExact(rows, k, n, packed, x, b, r, activation, s, y, scratch);
            }
        } catch (Throwable e) {
            throw KernelLibrary.unexpected(e);
        }
    }

    /**
     * y = (x·w) ∘ slope.
     *
     * @param type in what the weight is packed; not INT8
     * @param rows R
     * @param k rows of the weight
     * @param n columns of the weight
     * @param packed the weight
     * @param x [R, k]
     * @param slope [R, n]
     * @param y [R, n]; may be {@code slope}
     * @param scratch {@link #scratchBytes} long
     * @throws IndexOutOfBoundsException if a segment is too short
     * @throws UnsupportedOperationException if the type is INT8
     */
    public static void backward(
            WeightType type,
            long rows,
            long k,
            long n,
            MemorySegment packed,
            MemorySegment x,
            MemorySegment slope,
            MemorySegment y,
            MemorySegment scratch) {
        long size = Sizes.area(rows, n);
        Sizes.bytes("packed", packed, packedBytes(type, k, n));
        Sizes.floats("x", x, Sizes.area(rows, k));
        Sizes.floats("slope", slope, size);
        Sizes.floats("y", y, size);
        Sizes.bytes("scratch", scratch, scratchBytes(type, k));
        try {
            switch (type) {
                case F32 -> Backward.backwardF32$mh.invokeExact(rows, k, n, packed, x, slope, y, scratch);
                case BF16 -> Backward.backwardBf16$mh.invokeExact(rows, k, n, packed, x, slope, y, scratch);
                case INT8 -> throw new UnsupportedOperationException("int8 products have no gradients");
            }
        } catch (Throwable e) {
            throw KernelLibrary.unexpected(e);
        }
    }

    /**
     * {@return the bytes of scratch that {@link #gemm} needs}
     *
     * @param k the summed size
     */
    public static long gemmScratchBytes(long k) {
        try {
            return (long) Gemm.gemmScratch$mh.invokeExact(k);
        } catch (Throwable e) {
            throw KernelLibrary.unexpected(e);
        }
    }

    /**
     * c = alpha·op(a)·op(b) + beta·c; a {@code beta} of 0 does not read c.
     *
     * @param transposeA whether a lies in memory as [k, m]
     * @param transposeB whether b lies in memory as [n, k]
     * @param m rows of c
     * @param n columns of c
     * @param k the summed size
     * @param alpha factor of the product
     * @param a [m, k]
     * @param b [k, n]
     * @param beta factor of c
     * @param c [m, n]
     * @param scratch {@link #gemmScratchBytes} long
     * @throws IndexOutOfBoundsException if a segment is too short
     */
    public static void gemm(
            boolean transposeA,
            boolean transposeB,
            long m,
            long n,
            long k,
            float alpha,
            MemorySegment a,
            MemorySegment b,
            float beta,
            MemorySegment c,
            MemorySegment scratch) {
        Sizes.floats("a", a, Sizes.area(m, k));
        Sizes.floats("b", b, Sizes.area(k, n));
        Sizes.floats("c", c, Sizes.area(m, n));
        Sizes.bytes("scratch", scratch, gemmScratchBytes(k));
        try {
            Gemm.gemm$mh.invokeExact(transposeA ? 1 : 0, transposeB ? 1 : 0, m, n, k, alpha, a, b, beta, c, scratch);
        } catch (Throwable e) {
            throw KernelLibrary.unexpected(e);
        }
    }
}
