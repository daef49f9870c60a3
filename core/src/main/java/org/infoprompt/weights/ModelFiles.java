package org.infoprompt.weights;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * An opened, checked model: configuration, weights under canonical names in F32, and where its tokenizer lies.
 *
 * <p>{@code weights} answers the names of Hugging Face's {@code BertModel} ({@code embeddings.word_embeddings.weight},
 * {@code encoder.layer.0.attention.self.query.weight}, ...) whatever the file calls them; see {@link EncoderTensors}.
 *
 * @param identity {@code group:artifact:version} or the folder's name
 * @param config the encoder
 * @param weights its tensors; closed by {@link #close}
 * @param tokenizerFolder holds {@code tokenizer.json}, or {@code vocab.txt}, or {@code vocab.json} and {@code merges.txt}
 * @param sha256 of the weight file's bytes (of all shards in name order), lower-case hex
 */
public record ModelFiles(
        String identity, EncoderConfig config, TensorSource weights, Path tokenizerFolder, String sha256)
        implements AutoCloseable {
    private static final String SINGLE = "model.safetensors";
    private static final String CONFIG = "config.json";
    private static final String ONNX = "model.onnx";
    private static final String INDEX = "model.safetensors.index.json";

    /**
     * Opens a Hugging Face model folder: {@code config.json} with {@code model.safetensors},
     * {@code model.safetensors.index.json} or {@code model.onnx}, or a TensorFlow model ({@code saved_model.pb} with {@code
     * variables/variables.index}, or {@code bert_model.ckpt.index}). {@code config.json} may be missing beside {@code
     * model.onnx} and {@code saved_model.pb}, whose graphs show what it says.
     *
     * @param folder the folder
     * @return the model, to be closed by the caller
     * @throws org.infoprompt.io.InputException if a file is missing or cannot be used
     * @throws IOException if a file cannot be read
     */
    public static ModelFiles openFolder(Path folder) throws IOException {
        return openFolder(folderName(folder), folder, Map.of());
    }

    /**
     * Opens a model folder whose file hashes may be known already.
     *
     * @param identity {@code group:artifact:version} or a folder's name
     * @param folder as for {@link #openFolder(Path)}
     * @param knownHashes file name to lower-case SHA-256, for files that were just verified
     * @return the model, to be closed by the caller
     * @throws org.infoprompt.io.InputException if a file is missing or cannot be used
     * @throws IOException if a file cannot be read
     */
    public static ModelFiles openFolder(String identity, Path folder, Map<String, String> knownHashes)
            throws IOException {
        if (!Files.isDirectory(folder)) {
            throw new WeightFormatException(
                    folder.toString(),
                    "",
                    Files.exists(folder) ? "is not a folder" : "no such folder",
                    "check the path");
        }
        Path configJson = folder.resolve(CONFIG);
        Path onnx = folder.resolve(ONNX);
        TensorFlowFolder tensorFlow = TensorFlowFolder.find(folder);
        boolean graph = Files.exists(onnx) || (tensorFlow != null && tensorFlow.savedModel() != null);
        EncoderConfig config = graph && !Files.exists(configJson) ? null : EncoderConfig.fromJson(configJson);
        Path single = folder.resolve(SINGLE);
        Path index = folder.resolve(INDEX);
        if (config != null && Files.exists(single)) {
            return open(identity, config, SafetensorsFile.open(single), folder, () -> hash(single, knownHashes));
        }
        if (config != null && Files.exists(index)) {
            ShardedSafetensors shards = ShardedSafetensors.open(index);
            return open(
                    identity, config, shards, folder, () -> FileHashes.sha256(ShardedSafetensors.shardFiles(index)));
        }
        if (Files.exists(onnx)) {
            return openOnnx(identity, config, onnx, folder, () -> hash(onnx, knownHashes));
        }
        if (tensorFlow != null) {
            return openTensorFlow(identity, config, tensorFlow, knownHashes);
        }
        if (Files.exists(folder.resolve("pytorch_model.bin"))
                || Files.exists(folder.resolve("pytorch_model.bin.index.json"))) {
            MappedFile.refusePickleName(folder.resolve("pytorch_model.bin"));
        }
        throw new WeightFormatException(
                folder.toString(), "", "has neither " + SINGLE + " nor " + INDEX, "name a complete model folder");
    }

    private static String hash(Path file, Map<String, String> knownHashes) throws IOException {
        String known = knownHashes.get(String.valueOf(file.getFileName()));
        return known == null ? FileHashes.sha256(List.of(file)) : known;
    }

    /** Opens an ONNX file; without a configuration, its graph must show it. */
    private static ModelFiles openOnnx(
            String identity, @Nullable EncoderConfig config, Path onnx, Path folder, Hash hash) throws IOException {
        OnnxWeights weights = OnnxWeights.open(onnx);
        boolean done = false;
        try {
            EncoderConfig known = config == null ? weights.encoderConfig() : config;
            done = true;
            return open(identity, known, weights, folder, hash);
        } finally {
            if (!done) {
                weights.close();
            }
        }
    }

    /** Opens a TensorFlow checkpoint; without a configuration, the graph of its SavedModel must show it. */
    private static ModelFiles openTensorFlow(
            String identity, @Nullable EncoderConfig config, TensorFlowFolder parts, Map<String, String> knownHashes)
            throws IOException {
        TensorFlowWeights weights = TensorFlowWeights.open(parts.index());
        boolean done = false;
        try {
            EncoderConfig known = config;
            if (known == null) {
                Path graph = Objects.requireNonNull(parts.savedModel(), "a graph where config.json is missing");
                known = SavedModelGraph.encoderConfig(graph, weights);
            }
            List<Path> data = parts.dataFiles();
            done = true;
            return open(
                    identity,
                    known,
                    weights,
                    parts.tokenizerFolder(),
                    () -> data.size() == 1 ? hash(data.getFirst(), knownHashes) : FileHashes.sha256(data));
        } finally {
            if (!done) {
                weights.close();
            }
        }
    }

    /** Wraps and checks a source, which belongs to the result and is closed if this method throws. */
    private static ModelFiles open(String identity, EncoderConfig config, TensorSource source, Path folder, Hash hash)
            throws IOException {
        TensorSource owned = source;
        boolean done = false;
        try {
            CanonicalWeights weights = CanonicalWeights.of(source);
            owned = weights;
            EncoderTensors.check(config, weights);
            String sha256 = hash.compute();
            done = true;
            return new ModelFiles(identity, config, weights, folder, sha256);
        } finally {
            if (!done) {
                owned.close();
            }
        }
    }

    @FunctionalInterface
    private interface Hash {
        String compute() throws IOException;
    }

    private static String folderName(Path folder) {
        Path name = folder.toAbsolutePath().normalize().getFileName();
        return name == null ? folder.toString() : name.toString();
    }

    /** Closes the weights; idempotent. */
    @Override
    public void close() {
        weights.close();
    }
}
