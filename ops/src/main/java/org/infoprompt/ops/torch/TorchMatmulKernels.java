package org.infoprompt.ops.torch;

import java.lang.foreign.MemorySegment;
import org.infoprompt.ffi.torch.Brgemm;
import org.infoprompt.ops.panel.PanelMatmulKernels;
import org.infoprompt.ops.vector.VectorPackedWeight;
import org.infoprompt.ops.vector.VectorTileMath;

/**
 * Float32 products of frozen weights by oneDNN, on the vector backend's panels and with its epilogues. Both compute every sum as
 * one chain of fused multiply-adds in ascending k, so a row's bits do not depend on who computes it, and rows can go to
 * whoever is faster.
 */
final class TorchMatmulKernels extends PanelMatmulKernels<VectorPackedWeight> {
    /** From here on oneDNN is not slower than the Vector API at any shape of bench/LINEAR.md; below, calls cost too much. */
    private static final int LEAST_ROWS = 32;

    /** oneDNN generates code for each number of rows and keeps it per thread: multiples of this one keep them few. */
    private static final int GRAIN = 16;

    /** Rows of a tile: 8 KiB of results, which finishing finds in the first-level cache. */
    private static final int TILE_ROWS = 64;

    /** Rows that pass over one panel while it is in the second-level cache. */
    private static final int BLOCK_ROWS = 4 * TILE_ROWS;

    private static final VectorTileMath TILE = VectorTileMath.INSTANCE;

    private final float[] tile = new float[TILE_ROWS * TILE.width()];
    private final MemorySegment tileSegment = MemorySegment.ofArray(tile);

    TorchMatmulKernels() {
        super(TILE, VectorPackedWeight.class);
    }

    @Override
    protected void multiply(VectorPackedWeight w, int rows, MemorySegment x) {
        int direct = rows < LEAST_ROWS ? 0 : rows / GRAIN * GRAIN;
        for (int first = 0; first < direct; first += BLOCK_ROWS) {
            multiplyBlock(w, first, Math.min(direct, first + BLOCK_ROWS), x);
        }
        if (direct < rows) {
            multiplyPanels(w, direct, rows, x);
        }
    }

    private void multiplyBlock(VectorPackedWeight w, int first, int end, MemorySegment x) {
        int n = w.outputSize();
        int k = w.inputSize();
        for (int column = 0; column < n; column += TILE.width()) {
            int columns = Math.min(TILE.width(), n - column);
            int pitch = TILE.pitch(columns);
            MemorySegment panel = w.panel(column / TILE.width());
            for (int row = first; row < end; row += TILE_ROWS) {
                int count = Math.min(TILE_ROWS, end - row);
                long offset = (long) row * k * Float.BYTES;
                Brgemm.f32(count, pitch, k, false, x, offset, k, panel, pitch, tileSegment, pitch);
                finishTile(tile, 0, row, count, n, column, columns, pitch);
            }
        }
    }
}
