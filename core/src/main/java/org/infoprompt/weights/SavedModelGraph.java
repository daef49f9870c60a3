package org.infoprompt.weights;

import java.io.IOException;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Set;
import org.infoprompt.tensor.Shape;
import org.jspecify.annotations.Nullable;

/**
 * Derives a BERT's configuration from a TensorFlow SavedModel. Sizes are those of its weights. The rest is in the graph of
 * {@code saved_model.pb}: the number of heads is the third size of layer 0's first Reshape, the LayerNorm constant is the one
 * added to the variance, and the activation is told by the operators of layer 0's intermediate part (Tanh: the tanh
 * approximation of GELU, as google-research/bert computes it; Erf: exact GELU; Relu).
 *
 * <p>Field numbers: tensorflow/core/protobuf/saved_model.proto, meta_graph.proto and framework/{graph,node_def,attr_value,
 * tensor}.proto.
 */
final class SavedModelGraph {
    private static final String REMEDY = "add the model's config.json";
    private static final String HEADS = "/encoder/layer_0/attention/self/Reshape/shape/2";
    private static final String EPSILON = "/LayerNorm/batchnorm/add/y";
    private static final String INTERMEDIATE = "/encoder/layer_0/intermediate/";

    private final String source;
    private int numHeads;
    private final Set<Double> epsilons = new HashSet<>();
    private final Set<EncoderConfig.Activation> activations = new HashSet<>();

    private SavedModelGraph(String source) {
        this.source = source;
    }

    static EncoderConfig encoderConfig(Path savedModel, TensorSource weights) throws IOException {
        SavedModelGraph graph = new SavedModelGraph(savedModel.toString());
        try (MappedFile file = MappedFile.open(savedModel)) {
            ProtobufReader model = new ProtobufReader(graph.source, file.bytes());
            for (int field = model.nextField(); field != 0; field = model.nextField()) {
                if (field == 2) {
                    graph.readMetaGraph(model.nested());
                } else {
                    model.skip();
                }
            }
        }
        return graph.derive(weights);
    }

    private void readMetaGraph(ProtobufReader in) throws WeightFormatException {
        for (int field = in.nextField(); field != 0; field = in.nextField()) {
            if (field == 2) {
                ProtobufReader graph = in.nested();
                for (int f = graph.nextField(); f != 0; f = graph.nextField()) {
                    if (f == 1) {
                        readNode(graph.nested());
                    } else {
                        graph.skip();
                    }
                }
            } else {
                in.skip();
            }
        }
    }

    private void readNode(ProtobufReader in) throws WeightFormatException {
        String name = "";
        String operator = "";
        Double constant = null;
        for (int field = in.nextField(); field != 0; field = in.nextField()) {
            switch (field) {
                case 1 -> name = in.text();
                case 2 -> operator = in.text();
                case 5 -> {
                    boolean wanted = name.endsWith(HEADS) || name.endsWith(EPSILON);
                    Double value = wanted ? readAttribute(in.nested()) : null;
                    constant = value == null ? constant : value;
                    if (!wanted) {
                        in.skip();
                    }
                }
                default -> in.skip();
            }
        }
        if (operator.equals("Const") && constant != null) {
            if (name.endsWith(HEADS)) {
                numHeads = constant.intValue();
            } else {
                epsilons.add(constant);
            }
        } else if (name.contains(INTERMEDIATE)) {
            switch (operator) {
                case "Tanh" -> activations.add(EncoderConfig.Activation.GELU_TANH);
                case "Erf" -> activations.add(EncoderConfig.Activation.GELU_ERF);
                case "Relu" -> activations.add(EncoderConfig.Activation.RELU);
                default -> {}
            }
        }
    }

    /** Returns the number in an attribute "value" that is a tensor of one element, else null. */
    private static @Nullable Double readAttribute(ProtobufReader entry) throws WeightFormatException {
        Double number = null;
        for (int field = entry.nextField(); field != 0; field = entry.nextField()) {
            if (field != 2) {
                entry.skip();
                continue;
            }
            ProtobufReader value = entry.nested();
            for (int f = value.nextField(); f != 0; f = value.nextField()) {
                if (f == 8) {
                    number = readScalar(value.nested());
                } else {
                    value.skip();
                }
            }
        }
        return number;
    }

    private static @Nullable Double readScalar(ProtobufReader tensor) throws WeightFormatException {
        Double number = null;
        for (int field = tensor.nextField(); field != 0; field = tensor.nextField()) {
            if (field == 5) {
                float value = tensor.isBytes() ? tensor.nested().packedFloat() : tensor.fixedFloat();
                // The shortest decimal, 1.0E-12 and not its float neighbour, is what the model's author wrote.
                number = Double.parseDouble(Float.toString(value));
            } else if (field == 7 || field == 10) {
                number = (double) (tensor.isBytes() ? tensor.nested().packedInteger() : tensor.integer());
            } else {
                tensor.skip();
            }
        }
        return number;
    }

    private EncoderConfig derive(TensorSource weights) throws IOException {
        Shape words = shape(weights, "bert.embeddings.word_embeddings.weight");
        int numLayers = 0;
        while (weights.contains("bert.encoder.layer." + numLayers + ".output.dense.weight")) {
            numLayers++;
        }
        if (numHeads < 1) {
            throw unknown("the number of attention heads");
        }
        if (epsilons.size() != 1) {
            throw unknown("one LayerNorm constant for all layers");
        }
        if (activations.size() != 1) {
            throw unknown("the activation function");
        }
        EncoderConfig config = new EncoderConfig(
                EncoderConfig.Family.BERT,
                (int) words.size(0),
                (int) words.size(1),
                numLayers,
                numHeads,
                (int) shape(weights, "bert.encoder.layer.0.intermediate.dense.weight")
                        .size(0),
                (int) shape(weights, "bert.embeddings.position_embeddings.weight")
                        .size(0),
                0,
                (int) shape(weights, "bert.embeddings.token_type_embeddings.weight")
                        .size(0),
                epsilons.iterator().next(),
                activations.iterator().next(),
                0);
        try {
            config.check();
        } catch (IllegalArgumentException e) {
            throw new WeightFormatException(source, "", String.valueOf(e.getMessage()), REMEDY, e);
        }
        return config;
    }

    private static Shape shape(TensorSource weights, String tensor) throws IOException {
        Shape shape = weights.tensor(tensor).shape();
        if (shape.rank() != 2) {
            throw new WeightFormatException(
                    weights.name(), tensor, "expected 2 dimensions, found shape " + shape, "use a BERT");
        }
        return shape;
    }

    private WeightFormatException unknown(String what) {
        return new WeightFormatException(source, "", "its graph does not show " + what, REMEDY);
    }
}
