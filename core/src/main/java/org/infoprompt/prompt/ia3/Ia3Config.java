package org.infoprompt.prompt.ia3;

import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;
import java.util.Set;
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
 * l∘(W·x + b) for key and value, W·(l∘x) + b for the two output layers, with l under PEFT's names and shapes: [out, 1] and [1, in].
 * All factors start at one, so that training starts from the frozen encoder.
 *
 * @param targets scaled linear layers of every encoder layer, at least one
 * @param reading what the class head reads
 */
public record Ia3Config(List<AdaptedLinear> targets, Reading reading) implements PromptConfig {
    static final Set<AdaptedLinear> ALLOWED =
            EnumSet.of(AdaptedLinear.KEY, AdaptedLinear.VALUE, AdaptedLinear.ATTENTION_OUTPUT, AdaptedLinear.OUTPUT);

    /** Checks the targets. */
    public Ia3Config {
        targets = List.copyOf(targets);
        if (targets.isEmpty() || !ALLOWED.containsAll(targets)) {
            throw new IllegalArgumentException("targets " + targets + " must be some of " + ALLOWED);
        }
    }

    /**
     * {@return the name of a layer's factors}
     *
     * @param target the linear layer
     * @param layer from 0
     */
    public static String factors(AdaptedLinear target, int layer) {
        return target.module(layer) + ".ia3_l";
    }

    /**
     * {@return whether a layer's input is scaled, not its output}
     *
     * @param target the linear layer
     */
    public static boolean scalesInput(AdaptedLinear target) {
        return target == AdaptedLinear.ATTENTION_OUTPUT || target == AdaptedLinear.OUTPUT;
    }

    static int size(AdaptedLinear target, BackboneShape backbone) {
        return scalesInput(target) ? target.inputSize(backbone) : target.outputSize(backbone);
    }

    @Override
    public String method() {
        return Ia3Method.ID;
    }

    @Override
    public SequencedMap<String, String> options() {
        SequencedMap<String, String> options = new LinkedHashMap<>();
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
                int n = size(target, backbone);
                shapes.put(factors(target, l), scalesInput(target) ? Shape.of(1, n) : Shape.of(n, 1));
            }
        }
        return shapes;
    }

    @Override
    public void initialize(PromptStart start) {
        shapes(start.backbone()).forEach((name, shape) -> {
            for (long i = 0; i < shape.numElements(); i++) {
                start.set(name, i, 1);
            }
        });
    }

    @Override
    public PromptStrategy open(StrategyContext context) {
        return new Ia3Strategy(context, this);
    }

    @Override
    public String describe() {
        return "factors of " + AdaptedLinear.text(targets) + ", reads " + reading.id();
    }
}
