package org.infoprompt.weights;

import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Maps the tensor names of published BERT-like checkpoints to one set: those of Hugging Face's {@code BertModel}.
 * Names of tensors outside the encoder (pooler, heads) are left alone.
 */
public final class CanonicalNames {
    private static final List<String> PREFIXES = List.of("bert.", "roberta.", "distilbert.", "0.auto_model.");
    private static final Pattern LAYER = Pattern.compile("(?:transformer|encoder)\\.layer\\.(\\d+)\\.(.+)\\.([a-z]+)");
    private static final Map<String, String> DISTILBERT = Map.of(
            "attention.q_lin", "attention.self.query",
            "attention.k_lin", "attention.self.key",
            "attention.v_lin", "attention.self.value",
            "attention.out_lin", "attention.output.dense",
            "sa_layer_norm", "attention.output.LayerNorm",
            "ffn.lin1", "intermediate.dense",
            "ffn.lin2", "output.dense",
            "output_layer_norm", "output.LayerNorm");

    private CanonicalNames() {}

    /**
     * {@return the canonical name of a tensor}
     *
     * @param name what the file calls it
     */
    public static String of(String name) {
        String stripped = name;
        for (String prefix : PREFIXES) {
            if (stripped.startsWith(prefix)) {
                stripped = stripped.substring(prefix.length());
            }
        }
        if (stripped.startsWith("embeddings.")) {
            return modernNorm(stripped);
        }
        Matcher layer = LAYER.matcher(stripped);
        if (!layer.matches()) {
            return name;
        }
        String part = layer.group(2);
        return modernNorm(
                "encoder.layer." + layer.group(1) + "." + DISTILBERT.getOrDefault(part, part) + "." + layer.group(3));
    }

    /** The first TensorFlow checkpoints called a norm's weight gamma and its bias beta. */
    private static String modernNorm(String name) {
        if (name.endsWith("LayerNorm.gamma")) {
            return name.substring(0, name.length() - "gamma".length()) + "weight";
        }
        if (name.endsWith("LayerNorm.beta")) {
            return name.substring(0, name.length() - "beta".length()) + "bias";
        }
        return name;
    }
}
