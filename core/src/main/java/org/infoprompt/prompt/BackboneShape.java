package org.infoprompt.prompt;

import org.infoprompt.weights.EncoderConfig;

/**
 * The sizes of a frozen encoder that decide the shapes of a method's parameters.
 *
 * @param hiddenSize D
 * @param numLayers L; 0 where a checkpoint of format version 1 does not say
 * @param vocabularySize V; 0 where a checkpoint of format version 1 does not say
 * @param feedForwardSize F; 0 where it is not known, which only methods mind that adapt the feed-forward layers
 */
public record BackboneShape(int hiddenSize, int numLayers, int vocabularySize, int feedForwardSize) {
    /** Checks the ranges. */
    public BackboneShape {
        if (hiddenSize < 1 || numLayers < 0 || vocabularySize < 0 || feedForwardSize < 0) {
            throw new IllegalArgumentException("hiddenSize " + hiddenSize + ", numLayers " + numLayers
                    + ", vocabularySize " + vocabularySize + " and feedForwardSize " + feedForwardSize
                    + " must be positive");
        }
    }

    /**
     * Creates sizes without that of the feed-forward layers.
     *
     * @param hiddenSize D
     * @param numLayers L
     * @param vocabularySize V
     */
    public BackboneShape(int hiddenSize, int numLayers, int vocabularySize) {
        this(hiddenSize, numLayers, vocabularySize, 0);
    }

    /**
     * {@return the sizes of an encoder}
     *
     * @param config its configuration
     */
    public static BackboneShape of(EncoderConfig config) {
        return new BackboneShape(config.hiddenSize(), config.numLayers(), config.vocabSize(), config.feedForwardSize());
    }
}
