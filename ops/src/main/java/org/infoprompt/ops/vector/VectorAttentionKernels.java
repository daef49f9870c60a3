package org.infoprompt.ops.vector;

import org.infoprompt.ops.panel.PanelAttentionKernels;

/** Attention on float vectors. */
final class VectorAttentionKernels extends PanelAttentionKernels {
    VectorAttentionKernels() {
        super(VectorTileMath.INSTANCE);
    }
}
