package org.infoprompt.prompt.idpg;

import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.SequencedMap;
import org.infoprompt.prompt.BackboneShape;
import org.infoprompt.prompt.PromptConfig;
import org.infoprompt.prompt.PromptStart;
import org.infoprompt.prompt.PromptStrategy;
import org.infoprompt.prompt.Reading;
import org.infoprompt.prompt.SlotLayout;
import org.infoprompt.prompt.StrategyContext;
import org.infoprompt.tensor.Shape;

/**
 * Prompts that a bottleneck generator makes from the text's plain [CLS] state, after [CLS]: once at the input (S-IDPG), or added
 * to the slots again after every layer but the last with a bias of its own (M-IDPG, one generator for all layers).
 *
 * @param slots t
 * @param layers whether slots are filled once or in every layer
 * @param generator how the generator's matrices are stored
 * @param bottleneck m, its hidden width
 * @param order n, terms of the Kronecker sums; divides D, m and t·D
 * @param sharedFactors whether both matrices share the factors A
 * @param source what the generator reads between the layers
 */
public record IdpgConfig(
        int slots, Layers layers, Kind generator, int bottleneck, int order, boolean sharedFactors, Source source)
        implements PromptConfig {
    static final String DOWN = "generator.down.weight";
    static final String DOWN_BIAS = "generator.down.bias";
    static final String UP = "generator.up.weight";
    static final String UP_BIAS = "generator.up.bias";
    static final String LAYER_BIAS = "layers.bias";
    static final String FACTORS = "generator.factors";

    /** How often slots are filled. */
    public enum Layers {
        /** At the input only. */
        SINGLE,
        /** At the input and after every layer but the last. */
        MULTI
    }

    /** How a matrix of the generator is stored. */
    public enum Kind {
        /** In full. */
        DNN,
        /** As a sum of Kronecker products. */
        PHM
    }

    /** What the generator reads between the layers. */
    public enum Source {
        /** The plain pass's [CLS] state, as at the input. */
        SENTENCE,
        /** The [CLS] state after the layer. */
        CURRENT
    }

    /** Checks the ranges. */
    public IdpgConfig {
        if (slots < 1 || slots > SlotLayout.MAX) {
            throw new IllegalArgumentException("slots " + slots + " must be in [1, " + SlotLayout.MAX + "]");
        }
        if (generator == Kind.PHM && bottleneck % order != 0) {
            throw new IllegalArgumentException("bottleneck " + bottleneck + " must be a multiple of order " + order);
        }
    }

    @Override
    public String method() {
        return IdpgMethod.ID;
    }

    @Override
    public SequencedMap<String, String> options() {
        SequencedMap<String, String> options = new LinkedHashMap<>();
        options.put("slots", Integer.toString(slots));
        options.put("layers", layers.name().toLowerCase(Locale.ROOT));
        options.put("generator", generator.name().toLowerCase(Locale.ROOT));
        options.put("bottleneck", Integer.toString(bottleneck));
        options.put("order", Integer.toString(order));
        options.put("shared-factors", Boolean.toString(sharedFactors));
        options.put("source", source.name().toLowerCase(Locale.ROOT));
        return options;
    }

    boolean isMulti() {
        return layers == Layers.MULTI;
    }

    @Override
    public SlotLayout layout() {
        return new SlotLayout(SlotLayout.Where.AFTER_CLS, slots, 0);
    }

    @Override
    public Reading reading() {
        return Reading.CLS;
    }

    @Override
    public boolean isInstanceWise() {
        return true;
    }

    @Override
    public boolean readsSentence() {
        return true;
    }

    @Override
    public SequencedMap<String, Shape> shapes(BackboneShape backbone) {
        SequencedMap<String, Shape> shapes = new LinkedHashMap<>();
        long d = backbone.hiddenSize();
        long td = slots * d;
        if (generator == Kind.PHM) {
            if (d % order != 0) {
                throw new IllegalArgumentException("order " + order + " must divide the hidden size " + d);
            }
            if (sharedFactors) {
                shapes.put(FACTORS, Shape.of(order, order, order));
            } else {
                shapes.put(FACTORS + ".down", Shape.of(order, order, order));
                shapes.put(FACTORS + ".up", Shape.of(order, order, order));
            }
            shapes.put(DOWN, Shape.of(order, bottleneck / order, d / order));
            shapes.put(DOWN_BIAS, Shape.of(bottleneck));
            shapes.put(UP, Shape.of(order, td / order, bottleneck / order));
        } else {
            shapes.put(DOWN, Shape.of(bottleneck, d));
            shapes.put(DOWN_BIAS, Shape.of(bottleneck));
            shapes.put(UP, Shape.of(td, bottleneck));
        }
        if (isMulti()) {
            shapes.put(LAYER_BIAS, Shape.of(backbone.numLayers(), td));
        } else {
            shapes.put(UP_BIAS, Shape.of(td));
        }
        return shapes;
    }

    @Override
    public void initialize(PromptStart start) {
        // As published: N(0, .05) for factors, N(0, .02) for full matrices, U(-0.5, 0.5) for the layers' biases, 0 for
        // others.
        double deviation = generator == Kind.PHM ? .05 : .02;
        for (String name : shapes(start.backbone()).keySet()) {
            if (name.equals(LAYER_BIAS)) {
                start.uniform(name, .5);
            } else if (!name.endsWith("bias")) {
                start.normal(name, deviation);
            }
        }
    }

    @Override
    public PromptStrategy open(StrategyContext context) {
        return new IdpgStrategy(context, this);
    }

    @Override
    public String describe() {
        return (isMulti() ? "M-IDPG-" : "S-IDPG-") + generator + ", " + slots + " slots after [CLS], bottleneck "
                + bottleneck;
    }
}
