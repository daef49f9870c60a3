package org.infoprompt.prompt.infoprompt;

import java.lang.foreign.MemorySegment;
import org.infoprompt.ops.Activation;
import org.infoprompt.ops.Kernels;
import org.infoprompt.prompt.LinearLayer;
import org.infoprompt.prompt.PromptStrategy;
import org.infoprompt.prompt.StrategyContext;

/** InfoPrompt's generator: plain [CLS] state, linear, GELU, linear, N·D numbers. */
final class GeneratedPrompts implements PromptStrategy {
    private final StrategyContext context;
    private final Kernels kernels;
    private final int hidden;
    private final LinearLayer down;
    private final LinearLayer up;
    private final MemorySegment pre;
    private final MemorySegment active;
    private final MemorySegment dPre;
    private final MemorySegment prompts;

    GeneratedPrompts(StrategyContext context, InfoPromptConfig config) {
        this.context = context;
        kernels = context.kernels();
        hidden = config.generatorSize();
        int d = context.backbone().hiddenSize();
        int nd = config.numSlots() * d;
        down = new LinearLayer(context, InfoPromptConfig.DOWN, hidden, d);
        up = new LinearLayer(context, InfoPromptConfig.UP, nd, hidden);
        pre = context.local(hidden);
        active = context.saved(hidden);
        dPre = context.saved(hidden);
        prompts = context.local(nd);
    }

    @Override
    public MemorySegment prompts(int m) {
        down.forward(m, context.sentences(), pre);
        kernels.activation().forward(m * hidden, Activation.GELU_ERF, pre, active);
        up.forward(m, active, prompts);
        return prompts;
    }

    @Override
    public void backward(int m) {
        up.backward(m, context.dPrompts(), dPre);
        kernels.activation().backward(m * hidden, Activation.GELU_ERF, pre, dPre, dPre);
    }

    @Override
    public void gradients(int b) {
        up.gradients(b, context.dPrompts(), active);
        down.gradients(b, dPre, context.sentences());
    }
}
