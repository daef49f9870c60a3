package org.infoprompt.prompt.ptuning;

import java.lang.foreign.MemorySegment;
import org.infoprompt.ops.Activation;
import org.infoprompt.ops.ActivationKernels;
import org.infoprompt.prompt.LinearLayer;
import org.infoprompt.prompt.SharedPrompts;
import org.infoprompt.prompt.StrategyContext;

/** embedding, two bidirectional LSTM layers, linear, ReLU, linear. */
final class LstmPrompts extends SharedPrompts {
    private final ActivationKernels activation;
    private final int slots;
    private final int width;
    private final MemorySegment dEmbedding;
    private final BiLstm[] layers = new BiLstm[PTuningConfig.LSTM_LAYERS];
    private final MemorySegment[] inputs = new MemorySegment[PTuningConfig.LSTM_LAYERS];
    private final LinearLayer first;
    private final LinearLayer second;
    private final MemorySegment pre;
    private final MemorySegment active;
    private final MemorySegment dActive;
    private final MemorySegment dHidden;

    LstmPrompts(StrategyContext context, PTuningConfig config) {
        super(context, config.slots());
        activation = context.kernels().activation();
        slots = config.slots();
        int h = config.width(context.backbone());
        width = 2 * h;
        int d = context.backbone().hiddenSize();
        MemorySegment input = context.value(PTuningConfig.EMBEDDING);
        dEmbedding = context.gradient(PTuningConfig.EMBEDDING);
        for (int l = 0; l < layers.length; l++) {
            layers[l] = new BiLstm(context, PTuningConfig.LSTM, l, l == 0 ? d : width, h, slots);
            inputs[l] = input;
            input = layers[l].hidden();
        }
        first = new LinearLayer(context, PTuningConfig.MLP + 0, width, width);
        second = new LinearLayer(context, PTuningConfig.MLP + 2, d, width);
        long n = (long) slots * width;
        pre = context.scratch(n);
        active = context.scratch(n);
        dActive = context.scratch(n);
        dHidden = context.scratch(n);
    }

    @Override
    protected void compute(MemorySegment prompts) {
        for (int l = 0; l < layers.length; l++) {
            layers[l].forward(slots, inputs[l]);
        }
        first.forward(slots, layers[layers.length - 1].hidden(), pre);
        activation.forward(slots * width, Activation.RELU, pre, active);
        second.forward(slots, active, prompts);
    }

    @Override
    protected void computeBackward(MemorySegment dPrompts) {
        second.gradients(slots, dPrompts, active);
        second.backward(slots, dPrompts, dActive);
        activation.backward(slots * width, Activation.RELU, pre, dActive, dActive);
        first.gradients(slots, dActive, layers[layers.length - 1].hidden());
        first.backward(slots, dActive, dHidden);
        for (int l = layers.length - 1; l >= 0; l--) {
            layers[l].backward(slots, dHidden);
            layers[l].gradients(slots, inputs[l]);
            layers[l].inputsBackward(slots, l == 0 ? dEmbedding : dHidden);
        }
    }
}
