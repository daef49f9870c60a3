package org.infoprompt.prompt.prefix;

import java.util.LinkedHashMap;
import java.util.SequencedMap;
import org.infoprompt.prompt.BackboneShape;
import org.infoprompt.prompt.LinearLayer;
import org.infoprompt.prompt.PromptConfig;
import org.infoprompt.prompt.PromptStart;
import org.infoprompt.prompt.PromptStrategy;
import org.infoprompt.prompt.Reading;
import org.infoprompt.prompt.SlotLayout;
import org.infoprompt.prompt.StrategyContext;
import org.infoprompt.tensor.Shape;

/**
 * Trained keys and values before every layer's own. Parameters are named and shaped as in Hugging Face PEFT's {@code
 * PrefixEncoder}: a table [P, L·2·D], layer after layer, key before value; or, reparameterised, an embedding [P, D], a linear layer,
 * tanh and a linear layer that make the table.
 *
 * <p>The information losses take as prompt vectors the embedding's rows or, without it, the mean of each prefix's keys and values.
 *
 * @param method the id of the method that made it
 * @param prefixes P
 * @param reparameterise whether an MLP makes the table
 * @param encoderHiddenSize width of that MLP
 * @param deviation standard deviation of the table's or embedding's starting values
 * @param reading what the class head reads
 */
public record PrefixConfig(
        String method, int prefixes, boolean reparameterise, int encoderHiddenSize, double deviation, Reading reading)
        implements PromptConfig {
    static final String TABLE = "prompt_encoder.embedding.weight";
    static final String DOWN = "prompt_encoder.transform.0";
    static final String UP = "prompt_encoder.transform.2";

    /** Checks the ranges. */
    public PrefixConfig {
        if (prefixes < 1 || prefixes > SlotLayout.MAX) {
            throw new IllegalArgumentException("prefixes " + prefixes + " must be in [1, " + SlotLayout.MAX + "]");
        }
    }

    @Override
    public SequencedMap<String, String> options() {
        SequencedMap<String, String> options = new LinkedHashMap<>();
        options.put("prefixes", Integer.toString(prefixes));
        options.put("reparameterise", Boolean.toString(reparameterise));
        options.put("hidden-size", Integer.toString(encoderHiddenSize));
        options.put("deviation", Double.toString(deviation));
        options.put("read", reading.id());
        return options;
    }

    @Override
    public SlotLayout layout() {
        return SlotLayout.prefixes(prefixes);
    }

    @Override
    public int numVectors() {
        return prefixes;
    }

    @Override
    public SequencedMap<String, Shape> shapes(BackboneShape backbone) {
        SequencedMap<String, Shape> shapes = new LinkedHashMap<>();
        long d = backbone.hiddenSize();
        long width = 2 * d * backbone.numLayers();
        shapes.put(TABLE, Shape.of(prefixes, reparameterise ? d : width));
        if (reparameterise) {
            LinearLayer.declare(shapes, DOWN, encoderHiddenSize, d);
            LinearLayer.declare(shapes, UP, width, encoderHiddenSize);
        }
        return shapes;
    }

    @Override
    public void initialize(PromptStart start) {
        start.normal(TABLE, deviation);
        if (reparameterise) {
            start.linear(DOWN);
            start.linear(UP);
        }
    }

    @Override
    public PromptStrategy open(StrategyContext context) {
        return new PrefixStrategy(context, this);
    }

    @Override
    public String describe() {
        return prefixes + " prefixes a layer" + (reparameterise ? " from an MLP" : "") + ", reads " + reading.id();
    }
}
