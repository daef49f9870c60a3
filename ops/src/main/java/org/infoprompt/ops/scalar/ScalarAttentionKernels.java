package org.infoprompt.ops.scalar;

import org.infoprompt.ops.panel.PanelAttentionKernels;

/** Attention in plain loops. */
final class ScalarAttentionKernels extends PanelAttentionKernels {
    ScalarAttentionKernels() {
        super(new ScalarTileMath());
    }
}
