package org.infoprompt.objective;

import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import org.infoprompt.ops.Kernels;
import org.infoprompt.prompt.BackboneShape;
import org.infoprompt.prompt.StrategyContext;
import org.infoprompt.prompt.TokenRows;
import org.infoprompt.tensor.DType;
import org.infoprompt.tensor.Workspace;
import org.jspecify.annotations.Nullable;

/** One thread's memory for a prompt strategy; shared elements are the owner's, for the batch and all its workers. */
final class StrategyMemory implements StrategyContext {
    private final ParameterLayout layout;
    private final ParameterSet parameters;
    private final Kernels kernels;
    private final MemorySegment words;
    private final RowBuffers buffers;
    private final Workspace workspace;
    private final TokenRows tokens;
    private final boolean training;
    private final int maxEncoderRows;
    private final @Nullable StrategyMemory owner;
    private final List<MemorySegment> shared = new ArrayList<>();
    private int numShared;

    /**
     * Prepares the memory.
     *
     * @param words [V, D] frozen word embeddings
     * @param buffers the rows it adds to
     * @param training whether gradients are computed
     * @param maxEncoderRows rows of the largest block
     * @param owner whose shared elements are used, or null for own ones
     */
    StrategyMemory(
            ParameterLayout layout,
            ParameterSet parameters,
            Kernels kernels,
            MemorySegment words,
            RowBuffers buffers,
            Workspace workspace,
            TokenRows tokens,
            boolean training,
            int maxEncoderRows,
            @Nullable StrategyMemory owner) {
        this.layout = layout;
        this.parameters = parameters;
        this.kernels = kernels;
        this.words = words;
        this.buffers = buffers;
        this.workspace = workspace;
        this.tokens = tokens;
        this.training = training;
        this.maxEncoderRows = maxEncoderRows;
        this.owner = owner;
    }

    @Override
    public BackboneShape backbone() {
        return layout.backbone();
    }

    @Override
    public Kernels kernels() {
        return kernels;
    }

    @Override
    public DType dtype() {
        return parameters.dtype();
    }

    @Override
    public int maxRows() {
        return buffers.maxRows();
    }

    @Override
    public boolean isTraining() {
        return training;
    }

    @Override
    public MemorySegment value(String name) {
        return parameters.value(name);
    }

    @Override
    public MemorySegment gradient(String name) {
        return parameters.gradient(name);
    }

    @Override
    public MemorySegment words() {
        return words;
    }

    @Override
    public MemorySegment sentences() {
        return buffers.cls;
    }

    @Override
    public TokenRows tokens() {
        return tokens;
    }

    @Override
    public MemorySegment dPrompts() {
        return buffers.dPrompts;
    }

    @Override
    public MemorySegment dPrefixes() {
        return buffers.dPrefixes;
    }

    @Override
    public MemorySegment shared(long numElements) {
        if (owner != null && !workspace.isMeasuring()) {
            return owner.shared.get(numShared++);
        }
        MemorySegment segment = owner != null ? MemorySegment.NULL : scratch(numElements);
        shared.add(segment);
        return segment;
    }

    @Override
    public MemorySegment local(int width) {
        return buffers.local(width);
    }

    @Override
    public MemorySegment saved(int width) {
        return buffers.collect(width);
    }

    @Override
    public MemorySegment encoderRows(long width) {
        return scratch(Math.multiplyExact(width, (long) maxEncoderRows));
    }

    @Override
    public MemorySegment scratch(long numElements) {
        return workspace.allocate(parameters.dtype(), numElements);
    }
}
