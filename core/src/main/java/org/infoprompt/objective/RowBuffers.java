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
    private final int maxReads;
    private final List<Collected> collected = new ArrayList<>();

    /** Rows of the batch: one an example, or one a read state where a text has several. */
    private record Collected(MemorySegment segment, int width, boolean perRead) {}

    /**
     * Allocates the rows.
     *
     * @param rows the most examples
     * @param reads the most read states; the same where an example has one
     * @param training whether gradients to prefixes are kept
     */
    RowBuffers(ParameterLayout layout, DType type, Workspace workspace, int rows, int reads, boolean training) {
        this.type = type;
        this.workspace = workspace;
        this.maxRows = rows;
        this.maxReads = reads;
        int d = layout.hiddenSize();
        int zWidth = layout.latentSize();
        int c = layout.numClasses();
        cls = collect(layout.prompt().readsSentence() ? d : 0);
        plainState = collect(d);
        state = collectRead(d);
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
        decoded = collectRead(d);
        dDecoded = collectRead(d);
        logits = collectRead(c);
        dLogits = collectRead(c);
        projected = collect(d);
        dProjected = collect(d);
        context = local(zWidth);
        dContext = collect(zWidth);
        dClassMean = collect(d);
        dState = workspace.allocate(type, (long) reads * d);
        crossEntropy = collectRead(1);
        headLoss = collect(1);
        representationLoss = collect(1);
        klLoss = collect(1);
    }

    /**
     * Copies what parameter gradients and reports need into the batch's buffers, examples from {@code atRow} and read states
     * from {@code atRead} on.
     */
    void collectInto(RowBuffers batch, RowKernels kernels, int rows, int atRow, int reads, int atRead) {
        for (int i = 0; i < collected.size(); i++) {
            Collected from = collected.get(i);
            if (from.width > 0) {
                MemorySegment to = batch.collected.get(i).segment;
                kernels.copy(
                        from.perRead ? reads : rows, from.width, from.segment, 0, to, from.perRead ? atRead : atRow);
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
        collected.add(new Collected(segment, width, false));
        return segment;
    }

    /** Allocates rows of read states that are copied to the batch. */
    private MemorySegment collectRead(int width) {
        MemorySegment segment = workspace.allocate(type, (long) maxReads * width);
        collected.add(new Collected(segment, width, true));
        return segment;
    }
}
