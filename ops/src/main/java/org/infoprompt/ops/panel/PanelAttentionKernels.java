package org.infoprompt.ops.panel;

import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import org.infoprompt.ops.AttentionKernels;
import org.infoprompt.ops.check.AttentionChecks;
import org.jspecify.annotations.Nullable;

/**
 * Attention in tiles, one sequence and head after the other: keys and values are packed into panels once, then a few
 * queries at a time have all their scores in scratch memory. Scratch grows when a sequence is longer than every one
 * before and is about {@code 2·48·K + 6·K·headSize} floats for K keys.
 *
 * <p>With P = softmax(S): dV = Pᵀ·dO, dP = dO·Vᵀ, dS = P∘(dP - rowsum(P∘dP)), dQ = dS·K, dK = dSᵀ·Q, where P comes
 * back from the scores and their log-sum-exp (Dao et al. 2022, arXiv 2205.14135, appendix B.2).
 */
public abstract class PanelAttentionKernels implements AttentionKernels {
    /** Queries whose scores are held at a time: a multiple of every tile height. */
    private static final int QUERY_BLOCK = 48;

    private final TileMath tile;
    private final int stride;
    private final int maxDepth;
    private final int width;

    private float[] line = new float[0];
    private float[] keys = new float[0];
    private float[] values = new float[0];
    private float[] keyColumns = new float[0];
    private float[] queries = new float[0];
    private float[] queryPanels = new float[0];
    private float[] gradients = new float[0];
    private float[] gradientPanels = new float[0];
    private float[] scores = new float[0];
    private float[] slopes = new float[0];
    private float[] dKeys = new float[0];
    private float[] dValues = new float[0];
    private final float[] sums = new float[QUERY_BLOCK];
    private final float[] result;

    /**
     * Creates the kernels; scratch memory grows at first use.
     *
     * @param tile the inner loops
     */
    protected PanelAttentionKernels(TileMath tile) {
        this.tile = tile;
        this.stride = tile.stride();
        this.maxDepth = tile.maxDepth();
        this.width = tile.width();
        this.result = new float[QUERY_BLOCK * width];
    }

    @Override
    public final void forward(
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
        long qBytes = bytes(qStride);
        long kvBytes = bytes(kvStride);
        long outBytes = bytes((long) numHeads * headSize);
        float scale = (float) (1 / Math.sqrt(headSize));
        for (int i = 0; i < numSequences; i++) {
            int firstQuery = queryStarts[i];
            int numQueries = queryStarts[i + 1] - firstQuery;
            int numKeys = keyStarts[i + 1] - keyStarts[i];
            if (numQueries == 0) {
                continue;
            }
            reserve(numKeys, headSize);
            for (int h = 0; h < numHeads; h++) {
                int head = h * headSize;
                long kv0 = keyStarts[i] * kvBytes;
                Panels.packTransposed(tile, kv, kv0 + bytes(kColumn + head), kvBytes, numKeys, headSize, keys, 0, line);
                Panels.pack(tile, kv, kv0 + bytes(vColumn + head), kvBytes, headSize, numKeys, values, 0);
                for (int r = 0; r < numQueries; r += QUERY_BLOCK) {
                    int rows = Math.min(QUERY_BLOCK, numQueries - r);
                    long row = (long) firstQuery + r;
                    loadRows(q, row * qBytes + bytes(head), qBytes, rows, headSize, queries);
                    multiplyKeys(queries, rows, keys, numKeys, headSize, scores);
                    for (int j = 0; j < rows; j++) {
                        float max = scale * max(j, numKeys);
                        float sum = exponentiate(j, numKeys, scale, max);
                        sums[j] = sum;
                        if (logSumExp != null) {
                            logSumExp.setAtIndex(
                                    TileMath.FLOAT, (row + j) * numHeads + h, (float) (max + Math.log(sum)));
                        }
                    }
                    for (int column = 0; column < headSize; column += width) {
                        int columns = Panels.columns(tile, headSize, column);
                        int pitch = tile.pitch(columns);
                        multiplyColumns(scores, rows, values, numKeys, column, columns);
                        for (int j = 0; j < rows; j++) {
                            tile.scale(1 / sums[j], result, j * pitch, pitch);
                        }
                        long to = row * outBytes + bytes((long) head + column);
                        tile.store(result, 0, pitch, rows, columns, out, to, outBytes);
                    }
                }
            }
        }
    }

