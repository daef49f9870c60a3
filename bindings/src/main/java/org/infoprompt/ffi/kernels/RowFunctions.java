package org.infoprompt.ffi.kernels;

import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import org.jspecify.annotations.Nullable;

/**
 * Movement and reductions of rows: {@code ipk_embed_f32} and what follows it in {@code infoprompt_kernels.h}. Row numbers are
 * 32-bit numbers and not looked at here: the caller has checked them.
 */
public final class RowFunctions {
    private static final MethodHandle embed$mh = KernelLibrary.link("ipk_embed_f32");
    private static final MethodHandle gather$mh = KernelLibrary.link("ipk_gather_f32");
    private static final MethodHandle addBias$mh = KernelLibrary.link("ipk_add_bias_f32");
    private static final MethodHandle groupMean$mh = KernelLibrary.link("ipk_group_mean_f32");
    private static final MethodHandle axpby$mh = KernelLibrary.link("ipk_axpby_f32");
    private static final MethodHandle fill$mh = KernelLibrary.link("ipk_fill_f32");

    /** Linked when they are first called: linking takes some milliseconds each, and inference needs none of them. */
    private static final class Training {
        static final MethodHandle scatterAdd$mh = KernelLibrary.link("ipk_scatter_add_f32");
        static final MethodHandle columnSums$mh = KernelLibrary.link("ipk_column_sums_f32");
        static final MethodHandle groupSpread$mh = KernelLibrary.link("ipk_group_spread_f32");
        static final MethodHandle sumOfSquares$mh = KernelLibrary.link("ipk_sum_of_squares_f32");
    }

    private RowFunctions() {}

    /**
     * out[r] = (word or prompt row) + position row + type row.
     *
     * @param rows R
     * @param width D
     * @param words [any, D]
     * @param prompts [any, D], or null if no source is negative
     * @param source [R]: a word id, or -1-p for prompt row p
     * @param positions [any, D]
     * @param positionIds [R]
     * @param types [any, D], or null
     * @param typeIds [R], or null where {@code types} is
     * @param out [R, D]
     * @throws IndexOutOfBoundsException if a segment is too short
     */
    public static void embed(
            long rows,
            long width,
            MemorySegment words,
            @Nullable MemorySegment prompts,
            MemorySegment source,
            MemorySegment positions,
            MemorySegment positionIds,
            @Nullable MemorySegment types,
            @Nullable MemorySegment typeIds,
            MemorySegment out) {
        Sizes.ints("source", source, rows);
        Sizes.ints("positionIds", positionIds, rows);
        Sizes.floats("out", out, Sizes.area(rows, width));
        MemorySegment p = Sizes.floatsOrNull("prompts", prompts, 0);
        MemorySegment t = Sizes.floatsOrNull("types", types, 0);
        MemorySegment ids = typeIds == null ? MemorySegment.NULL : Sizes.ints("typeIds", typeIds, rows);
        try {
            embed$mh.invokeExact(rows, width, words, p, source, positions, positionIds, t, ids, out);
        } catch (Throwable e) {
            throw KernelLibrary.unexpected(e);
        }
    }

    /**
     * out[i] = table[index[i]].
     *
     * @param rows R
     * @param width D
     * @param table [any, D]
     * @param index [R]
     * @param out [R, D]
     * @throws IndexOutOfBoundsException if a segment is too short
     */
    public static void gather(long rows, long width, MemorySegment table, MemorySegment index, MemorySegment out) {
        Sizes.ints("index", index, rows);
        Sizes.floats("out", out, Sizes.area(rows, width));
        try {
            gather$mh.invokeExact(rows, width, table, index, out);
        } catch (Throwable e) {
            throw KernelLibrary.unexpected(e);
        }
    }

    /**
     * table[index[i]] += source[i], in this order.
     *
     * @param rows R
     * @param width D
     * @param source [R, D]
     * @param index [R]
     * @param table [any, D]
     * @throws IndexOutOfBoundsException if a segment is too short
     */
    public static void scatterAdd(
            long rows, long width, MemorySegment source, MemorySegment index, MemorySegment table) {
        Sizes.floats("source", source, Sizes.area(rows, width));
        Sizes.ints("index", index, rows);
        try {
            Training.scatterAdd$mh.invokeExact(rows, width, source, index, table);
        } catch (Throwable e) {
            throw KernelLibrary.unexpected(e);
        }
    }

