package org.infoprompt.weights;

import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.SequencedMap;
import org.infoprompt.tensor.Shape;
import org.infoprompt.tensor.Tensor;

/** The tensors that an encoder of a given configuration needs, and the check that a source has them. */
public final class EncoderTensors {
    private static final String REMEDY = "use weights and config.json of the same model";

    private EncoderTensors() {}

    /**
     * Lists the tensors an encoder reads.
     *
     * @param config the encoder
     * @return canonical name to shape, from the embeddings to the last layer
     */
    public static SequencedMap<String, Shape> expected(EncoderConfig config) {
        long d = config.hiddenSize();
        long f = config.feedForwardSize();
        LinkedHashMap<String, Shape> shapes = new LinkedHashMap<>();
        shapes.put("embeddings.word_embeddings.weight", Shape.of(config.vocabSize(), d));
        shapes.put("embeddings.position_embeddings.weight", Shape.of(config.positionRows(), d));
        if (config.typeVocabSize() > 0) {
            shapes.put("embeddings.token_type_embeddings.weight", Shape.of(config.typeVocabSize(), d));
        }
        putNorm(shapes, "embeddings.LayerNorm", d);
        for (int layer = 0; layer < config.numLayers(); layer++) {
            String prefix = "encoder.layer." + layer + ".";
            putLinear(shapes, prefix + "attention.self.query", d, d);
            putLinear(shapes, prefix + "attention.self.key", d, d);
            putLinear(shapes, prefix + "attention.self.value", d, d);
            putLinear(shapes, prefix + "attention.output.dense", d, d);
            putNorm(shapes, prefix + "attention.output.LayerNorm", d);
            putLinear(shapes, prefix + "intermediate.dense", f, d);
            putLinear(shapes, prefix + "output.dense", d, f);
            putNorm(shapes, prefix + "output.LayerNorm", d);
        }
        return shapes;
    }

    /**
     * Checks that all tensors are there, have the expected shapes, are floating-point and hold finite numbers only.
     *
     * @param config the encoder
     * @param weights its weights under canonical names
     * @throws WeightFormatException at the first tensor that fails
     * @throws IOException if a tensor cannot be read
     */
    public static void check(EncoderConfig config, TensorSource weights) throws IOException {
        checkAll(weights, expected(config));
        String beyond = "encoder.layer." + config.numLayers() + ".output.dense.weight";
        if (weights.contains(beyond)) {
            throw new WeightFormatException(
                    weights.name(), beyond, "is a layer more than the " + config.numLayers() + " configured", REMEDY);
        }
    }

    /** Checks presence, shapes, element types and finiteness of the tensors named. */
    static void checkAll(TensorSource weights, SequencedMap<String, Shape> expected) throws IOException {
        for (Map.Entry<String, Shape> entry : expected.entrySet()) {
            checkOne(weights, entry.getKey(), entry.getValue());
        }
        FiniteCheck.check(weights, expected.keySet());
    }

    private static void checkOne(TensorSource weights, String name, Shape shape) throws IOException {
        if (!weights.contains(name)) {
            throw new WeightFormatException(weights.name(), name, "is missing, expected with shape " + shape, REMEDY);
        }
        Tensor tensor = weights.tensor(name);
        if (!tensor.dtype().isFloating()) {
            throw new WeightFormatException(
                    weights.name(),
                    name,
                    "expected floating-point numbers, found " + tensor.dtype(),
                    "use an unquantised model");
        }
        if (!tensor.shape().equals(shape)) {
            throw new WeightFormatException(
                    weights.name(), name, "expected shape " + shape + ", found " + tensor.shape(), REMEDY);
        }
    }

    private static void putLinear(Map<String, Shape> shapes, String name, long out, long in) {
        shapes.put(name + ".weight", Shape.of(out, in));
        shapes.put(name + ".bias", Shape.of(out));
    }

    private static void putNorm(Map<String, Shape> shapes, String name, long d) {
        shapes.put(name + ".weight", Shape.of(d));
        shapes.put(name + ".bias", Shape.of(d));
    }
}
