package org.infoprompt.prompt.ipt;

import java.lang.foreign.MemorySegment;
import org.infoprompt.prompt.PromptStrategy;
import org.infoprompt.prompt.StrategyContext;

/** Each text's slots stand before its [CLS]. */
final class PromptCarrier implements PromptStrategy {
    private final TextSlots slots;

    PromptCarrier(StrategyContext context, IptConfig config) {
        slots = new TextSlots(context, config, context.dPrompts());
    }

    @Override
    public MemorySegment prompts(int m) {
        return slots.forward(m);
    }

    @Override
    public void backward(int m) {
        slots.backward(m);
    }

    @Override
    public void gradients(int b) {
        slots.gradients(b);
    }
}
