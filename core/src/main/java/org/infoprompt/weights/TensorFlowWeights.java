package org.infoprompt.weights;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.infoprompt.tensor.Tensor;
import org.jspecify.annotations.Nullable;

/**
 * The weights of a TensorFlow BERT (google-research/bert, TensorFlow Hub) under their Hugging Face names and with [out,in]
 * linear weights: kernels, which TensorFlow has as [in,out], are transposed into off-heap memory when first asked for.
 * Variables of the training alone, such as Adam's moments, are left out.
 */
public final class TensorFlowWeights implements TensorSource {
    /** A module scope of TensorFlow Hub, then a BERT variable. */
    private static final Pattern VARIABLE = Pattern.compile("(?:[^/]+/)?((?:bert|cls)/.+)/([a-z_]+)");

    private static final Map<String, String> PARAMETERS = Map.of(
            "kernel", ".weight",
            "bias", ".bias",
            "gamma", ".weight",
            "beta", ".bias",
            "word_embeddings", ".word_embeddings.weight",
            "position_embeddings", ".position_embeddings.weight",
            "token_type_embeddings", ".token_type_embeddings.weight",
            "output_weights", ".weight",
            "output_bias", ".bias");

    private final TensorFlowBundle bundle;
    private final SortedMap<String, String> originalNames;
    private final Map<String, Tensor> transposed = new ConcurrentHashMap<>();

    private TensorFlowWeights(TensorFlowBundle bundle, SortedMap<String, String> originalNames) {
        this.bundle = bundle;
        this.originalNames = originalNames;
    }

    /**
     * Opens a checkpoint.
     *
     * @param index the file whose name ends in {@code .index}; its data files lie beside it
     * @return the weights, to be closed by the caller
     * @throws WeightFormatException if a file is missing or damaged, or two variables have the same place
     * @throws IOException if a file cannot be read
     */
    public static TensorFlowWeights open(Path index) throws IOException {
        TensorFlowBundle bundle = TensorFlowBundle.open(index);
        boolean done = false;
        try {
            SortedMap<String, String> originalNames = new TreeMap<>();
            for (String original : bundle.tensorNames()) {
                String name = huggingFaceName(original);
                String other = name == null ? null : originalNames.put(name, original);
                if (other != null) {
                    throw new WeightFormatException(
                            bundle.name(), original, "is the same part of the model as " + other, "keep one of them");
                }
            }
            done = true;
            return new TensorFlowWeights(bundle, originalNames);
        } finally {
            if (!done) {
                bundle.close();
            }
        }
    }

    /** Returns the name in Hugging Face's BertForPreTraining, or null for what is no weight of a BERT. */
    static @Nullable String huggingFaceName(String variable) {
        Matcher matcher = VARIABLE.matcher(variable);
        String ending = matcher.matches() ? PARAMETERS.get(matcher.group(2)) : null;
        if (ending == null) {
            return null;
        }
        return matcher.group(1).replaceAll("/layer_(\\d+)/", "/layer.$1/").replace('/', '.') + ending;
    }

    @Override
    public String name() {
        return bundle.name();
    }

    @Override
    public List<String> tensorNames() {
        return List.copyOf(originalNames.keySet());
    }

    @Override
    public boolean contains(String tensor) {
        return originalNames.containsKey(tensor);
    }

    @Override
    public Tensor tensor(String tensor) throws IOException {
        Tensor known = transposed.get(tensor);
        if (known != null) {
            return known;
        }
        String original = originalNames.get(tensor);
        if (original == null) {
            throw new WeightFormatException(name(), tensor, "is not in the file", "use the complete model");
        }
        Tensor stored = bundle.tensor(original);
        if (!original.endsWith("/kernel")) {
            return stored;
        }
        if (stored.shape().rank() != 2 || !stored.dtype().isFloating()) {
            throw new WeightFormatException(
                    name(), original, "is no matrix but " + stored.shape() + " of " + stored.dtype(), "use a BERT");
        }
        return transposed.computeIfAbsent(tensor, t -> TransposedCopy.of(stored, bundle.arena()));
    }

    @Override
    public void close() {
        bundle.close();
    }
}
