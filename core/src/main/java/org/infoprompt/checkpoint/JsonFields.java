package org.infoprompt.checkpoint;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.infoprompt.io.TextFiles;
import org.infoprompt.json.JsonNodes;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;

/** Reads typed values out of a JSON object; what is missing or of another type is named with its path. */
final class JsonFields {
    private final Path file;
    private final String prefix;
    private final JsonNode node;

    private JsonFields(Path file, String prefix, JsonNode node) {
        this.file = file;
        this.prefix = prefix;
        this.node = node;
    }

    static JsonFields read(Path file, String what) throws IOException {
        if (!Files.exists(file)) {
            throw new CheckpointException(file.toString(), "", "no such file", "name a folder that holds a " + what);
        }
        try {
            JsonNode root = JsonNodes.readStrictly(TextFiles.read(file));
            if (!root.isObject()) {
                throw new CheckpointException(file.toString(), "", "is not a JSON object", "train again");
            }
            return new JsonFields(file, "", root);
        } catch (JacksonException e) {
            String line =
                    e.getLocation() == null ? "" : "line " + e.getLocation().getLineNr();
            throw new CheckpointException(
                    file.toString(), line, "is not valid JSON: " + e.getOriginalMessage(), "train again", e);
        }
    }

    private JsonNode need(String key, String type, boolean ok) throws CheckpointException {
        JsonNode value = node.get(key);
        if (value == null || !ok) {
            throw new CheckpointException(
                    file.toString(),
                    "key " + prefix + key,
                    value == null ? "is missing" : "is not " + type,
                    "train again or restore the file");
        }
        return value;
    }

    JsonFields object(String key) throws CheckpointException {
        JsonNode value = node.get(key);
        return new JsonFields(file, prefix + key + ".", need(key, "an object", value != null && value.isObject()));
    }

    String text(String key) throws CheckpointException {
        JsonNode value = node.get(key);
        return need(key, "a text", value != null && value.isString()).stringValue();
    }

    boolean bool(String key) throws CheckpointException {
        JsonNode value = node.get(key);
        return need(key, "true or false", value != null && value.isBoolean()).booleanValue();
    }

    int integer(String key) throws CheckpointException {
        JsonNode value = node.get(key);
        boolean ok = value != null && value.isIntegralNumber() && value.canConvertToInt();
        return need(key, "an integer", ok).intValue();
    }

    /** An integer that files of older versions lack. */
    int integerOr(String key, int absent) throws CheckpointException {
        return node.get(key) == null ? absent : integer(key);
    }

    long longInteger(String key) throws CheckpointException {
        JsonNode value = node.get(key);
        boolean ok = value != null && value.isIntegralNumber() && value.canConvertToLong();
        return need(key, "an integer", ok).longValue();
    }

    /** A number; null stands for NaN. */
    double number(String key) throws CheckpointException {
        JsonNode value = node.get(key);
        if (value != null && value.isNull()) {
            return Double.NaN;
        }
        return need(key, "a number", value != null && value.isNumber()).doubleValue();
    }

    <E extends Enum<E>> E constant(String key, Class<E> type) throws CheckpointException {
        String name = text(key);
        for (E constant : type.getEnumConstants()) {
            if (constant.name().equals(name.toUpperCase(Locale.ROOT))) {
                return constant;
            }
        }
        throw new CheckpointException(
                file.toString(), "key " + prefix + key, "has unknown value " + name, "use the version that wrote it");
    }

    List<String> texts(String key) throws CheckpointException {
        JsonNode value = node.get(key);
        List<String> texts = new ArrayList<>();
        for (JsonNode element : need(key, "a list", value != null && value.isArray())) {
            if (!element.isString()) {
                throw new CheckpointException(
                        file.toString(), "key " + prefix + key, "is not a list of texts", "restore the file");
            }
            texts.add(element.stringValue());
        }
        return texts;
    }

    /** All values of this object, which must be texts. */
    Map<String, String> strings() throws CheckpointException {
        Map<String, String> texts = new LinkedHashMap<>();
        for (Map.Entry<String, JsonNode> entry : node.properties()) {
            texts.put(entry.getKey(), text(entry.getKey()));
        }
        return texts;
    }

    List<JsonFields> objects(String key) throws CheckpointException {
        JsonNode value = node.get(key);
        List<JsonFields> objects = new ArrayList<>();
        for (JsonNode element : need(key, "a list", value != null && value.isArray())) {
            objects.add(new JsonFields(file, prefix + key + "[" + objects.size() + "].", element));
        }
        return objects;
    }
}
