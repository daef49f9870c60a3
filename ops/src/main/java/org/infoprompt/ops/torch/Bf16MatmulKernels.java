package org.infoprompt.ops.torch;

import java.lang.foreign.MemorySegment;
import org.infoprompt.ffi.torch.Brgemm;
import org.infoprompt.ops.panel.PanelMatmulKernels;
import org.infoprompt.ops.vector.VectorBfloat16;
import org.infoprompt.ops.vector.VectorTileMath;

/**
 * Products of bfloat16 weights: rows are rounded to bfloat16 a block at a time, sums, bias, residual and activation are float32.
 * Rows that only fill up a tile are computed and dropped, so that a row's bits do not depend on how many there are.
 */
final class Bf16MatmulKernels extends PanelMatmulKernels<Bf16Weight> {
    /** Rows of a tile: two of the processor's tiles. */
    private static final int TILE_ROWS = 32;

    /** Most rows that pass over one panel while both are in the second-level cache. */
    private static final int BLOCK_ROWS = 8 * TILE_ROWS;

    /**
     * Up to this size the whole weight stays in the second-level cache, and it is better that the rows and their results stay in
     * the first: 256 rows of 384 by 384 ran at 800 instead of 600 GFLOP/s (AMX, 2 MiB, November 2026).
     */
    private static final long CACHED_BYTES = 3L << 19;

    private static final VectorTileMath TILE = VectorTileMath.INSTANCE;

    private final float[] tile = new float[TILE_ROWS * TILE.width()];
    private final MemorySegment tileSegment = MemorySegment.ofArray(tile);
    /** One array a tile, so that none has to be sliced. */
    private final short[][] rounded = new short[BLOCK_ROWS / TILE_ROWS][0];

    private final MemorySegment[] roundedSegments = new MemorySegment[BLOCK_ROWS / TILE_ROWS];

    Bf16MatmulKernels() {
        super(TILE, Bf16Weight.class);
    }

    @Override
    protected void multiply(Bf16Weight w, int rows, MemorySegment x) {
        int most = w.byteSize() <= CACHED_BYTES ? TILE_ROWS : BLOCK_ROWS;
        for (int first = 0; first < rows; first += most) {
            int count = Math.min(most, rows - first);
            for (int row = 0; row < count; row += TILE_ROWS) {
                round(x, first + row, Math.min(TILE_ROWS, count - row), w.inputSize(), row / TILE_ROWS);
            }
            multiplyBlock(w, first, count);
        }
        if (rows > 0) {
            Brgemm.release();
        }
    }

    private void multiplyBlock(Bf16Weight w, int first, int count) {
        int n = w.outputSize();
        int depth = Bf16Weight.depth(w.inputSize());
        int width = TILE.width();
        MemorySegment panels = w.panels();
        for (int column = 0; column < n; column += width) {
            long panel = w.offset(column);
            for (int row = 0; row < count; row += TILE_ROWS) {
                int rows = Math.min(TILE_ROWS, count - row);
                MemorySegment a = roundedSegments[row / TILE_ROWS];
                Brgemm.bf16(tileRows(rows), width, depth, false, a, depth, panels, panel, tileSegment, width);
                finishTile(tile, 0, first + row, rows, n, column, Math.min(width, n - column), width);
            }
        }
    }

    /** Returns the rows to compute for so many, a power of two: oneDNN keeps code for each number per thread. */
    private static int tileRows(int rows) {
        return rows == 1 ? 1 : Integer.highestOneBit(rows - 1) << 1;
    }

    private void round(MemorySegment x, int first, int count, int k, int index) {
        int depth = Bf16Weight.depth(k);
        if (rounded[index].length < TILE_ROWS * depth) {
            rounded[index] = new short[TILE_ROWS * depth];
            roundedSegments[index] = MemorySegment.ofArray(rounded[index]);
        }
        long offset = (long) first * k * Float.BYTES;
        if (depth == k) {
            VectorBfloat16.round(x, offset, count * k, rounded[index], 0);
            return;
        }
        for (int r = 0; r < count; r++) {
            VectorBfloat16.round(x, offset + (long) r * k * Float.BYTES, k, rounded[index], r * depth);
            rounded[index][r * depth + k] = 0;
        }
    }
}
