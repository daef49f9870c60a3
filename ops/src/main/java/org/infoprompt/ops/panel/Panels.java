package org.infoprompt.ops.panel;

import java.lang.foreign.MemorySegment;

/**
 * Packing of right operands [k, n] into panels: panel p holds the columns from p·width on, as [k][pitch], and starts at
 * p·width·k from the base.
 */
final class Panels {
    private Panels() {}

    /** Returns how many floats the panels of a [k, n] operand take. */
    static int size(TileMath tile, int k, int n) {
        int whole = n / tile.width() * tile.width();
        int rest = n - whole;
        return Math.multiplyExact(k, whole + (rest == 0 ? 0 : tile.pitch(rest)));
    }

    /** Returns the columns of the panel that starts at this column. */
    static int columns(TileMath tile, int n, int column) {
        return Math.min(tile.width(), n - column);
    }

    /** Packs rows of k values whose number is n: the transpose of a row-major [n, k]. */
    static void packTransposed(
            TileMath tile,
            MemorySegment from,
            long offset,
            long rowBytes,
            int n,
            int k,
            float[] to,
            int base,
            float[] line) {
        for (int column = 0; column < n; column += tile.width()) {
            int columns = columns(tile, n, column);
            int pitch = tile.pitch(columns);
            int start = base + column * k;
            for (int j = 0; j < columns; j++) {
                tile.load(from, offset + (column + j) * rowBytes, rowBytes, 1, k, line, 0, 0);
                scatter(line, k, to, start + j, pitch);
            }
            for (int j = columns; j < pitch; j++) {
                clear(k, to, start + j, pitch);
            }
        }
    }

    /** Packs a row-major [k, n]. */
    static void pack(
            TileMath tile, MemorySegment from, long offset, long rowBytes, int n, int k, float[] to, int base) {
        for (int column = 0; column < n; column += tile.width()) {
            int columns = columns(tile, n, column);
            int pitch = tile.pitch(columns);
            int start = base + column * k;
            tile.load(from, offset + (long) column * Float.BYTES, rowBytes, k, columns, to, start, pitch);
            for (int j = columns; j < pitch; j++) {
                clear(k, to, start + j, pitch);
            }
        }
    }

    static void scatter(float[] line, int n, float[] to, int start, int step) {
        for (int i = 0; i < n; i++) {
            to[start + i * step] = line[i];
        }
    }

    private static void clear(int n, float[] to, int start, int step) {
        for (int i = 0; i < n; i++) {
            to[start + i * step] = 0;
        }
    }
}
