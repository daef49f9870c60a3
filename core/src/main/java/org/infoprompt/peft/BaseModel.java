package org.infoprompt.peft;

import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.List;
import org.infoprompt.hub.Backbone;
import org.infoprompt.hub.Backbones;
import org.infoprompt.weights.EncoderConfig;
import org.infoprompt.weights.ModelFiles;

/** Checks that an adapter belongs to a base model, as far as its configuration tells. */
final class BaseModel {
    private static final String REMEDY = "name the base model it was trained on with --model";

    private BaseModel() {}

    /** Finds the base model by the name in the configuration; coordinates of artifacts are not fetched on a file's word. */
    static String find(AdapterConfig config, Path folder) throws PeftException {
        String name = config.text("base_model_name_or_path");
        if (name == null) {
            throw config.problem("base_model_name_or_path", "is missing", REMEDY);
        }
        for (Backbone known : Backbones.known()) {
            if (name.equals(known.id()) || name.equals(known.coordinates()) || name.equalsIgnoreCase(known.origin())) {
                return known.id();
            }
        }
        try {
            for (Path candidate : List.of(Path.of(name), folder.resolve(name), folder.resolveSibling(name))) {
                if (Files.isDirectory(candidate)) {
                    return candidate.toString();
                }
            }
        } catch (InvalidPathException e) {
            throw new PeftException(
                    config.name(), "key base_model_name_or_path", "is no folder and no known model", REMEDY, e);
        }
        throw config.problem(
                "base_model_name_or_path", "is " + name + ", which is no folder here and no known model", REMEDY);
    }

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

    /** Whether a base model's name means a backbone; hubs differ in owners and case. */
    static boolean sameName(String name, String reference) {
        String last = lastPart(name);
        for (Backbone known : Backbones.known()) {
            if (reference.equals(known.id()) || reference.equals(known.coordinates())) {
                return name.equals(known.id())
                        || name.equals(known.coordinates())
                        || last.equalsIgnoreCase(lastPart(known.origin()));
            }
        }
        String[] coordinates = reference.split(":", -1);
        return last.equalsIgnoreCase(lastPart(reference))
                || (coordinates.length > 2 && last.equalsIgnoreCase(coordinates[1]));
    }

    private static String lastPart(String name) {
        String[] parts = name.split("[/\\\\]", 0);
        return parts.length == 0 ? name : parts[parts.length - 1];
    }
}
