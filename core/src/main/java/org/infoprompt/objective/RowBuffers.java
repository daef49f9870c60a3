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
     * @param training whether losses and gradients are computed; if not, what only they need is empty
     */
    RowBuffers(ParameterLayout layout, DType type, Workspace workspace, int rows, int reads, boolean training) {
        this.type = type;
        this.workspace = workspace;
        this.maxRows = rows;
        this.maxReads = reads;
        int d = layout.hiddenSize();
        int c = layout.numClasses();
        boolean bottleneck = training || layout.objective().classification().usesBottleneck();
        int zWidth = bottleneck ? layout.latentSize() : 0;
        // At inference nothing but the scores is computed: what only losses and gradients touch has no width then.
        int trainedD = training ? d : 0;
        int trainedZ = training ? zWidth : 0;
        int one = training ? 1 : 0;
        cls = collect(layout.prompt().readsSentence() ? d : 0);
        plainState = collect(training || layout.prompt().leavesEncoderAlone() ? d : 0);
        state = collectRead(d);
        dPrompts = collect(training ? Math.multiplyExact(layout.numVectors(), d) : 0);
        dPrefixes = collect(training ? layout.prefixWidth() : 0);
        meanPrompts = collect(trainedD);
        dMeanPrompts = local(trainedD);
        mu = local(trainedZ);
        logStd = local(trainedZ);
        dMu = collect(trainedZ);
        dLogStd = collect(trainedZ);
        muPrompted = local(zWidth);
        logStdPrompted = local(trainedZ);
        dMuPrompted = collect(trainedZ);
        dLogStdPrompted = collect(trainedZ);
        eps = local(trainedZ);
        z = collect(trainedZ);
        dZ = local(trainedZ);
        decoded = collectRead(bottleneck ? d : 0);
        dDecoded = collectRead(trainedD);
        logits = collectRead(c);
        dLogits = collectRead(training ? c : 0);
        projected = collect(trainedD);
        dProjected = collect(trainedD);
        context = local(trainedZ);
        dContext = collect(trainedZ);
        dClassMean = collect(trainedD);
        dState = workspace.allocate(type, (long) reads * trainedD);
        crossEntropy = collectRead(one);
        headLoss = collect(one);
        representationLoss = collect(one);
        klLoss = collect(one);
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