    @Override
    public final void backward(
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
        int size = numHeads * headSize;
        AttentionChecks.rows(Float.BYTES, "dq", dq, queryStarts[numSequences], qStride, size);
        AttentionChecks.rows(
                Float.BYTES, "dkv", dkv, keyStarts[numSequences], kvStride, Math.max(kColumn, vColumn) + size);
        long kvBytes = bytes(kvStride);
        for (int i = 0; i < numSequences; i++) {
            int numQueries = queryStarts[i + 1] - queryStarts[i];
            int numKeys = keyStarts[i + 1] - keyStarts[i];
            reserve(numKeys, headSize);
            reserveBackward(numKeys, headSize);
            for (int h = 0; h < numHeads; h++) {
                int head = h * headSize;
                long kFrom = keyStarts[i] * kvBytes + bytes(kColumn + head);
                long vFrom = keyStarts[i] * kvBytes + bytes(vColumn + head);
                if (numQueries > 0) {
                    Panels.packTransposed(tile, kv, kFrom, kvBytes, numKeys, headSize, keys, 0, line);
                    Panels.packTransposed(tile, kv, vFrom, kvBytes, numKeys, headSize, values, 0, line);
                    Panels.pack(tile, kv, kFrom, kvBytes, headSize, numKeys, keyColumns, 0);
                }
                int numGradients = tileRows(numKeys) * paddedHead(headSize);
                Arrays.fill(dKeys, 0, numGradients, 0f);
                Arrays.fill(dValues, 0, numGradients, 0f);
                for (int r = 0; r < numQueries; r += QUERY_BLOCK) {
                    int rows = Math.min(QUERY_BLOCK, numQueries - r);
                    backwardBlock(
                            numHeads, headSize, h, queryStarts[i] + r, rows, numKeys, q, qStride, logSumExp, dOut, dq);
                }
                for (int column = 0; column < headSize; column += width) {
                    int columns = Panels.columns(tile, headSize, column);
                    int pitch = tile.pitch(columns);
                    int from = column * tileRows(numKeys);
                    tile.store(dKeys, from, pitch, numKeys, columns, dkv, kFrom + bytes(column), kvBytes);
                    tile.store(dValues, from, pitch, numKeys, columns, dkv, vFrom + bytes(column), kvBytes);
                }
            }
        }
    }

    private void backwardBlock(
            int numHeads,
            int headSize,
            int h,
            int firstQuery,
            int rows,
            int numKeys,
            MemorySegment q,
            int qStride,
            MemorySegment logSumExp,
            MemorySegment dOut,
            MemorySegment dq) {
        long qBytes = bytes(qStride);
        long outBytes = bytes((long) numHeads * headSize);
        long qFrom = firstQuery * qBytes + bytes((long) h * headSize);
        long outFrom = firstQuery * outBytes + bytes((long) h * headSize);
        float scale = (float) (1 / Math.sqrt(headSize));
        loadRows(q, qFrom, qBytes, rows, headSize, queries);
        loadRows(dOut, outFrom, outBytes, rows, headSize, gradients);
        Panels.pack(tile, q, qFrom, qBytes, headSize, rows, queryPanels, 0);
        Panels.pack(tile, dOut, outFrom, outBytes, headSize, rows, gradientPanels, 0);
        multiplyKeys(queries, rows, keys, numKeys, headSize, scores);
        multiplyKeys(gradients, rows, values, numKeys, headSize, slopes);
        for (int j = 0; j < rows; j++) {
            float lse = logSumExp.getAtIndex(TileMath.FLOAT, (firstQuery + j) * (long) numHeads + h);
            padScores(j, numKeys);
            // 1 but for the rounding of the log-sum-exp, which matters where scores are large.
            float sum = exponentiate(j, numKeys, scale, lse);
            gradientOfScores(j, numKeys, scale, sum);
            scaleRow(gradientPanels, j, rows, headSize, 1 / sum);
        }
        for (int column = 0; column < headSize; column += width) {
            int columns = Panels.columns(tile, headSize, column);
            int pitch = tile.pitch(columns);
            multiplyColumns(slopes, rows, keyColumns, numKeys, column, columns);
            tile.store(result, 0, pitch, rows, columns, dq, qFrom + bytes(column), qBytes);
            addTransposed(slopes, rows, queryPanels, numKeys, column, columns, dKeys);
            addTransposed(scores, rows, gradientPanels, numKeys, column, columns, dValues);
        }
    }

