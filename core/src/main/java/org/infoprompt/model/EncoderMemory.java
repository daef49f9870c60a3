package org.infoprompt.model;

import java.lang.foreign.MemorySegment;
import org.infoprompt.tensor.DType;
import org.infoprompt.tensor.Workspace;
import org.infoprompt.weights.EncoderConfig;
import org.jspecify.annotations.Nullable;

/**
 * The buffers of one encoder pass, laid out once for the largest block. With gradients each layer keeps what its backward
 * needs, 9·D + H + 2 elements a row (F = 4D); a linear layer's input is never among it, because weights are frozen. Without,
 * all layers share one set.
 *
 * <p>What lies between two products, and what a layer keeps, is of the inner type. The residual stream and its gradient, statistics of
 * rows and everything at the pass's borders are of the backend's type.
 */
final class EncoderMemory {
    final MemorySegment x;
    final MemorySegment hidden;
    final MemorySegment context;
    final MemorySegment feedForward;
    final MemorySegment readInput;
    final MemorySegment[] qkv;
    final MemorySegment query;
    final MemorySegment keyValue;
    final MemorySegment prefixedKeyValue;
    final MemorySegment dPrefixedKeyValue;
    final MemorySegment[] logSumExp;
    final MemorySegment[] attentionNormalized;
    final MemorySegment[] attentionRstd;
    final MemorySegment[] slope;
    final MemorySegment[] outputNormalized;
    final MemorySegment[] outputRstd;
    final MemorySegment embeddingNormalized;
    final MemorySegment embeddingRstd;
    final MemorySegment dX;
    final MemorySegment dHidden;
    final MemorySegment dContext;
    final MemorySegment dQkv;
    final MemorySegment dQuery;
    final MemorySegment gradientRows;
    final MemorySegment gradientAdd;
    final MemorySegment gradientRstd;

    /** A copy in the inner type of the rows that a norm wrote last; nothing where both types are one. */
    private final @Nullable MemorySegment copy;

    EncoderMemory(
            EncoderConfig config,
            DType type,
            DType inner,
            Workspace workspace,
            int rows,
            int prefixRows,
            boolean gradients) {
        long r = rows;
        int d = config.hiddenSize();
        int numLayers = config.numLayers();
        x = workspace.allocate(type, r * d);
        hidden = workspace.allocate(type, r * d);
        context = workspace.allocate(inner, r * d);
        feedForward = workspace.allocate(inner, r * config.feedForwardSize());
        readInput = workspace.allocate(type, r * d);
        qkv = new MemorySegment[numLayers];
        logSumExp = new MemorySegment[numLayers];
        attentionNormalized = new MemorySegment[numLayers];
        attentionRstd = new MemorySegment[numLayers];
        slope = new MemorySegment[numLayers];
        outputNormalized = new MemorySegment[numLayers];
        outputRstd = new MemorySegment[numLayers];
        MemorySegment shared = gradients ? MemorySegment.NULL : workspace.allocate(inner, r * 3 * d);
        for (int l = 0; l < numLayers; l++) {
            boolean fused = l < numLayers - 1;
            qkv[l] = !fused ? MemorySegment.NULL : gradients ? workspace.allocate(inner, r * 3 * d) : shared;
            logSumExp[l] = keep(workspace, type, gradients, r * config.numHeads());
            attentionNormalized[l] = keep(workspace, inner, gradients, r * d);
            attentionRstd[l] = keep(workspace, type, gradients, r);
            slope[l] = keep(workspace, inner, gradients, r * config.feedForwardSize());
            outputNormalized[l] = keep(workspace, inner, gradients, r * d);
            outputRstd[l] = keep(workspace, type, gradients, r);
        }
        query = workspace.allocate(inner, r * d);
        keyValue = workspace.allocate(inner, r * 2 * d);
        long joined = prefixRows == 0 ? 0 : (r + prefixRows) * 2 * d;
        prefixedKeyValue = workspace.allocate(inner, joined);
        dPrefixedKeyValue = keep(workspace, inner, gradients, joined);
        embeddingNormalized = keep(workspace, inner, gradients, r * d);
        embeddingRstd = keep(workspace, type, gradients, r);
        dX = keep(workspace, type, gradients, r * d);
        dHidden = keep(workspace, type, gradients, r * d);
        dContext = keep(workspace, inner, gradients, r * d);
        dQkv = keep(workspace, inner, gradients, r * 3 * d);
        dQuery = keep(workspace, inner, gradients, r * d);
        gradientRows = keep(workspace, inner, gradients, r * 3 * d);
        gradientAdd = keep(workspace, type, gradients, r * d);
        gradientRstd = keep(workspace, type, gradients, r);
        copy = inner == type ? null : workspace.allocate(inner, r * d);
    }

    /** Returns where norms leave a copy of the rows that they write, for the product that follows; null for nowhere. */
    @Nullable
    MemorySegment copy() {
        return copy;
    }

    /** Returns what a product reads of rows that a norm has just written: their copy, or the rows themselves. */
    MemorySegment operand(MemorySegment rows) {
        return copy == null ? rows : copy;
    }

    private static MemorySegment keep(Workspace workspace, DType type, boolean wanted, long numElements) {
        return wanted ? workspace.allocate(type, numElements) : MemorySegment.NULL;
    }
}
