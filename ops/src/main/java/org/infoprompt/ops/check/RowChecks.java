package org.infoprompt.ops.check;

import java.lang.foreign.MemorySegment;
import org.jspecify.annotations.Nullable;

/** Checks of {@link org.infoprompt.ops.RowKernels}; arguments as there, {@code bytes} is the size of an element. */
@SuppressWarnings("doclint:missing")
public final class RowChecks {
    private RowChecks() {}

    /** Checks {@code embed}. */
    public static void embed(
            int bytes,
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
        shape(bytes, rows, width, "out", out);
        Arguments.length("source", source, rows);
        long numWords = Arguments.tableRows(words, width, bytes);
        long numPrompts = prompts == null ? 0 : Arguments.tableRows(prompts, width, bytes);
        for (int r = 0; r < rows; r++) {
            int s = source[r];
            if (s >= numWords || -1L - s >= numPrompts) {
                throw new IndexOutOfBoundsException(
                        "source[" + r + "] = " + s + " must be in [" + -numPrompts + ", " + numWords + ")");
            }
        }
        Arguments.indices("positionIds", positionIds, 0, rows, Arguments.tableRows(positions, width, bytes));
        if (types != null) {
            Arguments.indices("typeIds", typeIds, 0, rows, Arguments.tableRows(types, width, bytes));
        }
    }

    /** Checks {@code copy}. */
    public static void copy(
            int bytes,
            int rows,
            int width,
            MemorySegment source,
            long sourceRow,
            MemorySegment target,
            long targetRow) {
        Arguments.size("rows", rows);
        Arguments.size("width", width);
        Arguments.size("sourceRow", sourceRow);
        Arguments.size("targetRow", targetRow);
        Arguments.segment("source", source, Math.multiplyExact(Math.addExact(sourceRow, rows), (long) width), bytes);
        Arguments.segment("target", target, Math.multiplyExact(Math.addExact(targetRow, rows), (long) width), bytes);
    }

    /** Checks {@code gather} and {@code scatterAdd}. */
    public static void indexed(
            int bytes, int rows, int width, MemorySegment table, int[] index, String name, MemorySegment dense) {
        shape(bytes, rows, width, name, dense);
        Arguments.indices("index", index, 0, rows, Arguments.tableRows(table, width, bytes));
    }

    /** Checks {@code joinRows} and {@code splitRows}; {@code tableBytes} is the size of the table's elements. */
    public static void joined(
            int tableBytes,
            int bytes,
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
        Arguments.size("from", from);
        Arguments.size("to - from", (long) to - from);
        Arguments.positive("width", width);
        Arguments.size("tableRow", tableRow);
        Arguments.size("column", column);
        Arguments.size("stride - column - width", (long) stride - column - width);
        shape(bytes, to, width, "joined", joined);
        Arguments.length("source", source, to);
        long tableRows = Arguments.tableRows(table, width, tableBytes) - tableRow;
        long bufferRows = (buffer.byteSize() / bytes + stride - column - width) / stride;
        for (int r = from; r < to; r++) {
            int s = source[r];
            if (s >= bufferRows || -1L - s >= tableRows) {
                throw new IndexOutOfBoundsException(
                        "source[" + r + "] = " + s + " must be in [" + -tableRows + ", " + bufferRows + ")");
            }
        }
    }

    /** Checks {@code addBias} and {@code columnSums}. */
    public static void column(
            int bytes,
            int rows,
            int width,
            String name,
            MemorySegment matrix,
            String vectorName,
            MemorySegment vector) {
        shape(bytes, rows, width, name, matrix);
        Arguments.segment(vectorName, vector, width, bytes);
    }

    /** Checks {@code groupMean} and {@code groupSpread}. */
    public static void grouped(
            int bytes, int rows, int group, int width, MemorySegment x, String name, MemorySegment small) {
        shape(bytes, rows, width, name, small);
        Arguments.positive("group", group);
        Arguments.segment("x", x, Math.multiplyExact((long) rows * group, (long) width), bytes);
    }

    /** Checks {@code n} elements of a segment. */
    public static void elements(int bytes, long n, String name, MemorySegment x) {
        Arguments.size("n", n);
        Arguments.segment(name, x, n, bytes);
    }

    /** Checks a matrix of {@code rows} and {@code width}. */
    static void shape(int bytes, int rows, int width, String name, MemorySegment matrix) {
        Arguments.size("rows", rows);
        Arguments.size("width", width);
        Arguments.segment(name, matrix, (long) rows * width, bytes);
    }
}
