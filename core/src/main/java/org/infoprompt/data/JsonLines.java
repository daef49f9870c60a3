package org.infoprompt.data;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.infoprompt.io.TextFiles;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.core.json.JsonFactory;

/**
 * Parses one JSON object a line. Strings, numbers and booleans become cells as they are written; null, arrays and objects
 * leave the cell out. Blank lines are skipped.
 */
final class JsonLines {
    private static final JsonFactory FACTORY = JsonFactory.builder()
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .build();

    private JsonLines() {}

    static Table parse(String source, String fileName, String text) throws DataFormatException {
        Map<String, Integer> columns = new LinkedHashMap<>();
        List<Table.Row> rows = new ArrayList<>();
        List<String> lines = TextFiles.lines(text);
        for (int i = 0; i < lines.size(); i++) {
            if (!lines.get(i).isBlank()) {
                rows.add(new Table.Row(i + 1, parseLine(source, i + 1, lines.get(i), columns)));
            }
        }
        return new Table(source, fileName, List.copyOf(columns.keySet()), List.copyOf(rows));
    }

    private static List<@Nullable String> parseLine(String source, int line, String json, Map<String, Integer> columns)
            throws DataFormatException {
        Map<Integer, String> cells = new LinkedHashMap<>();
        try (JsonParser parser = FACTORY.createParser(ObjectReadContext.empty(), json)) {
            if (parser.nextToken() != JsonToken.START_OBJECT) {
                throw new DataFormatException(
                        source, "line " + line, "is not a JSON object", "write one object {...} a line");
            }
            while (parser.nextToken() == JsonToken.PROPERTY_NAME) {
                String name = parser.currentName();
                Integer column = columns.computeIfAbsent(name, added -> columns.size());
                JsonToken value = parser.nextToken();
                if (value.isStructStart()) {
                    parser.skipChildren();
                } else if (value != JsonToken.VALUE_NULL) {
                    cells.put(column, parser.getString());
                }
            }
            if (parser.nextToken() != null) {
                throw new DataFormatException(
                        source, "line " + line, "goes on after its JSON object", "write one object a line");
            }
        } catch (JacksonException e) {
            throw new DataFormatException(
                    source,
                    "line " + line,
                    "is not valid JSON: " + e.getOriginalMessage(),
                    "write one object {...} a line",
                    e);
        }
        List<@Nullable String> row = new ArrayList<@Nullable String>(columns.size());
        for (int column = 0; column < columns.size(); column++) {
            row.add(cells.get(column));
        }
        return row;
    }
}
