package org.infoprompt.prompt;

import java.util.SequencedMap;
import org.infoprompt.tensor.Shape;

/**
 * A prompt method's configuration for token labelling: everything is its own but that the class head reads every word's first
 * token.
 *
 * @param inner the method's configuration
 */
public record WordReading(PromptConfig inner) implements PromptConfig {
    /**
     * {@return a configuration that reads words}
     *
     * @param config any configuration
     */
    public static PromptConfig of(PromptConfig config) {
        return config instanceof WordReading ? config : new WordReading(config);
    }

    @Override
    public Reading reading() {
        return Reading.WORDS;
    }

    @Override
    public boolean changesLinearLayers() {
        return inner.changesLinearLayers();
    }

    /** The plain pass keeps one state a text. */
    @Override
    public boolean leavesEncoderAlone() {
        return false;
    }

    @Override
    public String method() {
        return inner.method();
    }

    @Override
    public SequencedMap<String, String> options() {
        return inner.options();
    }

    @Override
    public SlotLayout layout() {
        return inner.layout();
    }

    @Override
    public int numVectors() {
        return inner.numVectors();
    }

    @Override
    public boolean isInstanceWise() {
        return inner.isInstanceWise();
    }

    @Override
    public boolean hasInstancePrefixes() {
        return inner.hasInstancePrefixes();
    }

    @Override
    public boolean readsMaskedLmFeature() {
        return inner.readsMaskedLmFeature();
    }

    @Override
    public boolean readsSentence() {
        return inner.readsSentence();
    }

    @Override
    public boolean readsTokens() {
        return inner.readsTokens();
    }

    @Override
    public SequencedMap<String, Shape> shapes(BackboneShape backbone) {
        return inner.shapes(backbone);
    }

    @Override
    public void initialize(PromptStart start) {
        inner.initialize(start);
    }

    @Override
    public PromptStrategy open(StrategyContext context) {
        return inner.open(context);
    }

    @Override
    public String describe() {
        return inner.describe() + ", read at every word";
    }
}
