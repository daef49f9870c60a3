package org.infoprompt.text;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.infoprompt.io.InputException;
import org.jspecify.annotations.Nullable;

/**
 * A part of a JSON file that knows where it is, so that an error can say so.
 *
 * @param value as {@link JsonTree} makes it
 */
record JsonPart(String source, String place, Object value) {
    static final String REMEDY = "use the tokenizer.json of a BERT or RoBERTa model as it was published";

    /** Parses a JSON object. */
    static JsonPart parse(String source, String text) throws InputException {
        return new JsonPart(source, "", JsonTree.parseObject(source, text));
    }

    InputException error(String problem, String remedy) {
        return new InputException(source, place, problem, remedy);
    }

    InputException error(String problem) {
        return error(problem, REMEDY);
    }

    boolean isObject() {
        return value instanceof Map<?, ?>;
    }

    /** Returns the members of an object, none of anything else. */
    Map<?, ?> members() {
        return value instanceof Map<?, ?> members ? members : Map.of();
    }

    boolean has(String key) {
        return optional(key) != null;
    }

    /** Returns a member that may be absent or null. */
    @Nullable
    JsonPart optional(String key) {
        Object child = members().get(key);
        return child == null || child.equals(JsonTree.NULL) ? null : member(key, child);
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
        if (!child.isObject()) {
            throw child.error("is not an object");
        }
        return child;
    }

    List<JsonPart> array(String key) throws InputException {
        JsonPart array = required(key);
        List<?> values = array.elements();
        List<JsonPart> parts = new ArrayList<>(values.size());
        for (int i = 0; i < values.size(); i++) {
            parts.add(array.element(i));
        }
        return parts;
    }

    /** Returns the elements as they are; {@link #element} makes parts of them. */
    List<?> elements() throws InputException {
        if (value instanceof List<?> elements) {
            return elements;
        }
        throw error("is not an array");
    }

    JsonPart element(int index) throws InputException {
        return new JsonPart(source, place + "[" + index + "]", elements().get(index));
    }

    String text(String key) throws InputException {
        return required(key).text();
    }

    String text(String key, String absent) throws InputException {
        JsonPart child = optional(key);
        return child == null ? absent : child.text();
    }

    String text() throws InputException {
        if (value instanceof String text) {
            return text;
        }
        throw error("is not a string");
    }

    boolean flag(String key, boolean absent) throws InputException {
        JsonPart child = optional(key);
        if (child == null) {
            return absent;
        }
        if (child.value instanceof Boolean flag) {
            return flag;
        }
        throw child.error("is not true or false");
    }

    int number(String key) throws InputException {
        return required(key).number();
    }

    /** Returns a non-negative integer. */
    int number() throws InputException {
        if (value instanceof Long number && number >= 0 && number <= Integer.MAX_VALUE) {
            return number.intValue();
        }
        throw error("is not a non-negative integer");
    }

    JsonPart member(String key, Object child) {
        return new JsonPart(source, place.isEmpty() ? key : place + "." + key, child);
    }
}