    /** Copies rows as a left operand, cut at every maxDepth columns, with zero rows up to the next whole tile. */
    private void loadRows(MemorySegment from, long offset, long rowBytes, int rows, int columns, float[] to) {
        int padded = heightSum(rows);
        for (int column = 0, block = 0; column < columns; column += maxDepth, block++) {
            int size = Math.min(maxDepth, columns - column);
            int start = block * QUERY_BLOCK * stride;
            tile.load(from, offset + bytes(column), rowBytes, rows, size, to, start, stride);
            for (int r = rows; r < padded; r++) {
                Arrays.fill(to, start + r * stride, start + r * stride + size, 0f);
            }
        }
    }

    /** to[r][key] = a[r]·panels, for panels of keys. */
    private void multiplyKeys(float[] a, int rows, float[] panels, int numKeys, int headSize, float[] to) {
        for (int key = 0; key < numKeys; key += width) {
            int columns = Panels.columns(tile, numKeys, key);
            int pitch = tile.pitch(columns);
            int c0 = scoreStart(key);
            for (int d = 0, block = 0; d < headSize; d += maxDepth, block++) {
                int depth = Math.min(maxDepth, headSize - d);
                int b0 = key * headSize + d * pitch;
                int a0 = block * QUERY_BLOCK * stride;
                for (int r = 0; r < rows; r += tile.height()) {
                    int height = tile.heightFor(Math.min(tile.height(), rows - r));
                    int to0 = c0 + r * stride;
                    if (d == 0) {
                        tile.multiply(height, a, a0 + r * stride, panels, b0, columns, depth, to, to0, stride);
                    } else {
                        tile.multiplyAdd(height, a, a0 + r * stride, panels, b0, columns, depth, to, to0, stride);
                    }
                }
            }
        }
    }

    /** result[r][0..columns) = Σ over keys of weights[r][key]·panel[key]. */
    private void multiplyColumns(float[] weights, int rows, float[] panels, int numKeys, int column, int columns) {
        int pitch = tile.pitch(columns);
        for (int key = 0; key < numKeys; key += maxDepth) {
            int depth = Math.min(maxDepth, numKeys - key);
            int b0 = column * numKeys + key * pitch;
            for (int r = 0; r < rows; r += tile.height()) {
                int height = tile.heightFor(Math.min(tile.height(), rows - r));
                int a0 = scoreStart(key) + r * stride;
                if (key == 0) {
                    tile.multiply(height, weights, a0, panels, b0, columns, depth, result, r * pitch, pitch);
                } else {
                    tile.multiplyAdd(height, weights, a0, panels, b0, columns, depth, result, r * pitch, pitch);
                }
            }
        }
    }

    /** to[key][0..columns) += Σ over rows of weights[r][key]·panel[r]. */
    private void addTransposed(
            float[] weights, int rows, float[] panels, int numKeys, int column, int columns, float[] to) {
        int pitch = tile.pitch(columns);
        int to0 = column * tileRows(numKeys);
        for (int key = 0; key < numKeys; key += maxDepth) {
            int size = Math.min(maxDepth, numKeys - key);
            for (int j = 0; j < size; j += tile.height()) {
                int height = Math.max(4, tile.heightFor(Math.min(tile.height(), size - j)));
                int a0 = scoreStart(key) + j;
                int c0 = to0 + (key + j) * pitch;
                tile.transposedAdd(height, weights, a0, panels, column * rows, columns, rows, to, c0, pitch);
            }
        }
    }

