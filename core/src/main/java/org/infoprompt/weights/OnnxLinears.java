package org.infoprompt.weights;

import java.util.HashMap;
import java.util.Map;
import org.infoprompt.tensor.DType;
import org.jspecify.annotations.Nullable;

/**
 * Finds the Hugging Face names of linear weights in an exported graph. Exporters fold a linear layer's transposition
 * into its weight, which becomes an [in,out] constant with a number for a name ({@code onnx::MatMul_787}); the bias
 * keeps its name. So a weight is named after the bias that is added to its product, or, without one, after the path in
 * its node's name.
 */
final class OnnxLinears {
    private static final String WEIGHT = ".weight";
    private static final String BIAS = ".bias";

    private OnnxLinears() {}

    /**
     * A weight behind its name.
     *
     * @param stored as the file has it
     * @param transposed whether the file has [in,out] instead of [out,in]
     */
    record Linear(OnnxTensor stored, boolean transposed) {}

    /** Returns name to weight for every product with a constant matrix whose name can be told. */
    static Map<String, Linear> find(OnnxGraph graph) throws WeightFormatException {
        Map<String, Linear> linears = new HashMap<>();
        for (OnnxNode node : graph.nodes()) {
            boolean gemm = node.opType().equals("Gemm");
            if (!gemm && !node.opType().equals("MatMul")) {
                continue;
            }
            OnnxTensor weight = graph.constant(node.input(1));
            if (weight == null || !weight.dtype().isFloating() || weight.shape().rank() != 2) {
                continue;
            }
            String name = gemm ? named(node.input(2)) : nameFromAddedBias(graph, node);
            if (name == null) {
                name = nameFromPath(node);
            }
            if (name != null) {
                boolean transposed = !gemm || node.integers().getOrDefault("transB", 0L) == 0;
                put(graph, linears, name + WEIGHT, new Linear(weight, transposed));
            }
        }
        return linears;
    }

    private static void put(OnnxGraph graph, Map<String, Linear> linears, String name, Linear linear)
            throws WeightFormatException {
        Linear other = linears.put(name, linear);
        if (other != null && !other.equals(linear)) {
            throw new WeightFormatException(
                    graph.source(), name, "belongs to two products in the graph", "use the model's safetensors file");
        }
    }

    private static @Nullable String nameFromAddedBias(OnnxGraph graph, OnnxNode matMul) {
        for (OnnxNode add : graph.consumersOf(matMul.output())) {
            if (add.opType().equals("Add")) {
                String other = add.input(0).equals(matMul.output()) ? add.input(1) : add.input(0);
                OnnxTensor bias = graph.initializers().get(other);
                if (bias != null && bias.shape().rank() == 1 && bias.dtype() != DType.I64 && named(other) != null) {
                    return named(other);
                }
            }
        }
        return null;
    }

    private static @Nullable String named(String bias) {
        return bias.endsWith(BIAS) ? bias.substring(0, bias.length() - BIAS.length()) : null;
    }

    /** {@code /encoder/layer.0/attention/self/query/MatMul} is the product of that module. */
    private static @Nullable String nameFromPath(OnnxNode node) {
        int end = node.name().lastIndexOf('/');
        int start = node.name().startsWith("/") ? 1 : 0;
        return end > start ? node.name().substring(start, end).replace('/', '.') : null;
    }
}
