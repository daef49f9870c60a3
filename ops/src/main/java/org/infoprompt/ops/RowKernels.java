package org.infoprompt.ops;

import java.lang.foreign.MemorySegment;
import java.util.function.DoubleSupplier;
import org.infoprompt.ops.check.RowChecks;
import org.infoprompt.tensor.DType;
import org.jspecify.annotations.Nullable;

/** Moves, adds and reduces rows. Row numbers and offsets count from 0; arrays may be longer than needed. */
public interface RowKernels {
    /**
     * Input embeddings before their layer normalisation: out[r] = (word or prompt row) + position row + type row.
     *
     * @param rows R
     * @param width D
     * @param words [V, D]
     * @param prompts [any, D] prompt rows, or null if no slot is negative
     * @param source per row: a word id, or -1-p for prompt row p
     * @param positions [positions, D]
     * @param positionIds per row
     * @param types [types, D], or null for models without token types
     * @param typeIds per row; ignored if {@code types} is null
     * @param out [R, D]
     */
    void embed(
            int rows,
            int width,
            MemorySegment words,
            @Nullable MemorySegment prompts,
            int[] source,
            MemorySegment positions,
            int[] positionIds,
            @Nullable MemorySegment types,
            int[] typeIds,
            MemorySegment out);

    /**
     * Copies rows.
     *
     * @param rows R
     * @param width D
     * @param source [any, D]
     * @param sourceRow the first row read
     * @param target [any, D]
     * @param targetRow the first row written
     */
    void copy(int rows, int width, MemorySegment source, long sourceRow, MemorySegment target, long targetRow);

    /**
     * out[i] = table[index[i]] for i in [0, rows).
     *
     * @param rows R
     * @param width D
     * @param table [any, D]
     * @param index R row numbers of the table
     * @param out [R, D]
     */
    void gather(int rows, int width, MemorySegment table, int[] index, MemorySegment out);

    /**
     * table[index[i]] += source[i] for i in [0, rows), in this order; an index may occur twice.
     *
     * @param rows R
     * @param width D
     * @param source [R, D]
     * @param index R row numbers of the table
     * @param table [any, D], accumulated
     */
    void scatterAdd(int rows, int width, MemorySegment source, int[] index, MemorySegment table);

    /**
     * y[r] = y[r] + bias for every row.
     *
     * @param rows R
     * @param width D
     * @param bias [D]
     * @param y [R, D], updated
     */
    void addBias(int rows, int width, MemorySegment bias, MemorySegment y);

    /**
     * out[c] = beta·out[c] + alpha·Σ_r x[r][c], rows in order, summed in double; {@code beta} 0 overwrites.
     *
     * @param rows R
     * @param width D
     * @param alpha factor of the sum
     * @param x [R, D]
     * @param beta factor of what is there
     * @param out [D]
     */
    void columnSums(int rows, int width, double alpha, MemorySegment x, double beta, MemorySegment out);

    /**
     * out[r] = mean of the {@code group} rows from x[r·group] on.
     *
     * @param rows R
     * @param group rows a mean is taken over, at least 1
     * @param width D
     * @param x [R·group, D]
     * @param out [R, D]
     */
    void groupMean(int rows, int group, int width, MemorySegment x, MemorySegment out);

    /**
     * x[r·group + j] += alpha·d[r] for all j: the gradient of {@link #groupMean} when alpha is 1/group.
     *
     * @param rows R
     * @param group rows that share one of {@code d}, at least 1
     * @param width D
     * @param alpha factor
     * @param d [R, D]
     * @param x [R·group, D], accumulated
     */
    void groupSpread(int rows, int group, int width, double alpha, MemorySegment d, MemorySegment x);

    /**
     * y = alpha·x + beta·y; {@code beta} 0 overwrites.
     *
     * @param n number of elements
     * @param alpha factor of x
     * @param x read
     * @param beta factor of y
     * @param y updated
     */
    void axpby(long n, double alpha, MemorySegment x, double beta, MemorySegment y);

