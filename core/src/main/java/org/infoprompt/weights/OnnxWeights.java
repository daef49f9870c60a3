package org.infoprompt.weights;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import org.infoprompt.tensor.Shape;
import org.infoprompt.tensor.Tensor;

/**
 * The weights of an encoder exported to ONNX from PyTorch, under their Hugging Face names and with [out,in] linear
 * weights; see {@link OnnxLinears} for how they are found.
 *
 * <p>The file is mapped. Tensors are views of it where they start at a multiple of their element size, else aligned
 * copies; linear weights that the file has as [in,out] are transposed into off-heap memory when first asked for.
 */
public final class OnnxWeights implements TensorSource {
    private final String name;
    private final MappedFile file;
    private final OnnxGraph graph;
    private final SortedMap<String, OnnxLinears.Linear> entries;
    private final AlignedViews views;
    private final Map<String, Tensor> transposed = new ConcurrentHashMap<>();

    private OnnxWeights(String name, MappedFile file, OnnxGraph graph, SortedMap<String, OnnxLinears.Linear> entries) {
        this.name = name;
        this.file = file;
        this.graph = graph;
        this.entries = entries;
        this.views = new AlignedViews(file.arena());
    }

    /**
     * Opens a file.
     *
     * @param onnx the file, with its weights inside
     * @return the weights, to be closed by the caller
     * @throws WeightFormatException if it is missing, is no ONNX model, or lies about its tensors
     * @throws IOException if it cannot be read
     */
    public static OnnxWeights open(Path onnx) throws IOException {
        String source = onnx.toString();
        MappedFile file = MappedFile.open(onnx);
        boolean done = false;
        try {
            OnnxGraph graph = OnnxGraph.read(new ProtobufReader(source, file.bytes()));
            Map<String, OnnxLinears.Linear> linears = OnnxLinears.find(graph);
            SortedMap<String, OnnxLinears.Linear> entries = new TreeMap<>();
            graph.initializers().forEach((n, tensor) -> entries.put(n, new OnnxLinears.Linear(tensor, false)));
            linears.values().forEach(linear -> entries.remove(linear.stored().name()));
            entries.putAll(linears);
            OnnxWeights weights = new OnnxWeights(source, file, graph, entries);
            done = true;
            return weights;
        } finally {
            if (!done) {
                file.close();
            }
        }
    }

    /**
     * Derives the encoder's configuration from the tensors' shapes and the graph.
     *
     * <p>Sizes are those of the embeddings and the first feed-forward layer; the layers are counted. The number of
     * heads is the third size of the Reshape behind the first key projection. The LayerNorm constant is the one added
     * in front of a Sqrt. The activation is told by the operators between the feed-forward layers: Erf, Tanh, Gelu or
     * Relu. A graph that counts positions with CumSum is RoBERTa's, with padding token 1; one without token types is
     * DistilBERT's; the padding token of both BERT kinds is 0.
     *
     * @return the configuration
     * @throws WeightFormatException if one of these is not found
     * @throws IOException if a tensor cannot be read
     */
    public EncoderConfig encoderConfig() throws IOException {
        return OnnxEncoderConfig.derive(graph, this);
    }

    /** Returns the shape of a tensor with the layout that {@link #tensor} gives it, without touching its numbers. */
    Shape shape(String tensor) throws WeightFormatException {
        OnnxLinears.Linear entry = entry(tensor);
        Shape stored = entry.stored().shape();
        return entry.transposed() ? Shape.of(stored.size(1), stored.size(0)) : stored;
    }

    private OnnxLinears.Linear entry(String tensor) throws WeightFormatException {
        OnnxLinears.Linear entry = entries.get(tensor);
        if (entry == null) {
            throw new WeightFormatException(name, tensor, "is not in the file", "use the complete model");
        }
        return entry;
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public List<String> tensorNames() {
        return List.copyOf(entries.keySet());
    }

    @Override
    public boolean contains(String tensor) {
        return entries.containsKey(tensor);
    }

    @Override
    public Tensor tensor(String tensor) throws IOException {
        OnnxLinears.Linear entry = entry(tensor);
        if (entry.transposed()) {
            OnnxTensor matrix = entry.stored();
            return transposed.computeIfAbsent(
                    tensor,
                    t -> TransposedCopy.of(new Tensor(matrix.bytes(), matrix.dtype(), matrix.shape()), file.arena()));
        }
        OnnxTensor stored = entry.stored();
        return new Tensor(views.aligned(tensor, stored.bytes(), stored.dtype()), stored.dtype(), stored.shape());
    }

    @Override
    public void close() {
        file.close();
    }
}
