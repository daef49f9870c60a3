package org.infoprompt.ops.vector;

import java.lang.foreign.MemorySegment;
import org.infoprompt.ops.WeightUse;
import org.infoprompt.ops.panel.PanelWeight;

/** A frozen weight in panels of two vectors, the last one filled up with zeros. */
public final class VectorPackedWeight extends PanelWeight {
    private VectorPackedWeight(MemorySegment weight, int out, int in, WeightUse use) {
        super(VectorTileMath.INSTANCE, weight, out, in, use);
    }

    /**
     * Packs a weight.
     *
     * @param weight [out, in] float32, row-major
     * @param out rows of the weight
     * @param in columns of the weight
     * @param use what it will be multiplied with
     * @return the packed copy
     * @throws IndexOutOfBoundsException if the segment is too short
     */
    public static VectorPackedWeight pack(MemorySegment weight, int out, int in, WeightUse use) {
        return new VectorPackedWeight(weight, out, in, use);
    }
}
