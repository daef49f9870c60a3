package org.infoprompt.ops.scalar;

import java.lang.foreign.MemorySegment;
import org.infoprompt.ops.panel.PanelMatmulKernels;

/** Matrix products in plain loops. */
final class ScalarMatmulKernels extends PanelMatmulKernels<ScalarPackedWeight> {
    ScalarMatmulKernels() {
        super(new ScalarTileMath(), ScalarPackedWeight.class);
    }

    @Override
    protected void multiply(ScalarPackedWeight w, int rows, MemorySegment x) {
        multiplyPanels(w, 0, rows, x);
    }
}
