package org.infoprompt.peft;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import org.infoprompt.tensor.Shape;
import org.infoprompt.tensor.Tensor;
import org.infoprompt.weights.FiniteCheck;
import org.infoprompt.weights.FloatConversions;
import org.infoprompt.weights.SafetensorsFile;
import org.infoprompt.weights.TensorSource;
import org.infoprompt.weights.WeightFormatException;

/**
 * The tensors of an adapter folder, in F32, under their names inside the base model: {@code classifier.weight}, {@code
 * bert.encoder.layer.0.attention.self.query.lora_A.weight}. Closed by its owner.
 */
final class AdapterFiles implements TensorSource {
    static final String WEIGHTS = "adapter_model.safetensors";
    static final String PICKLE = "adapter_model.bin";
    /** Key of the configuration under which this project keeps what PEFT has no key for. */
    static final String EXTENSION = "infoprompt";

    /** The longer first: prompt methods use the one, LoRA and IA3 the other. */
    private static final List<String> PREFIXES = List.of("base_model.model.", "base_model.");

    private final SafetensorsFile file;
    private final SortedMap<String, String> stored = new TreeMap<>();
    private final Set<String> used = new HashSet<>();
    private final Arena arena = Arena.ofShared();

    private AdapterFiles(SafetensorsFile file) {
        this.file = file;
    }

    /** Opens a folder's tensors; a pickle is refused by its name and never opened. */
    static AdapterFiles open(Path folder) throws IOException {
        Path weights = folder.resolve(WEIGHTS);
        Path pickle = folder.resolve(PICKLE);
        if (!Files.exists(weights) && Files.exists(pickle)) {
            throw new PeftException(
                    pickle.toString(),
                    "",
                    "is a pickle, which can run code and is never opened",
                    "convert it to " + WEIGHTS + ": load it with PEFT and save it again with save_pretrained");
        }
        AdapterFiles opened = new AdapterFiles(SafetensorsFile.open(weights));
        try {
            opened.index();
            return opened;
        } catch (IOException | RuntimeException e) {
            opened.close();
            throw e;
        }
    }

    private void index() throws IOException {
        for (String name : file.tensorNames()) {
            String inner = name;
            for (String prefix : PREFIXES) {
                if (inner.startsWith(prefix)) {
                    inner = inner.substring(prefix.length());
                    break;
                }
            }
            String other = stored.put(inner, name);
            if (other != null) {
                throw new WeightFormatException(
                        file.name(), name, "is the same tensor as " + other, "save the adapter again with PEFT");
            }
        }
        FiniteCheck.check(this, tensorNames());
        used.clear();
    }

    @Override
    public String name() {
        return file.name();
    }

    /** Returns all names inside the base model, sorted. */
    @Override
    public List<String> tensorNames() {
        return List.copyOf(stored.keySet());
    }

    @Override
    public boolean contains(String tensor) {
        return stored.containsKey(tensor);
    }

    @Override
    public Tensor tensor(String name) throws IOException {
        return tensor(name, "save the adapter again with PEFT");
    }

    /** Returns a tensor in F32, valid until this is closed; {@code missing} is the remedy where there is none. */
    private Tensor tensor(String name, String missing) throws IOException {
        String original = stored.get(name);
        if (original == null) {
            throw new WeightFormatException(file.name(), name, "is missing", missing);
        }
        used.add(name);
        Tensor tensor = file.tensor(original);
        if (!tensor.dtype().isFloating()) {
            throw new WeightFormatException(
                    file.name(),
                    original,
                    "expected floating-point numbers, found " + tensor.dtype(),
                    "save the adapter unquantised");
        }
        return FloatConversions.toFloat32(tensor, arena);
    }

    /** Returns a tensor of a given shape; the two remedies are for a tensor that is missing or has another one. */
    Tensor tensor(String name, Shape shape, String missing, String otherShape) throws IOException {
        Tensor tensor = tensor(name, missing);
        if (!tensor.shape().equals(shape)) {
            throw new WeightFormatException(
                    file.name(), name, "has shape " + tensor.shape() + ", not " + shape, otherShape);
        }
        return tensor;
    }

    /** Returns the names of tensors that nothing asked for. */
    List<String> unused() {
        List<String> unused = new ArrayList<>(stored.keySet());
        unused.removeAll(used);
        return unused;
    }

    /** Unmaps the file and frees converted copies; idempotent. */
    @Override
    public void close() {
        file.close();
        if (arena.scope().isAlive()) {
            arena.close();
        }
    }
}
