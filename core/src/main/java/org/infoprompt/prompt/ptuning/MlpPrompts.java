package org.infoprompt.prompt.ptuning;

import java.lang.foreign.MemorySegment;
import org.infoprompt.ops.Activation;
import org.infoprompt.ops.ActivationKernels;
import org.infoprompt.prompt.LinearLayer;
import org.infoprompt.prompt.SharedPrompts;
import org.infoprompt.prompt.StrategyContext;

/** embedding, linear, ReLU, linear, ReLU, linear. */
final class MlpPrompts extends SharedPrompts {
    private final ActivationKernels activation;
    private final int slots;
    private final int width;
    private final MemorySegment embedding;
    private final MemorySegment dEmbedding;
    private final LinearLayer first;
    private final LinearLayer second;
    private final LinearLayer third;
    private final MemorySegment pre1;
    private final MemorySegment active1;
    private final MemorySegment pre2;
    private final MemorySegment active2;
    private final MemorySegment d1;
    private final MemorySegment d2;

    MlpPrompts(StrategyContext context, PTuningConfig config) {
        super(context, config.slots());
        activation = context.kernels().activation();
        slots = config.slots();
        width = config.width(context.backbone());
        int d = context.backbone().hiddenSize();
        embedding = context.value(PTuningConfig.EMBEDDING);
        dEmbedding = context.gradient(PTuningConfig.EMBEDDING);
        first = new LinearLayer(context, PTuningConfig.MLP + 0, width, d);
        second = new LinearLayer(context, PTuningConfig.MLP + 2, width, width);
        third = new LinearLayer(context, PTuningConfig.MLP + 4, d, width);
        long n = (long) slots * width;
        pre1 = context.scratch(n);
        active1 = context.scratch(n);
        pre2 = context.scratch(n);
        active2 = context.scratch(n);
        d1 = context.scratch(n);
        d2 = context.scratch(n);
    }

    @Override
    protected void compute(MemorySegment prompts) {
        first.forward(slots, embedding, pre1);
        activation.forward(slots * width, Activation.RELU, pre1, active1);
        second.forward(slots, active1, pre2);
        activation.forward(slots * width, Activation.RELU, pre2, active2);
        third.forward(slots, active2, prompts);
    }

    @Override
    protected void computeBackward(MemorySegment dPrompts) {
        third.gradients(slots, dPrompts, active2);
        third.backward(slots, dPrompts, d2);
        activation.backward(slots * width, Activation.RELU, pre2, d2, d2);
        second.gradients(slots, d2, active1);
        second.backward(slots, d2, d1);
        activation.backward(slots * width, Activation.RELU, pre1, d1, d1);
        first.gradients(slots, d1, embedding);
        first.backward(slots, d1, dEmbedding);
    }
}
