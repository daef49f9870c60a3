package org.infoprompt.weights;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The main graph of an ONNX model: named weights, nodes, and which node makes or reads which value.
 *
 * @param source the file's name for messages
 * @param initializers named weights
 * @param nodes all nodes, in the file's order
 * @param producers value to the node that makes it
 * @param consumers value to the nodes that read it
 */
record OnnxGraph(
        String source,
        Map<String, OnnxTensor> initializers,
        List<OnnxNode> nodes,
        Map<String, OnnxNode> producers,
        Map<String, List<OnnxNode>> consumers) {
    private static final int MAX_PARTS = 1 << 20;
    private static final Set<String> QUANTISED =
            Set.of("MatMulInteger", "QLinearMatMul", "DynamicQuantizeLinear", "DequantizeLinear", "MatMulNBits");

    /** Reads a model. */
    static OnnxGraph read(ProtobufReader model) throws WeightFormatException {
        OnnxGraph graph = null;
        for (int field = model.nextField(); field != 0; field = model.nextField()) {
            if (field == 7) {
                if (graph != null) {
                    throw model.error("a second graph");
                }
                graph = readGraph(model.nested());
            } else {
                model.skip();
            }
        }
        if (graph == null) {
            throw model.error("no graph");
        }
        return graph;
    }

    private static OnnxGraph readGraph(ProtobufReader in) throws WeightFormatException {
        OnnxGraph graph =
                new OnnxGraph(in.source(), new LinkedHashMap<>(), new ArrayList<>(), new HashMap<>(), new HashMap<>());
        for (int field = in.nextField(); field != 0; field = in.nextField()) {
            switch (field) {
                case 1 -> graph.add(OnnxNode.read(in.nested()));
                case 5 -> graph.add(OnnxTensor.read(in.nested()));
                default -> in.skip();
            }
            if (graph.nodes.size() > MAX_PARTS || graph.initializers.size() > MAX_PARTS) {
                throw in.error("more than " + MAX_PARTS + " nodes or tensors");
            }
        }
        return graph;
    }

    private void add(@Nullable OnnxTensor initializer) throws WeightFormatException {
        if (initializer != null && initializers.put(initializer.name(), initializer) != null) {
            throw new WeightFormatException(source, initializer.name(), "is there twice", "export the model again");
        }
    }

    private void add(OnnxNode node) throws WeightFormatException {
        if (QUANTISED.contains(node.opType())) {
            throw new WeightFormatException(
                    source, "", "is quantised (operator " + node.opType() + ")", "use the model's fp32 file");
        }
        nodes.add(node);
        node.outputs().forEach(value -> producers.put(value, node));
        node.inputs()
                .forEach(value ->
                        consumers.computeIfAbsent(value, v -> new ArrayList<>()).add(node));
    }

    /** Returns a value that is the same for every input: an initializer or the output of a Constant node. */
    @Nullable
    OnnxTensor constant(String value) {
        OnnxTensor initializer = initializers.get(value);
        if (initializer != null) {
            return initializer;
        }
        OnnxNode producer = producers.get(value);
        return producer != null && producer.opType().equals("Constant") ? producer.value() : null;
    }

    List<OnnxNode> consumersOf(String value) {
        return consumers.getOrDefault(value, List.of());
    }
}
