package org.infoprompt.ops;

import java.lang.foreign.MemorySegment;
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

    /** Copies {@code rows} rows of {@code width} elements from row {@code sourceRow} to row {@code targetRow}. */
    void copy(int rows, int width, MemorySegment source, long sourceRow, MemorySegment target, long targetRow);

    /** out[i] = table[index[i]] for i in [0, rows). */
    void gather(int rows, int width, MemorySegment table, int[] index, MemorySegment out);

    /** table[index[i]] += source[i] for i in [0, rows), in this order; an index may occur twice. */
    void scatterAdd(int rows, int width, MemorySegment source, int[] index, MemorySegment table);

    /** y[r] = y[r] + bias for every row. */
    void addBias(int rows, int width, MemorySegment bias, MemorySegment y);

    /** out[c] = beta·out[c] + alpha·Σ_r x[r][c], rows in order, summed in double. */
    void columnSums(int rows, int width, double alpha, MemorySegment x, double beta, MemorySegment out);

    /** out[r] = mean of the {@code group} rows x[r·group .. ): [rows·group, D] to [rows, D]. */
    void groupMean(int rows, int group, int width, MemorySegment x, MemorySegment out);

    /** x[r·group + j] += alpha·d[r] for all j: the gradient of {@link #groupMean} when alpha is 1/group. */
    void groupSpread(int rows, int group, int width, double alpha, MemorySegment d, MemorySegment x);

    /** y = alpha·x + beta·y over {@code n} elements; beta 0 overwrites. */
    void axpby(long n, double alpha, MemorySegment x, double beta, MemorySegment y);

    /** Fills {@code n} elements with a value. */
    void fill(long n, double value, MemorySegment x);

    /** Returns Σ x², summed in double in a fixed order. */
    double sumOfSquares(long n, MemorySegment x);
}
