package org.infoprompt.weights;

import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.SequencedMap;
import org.infoprompt.tensor.Shape;

/**
 * The tensors of a masked-language-model head under canonical names, those of Hugging Face's {@code BertForMaskedLM}:
 * {@code cls.predictions.transform.dense}, {@code cls.predictions.transform.LayerNorm}, {@code cls.predictions.bias}. RoBERTa's
 * {@code lm_head.*} and DistilBERT's {@code vocab_transform}, {@code vocab_layer_norm} and {@code vocab_projector} are found
 * under the same names.
 */
public final class MaskedLmTensors {
    /** Weight [D,D] of the dense layer between the encoder and the LayerNorm. */
    public static final String DENSE_WEIGHT = "cls.predictions.transform.dense.weight";
    /** Its bias [D]. */
    public static final String DENSE_BIAS = "cls.predictions.transform.dense.bias";
    /** Scale [D] of the LayerNorm. */
    public static final String NORM_WEIGHT = "cls.predictions.transform.LayerNorm.weight";
    /** Shift [D] of the LayerNorm. */
    public static final String NORM_BIAS = "cls.predictions.transform.LayerNorm.bias";
    /** What is added to every word's score, [V]. */
    public static final String OUTPUT_BIAS = "cls.predictions.bias";
    /** The output embeddings [V,D]; most files leave them out because they are the word embeddings. */
    public static final String DECODER_WEIGHT = "cls.predictions.decoder.weight";
    /** The output embeddings where no decoder is stored, [V,D]. */
    public static final String TIED_DECODER = "embeddings.word_embeddings.weight";

    private static final String DECODER_BIAS = "cls.predictions.decoder.bias";

    private MaskedLmTensors() {}

    /**
     * Tells whether a model has a masked-language-model head at all.
     *
     * @param weights the model's tensors under canonical names
     * @return whether its dense layer is there
     */
    public static boolean isIn(TensorSource weights) {
        return weights.contains(DENSE_WEIGHT);
    }

    /**
     * Returns the name of the output embeddings.
     *
     * @param weights the model's tensors under canonical names
     * @return {@link #DECODER_WEIGHT} if it is stored, else {@link #TIED_DECODER}
     */
    public static String decoder(TensorSource weights) {
        return weights.contains(DECODER_WEIGHT) ? DECODER_WEIGHT : TIED_DECODER;
    }

    /**
     * Returns the name of the output bias.
     *
     * @param weights the model's tensors under canonical names
     * @return {@link #OUTPUT_BIAS}, or {@code cls.predictions.decoder.bias} in files that have only that
     */
    public static String outputBias(TensorSource weights) {
        return !weights.contains(OUTPUT_BIAS) && weights.contains(DECODER_BIAS) ? DECODER_BIAS : OUTPUT_BIAS;
    }

    /**
     * Checks that the head is complete, fits the encoder and is finite.
     *
     * @param config the encoder
     * @param weights the model's tensors under canonical names
     * @throws WeightFormatException if there is no head, or naming the first tensor that is missing or wrong
     * @throws IOException if a tensor cannot be read
     */
    public static void check(EncoderConfig config, TensorSource weights) throws IOException {
        if (!isIn(weights)) {
            throw new WeightFormatException(
                    weights.name(),
                    "",
                    "has no masked-LM head",
                    "use a model that was published with one, such as bert-base");
        }
        long d = config.hiddenSize();
        long v = config.vocabSize();
        SequencedMap<String, Shape> expected = new LinkedHashMap<>();
        expected.put(DENSE_WEIGHT, Shape.of(d, d));
        expected.put(DENSE_BIAS, Shape.of(d));
        expected.put(NORM_WEIGHT, Shape.of(d));
        expected.put(NORM_BIAS, Shape.of(d));
        expected.put(outputBias(weights), Shape.of(v));
        expected.put(decoder(weights), Shape.of(v, d));
        EncoderTensors.checkAll(weights, expected);
    }
}
