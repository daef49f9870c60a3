package org.infoprompt.ops.vector;

import org.infoprompt.ops.panel.PanelMatmulKernels;

/** Matrix products on float vectors. */
final class VectorMatmulKernels extends PanelMatmulKernels<VectorPackedWeight> {
    VectorMatmulKernels() {
        super(VectorTileMath.INSTANCE, VectorPackedWeight.class);
    }
}
