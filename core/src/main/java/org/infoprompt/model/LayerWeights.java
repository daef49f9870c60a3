package org.infoprompt.model;

import java.lang.foreign.MemorySegment;
import org.infoprompt.ops.PackedWeight;
import org.jspecify.annotations.Nullable;

/**
 * One encoder layer, packed. All layers but the last fuse query, key and value into one product; the last keeps the query
 * apart, because it is computed for the read rows only.
 *
 * @param qkv [3D, D] forward, or null in the last layer
 * @param qkvBias [3D], query, key, value; the last layer uses its parts
 * @param query [D, D] forward, last layer only
 * @param queryBias [D], last layer only
 * @param keyValue [2D, D] forward, last layer only
 * @param keyValueBias [2D], last layer only
 * @param attentionOutput [D, D] forward
 * @param attentionOutputBias [D]
 * @param attentionGamma [D]
 * @param attentionBeta [D]
 * @param intermediate [F, D] forward
 * @param intermediateBias [F]
 * @param output [D, F] forward
 * @param outputBias [D]
 * @param outputGamma [D]
 * @param outputBeta [D]
 * @param backward the same matrices packed for gradients, or null if only inference was asked for
 */
record LayerWeights(
        @Nullable PackedWeight qkv,
        MemorySegment qkvBias,
        @Nullable PackedWeight query,
        MemorySegment queryBias,
        @Nullable PackedWeight keyValue,
        MemorySegment keyValueBias,
        PackedWeight attentionOutput,
        MemorySegment attentionOutputBias,
        MemorySegment attentionGamma,
        MemorySegment attentionBeta,
        PackedWeight intermediate,
        MemorySegment intermediateBias,
        PackedWeight output,
        MemorySegment outputBias,
        MemorySegment outputGamma,
        MemorySegment outputBeta,
        @Nullable Backward backward) {

    /**
     * The matrices packed for gradients to their inputs.
     *
     * @param qkv null in the last layer
     * @param query last layer only
     * @param keyValue last layer only
     * @param attentionOutput [D, D]
     * @param intermediate [F, D]
     * @param output [D, F]
     */
    record Backward(
            @Nullable PackedWeight qkv,
            @Nullable PackedWeight query,
            @Nullable PackedWeight keyValue,
            PackedWeight attentionOutput,
            PackedWeight intermediate,
            PackedWeight output) {}
}
