package org.infoprompt.weights;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

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
    private static final String ONNX = "model.onnx";
    private static final String INDEX = "model.safetensors.index.json";

    /**
     * Opens a Hugging Face model folder: {@code config.json} with {@code model.safetensors},
     * {@code model.safetensors.index.json} or {@code model.onnx}; beside the last, {@code config.json} may be missing.
     *
     * @param folder the folder
     * @return the model, to be closed by the caller
     * @throws org.infoprompt.io.InputException if a file is missing or cannot be used
     * @throws IOException if a file cannot be read
     */
    public static ModelFiles openFolder(Path folder) throws IOException {
        if (!Files.isDirectory(folder)) {
            throw new WeightFormatException(
                    folder.toString(), "", Files.exists(folder) ? "is not a folder" : "no such folder", "check the path");
        }
        Path configJson = folder.resolve("config.json");
        Path onnx = folder.resolve(ONNX);
        if (!Files.exists(configJson) && Files.exists(onnx)) {
            return openOnnx(folderName(folder), onnx, folder);
        }
        EncoderConfig config = EncoderConfig.fromJson(configJson);
        Path single = folder.resolve(SINGLE);
        Path index = folder.resolve(INDEX);
        if (Files.exists(single)) {
            return open(folderName(folder), config, SafetensorsFile.open(single), folder, List.of(single));
        }
        if (Files.exists(index)) {
            List<Path> shards = ShardedSafetensors.shardFiles(index);
            return open(folderName(folder), config, ShardedSafetensors.open(index), folder, shards);
        }
        if (Files.exists(onnx)) {
            return open(folderName(folder), config, OnnxWeights.open(onnx), folder, List.of(onnx));
        }
        for (String pickle : List.of("pytorch_model.bin", "pytorch_model.bin.index.json")) {
            if (Files.exists(folder.resolve(pickle))) {
                MappedFile.refusePickleName(folder.resolve("pytorch_model.bin"));
            }
        }
        throw new WeightFormatException(
                folder.toString(), "", "has neither " + SINGLE + " nor " + INDEX, "name a complete model folder");
    }

    /**
     * Opens an ONNX file and derives the configuration from its graph.
     *
     * @param identity {@code group:artifact:version} or a folder's name
     * @param onnx the file
     * @param tokenizerFolder where the tokenizer lies
     * @return the model, to be closed by the caller
     * @throws WeightFormatException if the file cannot be used
     * @throws IOException if it cannot be read
     * @see OnnxWeights#encoderConfig
     */
    public static ModelFiles openOnnx(String identity, Path onnx, Path tokenizerFolder) throws IOException {
        OnnxWeights weights = OnnxWeights.open(onnx);
        boolean done = false;
        try {
            EncoderConfig config = weights.encoderConfig();
            done = true;
            return open(identity, config, weights, tokenizerFolder, List.of(onnx));
        } finally {
            if (!done) {
                weights.close();
            }
        }
    }

    /**
     * Brings an opened source under canonical names and checks it against a configuration.
     *
     * @param identity {@code group:artifact:version} or a folder's name
     * @param config the encoder
     * @param source its weights under any known names; belongs to the result, closed if this method throws
     * @param tokenizerFolder where the tokenizer lies
     * @param weightFiles the files behind the source, to be hashed in this order
     * @return the model, to be closed by the caller
     * @throws WeightFormatException if a tensor is missing, has another shape or is not finite
     * @throws IOException if a file cannot be read
     */
    public static ModelFiles open(
            String identity, EncoderConfig config, TensorSource source, Path tokenizerFolder, List<Path> weightFiles)
            throws IOException {
        TensorSource owned = source;
        boolean done = false;
        try {
            CanonicalWeights weights = CanonicalWeights.of(source);
            owned = weights;
            EncoderTensors.check(config, weights);
            String sha256 = FileHashes.sha256(weightFiles);
            done = true;
            return new ModelFiles(identity, config, weights, tokenizerFolder, sha256);
        } finally {
            if (!done) {
                owned.close();
            }
        }
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
