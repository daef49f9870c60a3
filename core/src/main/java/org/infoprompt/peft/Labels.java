package org.infoprompt.peft;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * Class names of an adapter. Hugging Face keeps them as {@code id2label}, an object from class number to name, in the base model's
 * {@code config.json}; a base without a classification head has none.
 */
final class Labels {
    private Labels() {}

    /**
     * Finds the names of an adapter's classes.
     *
     * @param config the adapter's configuration; its own names come first
     * @param baseFolder holds the base model's {@code config.json}, if it has one
     * @param numClasses how many classes the saved head has
     */
    static List<String> find(AdapterConfig config, Path baseFolder, int numClasses) throws IOException {
        AdapterConfig own = config.object(AdapterFiles.EXTENSION);
        List<String> labels = own == null ? null : own.labels();
        String source = config.name();
        if (labels == null) {
            labels = config.labels();
        }
        if (labels == null) {
            Path base = baseFolder.resolve("config.json");
            labels = Files.exists(base) ? ofBase(base) : null;
            source = base.toString();
        }
        if (labels == null) {
            return generic(numClasses);
        }
        if (labels.size() != numClasses) {
            throw new PeftException(
                    source,
                    "key id2label",
                    "names " + labels.size() + " classes, the adapter's classifier has " + numClasses,
                    "use the base model the adapter was trained on");
        }
        return labels;
    }

    private static @Nullable List<String> ofBase(Path file) throws IOException {
        JsonNode node = AdapterConfig.object(file).get("id2label");
        return node == null || !node.isObject() ? null : ofJson(file, "id2label", node);
    }

    static List<String> generic(int numClasses) {
        List<String> labels = new ArrayList<>();
        for (int k = 0; k < numClasses; k++) {
            labels.add("LABEL_" + k);
        }
        return List.copyOf(labels);
    }

    /** Reads an {@code id2label} object. */
    static List<String> ofJson(Path file, String key, JsonNode node) throws PeftException {
        List<String> labels = new ArrayList<>();
        for (int k = 0; k < node.size(); k++) {
            JsonNode label = node.get(Integer.toString(k));
            if (label == null || !label.isString()) {
                throw new PeftException(
                        file.toString(), "key " + key, "has no name of class " + k, "name classes 0, 1, 2 ...");
            }
            labels.add(label.stringValue());
        }
        if (new HashSet<>(labels).size() != labels.size()) {
            throw new PeftException(
                    file.toString(), "key " + key, "gives two classes the same name", "name each class differently");
        }
        return List.copyOf(labels);
    }
}
