package org.infoprompt.ops.scalar;

import org.infoprompt.ops.panel.PanelMatmulKernels;

/** Matrix products in plain loops. */
final class ScalarMatmulKernels extends PanelMatmulKernels<ScalarPackedWeight> {
    ScalarMatmulKernels() {
        super(new ScalarTileMath(), ScalarPackedWeight.class);
    }
}
