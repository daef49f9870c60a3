package org.infoprompt.ffi.kernels;

import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import org.jspecify.annotations.Nullable;

/**
 * Softmax attention over packed sequences: {@code ipk_attention_*}. Starts are {@code sequences + 1} ascending 32-bit numbers; the
 * rows of queries, keys and values lie as {@code infoprompt_kernels.h} says.
 */
public final class AttentionFunctions {
    private static final MethodHandle scratch$mh = KernelLibrary.link("ipk_attention_scratch_f32");
    private static final MethodHandle forward$mh = KernelLibrary.link("ipk_attention_forward_f32");

    /** Linked when it is first called: linking takes some milliseconds, and inference does without. */
    private static final class Backward {
        static final MethodHandle backward$mh = KernelLibrary.link("ipk_attention_backward_f32");
    }

    private AttentionFunctions() {}

    /**
     * {@return the bytes of scratch that a call needs}
     *
     * @param headSize size of a head
     * @param numKeys keys of its longest sequence
     */
    public static long scratchBytes(long headSize, long numKeys) {
        try {
            return (long) scratch$mh.invokeExact(headSize, numKeys);
        } catch (Throwable e) {
            throw KernelLibrary.unexpected(e);
        }
    }

    /**
     * out = softmax(q·kᵀ/√headSize)·v per head.
     *
     * @param heads number of heads H
     * @param headSize size of a head
     * @param sequences number of sequences
     * @param queryStarts sequences+1 query row starts
     * @param keyStarts sequences+1 key row starts
     * @param queries the last query start
     * @param keys the last key start
     * @param longest keys of the longest sequence
     * @param q queries
     * @param qStride elements between query rows
     * @param kv keys and values
     * @param kvStride elements between key rows
     * @param kColumn first key element of a row
     * @param vColumn first value element of a row
     * @param out [queries, H·headSize]
     * @param logSumExp [queries, H], or null
     * @param scratch {@link #scratchBytes} long
     * @throws IndexOutOfBoundsException if a segment is too short
     */
    public static void forward(
            long heads,
            long headSize,
            long sequences,
            MemorySegment queryStarts,
            MemorySegment keyStarts,
            long queries,
            long keys,
            long longest,
            MemorySegment q,
            long qStride,
            MemorySegment kv,
            long kvStride,
            long kColumn,
            long vColumn,
            MemorySegment out,
            @Nullable MemorySegment logSumExp,
            MemorySegment scratch) {
        long width = Sizes.area(heads, headSize);
        Sizes.ints("queryStarts", queryStarts, sequences + 1);
        Sizes.ints("keyStarts", keyStarts, sequences + 1);
        Sizes.rows("q", q, queries, qStride, width);
        Sizes.rows("kv", kv, keys, kvStride, Math.max(kColumn, vColumn) + width);
        Sizes.floats("out", out, Sizes.area(queries, width));
        MemorySegment lse = Sizes.floatsOrNull("logSumExp", logSumExp, Sizes.area(queries, heads));
        Sizes.bytes("scratch", scratch, scratchBytes(headSize, longest));
        try {
            forward$mh.invokeExact(
                    heads,
                    headSize,
                    sequences,
                    queryStarts,
                    keyStarts,
                    q,
                    qStride,
                    kv,
                    kvStride,
                    kColumn,
                    vColumn,
                    out,
                    lse,
                    scratch);
        } catch (Throwable e) {
            throw KernelLibrary.unexpected(e);
        }
    }

    /**
     * Gradients to queries, keys and values, laid out as they are; overwrites the columns they own.
     *
     * @param heads number of heads H
     * @param headSize size of a head
     * @param sequences number of sequences
     * @param queryStarts as in forward
     * @param keyStarts as in forward
     * @param queries the last query start
     * @param keys the last key start
     * @param longest keys of the longest sequence
     * @param q as in forward
     * @param qStride as in forward
     * @param kv as in forward
     * @param kvStride as in forward
     * @param kColumn as in forward
     * @param vColumn as in forward
     * @param logSumExp as written by forward
     * @param dOut [queries, H·headSize]
     * @param dq laid out as {@code q}
     * @param dkv laid out as {@code kv}; may be {@code dq}
     * @param scratch {@link #scratchBytes} long
     * @throws IndexOutOfBoundsException if a segment is too short
     */
    public static void backward(
            long heads,
            long headSize,
            long sequences,
            MemorySegment queryStarts,
            MemorySegment keyStarts,
            long queries,
            long keys,
            long longest,
            MemorySegment q,
            long qStride,
            MemorySegment kv,
            long kvStride,
            long kColumn,
            long vColumn,
            MemorySegment logSumExp,
            MemorySegment dOut,
            MemorySegment dq,
            MemorySegment dkv,
            MemorySegment scratch) {
        long width = Sizes.area(heads, headSize);
        long lastKeyRow = Math.max(kColumn, vColumn) + width;
        Sizes.ints("queryStarts", queryStarts, sequences + 1);
        Sizes.ints("keyStarts", keyStarts, sequences + 1);
        Sizes.rows("q", q, queries, qStride, width);
        Sizes.rows("kv", kv, keys, kvStride, lastKeyRow);
        Sizes.floats("logSumExp", logSumExp, Sizes.area(queries, heads));
        Sizes.floats("dOut", dOut, Sizes.area(queries, width));
        Sizes.rows("dq", dq, queries, qStride, width);
        Sizes.rows("dkv", dkv, keys, kvStride, lastKeyRow);
        Sizes.bytes("scratch", scratch, scratchBytes(headSize, longest));
        try {
            Backward.backward$mh.invokeExact(
                    heads,
                    headSize,
                    sequences,
                    queryStarts,
                    keyStarts,
                    q,
                    qStride,
                    kv,
                    kvStride,
                    kColumn,
                    vColumn,
                    logSumExp,
                    dOut,
                    dq,
                    dkv,
                    scratch);
        } catch (Throwable e) {
            throw KernelLibrary.unexpected(e);
        }
    }
}
