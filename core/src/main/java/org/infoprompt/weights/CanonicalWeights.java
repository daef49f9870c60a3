package org.infoprompt.weights;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import org.infoprompt.tensor.DType;
import org.infoprompt.tensor.Tensor;

/**
 * A view of another source under {@linkplain CanonicalNames canonical names}, in F32: other floating-point types are
 * converted when first asked for, integers are passed on. Closing it closes the source.
 */
final class CanonicalWeights implements TensorSource {
    private final TensorSource source;
    private final SortedMap<String, String> originalNames;
    private final ConcurrentHashMap<String, Tensor> converted = new ConcurrentHashMap<>();
    private final Arena arena = Arena.ofShared();

    private CanonicalWeights(TensorSource source, SortedMap<String, String> originalNames) {
        this.source = source;
        this.originalNames = originalNames;
    }

    /** Wraps a source, which from then on belongs to the view. */
    static CanonicalWeights of(TensorSource source) throws WeightFormatException {
        SortedMap<String, String> originalNames = new TreeMap<>();
        for (String original : source.tensorNames()) {
            String other = originalNames.put(CanonicalNames.of(original), original);
            if (other != null) {
                throw new WeightFormatException(
                        source.name(),
                        original,
                        "is the same part of the encoder as " + other,
                        "keep one encoder in the file");
            }
        }
        return new CanonicalWeights(source, originalNames);
    }

    @Override
    public String name() {
        return source.name();
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
        Tensor known = converted.get(tensor);
        if (known != null) {
            return known;
        }
        String original = originalNames.get(tensor);
        if (original == null) {
            throw new WeightFormatException(name(), tensor, "is missing", "use the complete model");
        }
        Tensor stored = source.tensor(original);
        if (stored.dtype() == DType.F32 || !stored.dtype().isFloating()) {
            return stored;
        }
        return converted.computeIfAbsent(tensor, t -> FloatConversions.toFloat32(stored, arena));
    }

    @Override
    public void close() {
        source.close();
        if (arena.scope().isAlive()) {
            arena.close();
        }
    }
}
