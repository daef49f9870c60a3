package org.infoprompt.peft;

import java.nio.file.Path;
import java.util.Locale;
import org.infoprompt.weights.EncoderConfig;
import org.infoprompt.weights.ModelFiles;
import org.jspecify.annotations.Nullable;

/** Checks that an adapter belongs to a base model, as far as its configuration tells. */
final class BaseModel {
    private static final String REMEDY = "name the base model it was trained on with --model";

    private BaseModel() {}

    /**
     * Compares sizes, and the names unless another name is accepted.
     *
     * @param config the adapter's configuration
     * @param files the base model
     * @param reference how the base model was asked for
     * @param anyName whether the names may differ
     */
    static void check(AdapterConfig config, ModelFiles files, String reference, boolean anyName) throws PeftException {
        EncoderConfig sizes = files.config();
        same(config, "token_dim", "hidden size", sizes.hiddenSize(), files);
        same(config, "num_layers", "number of layers", sizes.numLayers(), files);
        same(config, "num_attention_heads", "number of attention heads", sizes.numHeads(), files);
        Integer submodules = config.size("num_transformer_submodules");
        if (submodules != null && submodules != 1) {
            throw config.problem(
                    "num_transformer_submodules",
                    "is " + submodules + ", an encoder has 1",
                    "encoder-decoder adapters are not supported");
        }
        AdapterConfig own = config.object(AdapterFiles.EXTENSION);
        String sha256 = own == null ? null : own.text("backbone_sha256");
        if (own != null && sha256 != null) {
            if (!sha256.equals(files.sha256())) {
                throw own.problem(
                        "backbone_sha256",
                        "says that the adapter was trained on " + config.text("base_model_name_or_path") + ", not on "
                                + files.identity(),
                        REMEDY);
            }
            return;
        }
        String name = config.text("base_model_name_or_path");
        if (!anyName && name != null && !sameName(name, files.identity()) && !sameName(name, reference)) {
            throw config.problem(
                    "base_model_name_or_path",
                    "is " + name + ", the backbone is " + files.identity(),
                    REMEDY + ", or say --any-base if it is the same model under another name");
        }
    }

    private static void same(AdapterConfig config, String key, String what, int actual, ModelFiles files)
            throws PeftException {
        Integer wanted = config.size(key);
        if (wanted != null && wanted != actual) {
            throw config.problem(
                    key, "is " + wanted + ", the backbone " + files.identity() + " has " + what + " " + actual, REMEDY);
        }
    }

    /** Whether the last part of a name occurs in a reference; signs and case differ between hubs. */
    static boolean sameName(String name, String reference) {
        String last = simple(lastPart(name));
        return last.isEmpty() || simple(reference).contains(last);
    }

    private static String lastPart(String name) {
        Path last = Path.of(name.replace('\\', '/')).getFileName();
        return last == null ? name : last.toString();
    }

    private static String simple(@Nullable String name) {
        return name == null ? "" : name.toLowerCase(Locale.ROOT).replaceAll("[^\\p{L}\\p{N}]", "");
    }
}