    /**
     * Fills with a value.
     *
     * @param n number of elements
     * @param value the value
     * @param x overwritten
     */
    void fill(long n, double value, MemorySegment x);

    /**
     * {@return Σ x², summed in double in a fixed order}
     *
     * @param n number of elements
     * @param x read
     */
    double sumOfSquares(long n, MemorySegment x);

    /**
     * {@return what {@link #sumOfSquares} returns, without waiting for it} To be asked for after {@link Kernels#await()} and before these
     * kernels are called again.
     *
     * @param n number of elements
     * @param x read
     */
    default DoubleSupplier sumOfSquaresLater(long n, MemorySegment x) {
        double sum = sumOfSquares(n, x);
        return () -> sum;
    }

    /**
     * As {@link #gather(int, int, MemorySegment, int[], MemorySegment)}, of rows of a type.
     *
     * @param type that of all elements, as {@link Backend#activationType}
     * @param rows R
     * @param width D
     * @param table [any, D]
     * @param index per row
     * @param out [R, D]
     */
    default void gather(DType type, int rows, int width, MemorySegment table, int[] index, MemorySegment out) {
        gather(rows, width, table, index, out);
    }

    /**
     * Lays rows of two sources out in a list's order: joined[r] = table[tableRow - 1 - source[r]] where source[r] is negative, and
     * otherwise {@code width} elements of row source[r] of a wider buffer. The table is of the backend's type.
     *
     * @param type that of {@code buffer} and {@code joined}, as {@link Backend#activationType}
     * @param from the first joined row that is written
     * @param to after the last
     * @param width D
     * @param table [any, D]
     * @param tableRow the row of the table that -1 stands for
     * @param buffer [any, stride]
     * @param stride elements between the buffer's rows
     * @param column the first element taken of each
     * @param source per joined row, from 0 on
     * @param joined [any, D]
     */
    default void joinRows(
            DType type,
            int from,
            int to,
            int width,
            MemorySegment table,
            long tableRow,
            MemorySegment buffer,
            int stride,
            int column,
            int[] source,
            MemorySegment joined) {
        RowChecks.joined(
                type.bytes(), type.bytes(), from, to, width, table, tableRow, buffer, stride, column, source, joined);
        long element = type.bytes();
        long rowBytes = width * element;
        for (int r = from; r < to; r++) {
            int s = source[r];
            if (s < 0) {
                MemorySegment.copy(table, (tableRow - 1 - s) * rowBytes, joined, r * rowBytes, rowBytes);
            } else {
                MemorySegment.copy(buffer, ((long) s * stride + column) * element, joined, r * rowBytes, rowBytes);
            }
        }
    }

    /**
     * Takes apart what {@link #joinRows} joined: writes the rows of the table and those of the buffer that the list names, each once.
     *
     * @param type that of {@code buffer} and {@code joined}
     * @param from the first joined row that is read
     * @param to after the last
     * @param width D
     * @param joined [any, D]
     * @param source per joined row, from 0 on
     * @param table [any, D], overwritten where named
     * @param tableRow the row of the table that -1 stands for
     * @param buffer [any, stride], overwritten where named
     * @param stride elements between the buffer's rows
     * @param column the first element of each
     */
    default void splitRows(
            DType type,
            int from,
            int to,
            int width,
            MemorySegment joined,
            int[] source,
            MemorySegment table,
            long tableRow,
            MemorySegment buffer,
            int stride,
            int column) {
        RowChecks.joined(
                type.bytes(), type.bytes(), from, to, width, table, tableRow, buffer, stride, column, source, joined);
        long element = type.bytes();
        long rowBytes = width * element;
        for (int r = from; r < to; r++) {
            int s = source[r];
            if (s < 0) {
                MemorySegment.copy(joined, r * rowBytes, table, (tableRow - 1 - s) * rowBytes, rowBytes);
            } else {
                MemorySegment.copy(joined, r * rowBytes, buffer, ((long) s * stride + column) * element, rowBytes);
            }
        }
    }
}
