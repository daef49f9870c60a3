package org.infoprompt.prompt.lora;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;
import org.infoprompt.prompt.AdaptedLinear;
import org.infoprompt.prompt.BackboneShape;
import org.infoprompt.prompt.PromptConfig;
import org.infoprompt.prompt.PromptStart;
import org.infoprompt.prompt.PromptStrategy;
import org.infoprompt.prompt.Reading;
import org.infoprompt.prompt.SlotLayout;
import org.infoprompt.prompt.StrategyContext;
import org.infoprompt.tensor.Shape;

/**
 * y = W·x + b + alpha/r·B·A·x in the target layers, with A [r, in] and B [out, r] under PEFT's names. A starts U(±1/√in), B at
 * zero, so that training starts from the frozen encoder.
 *
 * @param rank r
 * @param alpha scale before division by r
 * @param targets changed linear layers of every encoder layer, at least one
 * @param reading what the class head reads
 */
public record LoraConfig(int rank, double alpha, List<AdaptedLinear> targets, Reading reading) implements PromptConfig {
    /** Checks the ranges. */
    public LoraConfig {
        targets = List.copyOf(targets);
        if (rank < 1 || targets.isEmpty()) {
            throw new IllegalArgumentException("rank " + rank + " must be at least 1, and targets not empty");
        }
    }

    /**
     * {@return the name of A}
     *
     * @param target the linear layer
     * @param layer from 0
     */
    public static String down(AdaptedLinear target, int layer) {
        return target.module(layer) + ".lora_A.weight";
    }

    /**
     * {@return the name of B}
     *
     * @param target the linear layer
     * @param layer from 0
     */
    public static String up(AdaptedLinear target, int layer) {
        return target.module(layer) + ".lora_B.weight";
    }

    /** {@return the factor of B·A·x} */
    public double scale() {
        return alpha / rank;
    }

    @Override
    public String method() {
        return LoraMethod.ID;
    }

    @Override
    public SequencedMap<String, String> options() {
        SequencedMap<String, String> options = new LinkedHashMap<>();
        options.put("rank", Integer.toString(rank));
        options.put("alpha", Double.toString(alpha));
        options.put("targets", AdaptedLinear.text(targets));
        options.put("read", reading.id());
        return options;
    }

    @Override
    public SlotLayout layout() {
        return SlotLayout.none();
    }

    @Override
    public boolean changesLinearLayers() {
        return true;
    }

    @Override
    public boolean leavesEncoderAlone() {
        return false;
    }

    @Override
    public SequencedMap<String, Shape> shapes(BackboneShape backbone) {
        SequencedMap<String, Shape> shapes = new LinkedHashMap<>();
        for (int l = 0; l < backbone.numLayers(); l++) {
            for (AdaptedLinear target : targets) {
                shapes.put(down(target, l), Shape.of(rank, target.inputSize(backbone)));
                shapes.put(up(target, l), Shape.of(target.outputSize(backbone), rank));
            }
        }
        return shapes;
    }

    @Override
    public void initialize(PromptStart start) {
        for (int l = 0; l < start.backbone().numLayers(); l++) {
            for (AdaptedLinear target : targets) {
                start.uniform(down(target, l), 1 / Math.sqrt(target.inputSize(start.backbone())));
            }
        }
    }

    @Override
    public PromptStrategy open(StrategyContext context) {
        return new LoraStrategy(context, this);
    }

    @Override
    public String describe() {
        return "rank " + rank + " on " + AdaptedLinear.text(targets) + ", reads " + reading.id();
    }
}
