package org.infoprompt.weights;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import org.infoprompt.tensor.DType;
import org.infoprompt.tensor.Shape;
import org.infoprompt.tensor.Tensor;

/** Turns the [in,out] matrices of some formats into [out,in]. */
final class TransposedCopy {
    /** In tiles, because a column walk alone would miss the cache at each step. */
    private static final int TILE = 32;

    private static final ValueLayout.OfInt BITS = ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

    private TransposedCopy() {}

    /** Returns the transposed matrix in F32, in off-heap memory of the arena. */
    static Tensor of(Tensor matrix, Arena arena) {
        Tensor floats = FloatConversions.toFloat32(matrix, arena);
        long rows = matrix.shape().size(0);
        long columns = matrix.shape().size(1);
        MemorySegment from = floats.segment();
        MemorySegment to = arena.allocate(floats.byteSize(), AlignedViews.ALIGNMENT);
        // Through arrays: before the compiler has come to it, access to a segment costs tens of times that to an array,
        // and a model
        // is opened once.
        int[] tile = new int[TILE * TILE];
        int[] turned = new int[TILE * TILE];
        for (long r0 = 0; r0 < rows; r0 += TILE) {
            for (long c0 = 0; c0 < columns; c0 += TILE) {
                int height = (int) Math.min(TILE, rows - r0);
                int width = (int) Math.min(TILE, columns - c0);
                for (int r = 0; r < height; r++) {
                    MemorySegment.copy(from, BITS, ((r0 + r) * columns + c0) * Float.BYTES, tile, r * TILE, width);
                }
                for (int i = 0; i < TILE * TILE; i++) {
                    turned[i] = tile[i % TILE * TILE + i / TILE];
                }
                for (int c = 0; c < width; c++) {
                    MemorySegment.copy(turned, c * TILE, to, BITS, ((c0 + c) * rows + r0) * Float.BYTES, height);
                }
            }
        }
        return new Tensor(to.asReadOnly(), DType.F32, Shape.of(columns, rows));
    }
}
