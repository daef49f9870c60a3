package org.infoprompt.cli;

import de.siegmar.fastcsv.reader.CsvParseException;
import de.siegmar.fastcsv.reader.CsvReader;
import de.siegmar.fastcsv.reader.CsvRecord;
import de.siegmar.fastcsv.writer.CsvWriter;
import java.io.IOException;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;
import org.infoprompt.io.InputException;
import org.infoprompt.io.TextFiles;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * The folder of a comparison: {@code compare.json} says what all cells have in common, {@code results.csv} has a row for every
 * finished cell. Each file is replaced in one step, so a crash loses at most the cell under way.
 */
final class CompareFolder {
    static final String SETTINGS = "compare.json";
    static final String RESULTS = "results.csv";
    private static final JsonMapper MAPPER = new JsonMapper();

    private final Path folder;
    private final Map<CompareCell.Key, CompareCell> cells = new LinkedHashMap<>();
    private final Map<String, String> settings = new LinkedHashMap<>();

    private CompareFolder(Path folder) {
        this.folder = folder;
    }

    /** Opens or makes the folder and reads what is finished. */
    static CompareFolder open(Path path) throws IOException {
        CompareFolder folder = new CompareFolder(path);
        if (Files.exists(path) && !Files.isDirectory(path)) {
            throw new InputException(path.toString(), "", "is a file, not a folder", "name another --output");
        }
        Files.createDirectories(path);
        folder.readSettings();
        folder.readCells();
        return folder;
    }

    Path path() {
        return folder;
    }

    private void readSettings() throws IOException {
        Path file = folder.resolve(SETTINGS);
        if (!Files.exists(file)) {
            return;
        }
        try {
            for (Map.Entry<String, JsonNode> entry :
                    MAPPER.readTree(TextFiles.read(file)).properties()) {
                settings.put(entry.getKey(), entry.getValue().asString(""));
            }
        } catch (JacksonException e) {
            throw new InputException(
                    file.toString(), "", "is not valid JSON: " + e.getOriginalMessage(), "use another --output", e);
        }
    }

    private void readCells() throws IOException {
        Path file = folder.resolve(RESULTS);
        if (!Files.exists(file)) {
            return;
        }
        try (CsvReader<CsvRecord> reader = CsvReader.builder().ofCsvRecord(TextFiles.read(file))) {
            for (CsvRecord line : reader) {
                if (line.getStartingLineNumber() == 1) {
                    continue;
                }
                try {
                    CompareCell cell = CompareCell.read(line.getFields());
                    cells.put(cell.key(), cell);
                } catch (IllegalArgumentException e) {
                    throw new InputException(
                            file.toString(),
                            "line " + line.getStartingLineNumber(),
                            String.valueOf(e.getMessage()),
                            "remove the line; its cell is then run again",
                            e);
                }
            }
        } catch (CsvParseException e) {
            throw new InputException(
                    file.toString(), "", String.valueOf(e.getMessage()), "remove the damaged lines", e);
        }
    }

    /** Notes something that all cells of a kind have in common; another value than before is refused. */
    void agree(String name, String value) throws IOException {
        String before = settings.get(name);
        if (before != null && !before.equals(value)) {
            throw new InputException(
                    folder.resolve(SETTINGS).toString(),
                    "",
                    "is of a different comparison: " + name + " " + before + ", now " + value,
                    "use the same settings, or another --output");
        }
        if (before == null) {
            settings.put(name, value);
            ObjectNode root = MAPPER.createObjectNode();
            settings.forEach(root::put);
            RunFolder.writeText(
                    folder.resolve(SETTINGS),
                    MAPPER.writerWithDefaultPrettyPrinter().writeValueAsString(root) + "\n");
        }
    }

    Map<String, String> settings() {
        return settings;
    }

    @Nullable
    CompareCell find(CompareCell.Key key) {
        return cells.get(key);
    }

    Collection<CompareCell> cells() {
        return cells.values();
    }

    void keep(CompareCell cell) throws IOException {
        cells.put(cell.key(), cell);
        StringWriter text = new StringWriter();
        try (CsvWriter writer = CsvWriter.builder().build(text)) {
            writer.writeRecord(CompareCell.HEADER);
            for (CompareCell each : cells.values()) {
                writer.writeRecord(each.row());
            }
        }
        RunFolder.writeText(folder.resolve(RESULTS), text.toString());
    }
}
