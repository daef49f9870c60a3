package org.infoprompt.ops.panel;

import java.lang.foreign.MemorySegment;
import org.infoprompt.ops.PackedWeight;
import org.infoprompt.ops.WeightUse;
import org.infoprompt.ops.check.MatmulChecks;

/** A frozen weight in panels; the subclass says for which tiles. */
public abstract class PanelWeight implements PackedWeight {
    private final PanelMemory panels;
    private final int numFloats;
    private final int inputSize;
    private final int outputSize;

    /**
     * Packs a weight.
     *
     * @param tile the tiles it is for
     * @param weight [out, in] float32, row-major
     * @param out rows of the weight
     * @param in columns of the weight
     * @param use what it will be multiplied with
     * @throws IndexOutOfBoundsException if the segment is too short
     */
    protected PanelWeight(TileMath tile, MemorySegment weight, int out, int in, WeightUse use) {
        MatmulChecks.pack(Float.BYTES, weight, out, in);
        boolean forward = use == WeightUse.FORWARD;
        inputSize = forward ? in : out;
        outputSize = forward ? out : in;
        numFloats = Panels.size(tile, inputSize, outputSize);
        panels = PanelMemory.allocate(numFloats);
        long rowBytes = (long) in * Float.BYTES;
        if (forward) {
            Panels.packTransposed(
                    tile, weight, 0, rowBytes, outputSize, inputSize, panels.array(), panels.start(), new float[in]);
        } else {
            Panels.pack(tile, weight, 0, rowBytes, outputSize, inputSize, panels.array(), panels.start());
        }
    }

    final PanelMemory panels() {
        return panels;
    }

    @Override
    public final int inputSize() {
        return inputSize;
    }

    @Override
    public final int outputSize() {
        return outputSize;
    }

    @Override
    public final long byteSize() {
        return (long) numFloats * Float.BYTES;
    }
}
