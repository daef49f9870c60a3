package org.infoprompt.model;

import java.lang.foreign.MemorySegment;
import org.infoprompt.ops.RowKernels;
import org.infoprompt.tensor.DType;

/**
 * Lays each sequence's prefixes and then its own keys and values out on end, by one kernel, and takes their gradients apart again. A
 * row is a key and its value, 2D elements; prefixes and their gradients are of the backend's type, the others of the inner one.
 */
final class PrefixedKeys {
    private final RowKernels kernels;
    private final DType inner;
    private final int width;
    private final int maxPrefixRows;
    private final int[] starts;

    /** Which rows are joined, and which their gradients are: row r of the layer, or -1 - p for prefix p. */
    private final int[] source;

    private final int[] dSource;

    /**
     * Allocates the lists.
     *
     * @param kernels move the rows
     * @param inner the type of keys and values
     * @param width 2D
     * @param maxRows the most rows of one block
     * @param maxPrefixRows the most prefixes of a layer in one block, all sequences together
     * @param gradients whether {@link #split} will be called
     */
    PrefixedKeys(RowKernels kernels, DType inner, int width, int maxRows, int maxPrefixRows, boolean gradients) {
        this.kernels = kernels;
        this.inner = inner;
        this.width = width;
        this.maxPrefixRows = maxPrefixRows;
        starts = new int[maxPrefixRows == 0 ? 0 : maxRows + 1];
        source = new int[maxPrefixRows == 0 ? 0 : maxRows + maxPrefixRows];
        dSource = new int[gradients ? source.length : 0];
    }

    /** Returns the first joined row of each sequence, and the end of the last. */
    int[] starts() {
        return starts;
    }

    /** Counts a block's joined rows. */
    void start(PackedRows rows, LayerInserts inserts) {
        int n = rows.numSequences();
        int prefixes = 0;
        for (int i = 0; i <= n; i++) {
            if (prefixes > maxPrefixRows) {
                throw new IllegalArgumentException(n + " sequences of up to " + inserts.numPrefixes()
                        + " prefixes exceed the " + maxPrefixRows + " prefix rows this encoder was made for");
            }
            starts[i] = rows.starts()[i] + prefixes;
            prefixes += i < n ? inserts.numPrefixes(i) : 0;
        }
    }

    /**
     * Joins a layer's rows.
     *
     * @param kv [R, stride] keys and values
     * @param stride elements between rows of {@code kv}
     * @param column the first element of a key
     * @param joined [starts[n], 2D], overwritten
     */
    void join(
            PackedRows rows,
            LayerInserts inserts,
            int layer,
            MemorySegment kv,
            int stride,
            int column,
            MemorySegment joined) {
        int n = rows.numSequences();
        int begin = 0;
        while (begin < n) {
            // Sequences on end whose prefixes lie in one memory.
            MemorySegment prefixes = inserts.prefixes(begin);
            long first = inserts.prefixRow(begin, layer);
            int end = begin + 1;
            while (end < n && inserts.prefixes(end).equals(prefixes)) {
                first = Math.min(first, inserts.prefixRow(end++, layer));
            }
            for (int i = begin; i < end; i++) {
                list(rows, inserts, i, inserts.prefixRow(i, layer) - first, source);
            }
            kernels.joinRows(
                    inner, starts[begin], starts[end], width, prefixes, first, kv, stride, column, source, joined);
            begin = end;
        }
    }

    /**
     * Takes the gradients to joined rows apart.
     *
     * @param dJoined [starts[n], 2D]
     * @param dkv [R, stride], receives those to keys and values
     * @param stride elements between rows of {@code dkv}
     * @param column the first element of a key
     */
    void split(
            PackedRows rows,
            LayerInserts inserts,
            int layer,
            MemorySegment dJoined,
            MemorySegment dkv,
            int stride,
            int column) {
        int n = rows.numSequences();
        long first = Long.MAX_VALUE;
        for (int i = 0; i < n; i++) {
            first = Math.min(first, inserts.dPrefixRow(i, layer));
        }
        for (int i = 0; i < n; i++) {
            list(rows, inserts, i, inserts.dPrefixRow(i, layer) - first, dSource);
        }
        kernels.splitRows(
                inner, 0, starts[n], width, dJoined, dSource, inserts.dPrefixes(), first, dkv, stride, column);
    }

    /** Lists a sequence's prefixes, which begin at a row of their table, and then its own rows; layers mostly share one list. */
    private void list(PackedRows rows, LayerInserts inserts, int sequence, long prefixRow, int[] into) {
        int at = starts[sequence];
        int first = Math.toIntExact(prefixRow);
        for (int p = 0; p < inserts.numPrefixes(sequence); p++) {
            into[at++] = -1 - first - p;
        }
        for (int row = rows.starts()[sequence]; row < rows.starts()[sequence + 1]; row++) {
            into[at++] = row;
        }
    }
}
