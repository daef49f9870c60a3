package org.infoprompt.prompt.infoprompt;

import java.util.LinkedHashMap;
import java.util.SequencedMap;
import org.infoprompt.prompt.BackboneShape;
import org.infoprompt.prompt.LinearLayer;
import org.infoprompt.prompt.PromptConfig;
import org.infoprompt.prompt.PromptPlacement;
import org.infoprompt.prompt.PromptStart;
import org.infoprompt.prompt.PromptStrategy;
import org.infoprompt.prompt.Reading;
import org.infoprompt.prompt.SlotLayout;
import org.infoprompt.prompt.StrategyContext;
import org.infoprompt.prompt.TableStrategy;
import org.infoprompt.tensor.Shape;

/**
 * InfoPrompt's prompts: four groups of slots around a mask, or in the same places without one where something else is read. Prompt
 * vectors start as embeddings of random words, so that they have the scale the encoder expects, never as N(0, 1). The generator's last
 * layer is scaled down to the spread of the word embeddings and its bias holds random words, so that instance-wise prompts start at the
 * same scale.
 *
 * @param kind where the vectors come from
 * @param slotsPerGroup n; there are four groups, N = 4n slots
 * @param generatorSize hidden width of the instance-wise generator
 * @param representation Z, the state that is classified and that the prompts carry information about
 */
public record InfoPromptConfig(PromptKind kind, int slotsPerGroup, int generatorSize, Representation representation)
        implements PromptConfig {
    static final String PROMPTS = "prompt.embeddings";
    static final String DOWN = "generator.down";
    static final String UP = "generator.up";

    /** Checks the ranges. */
    public InfoPromptConfig {
        if (slotsPerGroup < 1 || slotsPerGroup > 128) {
            throw new IllegalArgumentException("slotsPerGroup " + slotsPerGroup + " must be in [1, 128]");
        }
        if (generatorSize < 1 || generatorSize > 4096) {
            throw new IllegalArgumentException("generatorSize " + generatorSize + " must be in [1, 4096]");
        }
    }

    /**
     * Prompts around a mask whose state is classified, as published.
     *
     * @param kind where the vectors come from
     * @param slotsPerGroup n
     * @param generatorSize hidden width of the instance-wise generator
     */
    public InfoPromptConfig(PromptKind kind, int slotsPerGroup, int generatorSize) {
        this(kind, slotsPerGroup, generatorSize, Representation.MASK);
    }

    /** {@return N, the number of slots} */
    public int numSlots() {
        return PromptPlacement.GROUPS * slotsPerGroup;
    }

    @Override
    public String method() {
        return InfoPromptMethod.ID;
    }

    @Override
    public SequencedMap<String, String> options() {
        SequencedMap<String, String> options = new LinkedHashMap<>();
        options.put("kind", kind.id());
        options.put("slots", Integer.toString(slotsPerGroup));
        options.put("generator-size", Integer.toString(generatorSize));
        options.put("read", representation.id());
        return options;
    }

    @Override
    public SlotLayout layout() {
        return SlotLayout.aroundMask(slotsPerGroup);
    }

    @Override
    public Reading reading() {
        return representation.reading();
    }

    @Override
    public boolean readsMaskedLmFeature() {
        return representation == Representation.FEATURE;
    }

    @Override
    public boolean isInstanceWise() {
        return kind == PromptKind.INSTANCE;
    }

    @Override
    public boolean readsSentence() {
        return kind == PromptKind.INSTANCE;
    }

    @Override
    public SequencedMap<String, Shape> shapes(BackboneShape backbone) {
        SequencedMap<String, Shape> shapes = new LinkedHashMap<>();
        long d = backbone.hiddenSize();
        if (kind == PromptKind.INSTANCE) {
            LinearLayer.declare(shapes, DOWN, generatorSize, d);
            LinearLayer.declare(shapes, UP, numSlots() * d, generatorSize);
        } else {
            shapes.put(PROMPTS, Shape.of(numSlots(), d));
        }
        return shapes;
    }

    @Override
    public void initialize(PromptStart start) {
        if (kind == PromptKind.TASK) {
            start.randomWords(PROMPTS);
            return;
        }
        start.linear(DOWN);
        start.uniform(UP + ".weight", start.wordSpread() * Math.sqrt(3.0 / generatorSize));
        start.randomWords(UP + ".bias");
    }

    @Override
    public PromptStrategy open(StrategyContext context) {
        return kind == PromptKind.INSTANCE ? new GeneratedPrompts(context, this) : new TableStrategy(context, PROMPTS);
    }

    @Override
    public String describe() {
        String from = representation == Representation.MASK ? "" : ", read at " + representation.id();
        return kind.id() + " prompt, " + numSlots() + " slots" + from;
    }
}
