package org.infoprompt.peft;

import java.util.Map;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;
import org.jspecify.annotations.Nullable;

/**
 * Factor of a module's low-rank product: alpha/r, or alpha/√r with {@code use_rslora}; both numbers may differ by module.
 *
 * @param config names the file in messages
 * @param rank r where no pattern fits, or null if the file does not say
 * @param alpha alpha where no pattern fits
 * @param ranks pattern to r
 * @param alphas pattern to alpha
 * @param root whether alpha is divided by √r
 */
record LoraScaling(
        AdapterConfig config,
        @Nullable Integer rank,
        double alpha,
        Map<String, Double> ranks,
        Map<String, Double> alphas,
        boolean root) {

    private static final String[] REFUSED = {
        "use_dora",
        "lora_bias",
        "fan_in_fan_out",
        "layer_replication",
        "alora_invocation_tokens",
        "arrow_config",
        "kasa_config",
        "monteclora_config",
        "velora_config",
        "use_bdlora",
        "use_qalora",
        "target_parameters",
        "trainable_token_indices",
    };

    static LoraScaling read(AdapterConfig config) throws PeftException {
        for (String key : REFUSED) {
            config.refuse(key);
        }
        String bias = config.text("bias");
        if (bias != null && !bias.equals("none")) {
            throw config.problem(
                    "bias",
                    "is " + bias + ", only none is supported",
                    "merge the adapter in Python (merge_and_unload)");
        }
        return new LoraScaling(
                config,
                config.size("r"),
                config.number("lora_alpha", 8),
                config.numbers("rank_pattern"),
                config.numbers("alpha_pattern"),
                config.flag("use_rslora"));
    }

    /** Returns the factor of a module whose matrices have a given rank. */
    double scale(String module, int found) throws PeftException {
        Double configured = matching(ranks, module, "rank_pattern");
        if (configured == null && rank != null) {
            configured = rank.doubleValue();
        }
        if (configured != null && configured != found) {
            throw config.problem(
                    "r",
                    "gives " + module + " rank " + configured.intValue() + ", its matrices have " + found,
                    "use configuration and weights of the same adapter");
        }
        Double own = matching(alphas, module, "alpha_pattern");
        return (own == null ? alpha : own) / (root ? Math.sqrt(found) : found);
    }

    /** The first pattern that fits the module's name from a dot on, as PEFT looks it up. */
    private @Nullable Double matching(Map<String, Double> patterns, String module, String key) throws PeftException {
        for (Map.Entry<String, Double> entry : patterns.entrySet()) {
            try {
                if (Pattern.matches("(.*\\.)?(" + entry.getKey() + ")", module)) {
                    return entry.getValue();
                }
            } catch (PatternSyntaxException e) {
                throw new PeftException(
                        config.name(),
                        "key " + key + "." + entry.getKey(),
                        "is no regular expression",
                        "save the adapter again with PEFT",
                        e);
            }
        }
        return null;
    }
}
