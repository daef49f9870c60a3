package org.infoprompt.ops.reference;

import java.lang.foreign.MemorySegment;
import org.infoprompt.ops.RowKernels;
import org.infoprompt.ops.check.RowChecks;
import org.infoprompt.tensor.DType;
import org.jspecify.annotations.Nullable;

/** Row movement and reductions, element by element. */
public final class PlainRowKernels implements RowKernels {
    private final Elements e;

    /**
     * Creates the kernels.
     *
     * @param dtype F32 or F64
     */
    public PlainRowKernels(DType dtype) {
        this.e = Elements.of(dtype);
    }

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
        RowChecks.embed(e.bytes(), rows, width, words, prompts, source, positions, positionIds, types, typeIds, out);
        for (int r = 0; r < rows; r++) {
            MemorySegment table = prompts != null && source[r] < 0 ? prompts : words;
            long row = (long) (source[r] < 0 ? -1 - source[r] : source[r]) * width;
            long position = (long) positionIds[r] * width;
            for (int i = 0; i < width; i++) {
                double sum = e.get(table, row + i) + e.get(positions, position + i);
                if (types != null) {
                    sum += e.get(types, (long) typeIds[r] * width + i);
                }
                e.set(out, (long) r * width + i, sum);
            }
        }
    }

    @Override
    public void copy(int rows, int width, MemorySegment source, long sourceRow, MemorySegment target, long targetRow) {
        RowChecks.copy(e.bytes(), rows, width, source, sourceRow, target, targetRow);
        long rowBytes = (long) width * e.bytes();
        MemorySegment.copy(source, sourceRow * rowBytes, target, targetRow * rowBytes, rows * rowBytes);
    }

    @Override
    public void gather(int rows, int width, MemorySegment table, int[] index, MemorySegment out) {
        RowChecks.indexed(e.bytes(), rows, width, table, index, "out", out);
        long rowBytes = (long) width * e.bytes();
        for (int r = 0; r < rows; r++) {
            MemorySegment.copy(table, index[r] * rowBytes, out, r * rowBytes, rowBytes);
        }
    }

    @Override
    public void scatterAdd(int rows, int width, MemorySegment source, int[] index, MemorySegment table) {
        RowChecks.indexed(e.bytes(), rows, width, table, index, "source", source);
        for (int r = 0; r < rows; r++) {
            for (int i = 0; i < width; i++) {
                e.add(table, (long) index[r] * width + i, e.get(source, (long) r * width + i));
            }
        }
    }

    @Override
    public void addBias(int rows, int width, MemorySegment bias, MemorySegment y) {
        RowChecks.column(e.bytes(), rows, width, "y", y, "bias", bias);
        for (int r = 0; r < rows; r++) {
            for (int i = 0; i < width; i++) {
                e.add(y, (long) r * width + i, e.get(bias, i));
            }
        }
    }

    @Override
    public void columnSums(int rows, int width, double alpha, MemorySegment x, double beta, MemorySegment out) {
        RowChecks.column(e.bytes(), rows, width, "x", x, "out", out);
        for (int i = 0; i < width; i++) {
            double sum = 0;
            for (int r = 0; r < rows; r++) {
                sum += e.get(x, (long) r * width + i);
            }
            e.set(out, i, beta == 0 ? alpha * sum : alpha * sum + beta * e.get(out, i));
        }
    }

    @Override
    public void groupMean(int rows, int group, int width, MemorySegment x, MemorySegment out) {
        RowChecks.grouped(e.bytes(), rows, group, width, x, "out", out);
        for (int r = 0; r < rows; r++) {
            for (int i = 0; i < width; i++) {
                double sum = 0;
                for (int j = 0; j < group; j++) {
                    sum += e.get(x, ((long) r * group + j) * width + i);
                }
                e.set(out, (long) r * width + i, sum / group);
            }
        }
    }

    @Override
    public void groupSpread(int rows, int group, int width, double alpha, MemorySegment d, MemorySegment x) {
        RowChecks.grouped(e.bytes(), rows, group, width, x, "d", d);
        for (int r = 0; r < rows; r++) {
            for (int j = 0; j < group; j++) {
                for (int i = 0; i < width; i++) {
                    e.add(x, ((long) r * group + j) * width + i, alpha * e.get(d, (long) r * width + i));
                }
            }
        }
    }

    @Override
    public void axpby(long n, double alpha, MemorySegment x, double beta, MemorySegment y) {
        RowChecks.elements(e.bytes(), n, "x", x);
        RowChecks.elements(e.bytes(), n, "y", y);
        for (long i = 0; i < n; i++) {
            e.set(y, i, beta == 0 ? alpha * e.get(x, i) : alpha * e.get(x, i) + beta * e.get(y, i));
        }
    }

    @Override
    public void fill(long n, double value, MemorySegment x) {
        RowChecks.elements(e.bytes(), n, "x", x);
        for (long i = 0; i < n; i++) {
            e.set(x, i, value);
        }
    }

    @Override
    public double sumOfSquares(long n, MemorySegment x) {
        RowChecks.elements(e.bytes(), n, "x", x);
        double sum = 0;
        for (long i = 0; i < n; i++) {
            sum += e.get(x, i) * e.get(x, i);
        }
        return sum;
    }
}
