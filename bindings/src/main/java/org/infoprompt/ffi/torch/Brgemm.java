package org.infoprompt.ffi.torch;

import java.lang.foreign.MemorySegment;
import java.lang.ref.Reference;

/**
 * oneDNN's block products through {@code at::native::cpublas}: c (+)= a·b for a few rows and one panel of columns, on plain
 * memory and the calling thread, without any tensor. oneDNN generates code for every combination of sizes at its first use and
 * keeps it per thread, so use few.
 *
 * <p>Elements are in native byte order. Operands may be native memory or arrays: the calls are <em>critical</em>, which takes
 * microseconds for the sizes meant here and saves the copies, but a garbage collection has to wait for them. Every method checks its ranges before the call: a fault behind it would end the
 * process.
 */
public final class Brgemm {
    private static final long F32 = Float.BYTES;
    private static final long BF16 = Short.BYTES;

    /** {@code c10::ScalarType::BFloat16}, a part of LibTorch's file format that never changes. */
    private static final byte BFLOAT16 = 15;

    private Brgemm() {}

    /** {@return whether this processor multiplies bfloat16 in hardware and {@link #bf16} may be called} */
    public static boolean hasBf16() {
        return cpublas_h.could_pack(BFLOAT16);
    }

    /**
     * c (+)= a·b in float32; every sum is one chain of fused multiply-adds in ascending k.
     *
     * @param m rows, positive
     * @param n columns, positive
     * @param k summed values, positive
     * @param add whether the product is added to {@code c} or overwrites it
     * @param a [m, k], rows {@code aStride} elements apart, from {@code aOffset} on
     * @param aOffset bytes
     * @param aStride elements, at least k
     * @param b [k, n], rows {@code bStride} elements apart
     * @param bStride elements, at least n
     * @param c [m, n], rows {@code cStride} elements apart
     * @param cStride elements, at least n
     * @throws IndexOutOfBoundsException if a segment is too short
     * @throws IllegalArgumentException if a size is not positive
     */
    public static void f32(
            int m,
            int n,
            int k,
            boolean add,
            MemorySegment a,
            long aOffset,
            int aStride,
            MemorySegment b,
            int bStride,
            MemorySegment c,
            int cStride) {
        checkSizes(m, n, k);
        checkBlock("a", a, aOffset, m, k, aStride, F32);
        checkBlock("b", b, 0, k, n, bStride, F32);
        checkBlock("c", c, 0, m, n, cStride, F32);
        if (!a.isNative()) {
            MemorySegment part = a.asSlice(aOffset);
            cpublas_h.brgemm_f32(m, n, k, aStride, bStride, cStride, add, part, b, c, false);
            return;
        }
        try {
            // Unlike a slice of a segment of unknown class, the compiler can keep this one off the heap.
            MemorySegment part = MemorySegment.ofAddress(a.address() + aOffset);
            cpublas_h.brgemm_f32(m, n, k, aStride, bStride, cStride, add, part, b, c, false);
        } finally {
            Reference.reachabilityFence(a);
        }
    }

    /**
     * c (+)= a·b of bfloat16 operands, summed in float32. Call {@link #release} before the thread does something else.
     *
     * @param m rows, positive
     * @param n columns, positive
     * @param k summed values, even and positive
     * @param add whether the product is added to {@code c} or overwrites it
     * @param a [m, k] bfloat16, rows {@code aStride} elements apart
     * @param aStride elements, at least k
     * @param b [k, n] as packed by {@link #packBf16}, native memory, from {@code bOffset} on
     * @param bOffset bytes
     * @param c [m, n] float32, rows {@code cStride} elements apart
     * @param cStride elements, at least n
     * @throws IndexOutOfBoundsException if a segment is too short
     * @throws IllegalArgumentException if a size is not positive, k is odd or {@code b} is an array
     */
    public static void bf16(
            int m,
            int n,
            int k,
            boolean add,
            MemorySegment a,
            int aStride,
            MemorySegment b,
            long bOffset,
            MemorySegment c,
            int cStride) {
        checkSizes(m, n, k);
        checkEven(k);
        checkBlock("a", a, 0, m, k, aStride, BF16);
        checkBlock("b", b, bOffset, k, n, n, BF16);
        checkBlock("c", c, 0, m, n, cStride, F32);
        if (!b.isNative()) {
            throw new IllegalArgumentException("b must be native memory");
        }
        try {
            MemorySegment part = MemorySegment.ofAddress(b.address() + bOffset);
            cpublas_h.brgemm_bf16(m, n, k, aStride, n, cStride, add, a, part, c, true);
        } finally {
            Reference.reachabilityFence(b);
        }
    }

    /**
     * Brings a bfloat16 operand into the layout that {@link #bf16} needs: pairs of rows interleaved.
     *
     * @param k rows, even and positive
     * @param n columns, positive
     * @param from [k, n] bfloat16, rows {@code stride} elements apart
     * @param stride elements, at least n
     * @param to k·n elements
     * @throws IndexOutOfBoundsException if a segment is too short
     * @throws IllegalArgumentException if a size is not positive or k is odd
     */
    public static void packBf16(int k, int n, MemorySegment from, int stride, MemorySegment to) {
        checkSizes(1, n, k);
        checkEven(k);
        checkBlock("from", from, 0, k, n, stride, BF16);
        checkBlock("to", to, 0, k, n, n, BF16);
        cpublas_h.pack(k, n, stride, n, BFLOAT16, BFLOAT16, from, to);
    }

    /** Gives the processor's tile registers back after {@link #bf16}. */
    public static void release() {
        cpublas_h.brgemm_release(true);
    }

    private static void checkSizes(int m, int n, int k) {
        if (m < 1 || n < 1 || k < 1) {
            throw new IllegalArgumentException("sizes " + m + ", " + n + ", " + k + " must be positive");
        }
    }

    private static void checkEven(int k) {
        if ((k & 1) != 0) {
            throw new IllegalArgumentException("bfloat16 rows are taken in pairs, but k is " + k);
        }
    }

    private static void checkBlock(
            String name, MemorySegment segment, long offset, int rows, int columns, int stride, long bytes) {
        if (stride < columns) {
            throw new IllegalArgumentException(
                    "rows of " + name + " have " + columns + " elements but are " + stride + " apart");
        }
        long size = ((rows - 1) * (long) stride + columns) * bytes;
        if (offset < 0 || offset > segment.byteSize() - size) {
            throw new IndexOutOfBoundsException(
                    name + " needs " + size + " bytes at " + offset + ", the segment has " + segment.byteSize());
        }
    }
}
