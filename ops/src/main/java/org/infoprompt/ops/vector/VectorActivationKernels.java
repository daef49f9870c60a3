package org.infoprompt.ops.vector;

import java.lang.foreign.MemorySegment;
import org.infoprompt.ops.Activation;
import org.infoprompt.ops.ActivationKernels;
import org.infoprompt.ops.check.RowChecks;

/** Activations, in pieces that stay in the first-level cache, by the same loops as the fused ones. */
final class VectorActivationKernels implements ActivationKernels {
    /** Four arrays of this length take 16 KiB of a first-level cache of at least 32. */
    private static final int PIECE = 1024;

    private final float[] values = new float[PIECE];
    /** The inputs, and after them the scratch that the functions need. */
    private final float[] inputs = new float[3 * PIECE];

    VectorActivationKernels() {}

    @Override
    public void forward(int n, Activation activation, MemorySegment x, MemorySegment y) {
        RowChecks.elements(Float.BYTES, n, "x", x);
        RowChecks.elements(Float.BYTES, n, "y", y);
        for (int i = 0; i < n; i += PIECE) {
            int count = Math.min(PIECE, n - i);
            Memory.read(x, i, values, count);
            VectorTileMath.INSTANCE.activate(activation, values, 0, inputs, Memory.padded(count));
            Memory.write(values, y, i, count);
        }
    }

    @Override
    public void backward(int n, Activation activation, MemorySegment x, MemorySegment dy, MemorySegment dx) {
        RowChecks.elements(Float.BYTES, n, "x", x);
        RowChecks.elements(Float.BYTES, n, "dy", dy);
        RowChecks.elements(Float.BYTES, n, "dx", dx);
        for (int i = 0; i < n; i += PIECE) {
            int count = Math.min(PIECE, n - i);
            Memory.read(x, i, inputs, count);
            Memory.read(dy, i, values, count);
            VectorTileMath.INSTANCE.multiplySlope(activation, values, 0, inputs, Memory.padded(count));
            Memory.write(values, dx, i, count);
        }
    }
}
