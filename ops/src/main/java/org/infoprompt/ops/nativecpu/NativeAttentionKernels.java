package org.infoprompt.ops.nativecpu;

import java.lang.foreign.MemorySegment;
import org.infoprompt.ffi.kernels.AttentionFunctions;
import org.infoprompt.ops.AttentionKernels;
import org.infoprompt.ops.check.AttentionChecks;
import org.jspecify.annotations.Nullable;

/** Attention in C, one sequence and head at a time. */
final class NativeAttentionKernels implements AttentionKernels {
    private final Scratch scratch = new Scratch();
    private final OffHeapInts queryCopy = new OffHeapInts();
    private final OffHeapInts keyCopy = new OffHeapInts();

    @Override
    public void forward(
            int numHeads,
            int headSize,
            int numSequences,
            int[] queryStarts,
            int[] keyStarts,
            MemorySegment q,
            int qStride,
            MemorySegment kv,
            int kvStride,
            int kColumn,
            int vColumn,
            MemorySegment out,
            @Nullable MemorySegment logSumExp) {
        AttentionChecks.attention(
                Float.BYTES,
                numHeads,
                headSize,
                numSequences,
                queryStarts,
                keyStarts,
                q,
                qStride,
                kv,
                kvStride,
                kColumn,
                vColumn,
                "out",
                out,
                logSumExp);
        int longest = longest(numSequences, keyStarts);
        AttentionFunctions.forward(
                numHeads,
                headSize,
                numSequences,
                queryCopy.copy(queryStarts, numSequences + 1),
                keyCopy.copy(keyStarts, numSequences + 1),
                queryStarts[numSequences],
                keyStarts[numSequences],
                longest,
                q,
                qStride,
                kv,
                kvStride,
                kColumn,
                vColumn,
                out,
                logSumExp,
                scratch.bytes(AttentionFunctions.scratchBytes(headSize, longest)));
    }

    @Override
    public void backward(
            int numHeads,
            int headSize,
            int numSequences,
            int[] queryStarts,
            int[] keyStarts,
            MemorySegment q,
            int qStride,
            MemorySegment kv,
            int kvStride,
            int kColumn,
            int vColumn,
            MemorySegment logSumExp,
            MemorySegment dOut,
            MemorySegment dq,
            MemorySegment dkv) {
        AttentionChecks.attention(
                Float.BYTES,
                numHeads,
                headSize,
                numSequences,
                queryStarts,
                keyStarts,
                q,
                qStride,
                kv,
                kvStride,
                kColumn,
                vColumn,
                "dOut",
                dOut,
                logSumExp);
        int width = numHeads * headSize;
        int lastKeyRow = Math.max(kColumn, vColumn) + width;
        AttentionChecks.rows(Float.BYTES, "dq", dq, queryStarts[numSequences], qStride, width);
        AttentionChecks.rows(Float.BYTES, "dkv", dkv, keyStarts[numSequences], kvStride, lastKeyRow);
        int longest = longest(numSequences, keyStarts);
        AttentionFunctions.backward(
                numHeads,
                headSize,
                numSequences,
                queryCopy.copy(queryStarts, numSequences + 1),
                keyCopy.copy(keyStarts, numSequences + 1),
                queryStarts[numSequences],
                keyStarts[numSequences],
                longest,
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
                scratch.bytes(AttentionFunctions.scratchBytes(headSize, longest)));
    }

    private static int longest(int numSequences, int[] starts) {
        int longest = 0;
        for (int i = 0; i < numSequences; i++) {
            longest = Math.max(longest, starts[i + 1] - starts[i]);
        }
        return longest;
    }
}
