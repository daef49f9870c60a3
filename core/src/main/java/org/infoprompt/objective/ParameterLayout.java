package org.infoprompt.objective;

import java.util.LinkedHashMap;
import java.util.SequencedMap;
import org.infoprompt.prompt.BackboneShape;
import org.infoprompt.prompt.PromptConfig;
import org.infoprompt.prompt.Reading;
import org.infoprompt.tensor.Shape;

/**
 * Names and shapes of everything that is trained. Only what the configuration uses exists.
 *
 * @param prompt the prompts
 * @param objective head and losses
 * @param backbone sizes of the encoder
 * @param numClasses C; 1 where a number is learnt, the loss is then the mean squared error
 */
public record ParameterLayout(PromptConfig prompt, ObjectiveConfig objective, BackboneShape backbone, int numClasses) {
    static final String PROJECTION_WEIGHT = "projection.weight";
    static final String PROJECTION_BIAS = "projection.bias";
    static final String MEAN_WEIGHT = "bottleneck.mean.weight";
    static final String MEAN_BIAS = "bottleneck.mean.bias";
    static final String LOG_STD_WEIGHT = "bottleneck.log_std.weight";
    static final String LOG_STD_BIAS = "bottleneck.log_std.bias";
    static final String DECODER_WEIGHT = "decoder.weight";
    static final String DECODER_BIAS = "decoder.bias";
    /** The class head's weight [C, D]. */
    public static final String HEAD_WEIGHT = "head.weight";
    /** The class head's bias [C], where it scores the read state directly. */
    public static final String HEAD_BIAS = "head.bias";

    /** Checks the sizes. */
    public ParameterLayout {
        if (numClasses < 1) {
            throw new IllegalArgumentException("numClasses " + numClasses + " must be at least 1");
        }
        if (numClasses == 1 && !objective.classification().usesDirect()) {
            throw new IllegalArgumentException(
                    "a bottleneck head has no bias, without which it gives no numbers; the head must be direct or both");
        }
        if (prompt.reading() == Reading.WORDS
                && (objective.usesInformation()
                        || objective.klWeight() > 0
                        || objective.classification().usesBottleneck())) {
            throw new IllegalArgumentException(
                    "token labelling reads many states of a text, the information losses and the"
                            + " bottleneck one; gamma, beta and the KL weight must be 0 and the head direct");
        }
        if (prompt.numVectors() == 0 && (objective.usesHead() || objective.usesRepresentation())) {
            throw new IllegalArgumentException("method " + prompt.method()
                    + " has no prompt vectors, which the information losses are about; gamma and beta must be 0");
        }
    }

    /** {@return D} */
    public int hiddenSize() {
        return backbone.hiddenSize();
    }

    /** {@return Z} */
    public int latentSize() {
        return objective.latentSize();
    }

    /** {@return how many prompt vectors a sequence has} */
    public int numVectors() {
        return prompt.numVectors();
    }

    /** {@return whether every example has prompt vectors of its own} */
    public boolean isInstance() {
        return prompt.isInstanceWise();
    }

    /** {@return whether the class head reads every word, rather than one state a text} */
    public boolean readsWords() {
        return prompt.reading() == Reading.WORDS;
    }

    /** {@return whether a number is learnt, rather than classes} */
    public boolean isRegression() {
        return numClasses == 1;
    }

    /** {@return L·P·2D, elements of one example's prefixes} */
    public int prefixWidth() {
        int p = prompt.layout().numPrefixes();
        return Math.multiplyExact(Math.multiplyExact(backbone.numLayers(), p), 2 * hiddenSize());
    }

    /** {@return how many numbers are trained} */
    public long numParameters() {
        return shapes().values().stream().mapToLong(Shape::numElements).sum();
    }

    /** {@return names and shapes in storage order} */
    public SequencedMap<String, Shape> shapes() {
        SequencedMap<String, Shape> shapes = new LinkedHashMap<>();
        long d = hiddenSize();
        long z = objective.latentSize();
        shapes.putAll(prompt.shapes(backbone));
        if (objective.usesRepresentation()) {
            shapes.put(PROJECTION_WEIGHT, Shape.of(d, d));
            shapes.put(PROJECTION_BIAS, Shape.of(d));
        }
        if (objective.usesBottleneck()) {
            shapes.put(MEAN_WEIGHT, Shape.of(z, d));
            shapes.put(MEAN_BIAS, Shape.of(z));
            shapes.put(LOG_STD_WEIGHT, Shape.of(z, d));
            shapes.put(LOG_STD_BIAS, Shape.of(z));
        }
        if (objective.usesDecoder()) {
            shapes.put(DECODER_WEIGHT, Shape.of(d, z));
            shapes.put(DECODER_BIAS, Shape.of(d));
        }
        shapes.put(HEAD_WEIGHT, Shape.of(numClasses, d));
        if (objective.classification().usesDirect()) {
            shapes.put(HEAD_BIAS, Shape.of(numClasses));
        }
        return shapes;
    }
}
