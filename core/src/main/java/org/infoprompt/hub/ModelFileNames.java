package org.infoprompt.hub;

import java.util.Collection;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The names that the files of an archive get in a model folder. They are fixed here, so no entry of an archive can choose where
 * it is written.
 */
final class ModelFileNames {
    private static final String ONNX = "model.onnx";
    private static final String SAFETENSORS = "model.safetensors";
    private static final String TENSORFLOW = "variables.index";
    private static final String TOKENIZER = "tokenizer.json";
    private static final List<String> TOKENIZERS = List.of(TOKENIZER, "vocab.txt", "vocab.json");
    private static final List<String> PLAIN =
            List.of("config.json", SAFETENSORS, "vocab.txt", "vocab.json", "merges.txt", "saved_model.pb", TENSORFLOW);
    private static final Pattern TENSORFLOW_DATA = Pattern.compile("variables\\.data-\\d{5}-of-\\d{5}");

    private ModelFileNames() {}

    /** Returns the name for an entry, or null for one that is no part of a model. */
    static @Nullable String of(String entry) {
        String name = entry.substring(entry.lastIndexOf('/') + 1);
        if (name.endsWith(".onnx")) {
            return ONNX;
        }
        if (name.endsWith(TOKENIZER)) {
            return TOKENIZER;
        }
        return PLAIN.contains(name) || TENSORFLOW_DATA.matcher(name).matches() ? name : null;
    }

    /** Returns what is missing for a model, or null if weights and a tokenizer are there. */
    static @Nullable String missing(Collection<String> names) {
        if (!names.contains(ONNX) && !names.contains(SAFETENSORS) && !names.contains(TENSORFLOW)) {
            return ONNX + ", " + SAFETENSORS + " or " + TENSORFLOW;
        }
        return TOKENIZERS.stream().anyMatch(names::contains) ? null : "tokenizer";
    }
}
