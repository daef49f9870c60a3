package org.infoprompt.peft;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import org.infoprompt.io.TextFiles;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The {@code adapter_config.json} of an adapter; a value of another type than expected is named with its key. */
final class AdapterConfig {
    static final String FILE = "adapter_config.json";
    static final String TASK_TYPE = "SEQ_CLS";

    private static final JsonMapper MAPPER = JsonMapper.builder()
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .build();
    private static final String SAVE_AGAIN = "save the adapter again with PEFT";

    private final Path file;
    private final String prefix;
    private final JsonNode root;

    private AdapterConfig(Path file, String prefix, JsonNode root) {
        this.file = file;
        this.prefix = prefix;
        this.root = root;
    }

    /** Reads a folder's configuration. */
    static AdapterConfig read(Path folder) throws IOException {
        if (!Files.isDirectory(folder)) {
            throw new PeftException(
                    folder.toString(),
                    "",
                    Files.exists(folder) ? "is no folder" : "no such folder",
                    "name the folder that holds " + FILE);
        }
        Path file = folder.resolve(FILE);
        if (!Files.exists(file)) {
            throw new PeftException(
                    folder.toString(), "", "has no " + FILE, "name a folder that PEFT or infoprompt export wrote");
        }
        return new AdapterConfig(file, "", object(file));
    }

    /** Reads any JSON object. */
    static JsonNode object(Path file) throws IOException {
        JsonNode root;
        try {
            root = MAPPER.readTree(TextFiles.read(file));
        } catch (JacksonException e) {
            String line =
                    e.getLocation() == null ? "" : "line " + e.getLocation().getLineNr();
            throw new PeftException(
                    file.toString(), line, "is not valid JSON: " + e.getOriginalMessage(), "fetch it again", e);
        }
        if (!root.isObject()) {
            throw new PeftException(file.toString(), "", "is not a JSON object", "fetch it again");
        }
        return root;
    }

    /** Returns the kind of adapter, after checking that its task is one that can be read. */
    PeftType type() throws PeftException {
        String name = text("peft_type");
        PeftType type = null;
        for (PeftType known : PeftType.values()) {
            if (known.name().equals(name)) {
                type = known;
            }
        }
        if (type == null) {
            throw problem(
                    "peft_type",
                    name == null ? "is missing" : name + " is not supported",
                    "supported are " + PeftType.names());
        }
        String task = text("task_type");
        if (!TASK_TYPE.equals(task)) {
            throw problem(
                    "task_type",
                    task == null
                            ? "is null or missing, so the adapter has no class head"
                            : task + " is not supported, only " + TASK_TYPE + " is",
                    "train and save the adapter with task_type " + TASK_TYPE);
        }
        return type;
    }

    String name() {
        return file.toString();
    }

    PeftException problem(String key, String problem, String remedy) {
        return new PeftException(file.toString(), "key " + prefix + key, problem, remedy);
    }

    private @Nullable JsonNode value(String key) {
        JsonNode node = root.get(key);
        return node == null || node.isNull() ? null : node;
    }

    /** Returns a nested object, or null. */
    @Nullable
    AdapterConfig object(String key) throws PeftException {
        JsonNode node = value(key);
        if (node != null && !node.isObject()) {
            throw problem(key, "is not an object", SAVE_AGAIN);
        }
        return node == null ? null : new AdapterConfig(file, prefix + key + ".", node);
    }

    @Nullable
    String text(String key) throws PeftException {
        JsonNode node = value(key);
        if (node != null && !node.isString()) {
            throw problem(key, node + " is not a text", SAVE_AGAIN);
        }
        return node == null ? null : node.stringValue();
    }

    /** Returns an integer of at least 1, or null. */
    @Nullable
    Integer size(String key) throws PeftException {
        JsonNode node = value(key);
        if (node == null) {
            return null;
        }
        if (!node.isIntegralNumber() || !node.canConvertToInt() || node.intValue() < 1) {
            throw problem(key, node + " is not a positive integer", SAVE_AGAIN);
        }
        return node.intValue();
    }

    int needSize(String key) throws PeftException {
        Integer size = size(key);
        if (size == null) {
            throw problem(key, "is missing", SAVE_AGAIN);
        }
        return size;
    }

    double number(String key, double absent) throws PeftException {
        JsonNode node = value(key);
        if (node == null) {
            return absent;
        }
        if (!node.isNumber() || !Double.isFinite(node.doubleValue())) {
            throw problem(key, node + " is not a number", SAVE_AGAIN);
        }
        return node.doubleValue();
    }

    boolean flag(String key) throws PeftException {
        JsonNode node = value(key);
        if (node != null && !node.isBoolean()) {
            throw problem(key, node + " is not true or false", SAVE_AGAIN);
        }
        return node != null && node.booleanValue();
    }

    /** Returns an object of numbers, in file order; empty if absent. */
    Map<String, Double> numbers(String key) throws PeftException {
        Map<String, Double> numbers = new LinkedHashMap<>();
        AdapterConfig nested = object(key);
        if (nested != null) {
            for (String name : nested.root.propertyNames()) {
                numbers.put(name, nested.number(name, Double.NaN));
            }
        }
        return numbers;
    }

    /** Refuses a switch that would change the result: only null, false, an empty object or list are known to do nothing. */
    void refuse(String key) throws PeftException {
        JsonNode node = value(key);
        boolean off =
                node == null || (node.isBoolean() && !node.booleanValue()) || (node.isContainer() && node.isEmpty());
        if (!off) {
            throw problem(
                    key,
                    "is " + shortened(String.valueOf(node)) + ", which is not supported",
                    "merge the adapter in Python (merge_and_unload) or train it without");
        }
    }

    /** Returns class names in class order, or null where the configuration has none. */
    java.util.@Nullable List<String> labels() throws PeftException {
        AdapterConfig nested = object("id2label");
        return nested == null ? null : Labels.ofJson(file, prefix + "id2label", nested.root);
    }

    private static String shortened(String text) {
        return text.length() > 60 ? text.substring(0, 60) + "..." : text;
    }
}
