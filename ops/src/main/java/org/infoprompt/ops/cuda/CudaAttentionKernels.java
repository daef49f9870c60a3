package org.infoprompt.ops.cuda;

import java.lang.foreign.MemorySegment;
import org.infoprompt.ffi.cuda.CudaFunction;
import org.infoprompt.ffi.cuda.KernelArguments;
import org.infoprompt.ops.AttentionKernels;
import org.infoprompt.ops.check.AttentionChecks;
import org.infoprompt.ops.reference.PlainAttentionKernels;
import org.infoprompt.tensor.DType;
import org.jspecify.annotations.Nullable;

/**
 * Streaming attention, a block per tile of queries or keys of one head; see {@code attention.cu}. Heads of more than 128 elements, which
 * no tile has room for, are left to the host in float32 and refused in bfloat16.
 */
final class CudaAttentionKernels implements AttentionKernels {
    private static final int[] WIDTHS = {32, 64, 128};

    static final int MAX_HEAD_SIZE = 128;
    private static final int MAX_GRID_Y = 65535;

    private final DeviceCall call;
    private final Storage type;
    private final AttentionKernels onHost = new PlainAttentionKernels(DType.F32);
    private final CudaFunction[] forward = new CudaFunction[WIDTHS.length];
    private final CudaFunction[] backwardQueries = new CudaFunction[WIDTHS.length];
    private final CudaFunction[] backwardKeys = new CudaFunction[WIDTHS.length];

    // The operands of the call under way.
    private int numHeads;
    private int headSize;
    private long queryStarts;
    private long keyStarts;
    private long q;
    private int qStride;
    private long kv;
    private int kvStride;
    private int kColumn;
    private int vColumn;

    CudaAttentionKernels(CudaDevice device, DeviceCall call, Storage type) {
        this.call = call;
        this.type = type;
        for (int i = 0; i < WIDTHS.length; i++) {
            forward[i] = device.kernel("attention_forward_" + WIDTHS[i], type.suffix());
            backwardQueries[i] = device.kernel("attention_backward_queries_" + WIDTHS[i], type.suffix());
            backwardKeys[i] = device.kernel("attention_backward_keys_" + WIDTHS[i], type.suffix());
        }
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
                type.bytes(),
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
        whole(headSize, qStride, kvStride, kColumn, vColumn);
        int kernel = kernel(headSize);
        int numQueries = queryStarts[numSequences];
        if (numQueries == 0) {
            return;
        }
        if (kernel == WIDTHS.length) {
            call.await();
            onHost.forward(
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
                    out,
                    logSumExp);
            return;
        }
        int width = numHeads * headSize;
        call.start();
        operands(numHeads, headSize, numSequences, queryStarts, keyStarts, q, qStride, kv, kvStride, kColumn, vColumn);
        long target = call.inOut(out, (long) numQueries * width, type);
        long lse = logSumExp == null ? 0 : call.inOut(logSumExp, (long) numQueries * numHeads);
        type.aligned(this.q | this.kv, 0);
        int tiles = tiles(queryStarts, numSequences, tileRows(kernel));
        for (int first = 0; first < numSequences; first += MAX_GRID_Y / numHeads) {
            int count = Math.min(numSequences - first, MAX_GRID_Y / numHeads);
            arguments(first).pointer(target).pointer(lse);
            call.launch(forward[kernel], tiles, count * numHeads, blockSize(kernel), 0);
        }
        call.finish();
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
                type.bytes(),
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
        int numQueries = queryStarts[numSequences];
        int numKeys = keyStarts[numSequences];
        AttentionChecks.rows(type.bytes(), "dq", dq, numQueries, qStride, width);
        AttentionChecks.rows(type.bytes(), "dkv", dkv, numKeys, kvStride, Math.max(kColumn, vColumn) + width);
        whole(headSize, qStride, kvStride, kColumn, vColumn);
        int kernel = kernel(headSize);
        if (numKeys == 0) {
            return;
        }
        if (kernel == WIDTHS.length) {
            call.await();
            onHost.backward(
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
                    logSumExp,
                    dOut,
                    dq,
                    dkv);
            return;
        }
        call.start();
        operands(numHeads, headSize, numSequences, queryStarts, keyStarts, q, qStride, kv, kvStride, kColumn, vColumn);
        long lse = call.in(logSumExp, (long) numQueries * numHeads);
        long gradient = call.in(dOut, (long) numQueries * width, type);
        // One buffer may hold both, and each owns only some columns of it.
        long dQueries = call.inOut(dq, elements(dq, numQueries, qStride, width), type);
        long dKeys = call.inOut(dkv, elements(dkv, numKeys, kvStride, Math.max(kColumn, vColumn) + width), type);
        type.aligned(this.q | this.kv | gradient, 0);
        long delta = call.scratch((long) numQueries * numHeads * Float.BYTES);
        int queryTiles = tiles(queryStarts, numSequences, tileRows(kernel));
        int keyTiles = tiles(keyStarts, numSequences, tileRows(kernel));
        for (int first = 0; first < numSequences; first += MAX_GRID_Y / numHeads) {
            int count = Math.min(numSequences - first, MAX_GRID_Y / numHeads);
            if (queryTiles > 0) {
                arguments(first)
                        .pointer(lse)
                        .pointer(gradient)
                        .pointer(dQueries)
                        .pointer(delta);
                call.launch(backwardQueries[kernel], queryTiles, count * numHeads, blockSize(kernel), 0);
            }
            arguments(first).pointer(lse).pointer(gradient).pointer(delta).pointer(dKeys);
            call.launch(backwardKeys[kernel], keyTiles, count * numHeads, blockSize(kernel), 0);
        }
        call.finish();
    }

