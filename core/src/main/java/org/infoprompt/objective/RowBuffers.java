package org.infoprompt.objective;

import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import org.infoprompt.ops.RowKernels;
import org.infoprompt.tensor.DType;
import org.infoprompt.tensor.Workspace;

/**
 * Everything that has one row per example around the encoder: once per worker for a block of examples, and once for the whole
 * batch, where blocks are collected so that parameter gradients are summed in one fixed order.
 */
final class RowBuffers {
    final MemorySegment cls;
    final MemorySegment plainState;
    final MemorySegment state;
    final MemorySegment dPrompts;
    final MemorySegment dPrefixes;
    final MemorySegment meanPrompts;
    final MemorySegment dMeanPrompts;
    final MemorySegment mu;
    final MemorySegment logStd;
    final MemorySegment dMu;
    final MemorySegment dLogStd;
    final MemorySegment muPrompted;
    final MemorySegment logStdPrompted;
    final MemorySegment dMuPrompted;
    final MemorySegment dLogStdPrompted;
    final MemorySegment eps;
    final MemorySegment z;
    final MemorySegment dZ;
    final MemorySegment decoded;
    final MemorySegment dDecoded;
    final MemorySegment logits;
    final MemorySegment dLogits;
    final MemorySegment projected;
    final MemorySegment dProjected;
    final MemorySegment context;
    final MemorySegment dContext;
    final MemorySegment dClassMean;
    final MemorySegment dState;
    final MemorySegment crossEntropy;
    final MemorySegment headLoss;
    final MemorySegment representationLoss;
    final MemorySegment klLoss;

    private final DType type;
    private final Workspace workspace;
    private final int maxRows;
    private final List<Collected> collected = new ArrayList<>();

    private record Collected(MemorySegment segment, int width) {}

    /**
     * Allocates the rows.
     *
     * @param training whether gradients to prefixes are kept
     */
    RowBuffers(ParameterLayout layout, DType type, Workspace workspace, int rows, boolean training) {
        this.type = type;
        this.workspace = workspace;
        this.maxRows = rows;
        int d = layout.hiddenSize();
        int zWidth = layout.latentSize();
        int c = layout.numClasses();
        cls = collect(layout.prompt().readsSentence() ? d : 0);
        plainState = collect(d);
        state = collect(d);
        dPrompts = collect(Math.multiplyExact(layout.numVectors(), d));
        dPrefixes = collect(training ? layout.prefixWidth() : 0);
        meanPrompts = collect(d);
        dMeanPrompts = local(d);
        mu = local(zWidth);
        logStd = local(zWidth);
        dMu = collect(zWidth);
        dLogStd = collect(zWidth);
        muPrompted = local(zWidth);
        logStdPrompted = local(zWidth);
        dMuPrompted = collect(zWidth);
        dLogStdPrompted = collect(zWidth);
        eps = local(zWidth);
        z = collect(zWidth);
        dZ = local(zWidth);
        decoded = collect(d);
        dDecoded = collect(d);
        logits = collect(c);
        dLogits = collect(c);
        projected = collect(d);
        dProjected = collect(d);
        context = local(zWidth);
        dContext = collect(zWidth);
        dClassMean = collect(d);
        dState = local(d);
        crossEntropy = collect(1);
        headLoss = collect(1);
        representationLoss = collect(1);
        klLoss = collect(1);
    }

    /** Copies what parameter gradients and reports need into the batch's buffers, from row {@code atRow} on. */
    void collectInto(RowBuffers batch, RowKernels kernels, int rows, int atRow) {
        for (int i = 0; i < collected.size(); i++) {
            Collected from = collected.get(i);
            if (from.width > 0) {
                kernels.copy(rows, from.width, from.segment, 0, batch.collected.get(i).segment, atRow);
            }
        }
    }

    int maxRows() {
        return maxRows;
    }

    /** Allocates rows that stay with the worker. */
    MemorySegment local(int width) {
        return workspace.allocate(type, (long) maxRows * width);
    }

    /** Allocates rows that are copied to the batch. */
    MemorySegment collect(int width) {
        MemorySegment segment = local(width);
        collected.add(new Collected(segment, width));
        return segment;
    }
}
