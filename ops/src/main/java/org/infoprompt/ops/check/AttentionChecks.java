package org.infoprompt.ops.check;

import java.lang.foreign.MemorySegment;
import org.jspecify.annotations.Nullable;

/** Checks of {@link org.infoprompt.ops.AttentionKernels}; arguments as there, {@code bytes} is the size of an element. */
@SuppressWarnings("doclint:missing")
public final class AttentionChecks {
    private AttentionChecks() {}

    /** Checks what forward and backward share; {@code rowSegment} is [Rq, D], {@code logSumExp} [Rq, H]. */
    public static void attention(
            int bytes,
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
            String rowName,
            MemorySegment rowSegment,
            @Nullable MemorySegment logSumExp) {
        attention(
                bytes,
                bytes,
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
                rowName,
                rowSegment,
                logSumExp);
    }

    /** As above where elements of rows and of log-sum-exps differ in size. */
    public static void attention(
            int bytes,
            int sumBytes,
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
            String rowName,
            MemorySegment rowSegment,
            @Nullable MemorySegment logSumExp) {
        Arguments.positive("numHeads", numHeads);
        Arguments.positive("headSize", headSize);
        Arguments.size("numSequences", numSequences);
        Arguments.starts("queryStarts", queryStarts, numSequences);
        Arguments.starts("keyStarts", keyStarts, numSequences);
        for (int i = 0; i < numSequences; i++) {
            if (queryStarts[i + 1] > queryStarts[i] && keyStarts[i + 1] == keyStarts[i]) {
                throw new IllegalArgumentException("sequence " + i + " has queries but no keys");
            }
        }
        int width = Math.multiplyExact(numHeads, headSize);
        int lastQuery = queryStarts[numSequences];
        int lastKey = keyStarts[numSequences];
        if (qStride < width || kvStride < width) {
            throw new IllegalArgumentException(
                    "strides " + qStride + " and " + kvStride + " must be at least " + width);
        }
        Arguments.size("kColumn", kColumn);
        Arguments.size("vColumn", vColumn);
        if (Math.max(kColumn, vColumn) > kvStride - width) {
            throw new IllegalArgumentException("kColumn " + kColumn + " and vColumn " + vColumn + " must leave " + width
                    + " elements in rows of " + kvStride);
        }
        rows(bytes, "q", q, lastQuery, qStride, width);
        rows(bytes, "kv", kv, lastKey, kvStride, Math.max(kColumn, vColumn) + width);
        Arguments.segment(rowName, rowSegment, (long) lastQuery * width, bytes);
        if (logSumExp != null) {
            Arguments.segment("logSumExp", logSumExp, (long) lastQuery * numHeads, sumBytes);
        }
    }

    /** Checks rows of a wider buffer: the last one need not be whole. */
    public static void rows(int bytes, String name, MemorySegment segment, int rows, int stride, int lastRow) {
        Arguments.segment(name, segment, rows == 0 ? 0 : (rows - 1L) * stride + lastRow, bytes);
    }
}