    private void operands(
            int heads,
            int size,
            int numSequences,
            int[] queries,
            int[] keys,
            MemorySegment qSegment,
            int newQStride,
            MemorySegment kvSegment,
            int newKvStride,
            int newKColumn,
            int newVColumn) {
        numHeads = heads;
        headSize = size;
        queryStarts = call.ints(queries, 0, numSequences + 1);
        keyStarts = call.ints(keys, 0, numSequences + 1);
        int width = heads * size;
        int numQueries = queries[numSequences];
        int numKeys = keys[numSequences];
        q = call.in(qSegment, elements(qSegment, numQueries, newQStride, width), type);
        kv = call.in(
                kvSegment, elements(kvSegment, numKeys, newKvStride, Math.max(newKColumn, newVColumn) + width), type);
        qStride = newQStride;
        kvStride = newKvStride;
        kColumn = newKColumn;
        vColumn = newVColumn;
    }

    /** The arguments that all three kernels begin with, from a sequence on. */
    private KernelArguments arguments(int firstSequence) {
        return call.arguments()
                .int32(numHeads)
                .int32(headSize)
                .pointer(queryStarts + (long) firstSequence * Integer.BYTES)
                .pointer(keyStarts + (long) firstSequence * Integer.BYTES)
                .pointer(q)
                .int32(qStride)
                .pointer(kv)
                .int32(kvStride)
                .int32(kColumn)
                .int32(vColumn);
    }

    /** How much of a wide buffer is staged: whole rows where it has them, so that one buffer in two roles is staged once. */
    private long elements(MemorySegment segment, int rows, int stride, int lastRow) {
        if (rows == 0) {
            return 0;
        }
        long needed = (long) (rows - 1) * stride + lastRow;
        return Math.max(needed, Math.min((long) rows * stride, segment.byteSize() / type.bytes()));
    }

    /** Checks that four neighbours of a head are so in memory where the type wants it. */
    private void whole(int headSize, int... others) {
        type.whole("headSize", headSize);
        for (int other : others) {
            type.whole("stride or column", other);
        }
        if (type != Storage.F32 && headSize > MAX_HEAD_SIZE) {
            throw new IllegalArgumentException(
                    "headSize " + headSize + " must be at most " + MAX_HEAD_SIZE + " in " + type);
        }
    }

    /** Returns which of the kernels takes a head size, or their number if none does. */
    private static int kernel(int headSize) {
        int i = 0;
        while (i < WIDTHS.length && headSize > WIDTHS[i]) {
            i++;
        }
        return i;
    }

    /** As {@code Tile} in {@code attention.cu}. */
    private static int tileRows(int kernel) {
        return WIDTHS[kernel] <= 64 ? 32 : 16;
    }

    private static int blockSize(int kernel) {
        return tileRows(kernel) / 2 * 8;
    }

    private static int tiles(int[] starts, int numSequences, int tileRows) {
        int most = 0;
        for (int i = 0; i < numSequences; i++) {
            most = Math.max(most, starts[i + 1] - starts[i]);
        }
        return (most + tileRows - 1) / tileRows;
    }
}
