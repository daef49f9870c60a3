package org.infoprompt.model;

import java.lang.foreign.MemorySegment;
import org.infoprompt.tensor.DType;
import org.infoprompt.tensor.Workspace;
import org.infoprompt.weights.EncoderConfig;

/**
 * The buffers of one encoder pass, laid out once for the largest block. With gradients each layer keeps what its backward
 * needs, 9·D + H + 2 elements a row (F = 4D); a linear layer's input is never among it, because weights are frozen. Without,
 * all layers share one set.
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

    EncoderMemory(EncoderConfig config, DType type, Workspace workspace, int rows, int prefixRows, boolean gradients) {
        long r = rows;
        int d = config.hiddenSize();
        int numLayers = config.numLayers();
        x = workspace.allocate(type, r * d);
        hidden = workspace.allocate(type, r * d);
        context = workspace.allocate(type, r * d);
        feedForward = workspace.allocate(type, r * config.feedForwardSize());
        readInput = workspace.allocate(type, r * d);
        qkv = new MemorySegment[numLayers];
        logSumExp = new MemorySegment[numLayers];
        attentionNormalized = new MemorySegment[numLayers];
        attentionRstd = new MemorySegment[numLayers];
        slope = new MemorySegment[numLayers];
        outputNormalized = new MemorySegment[numLayers];
        outputRstd = new MemorySegment[numLayers];
        MemorySegment shared = gradients ? MemorySegment.NULL : workspace.allocate(type, r * 3 * d);
        for (int l = 0; l < numLayers; l++) {
            boolean fused = l < numLayers - 1;
            qkv[l] = !fused ? MemorySegment.NULL : gradients ? workspace.allocate(type, r * 3 * d) : shared;
            logSumExp[l] = keep(workspace, type, gradients, r * config.numHeads());
            attentionNormalized[l] = keep(workspace, type, gradients, r * d);
            attentionRstd[l] = keep(workspace, type, gradients, r);
            slope[l] = keep(workspace, type, gradients, r * config.feedForwardSize());
            outputNormalized[l] = keep(workspace, type, gradients, r * d);
            outputRstd[l] = keep(workspace, type, gradients, r);
        }
        query = workspace.allocate(type, r * d);
        keyValue = workspace.allocate(type, r * 2 * d);
        long joined = prefixRows == 0 ? 0 : (r + prefixRows) * 2 * d;
        prefixedKeyValue = workspace.allocate(type, joined);
        dPrefixedKeyValue = keep(workspace, type, gradients, joined);
        embeddingNormalized = keep(workspace, type, gradients, r * d);
        embeddingRstd = keep(workspace, type, gradients, r);
        dX = keep(workspace, type, gradients, r * d);
        dHidden = keep(workspace, type, gradients, r * d);
        dContext = keep(workspace, type, gradients, r * d);
        dQkv = keep(workspace, type, gradients, r * 3 * d);
        dQuery = keep(workspace, type, gradients, r * d);
        gradientRows = keep(workspace, type, gradients, r * 3 * d);
        gradientAdd = keep(workspace, type, gradients, r * d);
        gradientRstd = keep(workspace, type, gradients, r);
    }

    private static MemorySegment keep(Workspace workspace, DType type, boolean wanted, long numElements) {
        return wanted ? workspace.allocate(type, numElements) : MemorySegment.NULL;
    }
}
