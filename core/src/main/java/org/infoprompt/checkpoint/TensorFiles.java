package org.infoprompt.checkpoint;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import org.infoprompt.io.AtomicFiles;
import org.infoprompt.tensor.Tensor;
import org.infoprompt.weights.FileHashes;
import org.infoprompt.weights.SafetensorsFile;
import org.infoprompt.weights.SafetensorsWriter;
import tools.jackson.databind.node.ObjectNode;

/**
 * A JSON file that points to a tensor file beside it. The tensors are written first under a name of their own, then the JSON is
 * moved over the old one: whoever reads sees the old pair or the new pair. Tensor files nothing points to are removed after.
 */
final class TensorFiles {
    private static final String SUFFIX = ".safetensors";

    private TensorFiles() {}

    /**
     * Saves a pair.
     *
     * @param json where the JSON goes
     * @param stem start of the tensor file's name
     * @param version makes the name differ from the one in use
     * @param root the JSON; receives the tensor file's name and hash
     * @param tensors the tensors
     */
    static void save(Path json, String stem, String version, ObjectNode root, SequencedMap<String, Tensor> tensors)
            throws IOException {
        Path folder = json.toAbsolutePath().getParent();
        String name = stem + "-" + version + SUFFIX;
        Path file = json.resolveSibling(name);
        SafetensorsWriter.write(file, Map.of("format", CheckpointJson.FORMAT), tensors);
        root.put("tensors", name);
        root.put("tensorsSha256", FileHashes.sha256(List.of(file)));
        AtomicFiles.write(json, CheckpointJson.print(root).getBytes(StandardCharsets.UTF_8));
        if (folder != null) {
            removeOthers(folder, stem, name);
        }
    }

    private static void removeOthers(Path folder, String stem, String keep) throws IOException {
        try (DirectoryStream<Path> files = Files.newDirectoryStream(folder, stem + "-*" + SUFFIX)) {
            for (Path file : files) {
                if (!String.valueOf(file.getFileName()).equals(keep)) {
                    Files.deleteIfExists(file);
                }
            }
        }
    }

    /** Opens the tensor file a JSON points to, after checking its hash. */
    static SafetensorsFile open(Path json, JsonFields root) throws IOException {
        String name = root.text("tensors");
        if (name.contains("/") || name.contains("\\") || name.startsWith(".")) {
            throw new CheckpointException(
                    json.toString(), "key tensors", "names a file outside its folder", "restore the file");
        }
        Path file = json.resolveSibling(name);
        if (!Files.exists(file)) {
            throw new CheckpointException(
                    json.toString(), "key tensors", "names " + name + ", which is missing", "restore the file");
        }
        if (!FileHashes.sha256(List.of(file)).equals(root.text("tensorsSha256"))) {
            throw new CheckpointException(
                    file.toString(), "", "is damaged: its hash differs from " + json.getFileName(), "restore the file");
        }
        return SafetensorsFile.open(file);
    }
}
