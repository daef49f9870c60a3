package org.infoprompt.ops.scalar;

import java.lang.foreign.MemorySegment;
import org.infoprompt.ops.WeightUse;
import org.infoprompt.ops.panel.PanelWeight;

/** A frozen weight in panels for the plain loops. */
final class ScalarPackedWeight extends PanelWeight {
    private ScalarPackedWeight(MemorySegment weight, int out, int in, WeightUse use) {
        super(new ScalarTileMath(), weight, out, in, use);
    }

    /**
     * Packs a weight.
     *
     * @param weight [out, in] float32, row-major
     * @param out rows of the weight
     * @param in columns of the weight
     * @param use what it will be multiplied with
     * @throws IndexOutOfBoundsException if the segment is too short
     */
    static ScalarPackedWeight pack(MemorySegment weight, int out, int in, WeightUse use) {
        return new ScalarPackedWeight(weight, out, in, use);
    }
}
