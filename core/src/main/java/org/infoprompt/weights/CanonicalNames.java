package org.infoprompt.weights;

import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Maps the tensor names of published BERT-like checkpoints to one set: those of Hugging Face's {@code BertModel}, and for the
 * masked-language-model head those of {@code BertForMaskedLM}. Names of other tensors (pooler, heads) are left alone.
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

    private static final String HEAD = "cls.predictions.";
    /** The heads of RoBERTa and DistilBERT; BERT's own names are canonical. */
    private static final Map<String, String> MASKED_LM = Map.of(
            "lm_head.dense.", HEAD + "transform.dense.",
            "lm_head.layer_norm.", HEAD + "transform.LayerNorm.",
            "lm_head.decoder.", HEAD + "decoder.",
            "lm_head.", HEAD,
            "vocab_transform.", HEAD + "transform.dense.",
            "vocab_layer_norm.", HEAD + "transform.LayerNorm.");

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
        String head = maskedLm(stripped);
        if (head != null) {
            return modernNorm(head);
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

    /** Returns the canonical name of a tensor of a masked-LM head, or null for one of another part. */
    private static @Nullable String maskedLm(String name) {
        if (name.startsWith(HEAD)) {
            return name;
        }
        if (name.equals("vocab_projector.weight")) {
            return HEAD + "decoder.weight";
        }
        if (name.equals("vocab_projector.bias")) {
            return HEAD + "bias";
        }
        int dot = name.lastIndexOf('.') + 1;
        String module = MASKED_LM.get(name.substring(0, dot));
        return module == null ? null : module + name.substring(dot);
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
