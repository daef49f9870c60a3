package org.infoprompt.prompt;

import java.lang.foreign.MemorySegment;

/** Prompts that are a parameter themselves: one table [N, D], the same for every example. */
public final class TableStrategy implements PromptStrategy {
    private final StrategyContext context;
    private final int width;
    private final MemorySegment table;
    private final MemorySegment gradient;

    /**
     * Opens the table.
     *
     * @param context holds the parameter
     * @param name the parameter, [N, D]
     */
    public TableStrategy(StrategyContext context, String name) {
        this.context = context;
        table = context.value(name);
        gradient = context.gradient(name);
        width = (int) (table.byteSize() / context.dtype().bytes());
    }

    @Override
    public MemorySegment prompts(int m) {
        return table;
    }

    @Override
    public void gradients(int b) {
        context.kernels().rows().columnSums(b, width, 1, context.dPrompts(), 0, gradient);
    }
}
