package org.infoprompt.ops.panel;

import java.lang.foreign.MemorySegment;
import org.infoprompt.ops.PackedWeight;
import org.infoprompt.ops.WeightUse;
import org.infoprompt.ops.check.MatmulChecks;

/** A frozen weight in panels; the subclass says for which tiles. */
public abstract class PanelWeight implements PackedWeight {
    private final PanelMemory panels;
    /** Made once, because a slice made for a call would be an object for each. */
    private final MemorySegment[] segments;

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
        segments = new MemorySegment[(outputSize + tile.width() - 1) / tile.width()];
        MemorySegment all = MemorySegment.ofArray(panels.array()).asReadOnly();
        long bytes = (long) tile.width() * inputSize * Float.BYTES;
        long start = (long) panels.start() * Float.BYTES;
        for (int p = 0; p < segments.length; p++) {
            int columns = Panels.columns(tile, outputSize, p * tile.width());
            segments[p] = all.asSlice(start + p * bytes, (long) tile.pitch(columns) * inputSize * Float.BYTES);
        }
    }

    final PanelMemory panels() {
        return panels;
    }

    /**
     * {@return one panel, [k][pitch]}
     *
     * @param index which, in the order of their columns
     */
    public final MemorySegment panel(int index) {
        return segments[index];
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
