package org.infoprompt.ops.nativecpu;

import java.lang.foreign.MemorySegment;
import org.infoprompt.ffi.kernels.RowFunctions;
import org.infoprompt.ops.RowKernels;
import org.infoprompt.ops.check.RowChecks;
import org.jspecify.annotations.Nullable;

/** Row movement and reductions in C. */
final class NativeRowKernels implements RowKernels {
    private final OffHeapInts first = new OffHeapInts();
    private final OffHeapInts second = new OffHeapInts();
    private final OffHeapInts third = new OffHeapInts();

    @Override
    public void embed(
            int rows,
            int width,
            MemorySegment words,
            @Nullable MemorySegment prompts,
            int[] source,
            MemorySegment positions,
            int[] positionIds,
            @Nullable MemorySegment types,
            int[] typeIds,
            MemorySegment out) {
        RowChecks.embed(Float.BYTES, rows, width, words, prompts, source, positions, positionIds, types, typeIds, out);
        RowFunctions.embed(
                rows,
                width,
                words,
                prompts,
                first.copy(source, rows),
                positions,
                second.copy(positionIds, rows),
                types,
                types == null ? null : third.copy(typeIds, rows),
                out);
    }

    @Override
    public void copy(int rows, int width, MemorySegment source, long sourceRow, MemorySegment target, long targetRow) {
        RowChecks.copy(Float.BYTES, rows, width, source, sourceRow, target, targetRow);
        long rowBytes = (long) width * Float.BYTES;
        MemorySegment.copy(source, sourceRow * rowBytes, target, targetRow * rowBytes, rows * rowBytes);
    }

    @Override
    public void gather(int rows, int width, MemorySegment table, int[] index, MemorySegment out) {
        RowChecks.indexed(Float.BYTES, rows, width, table, index, "out", out);
        RowFunctions.gather(rows, width, table, first.copy(index, rows), out);
    }

    @Override
    public void scatterAdd(int rows, int width, MemorySegment source, int[] index, MemorySegment table) {
        RowChecks.indexed(Float.BYTES, rows, width, table, index, "source", source);
        RowFunctions.scatterAdd(rows, width, source, first.copy(index, rows), table);
    }

    @Override
    public void addBias(int rows, int width, MemorySegment bias, MemorySegment y) {
        RowChecks.column(Float.BYTES, rows, width, "y", y, "bias", bias);
        RowFunctions.addBias(rows, width, bias, y);
    }

    @Override
    public void columnSums(int rows, int width, double alpha, MemorySegment x, double beta, MemorySegment out) {
        RowChecks.column(Float.BYTES, rows, width, "x", x, "out", out);
        RowFunctions.columnSums(rows, width, alpha, x, beta, out);
    }

    @Override
    public void groupMean(int rows, int group, int width, MemorySegment x, MemorySegment out) {
        RowChecks.grouped(Float.BYTES, rows, group, width, x, "out", out);
        RowFunctions.groupMean(rows, group, width, x, out);
    }

    @Override
    public void groupSpread(int rows, int group, int width, double alpha, MemorySegment d, MemorySegment x) {
        RowChecks.grouped(Float.BYTES, rows, group, width, x, "d", d);
        RowFunctions.groupSpread(rows, group, width, alpha, d, x);
    }

    @Override
    public void axpby(long n, double alpha, MemorySegment x, double beta, MemorySegment y) {
        RowChecks.elements(Float.BYTES, n, "x", x);
        RowChecks.elements(Float.BYTES, n, "y", y);
        RowFunctions.axpby(n, alpha, x, beta, y);
    }

    @Override
    public void fill(long n, double value, MemorySegment x) {
        RowChecks.elements(Float.BYTES, n, "x", x);
        RowFunctions.fill(n, value, x);
    }

    @Override
    public double sumOfSquares(long n, MemorySegment x) {
        RowChecks.elements(Float.BYTES, n, "x", x);
        return RowFunctions.sumOfSquares(n, x);
    }
}
