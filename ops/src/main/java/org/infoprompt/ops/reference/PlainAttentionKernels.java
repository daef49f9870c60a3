package org.infoprompt.ops.reference;

import java.lang.foreign.MemorySegment;
import org.infoprompt.ops.AttentionKernels;
import org.infoprompt.ops.check.AttentionChecks;
import org.infoprompt.tensor.DType;
import org.jspecify.annotations.Nullable;

/** Attention one query at a time. */
public final class PlainAttentionKernels implements AttentionKernels {
    private final Elements e;
    private double[] weights = new double[0];
    private double[] slopes = new double[0];

    /**
     * Creates the kernels.
     *
     * @param dtype F32 or F64
     */
    public PlainAttentionKernels(DType dtype) {
        this.e = Elements.of(dtype);
    }

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
                e.bytes(),
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
        double scale = 1 / Math.sqrt(headSize);
        int width = numHeads * headSize;
        for (int i = 0; i < numSequences; i++) {
            int firstKey = keyStarts[i];
            int numKeys = keyStarts[i + 1] - firstKey;
            ensure(numKeys);
            for (int r = queryStarts[i]; r < queryStarts[i + 1]; r++) {
                for (int h = 0; h < numHeads; h++) {
                    int column = h * headSize;
                    double max = Double.NEGATIVE_INFINITY;
                    for (int j = 0; j < numKeys; j++) {
                        long key = (long) (firstKey + j) * kvStride + kColumn + column;
                        weights[j] = scale * dot(headSize, q, (long) r * qStride + column, kv, key);
                        max = Math.max(max, weights[j]);
                    }
                    double sum = 0;
                    for (int j = 0; j < numKeys; j++) {
                        weights[j] = Math.exp(weights[j] - max);
                        sum += weights[j];
                    }
                    for (int d = 0; d < headSize; d++) {
                        double value = 0;
                        for (int j = 0; j < numKeys; j++) {
                            value += weights[j] * e.get(kv, (long) (firstKey + j) * kvStride + vColumn + column + d);
                        }
                        e.set(out, (long) r * width + column + d, value / sum);
                    }
                    if (logSumExp != null) {
                        e.set(logSumExp, (long) r * numHeads + h, max + Math.log(sum));
                    }
                }
            }
        }
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
                e.bytes(),
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
        AttentionChecks.rows(e.bytes(), "dq", dq, queryStarts[numSequences], qStride, width);
        AttentionChecks.rows(
                e.bytes(), "dkv", dkv, keyStarts[numSequences], kvStride, Math.max(kColumn, vColumn) + width);
        double scale = 1 / Math.sqrt(headSize);
        for (int i = 0; i < numSequences; i++) {
            int firstKey = keyStarts[i];
            int numKeys = keyStarts[i + 1] - firstKey;
            ensure(numKeys);
            for (int j = firstKey; j < keyStarts[i + 1]; j++) {
                for (int d = 0; d < width; d++) {
                    e.set(dkv, (long) j * kvStride + kColumn + d, 0);
                    e.set(dkv, (long) j * kvStride + vColumn + d, 0);
                }
            }
            for (int r = queryStarts[i]; r < queryStarts[i + 1]; r++) {
                for (int h = 0; h < numHeads; h++) {
                    int column = h * headSize;
                    long query = (long) r * qStride + column;
                    long output = (long) r * width + column;
                    double lse = e.get(logSumExp, (long) r * numHeads + h);
                    double mean = 0;
                    for (int j = 0; j < numKeys; j++) {
                        long row = (long) (firstKey + j) * kvStride + column;
                        weights[j] = Math.exp(scale * dot(headSize, q, query, kv, row + kColumn) - lse);
                        slopes[j] = dot(headSize, dOut, output, kv, row + vColumn);
                        mean += weights[j] * slopes[j];
                    }
                    for (int j = 0; j < numKeys; j++) {
                        slopes[j] = scale * weights[j] * (slopes[j] - mean);
                    }
                    for (int d = 0; d < headSize; d++) {
                        double sum = 0;
                        for (int j = 0; j < numKeys; j++) {
                            long row = (long) (firstKey + j) * kvStride + column + d;
                            sum += slopes[j] * e.get(kv, row + kColumn);
                            e.add(dkv, row + kColumn, slopes[j] * e.get(q, query + d));
                            e.add(dkv, row + vColumn, weights[j] * e.get(dOut, output + d));
                        }
                        e.set(dq, query + d, sum);
                    }
                }
            }
        }
    }

    private double dot(int n, MemorySegment a, long aStart, MemorySegment b, long bStart) {
        double sum = 0;
        for (int i = 0; i < n; i++) {
            sum += e.get(a, aStart + i) * e.get(b, bStart + i);
        }
        return sum;
    }

    private void ensure(int numKeys) {
        if (weights.length < numKeys) {
            weights = new double[numKeys];
            slopes = new double[numKeys];
        }
    }
}
