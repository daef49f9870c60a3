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
    final MemorySegment generatorPre;
    final MemorySegment generatorActive;
    final MemorySegment dGeneratorPre;
    final MemorySegment prompts;
    final MemorySegment dPrompts;
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

    private final List<Collected> collected = new ArrayList<>();

    private record Collected(MemorySegment segment, int width) {}

    RowBuffers(ParameterLayout layout, DType type, Workspace workspace, int rows) {
        int d = layout.hiddenSize();
        int zWidth = layout.latentSize();
        int c = layout.numClasses();
        int nd = layout.numSlots() * d;
        int g = layout.isInstance() ? layout.prompt().generatorSize() : 0;
        Allocator a = new Allocator(type, workspace, rows);
        cls = a.collect(layout.isInstance() ? d : 0);
        plainState = a.collect(d);
        state = a.collect(d);
        generatorPre = a.local(g);
        generatorActive = a.collect(g);
        dGeneratorPre = a.collect(g);
        prompts = a.local(layout.isInstance() ? nd : 0);
        dPrompts = a.collect(nd);
        meanPrompts = a.collect(d);
        dMeanPrompts = a.local(d);
        mu = a.local(zWidth);
        logStd = a.local(zWidth);
        dMu = a.collect(zWidth);
        dLogStd = a.collect(zWidth);
        muPrompted = a.local(zWidth);
        logStdPrompted = a.local(zWidth);
        dMuPrompted = a.collect(zWidth);
        dLogStdPrompted = a.collect(zWidth);
        eps = a.local(zWidth);
        z = a.collect(zWidth);
        dZ = a.local(zWidth);
        decoded = a.collect(d);
        dDecoded = a.collect(d);
        logits = a.collect(c);
        dLogits = a.collect(c);
        projected = a.collect(d);
        dProjected = a.collect(d);
        context = a.local(zWidth);
        dContext = a.collect(zWidth);
        dClassMean = a.collect(d);
        dState = a.local(d);
        crossEntropy = a.collect(1);
        headLoss = a.collect(1);
        representationLoss = a.collect(1);
        klLoss = a.collect(1);
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

    private final class Allocator {
        private final DType type;
        private final Workspace workspace;
        private final int rows;

        Allocator(DType type, Workspace workspace, int rows) {
            this.type = type;
            this.workspace = workspace;
            this.rows = rows;
        }

        MemorySegment local(int width) {
            return workspace.allocate(type, (long) rows * width);
        }

        MemorySegment collect(int width) {
            MemorySegment segment = local(width);
            collected.add(new Collected(segment, width));
            return segment;
        }
    }
}
