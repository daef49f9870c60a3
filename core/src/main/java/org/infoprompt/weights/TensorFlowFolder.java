package org.infoprompt.weights;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Where the parts of a TensorFlow model lie in a folder: a SavedModel ({@code variables/variables.index}, {@code
 * saved_model.pb}, {@code assets/vocab.txt}), the same files side by side, or a checkpoint {@code bert_model.ckpt.index} with
 * {@code vocab.txt}.
 *
 * @param index the checkpoint's index
 * @param savedModel the graph, if there is one
 * @param tokenizerFolder where vocab.txt is
 */
record TensorFlowFolder(Path index, @Nullable Path savedModel, Path tokenizerFolder) {
    private static final List<String> INDEXES =
            List.of("variables/variables.index", "variables.index", "bert_model.ckpt.index");

    /** Returns the model's parts, or null if the folder holds no TensorFlow model. */
    static @Nullable TensorFlowFolder find(Path folder) {
        for (String name : INDEXES) {
            Path index = folder.resolve(name);
            if (Files.exists(index)) {
                Path savedModel = folder.resolve("saved_model.pb");
                Path assets = folder.resolve("assets");
                return new TensorFlowFolder(
                        index,
                        Files.exists(savedModel) ? savedModel : null,
                        Files.exists(assets.resolve("vocab.txt")) ? assets : folder);
            }
        }
        return null;
    }

    /** Returns the data files beside the index, sorted. */
    List<Path> dataFiles() throws IOException {
        String file = String.valueOf(index.getFileName());
        String prefix = file.substring(0, file.length() - "index".length()) + "data-";
        List<Path> files = new ArrayList<>();
        Path parent = index.toAbsolutePath().getParent();
        if (parent != null) {
            try (DirectoryStream<Path> all = Files.newDirectoryStream(
                    parent, path -> String.valueOf(path.getFileName()).startsWith(prefix))) {
                all.forEach(files::add);
            }
        }
        files.sort(null);
        return files;
    }
}
