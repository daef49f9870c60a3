package org.infoprompt.weights;

import java.io.IOException;
import java.nio.file.Path;

/**
 * The sizes and choices that define a BERT-like post-LayerNorm encoder; weights add nothing but numbers.
 *
 * @param family which input embedding and names the model has
 * @param vocabSize rows of the word embedding, V
 * @param hiddenSize D
 * @param numLayers L
 * @param numHeads H, a divisor of D
 * @param feedForwardSize F
 * @param maxPositions how many tokens a text may have, special tokens included
 * @param positionOffset position id of the first token: 0 for BERT, {@code padTokenId + 1} for RoBERTa
 * @param typeVocabSize rows of the token type embedding; 0 if the model has none (DistilBERT)
 * @param layerNormEps added to the variance in every LayerNorm
 * @param activation between the two feed-forward layers
 * @param padTokenId the padding token
 */
public record EncoderConfig(
        Family family,
        int vocabSize,
        int hiddenSize,
        int numLayers,
        int numHeads,
        int feedForwardSize,
        int maxPositions,
        int positionOffset,
        int typeVocabSize,
        double layerNormEps,
        Activation activation,
        int padTokenId) {

    /** Model families; they differ in position ids and token types, not in the layers. */
    public enum Family {
        /** BERT: positions from 0, two token types. */
        BERT,
        /** RoBERTa, XLM-R, CamemBERT: positions from {@code padTokenId + 1}. */
        ROBERTA,
        /** DistilBERT: BERT without token types. */
        DISTILBERT
    }

    /** Feed-forward activations. */
    public enum Activation {
        /** x·Φ(x) with the error function. */
        GELU_ERF,
        /** The tanh approximation of GELU. */
        GELU_TANH,
        /** max(x, 0). */
        RELU
    }

    /**
     * Reads the {@code config.json} of a Hugging Face model folder and checks it.
     *
     * @param configJson the file
     * @return the configuration
     * @throws WeightFormatException if the file is no JSON object, a key is missing or its value is not supported
     * @throws IOException if it cannot be read
     */
    public static EncoderConfig fromJson(Path configJson) throws IOException {
        EncoderConfig config = HuggingFaceConfig.read(configJson).toEncoderConfig();
        try {
            config.check();
        } catch (IllegalArgumentException e) {
            throw new WeightFormatException(
                    configJson.toString(), "", String.valueOf(e.getMessage()), "correct the value", e);
        }
        return config;
    }

    /**
     * Checks that the sizes fit together.
     *
     * @throws IllegalArgumentException naming the component, its value and the bound
     */
    public void check() {
        atLeastOne("vocabSize", vocabSize);
        atLeastOne("hiddenSize", hiddenSize);
        atLeastOne("numLayers", numLayers);
        atLeastOne("numHeads", numHeads);
        atLeastOne("feedForwardSize", feedForwardSize);
        atLeastOne("maxPositions", maxPositions);
        if (hiddenSize % numHeads != 0) {
            throw new IllegalArgumentException(
                    "hiddenSize " + hiddenSize + " is not a multiple of numHeads " + numHeads);
        }
        if (positionOffset < 0) {
            throw new IllegalArgumentException("positionOffset " + positionOffset + " must be at least 0");
        }
        if (typeVocabSize < 0) {
            throw new IllegalArgumentException("typeVocabSize " + typeVocabSize + " must be at least 0");
        }
        if (!(layerNormEps > 0 && layerNormEps < 1)) {
            throw new IllegalArgumentException("layerNormEps " + layerNormEps + " must be in (0, 1)");
        }
        if (padTokenId < 0 || padTokenId >= vocabSize) {
            throw new IllegalArgumentException("padTokenId " + padTokenId + " must be in [0, " + vocabSize + ")");
        }
    }

    private static void atLeastOne(String component, int value) {
        if (value < 1) {
            throw new IllegalArgumentException(component + " " + value + " must be at least 1");
        }
    }

    /**
     * Returns the size of one attention head.
     *
     * @return D / H
     */
    public int headSize() {
        return hiddenSize / numHeads;
    }

    /**
     * Returns how many rows the position embedding has.
     *
     * @return usable positions plus the offset
     */
    public int positionRows() {
        return maxPositions + positionOffset;
    }
}
