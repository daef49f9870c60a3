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
        for (long r0 = 0; r0 < rows; r0 += TILE) {
            for (long c0 = 0; c0 < columns; c0 += TILE) {
                long rEnd = Math.min(rows, r0 + TILE);
                long cEnd = Math.min(columns, c0 + TILE);
                for (long c = c0; c < cEnd; c++) {
                    for (long r = r0; r < rEnd; r++) {
                        to.set(BITS, (c * rows + r) * Float.BYTES, from.get(BITS, (r * columns + c) * Float.BYTES));
                    }
                }
            }
        }
        return new Tensor(to.asReadOnly(), DType.F32, Shape.of(columns, rows));
    }
}
