package org.infoprompt.weights;

import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.infoprompt.tensor.Shape;
import org.jspecify.annotations.Nullable;

/** Derives an {@link EncoderConfig} from an exported graph; {@link OnnxWeights#encoderConfig} says how. */
final class OnnxEncoderConfig {
    private static final String REMEDY = "use a model folder with config.json";
    private static final Set<String> PRODUCTS = Set.of("MatMul", "Gemm");
    private static final double DEFAULT_EPSILON = 1e-5;

    private final OnnxGraph graph;
    private final OnnxWeights weights;
    /** Canonical name to the file's name. */
    private final Map<String, String> names = new TreeMap<>();

    private OnnxEncoderConfig(OnnxGraph graph, OnnxWeights weights) {
        this.graph = graph;
        this.weights = weights;
        weights.tensorNames().forEach(name -> names.put(CanonicalNames.of(name), name));
    }

    static EncoderConfig derive(OnnxGraph graph, OnnxWeights weights) throws IOException {
        return new OnnxEncoderConfig(graph, weights).derive();
    }

    private EncoderConfig derive() throws IOException {
        Shape words = shape("embeddings.word_embeddings.weight", 2);
        Shape positions = shape("embeddings.position_embeddings.weight", 2);
        boolean types = names.containsKey("embeddings.token_type_embeddings.weight");
        boolean roberta = graph.nodes().stream().anyMatch(node -> node.opType().equals("CumSum"));
        int padTokenId = roberta ? 1 : 0;
        int offset = roberta ? padTokenId + 1 : 0;
        int layers = 0;
        while (names.containsKey("encoder.layer." + layers + ".output.dense.weight")) {
            layers++;
        }
        if (layers == 0) {
            throw unknown("the encoder's layers");
        }
        EncoderConfig.Family family = roberta
                ? EncoderConfig.Family.ROBERTA
                : types ? EncoderConfig.Family.BERT : EncoderConfig.Family.DISTILBERT;
        EncoderConfig config = new EncoderConfig(
                family,
                size(words, 0),
                size(words, 1),
                layers,
                numHeads(size(words, 1)),
                size(shape("encoder.layer.0.intermediate.dense.weight", 2), 0),
                size(positions, 0) - offset,
                offset,
                types ? size(shape("embeddings.token_type_embeddings.weight", 2), 0) : 0,
                layerNormEps(),
                activation(),
                padTokenId);
        try {
            config.check();
        } catch (IllegalArgumentException e) {
            throw new WeightFormatException(graph.source(), "", String.valueOf(e.getMessage()), REMEDY, e);
        }
        return config;
    }

    private int numHeads(int hiddenSize) throws WeightFormatException {
        for (OnnxNode reshape : graph.consumersOf(linearOutput("encoder.layer.0.attention.self.key"))) {
            if (reshape.opType().equals("Reshape")) {
                long heads = thirdSize(reshape.input(1));
                if (heads > 0 && heads <= hiddenSize && hiddenSize % heads == 0) {
                    return (int) heads;
                }
            }
        }
        throw unknown("the number of attention heads");
    }

    /** Returns the third of four sizes, given as one constant or joined from scalars; -1 if it is neither. */
    private long thirdSize(String sizes) {
        OnnxTensor constant = graph.constant(sizes);
        OnnxNode producer = graph.producers().get(sizes);
        if (constant == null
                && producer != null
                && producer.opType().equals("Concat")
                && producer.inputs().size() == 4) {
            OnnxTensor third = graph.constant(producer.input(2));
            return third != null && third.integers().length == 1 ? third.integers()[0] : -1;
        }
        return constant != null && constant.integers().length == 4 ? constant.integers()[2] : -1;
    }

    private double layerNormEps() throws WeightFormatException {
        Set<Double> found = new HashSet<>();
        for (OnnxNode node : graph.nodes()) {
            if (node.opType().equals("LayerNormalization")) {
                Float epsilon = node.floats().get("epsilon");
                found.add(epsilon == null ? DEFAULT_EPSILON : Double.parseDouble(epsilon.toString()));
            } else if (node.opType().equals("Sqrt")) {
                OnnxNode add = graph.producers().get(node.input(0));
                if (add != null && add.opType().equals("Add")) {
                    addScalar(found, add.input(0));
                    addScalar(found, add.input(1));
                }
            }
        }
        if (found.size() != 1) {
            throw unknown("one LayerNorm constant for all layers");
        }
        return found.iterator().next();
    }

    private void addScalar(Set<Double> found, String value) {
        OnnxTensor constant = graph.constant(value);
        if (constant != null) {
            constant.scalar().ifPresent(found::add);
        }
    }

    /** Walks from the first feed-forward layer to the next product and looks at the operators in between. */
    private EncoderConfig.Activation activation() throws WeightFormatException {
        Deque<String> open = new ArrayDeque<>();
        Set<String> seen = new HashSet<>();
        open.add(linearOutput("encoder.layer.0.intermediate.dense"));
        while (!open.isEmpty()) {
            String value = open.remove();
            for (OnnxNode node : graph.consumersOf(value)) {
                EncoderConfig.Activation activation = activation(node);
                if (activation != null) {
                    return activation;
                }
                if (!PRODUCTS.contains(node.opType()) && seen.add(node.output())) {
                    open.add(node.output());
                }
            }
        }
        throw unknown("the activation function");
    }

    private static EncoderConfig.@Nullable Activation activation(OnnxNode node) {
        return switch (node.opType()) {
            case "Erf" -> EncoderConfig.Activation.GELU_ERF;
            case "Tanh" -> EncoderConfig.Activation.GELU_TANH;
            case "Relu" -> EncoderConfig.Activation.RELU;
            case "Gelu" ->
                "tanh".equals(node.texts().get("approximate"))
                        ? EncoderConfig.Activation.GELU_TANH
                        : EncoderConfig.Activation.GELU_ERF;
            default -> null;
        };
    }

    /** Returns the value in which a linear layer's bias has been added. */
    private String linearOutput(String module) throws WeightFormatException {
        String bias = names.get(module + ".bias");
        if (bias != null) {
            for (OnnxNode node : graph.consumersOf(bias)) {
                if (node.opType().equals("Add") || node.opType().equals("Gemm")) {
                    return node.output();
                }
            }
        }
        throw unknown("where " + module + ".bias is added");
    }

    private Shape shape(String canonical, int rank) throws WeightFormatException {
        String name = names.get(canonical);
        if (name == null) {
            throw unknown("the tensor " + canonical);
        }
        Shape shape = weights.shape(name);
        if (shape.rank() != rank) {
            throw new WeightFormatException(
                    graph.source(), canonical, "expected " + rank + " dimensions, found shape " + shape, REMEDY);
        }
        return shape;
    }

    private int size(Shape shape, int dimension) throws WeightFormatException {
        if (shape.size(dimension) > Integer.MAX_VALUE) {
            throw unknown("an encoder with sizes below 2^31");
        }
        return (int) shape.size(dimension);
    }

    private WeightFormatException unknown(String what) {
        return new WeightFormatException(graph.source(), "", "its graph does not show " + what, REMEDY);
    }
}
