package org.infoprompt.objective;

import java.util.LinkedHashMap;
import java.util.SequencedMap;
import org.infoprompt.prompt.PromptConfig;
import org.infoprompt.prompt.PromptKind;
import org.infoprompt.tensor.Shape;

/**
 * Names and shapes of everything that is trained. Only what the configuration uses exists.
 *
 * @param prompt the prompts
 * @param objective head and losses
 * @param hiddenSize D
 * @param numClasses C
 */
public record ParameterLayout(PromptConfig prompt, ObjectiveConfig objective, int hiddenSize, int numClasses) {
    static final String PROMPTS = "prompt.embeddings";
    static final String DOWN_WEIGHT = "generator.down.weight";
    static final String DOWN_BIAS = "generator.down.bias";
    static final String UP_WEIGHT = "generator.up.weight";
    static final String UP_BIAS = "generator.up.bias";
    static final String PROJECTION_WEIGHT = "projection.weight";
    static final String PROJECTION_BIAS = "projection.bias";
    static final String MEAN_WEIGHT = "bottleneck.mean.weight";
    static final String MEAN_BIAS = "bottleneck.mean.bias";
    static final String LOG_STD_WEIGHT = "bottleneck.log_std.weight";
    static final String LOG_STD_BIAS = "bottleneck.log_std.bias";
    static final String DECODER_WEIGHT = "decoder.weight";
    static final String DECODER_BIAS = "decoder.bias";
    static final String HEAD_WEIGHT = "head.weight";
    static final String HEAD_BIAS = "head.bias";

    /** Checks the sizes. */
    public ParameterLayout {
        if (numClasses < 2) {
            throw new IllegalArgumentException("numClasses " + numClasses + " must be at least 2");
        }
    }

    /** {@return Z} */
    public int latentSize() {
        return objective.latentSize();
    }

    /** {@return N} */
    public int numSlots() {
        return prompt.numSlots();
    }

    /** {@return whether prompts are generated per instance} */
    public boolean isInstance() {
        return prompt.kind() == PromptKind.INSTANCE;
    }

    /** {@return names and shapes in storage order} */
    public SequencedMap<String, Shape> shapes() {
        SequencedMap<String, Shape> shapes = new LinkedHashMap<>();
        long d = hiddenSize;
        long z = objective.latentSize();
        if (isInstance()) {
            long g = prompt.generatorSize();
            shapes.put(DOWN_WEIGHT, Shape.of(g, d));
            shapes.put(DOWN_BIAS, Shape.of(g));
            shapes.put(UP_WEIGHT, Shape.of(numSlots() * d, g));
            shapes.put(UP_BIAS, Shape.of(numSlots() * d));
        } else {
            shapes.put(PROMPTS, Shape.of(numSlots(), d));
        }
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
