package org.infoprompt.ops.vector;

import java.lang.foreign.MemorySegment;
import org.infoprompt.ops.panel.PanelMatmulKernels;

/** Matrix products on float vectors. */
final class VectorMatmulKernels extends PanelMatmulKernels<VectorPackedWeight> {
    VectorMatmulKernels() {
        super(VectorTileMath.INSTANCE, VectorPackedWeight.class);
    }

    @Override
    protected void multiply(VectorPackedWeight w, int rows, MemorySegment x) {
        multiplyPanels(w, 0, rows, x);
    }
}
