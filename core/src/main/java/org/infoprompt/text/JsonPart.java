package org.infoprompt.text;

import java.util.ArrayList;
import java.util.List;
import org.infoprompt.io.InputException;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** A part of a JSON file that knows where it is, so that an error can say so. */
record JsonPart(String source, String place, JsonNode node) {
    static final String REMEDY = "use the tokenizer.json of a BERT or RoBERTa model as it was published";

    private static final JsonMapper MAPPER = new JsonMapper(
            JsonFactory.builder().enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION).build());

    /** Parses a JSON object. */
    static JsonPart parse(String source, String text) throws InputException {
        JsonNode node;
        try {
            node = MAPPER.readTree(text);
        } catch (JacksonException e) {
            String place = e.getLocation() == null ? "" : "line " + e.getLocation().getLineNr();
            throw new InputException(
                    source, place, "is not valid JSON: " + e.getOriginalMessage(), "get a complete copy of the file", e);
        }
        if (node == null || !node.isObject()) {
            throw new InputException(source, "", "is not a JSON object", "get a complete copy of the file");
        }
        return new JsonPart(source, "", node);
    }

    InputException error(String problem, String remedy) {
        return new InputException(source, place, problem, remedy);
    }

    InputException error(String problem) {
        return error(problem, REMEDY);
    }

    boolean has(String key) {
        JsonNode child = node.get(key);
        return child != null && !child.isNull();
    }

    /** Returns a member that may be absent or null. */
    @Nullable JsonPart optional(String key) {
        JsonNode child = node.get(key);
        return child == null || child.isNull() ? null : at(key, child);
    }

    JsonPart required(String key) throws InputException {
        JsonPart child = optional(key);
        if (child == null) {
            throw error("has no '" + key + "'");
        }
        return child;
    }

    JsonPart object(String key) throws InputException {
        JsonPart child = required(key);
        if (!child.node.isObject()) {
            throw child.error("is not an object");
        }
        return child;
    }

    List<JsonPart> array(String key) throws InputException {
        return required(key).elements();
    }

    List<JsonPart> elements() throws InputException {
        if (!node.isArray()) {
            throw error("is not an array");
        }
        List<JsonPart> parts = new ArrayList<>(node.size());
        for (int i = 0; i < node.size(); i++) {
            parts.add(new JsonPart(source, place + "[" + i + "]", node.get(i)));
        }
        return parts;
    }

    String text(String key) throws InputException {
        return required(key).text();
    }

    String text(String key, String absent) throws InputException {
        JsonPart child = optional(key);
        return child == null ? absent : child.text();
    }

    String text() throws InputException {
        if (!node.isString()) {
            throw error("is not a string");
        }
        return node.stringValue();
    }

    boolean flag(String key, boolean absent) throws InputException {
        JsonPart child = optional(key);
        if (child == null) {
            return absent;
        }
        if (!child.node.isBoolean()) {
            throw child.error("is not true or false");
        }
        return child.node.booleanValue();
    }

    int number(String key) throws InputException {
        return required(key).number();
    }

    /** Returns a non-negative integer. */
    int number() throws InputException {
        if (!node.isIntegralNumber() || !node.canConvertToInt() || node.intValue() < 0) {
            throw error("is not a non-negative integer");
        }
        return node.intValue();
    }

    private JsonPart at(String key, JsonNode child) {
        return new JsonPart(source, place.isEmpty() ? key : place + "." + key, child);
    }
}