    /**
     * y[r] += bias.
     *
     * @param rows R
     * @param width D
     * @param bias [D]
     * @param y [R, D]
     * @throws IndexOutOfBoundsException if a segment is too short
     */
    public static void addBias(long rows, long width, MemorySegment bias, MemorySegment y) {
        Sizes.floats("bias", bias, width);
        Sizes.floats("y", y, Sizes.area(rows, width));
        try {
            addBias$mh.invokeExact(rows, width, bias, y);
        } catch (Throwable e) {
            throw KernelLibrary.unexpected(e);
        }
    }

    /**
     * out[c] = alpha·Σ_r x[r][c] + beta·out[c], summed in double; a {@code beta} of 0 does not read out.
     *
     * @param rows R
     * @param width D
     * @param alpha factor of the sum
     * @param x [R, D]
     * @param beta factor of what is there
     * @param out [D]
     * @throws IndexOutOfBoundsException if a segment is too short
     */
    public static void columnSums(
            long rows, long width, double alpha, MemorySegment x, double beta, MemorySegment out) {
        Sizes.floats("x", x, Sizes.area(rows, width));
        Sizes.floats("out", out, width);
        try {
            Training.columnSums$mh.invokeExact(rows, width, alpha, x, beta, out);
        } catch (Throwable e) {
            throw KernelLibrary.unexpected(e);
        }
    }

    /**
     * out[r] = mean of the {@code group} rows from x[r·group] on.
     *
     * @param rows R
     * @param group rows of a mean
     * @param width D
     * @param x [R·group, D]
     * @param out [R, D]
     * @throws IndexOutOfBoundsException if a segment is too short
     */
    public static void groupMean(long rows, long group, long width, MemorySegment x, MemorySegment out) {
        Sizes.floats("x", x, Sizes.area(Sizes.area(rows, group), width));
        Sizes.floats("out", out, Sizes.area(rows, width));
        try {
            groupMean$mh.invokeExact(rows, group, width, x, out);
        } catch (Throwable e) {
            throw KernelLibrary.unexpected(e);
        }
    }

    /**
     * x[r·group + j] += alpha·d[r] for all j.
     *
     * @param rows R
     * @param group rows that share one of {@code d}
     * @param width D
     * @param alpha factor
     * @param d [R, D]
     * @param x [R·group, D]
     * @throws IndexOutOfBoundsException if a segment is too short
     */
    public static void groupSpread(long rows, long group, long width, double alpha, MemorySegment d, MemorySegment x) {
        Sizes.floats("d", d, Sizes.area(rows, width));
        Sizes.floats("x", x, Sizes.area(Sizes.area(rows, group), width));
        try {
            Training.groupSpread$mh.invokeExact(rows, group, width, alpha, d, x);
        } catch (Throwable e) {
            throw KernelLibrary.unexpected(e);
        }
    }

    /**
     * y = alpha·x + beta·y; a {@code beta} of 0 does not read y.
     *
     * @param n number of elements
     * @param alpha factor of x
     * @param x read
     * @param beta factor of y
     * @param y updated
     * @throws IndexOutOfBoundsException if a segment is too short
     */
    public static void axpby(long n, double alpha, MemorySegment x, double beta, MemorySegment y) {
        Sizes.floats("x", x, n);
        Sizes.floats("y", y, n);
        try {
            axpby$mh.invokeExact(n, alpha, x, beta, y);
        } catch (Throwable e) {
            throw KernelLibrary.unexpected(e);
        }
    }

    /**
     * x = value.
     *
     * @param n number of elements
     * @param value the value
     * @param x overwritten
     * @throws IndexOutOfBoundsException if the segment is too short
     */
    public static void fill(long n, double value, MemorySegment x) {
        Sizes.floats("x", x, n);
        try {
            fill$mh.invokeExact(n, value, x);
        } catch (Throwable e) {
            throw KernelLibrary.unexpected(e);
        }
    }

    /**
     * {@return Σ x², in double}
     *
     * @param n number of elements
     * @param x read
     * @throws IndexOutOfBoundsException if the segment is too short
     */
    public static double sumOfSquares(long n, MemorySegment x) {
        Sizes.floats("x", x, n);
        try {
            return (double) Training.sumOfSquares$mh.invokeExact(n, x);
        } catch (Throwable e) {
            throw KernelLibrary.unexpected(e);
        }
    }
}
