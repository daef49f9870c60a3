package org.infoprompt.ops;

import java.lang.foreign.MemorySegment;
import java.util.function.DoubleSupplier;
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
}
