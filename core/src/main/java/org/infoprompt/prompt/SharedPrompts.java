package org.infoprompt.prompt;

import java.lang.foreign.MemorySegment;

/** Prompts that all examples share and that are computed from parameters once a step. */
public abstract class SharedPrompts implements PromptStrategy {
    private final StrategyContext context;
    private final int numVectors;
    private final MemorySegment table;
    private final MemorySegment dTable;

    /**
     * Allocates the table.
     *
     * @param context parameters, kernels and memory
     * @param numVectors N
     */
    protected SharedPrompts(StrategyContext context, int numVectors) {
        this.context = context;
        this.numVectors = numVectors;
        long n = (long) numVectors * context.backbone().hiddenSize();
        table = context.shared(n);
        dTable = context.scratch(n);
    }

    /**
     * Computes the table from the parameters.
     *
     * @param prompts [N, D], overwritten
     */
    protected abstract void compute(MemorySegment prompts);

    /**
     * Overwrites the gradients of all parameters.
     *
     * @param dPrompts [N, D], gradient to what the last {@link #compute} of this instance gave; may be changed
     */
    protected abstract void computeBackward(MemorySegment dPrompts);

    @Override
    public final void prepare() {
        compute(table);
    }

    @Override
    public final MemorySegment prompts(int m) {
        return table;
    }

    @Override
    public final void gradients(int b) {
        int width = numVectors * context.backbone().hiddenSize();
        context.kernels().rows().columnSums(b, width, 1, context.dPrompts(), 0, dTable);
        computeBackward(dTable);
    }
}