    private float max(int row, int numKeys) {
        padScores(row, numKeys);
        float max = Float.NEGATIVE_INFINITY;
        for (int key = 0; key < numKeys; key += maxDepth) {
            int n = Math.min(maxDepth, numKeys - key);
            max = Math.max(max, tile.max(scores, scoreStart(key) + row * stride, n));
        }
        return max;
    }

    private float exponentiate(int row, int numKeys, float scale, float shift) {
        float sum = 0;
        for (int key = 0; key < numKeys; key += maxDepth) {
            int n = Math.min(maxDepth, numKeys - key);
            sum += tile.expSum(scores, scoreStart(key) + row * stride, n, scale, shift);
        }
        return sum;
    }

    private void scaleRow(float[] panels, int row, int rows, int headSize, float factor) {
        for (int column = 0; column < headSize; column += width) {
            int pitch = tile.pitch(Panels.columns(tile, headSize, column));
            tile.scale(factor, panels, column * rows + row * pitch, pitch);
        }
    }

    private void gradientOfScores(int row, int numKeys, float scale, float sum) {
        float mean = 0;
        for (int key = 0; key < numKeys; key += maxDepth) {
            int n = Math.min(maxDepth, numKeys - key);
            mean += tile.dot(scores, slopes, scoreStart(key) + row * stride, n);
        }
        for (int key = 0; key < numKeys; key += maxDepth) {
            int n = Math.min(maxDepth, numKeys - key);
            tile.softmaxGradient(scores, slopes, scoreStart(key) + row * stride, n, scale / sum, mean / sum);
        }
    }

    /** What fills up the last vector must not count. */
    private void padScores(int row, int numKeys) {
        int last = (numKeys - 1) / maxDepth * maxDepth;
        int start = scoreStart(last) + row * stride;
        int n = numKeys - last;
        int end = tile.padded(n);
        for (int j = n; j < end; j++) {
            scores[start + j] = Float.NEGATIVE_INFINITY;
        }
    }

    /** Returns where the scores of a key start, for the first row. */
    private int scoreStart(int key) {
        int block = key / maxDepth;
        return block * QUERY_BLOCK * stride + key - block * maxDepth;
    }

    private int heightSum(int rows) {
        int whole = rows / tile.height() * tile.height();
        return whole == rows ? rows : whole + tile.heightFor(rows - whole);
    }

    /** Returns room for the rows of all tiles over the keys. */
    private int tileRows(int numKeys) {
        return numKeys + 2 * tile.height();
    }

    private int paddedHead(int headSize) {
        return (headSize + width - 1) / width * width;
    }

    private void reserve(int numKeys, int headSize) {
        int keyBlocks = (numKeys + maxDepth - 1) / maxDepth;
        int headBlocks = (headSize + maxDepth - 1) / maxDepth;
        int paddedKeys = (numKeys + width - 1) / width * width;
        line = ensure(line, headSize);
        keys = ensure(keys, paddedKeys * headSize);
        values = ensure(values, Math.max(paddedKeys * headSize, numKeys * paddedHead(headSize)));
        queries = ensure(queries, headBlocks * QUERY_BLOCK * stride);
        scores = ensure(scores, keyBlocks * QUERY_BLOCK * stride);
    }

    private void reserveBackward(int numKeys, int headSize) {
        int size = tileRows(numKeys) * paddedHead(headSize);
        keyColumns = ensure(keyColumns, numKeys * paddedHead(headSize));
        queryPanels = ensure(queryPanels, QUERY_BLOCK * paddedHead(headSize));
        gradients = ensure(gradients, queries.length);
        gradientPanels = ensure(gradientPanels, queryPanels.length);
        slopes = ensure(slopes, scores.length);
        dKeys = ensure(dKeys, size);
        dValues = ensure(dValues, size);
    }

    private static float[] ensure(float[] array, int size) {
        return PanelMatmulKernels.ensure(array, size);
    }

    private static long bytes(long elements) {
        return elements * Float.BYTES;
    }
}
