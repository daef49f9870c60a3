package org.infoprompt.prompt;

import org.infoprompt.weights.EncoderConfig;

/**
 * The sizes of a frozen encoder that decide the shapes of a method's parameters.
 *
 * @param hiddenSize D
 * @param numLayers L; 0 where a checkpoint of format version 1 does not say
 * @param vocabularySize V; 0 where a checkpoint of format version 1 does not say
 */
public record BackboneShape(int hiddenSize, int numLayers, int vocabularySize) {
    /** Checks the ranges. */
    public BackboneShape {
        if (hiddenSize < 1 || numLayers < 0 || vocabularySize < 0) {
            throw new IllegalArgumentException("hiddenSize " + hiddenSize + ", numLayers " + numLayers
                    + " and vocabularySize " + vocabularySize + " must be positive");
        }
    }

    /**
     * {@return the sizes of an encoder}
     *
     * @param config its configuration
     */
    public static BackboneShape of(EncoderConfig config) {
        return new BackboneShape(config.hiddenSize(), config.numLayers(), config.vocabSize());
    }
}
