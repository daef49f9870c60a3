package org.infoprompt.json;

import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.core.exc.StreamReadException;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * Reads small JSON files into nodes without a data-binding mapper, whose many classes a cold start would wait for.
 */
public final class JsonNodes {
    private static final JsonFactory FACTORY = new JsonFactory();
    private static final JsonFactory STRICT = JsonFactory.builder()
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .build();

    private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

    private JsonNodes() {}

    /**
     * Reads a text that holds one value and nothing else; of equal keys of an object, the last one counts.
     *
     * @param text the JSON
     * @return the value
     * @throws JacksonException if it is empty or not valid, or more follows
     */
    public static JsonNode read(String text) {
        return read(FACTORY, text);
    }

    /**
     * Reads a text that holds one value and nothing else, without equal keys.
     *
     * @param text the JSON
     * @return the value
     * @throws JacksonException if it is empty or not valid, a key is there twice, or more follows
     */
    public static JsonNode readStrictly(String text) {
        return read(STRICT, text);
    }

    private static JsonNode read(JsonFactory factory, String text) {
        try (JsonParser parser = factory.createParser(ObjectReadContext.empty(), text)) {
            JsonNode node = value(parser, parser.nextToken());
            if (parser.nextToken() != null) {
                throw new StreamReadException(parser, "more follows the value");
            }
            return node;
        }
    }

    /** Reads the value that starts with a token; how deep values nest is bounded by the parser. */
    private static JsonNode value(JsonParser parser, @Nullable JsonToken token) {
        return switch (token) {
            case null -> throw new StreamReadException(parser, "a value is missing");
            case START_OBJECT -> object(parser);
            case START_ARRAY -> array(parser);
            case VALUE_STRING -> NODES.stringNode(parser.getString());
            case VALUE_TRUE -> NODES.booleanNode(true);
            case VALUE_FALSE -> NODES.booleanNode(false);
            case VALUE_NULL -> NODES.nullNode();
            case VALUE_NUMBER_INT ->
                switch (parser.getNumberType()) {
                    case INT -> NODES.numberNode(parser.getIntValue());
                    case LONG -> NODES.numberNode(parser.getLongValue());
                    default -> NODES.numberNode(parser.getBigIntegerValue());
                };
            case VALUE_NUMBER_FLOAT -> NODES.numberNode(parser.getDoubleValue());
            default -> throw new StreamReadException(parser, "unexpected " + token);
        };
    }

    private static JsonNode object(JsonParser parser) {
        ObjectNode node = NODES.objectNode();
        while (parser.nextToken() != JsonToken.END_OBJECT) {
            String name = parser.currentName();
            node.set(name, value(parser, parser.nextToken()));
        }
        return node;
    }

    private static JsonNode array(JsonParser parser) {
        ArrayNode node = NODES.arrayNode();
        for (JsonToken token = parser.nextToken(); token != JsonToken.END_ARRAY; token = parser.nextToken()) {
            node.add(value(parser, token));
        }
        return node;
    }
}
