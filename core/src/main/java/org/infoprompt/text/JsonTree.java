package org.infoprompt.text;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.infoprompt.io.InputException;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.json.JsonFactory;

/**
 * Reads JSON into maps, lists, strings, longs, doubles and booleans. A vocabulary is one large object, and loading it is
 * on the way to the first prediction; this takes a fraction of what a data-binding mapper needs to start.
 */
final class JsonTree {
    /** Stands for null. */
    static final Object NULL = new Object();

    private static final String REMEDY = "get a complete copy of the file";
    private static final JsonFactory FACTORY = new JsonFactory();

    private final String source;
    private final JsonParser parser;

    private JsonTree(String source, JsonParser parser) {
        this.source = source;
        this.parser = parser;
    }

    /** Parses a text that must hold one object. */
    static Map<?, ?> parseObject(String source, String text) throws InputException {
        try (JsonParser parser = FACTORY.createParser(ObjectReadContext.empty(), text)) {
            JsonTree tree = new JsonTree(source, parser);
            if (!(tree.value(parser.nextToken()) instanceof Map<?, ?> object)) {
                throw new InputException(source, "", "is not a JSON object", REMEDY);
            }
            if (parser.nextToken() != null) {
                throw tree.error("is not valid JSON: more follows the object");
            }
            return object;
        } catch (JacksonException e) {
            String place =
                    e.getLocation() == null ? "" : "line " + e.getLocation().getLineNr();
            throw new InputException(source, place, "is not valid JSON: " + e.getOriginalMessage(), REMEDY, e);
        }
    }

    /** Reads the value that starts with a token; how deep values nest is bounded by the parser. */
    private Object value(@Nullable JsonToken token) throws InputException {
        return switch (token) {
            case null -> throw new InputException(source, "", "is empty", REMEDY);
            case START_OBJECT -> object();
            case START_ARRAY -> array();
            case VALUE_STRING -> parser.getString();
            case VALUE_TRUE -> true;
            case VALUE_FALSE -> false;
            case VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT -> number(parser.getString());
            default -> NULL;
        };
    }

    private Map<String, Object> object() throws InputException {
        Map<String, Object> members = new LinkedHashMap<>();
        while (parser.nextToken() != JsonToken.END_OBJECT) {
            String name = parser.currentName();
            if (members.put(name, value(parser.nextToken())) != null) {
                throw error("duplicate key '" + name + "'");
            }
        }
        return members;
    }

    private List<Object> array() throws InputException {
        List<Object> elements = new ArrayList<>();
        for (JsonToken token = parser.nextToken(); token != JsonToken.END_ARRAY; token = parser.nextToken()) {
            elements.add(value(token));
        }
        return elements;
    }

    /** Some files hold a 31-digit "no limit"; no number that matters here is beyond a long. */
    private static Object number(String digits) {
        try {
            return Long.parseLong(digits);
        } catch (NumberFormatException e) {
            return Double.parseDouble(digits);
        }
    }

    private InputException error(String problem) {
        return new InputException(source, "line " + parser.currentLocation().getLineNr(), problem, REMEDY);
    }
}
