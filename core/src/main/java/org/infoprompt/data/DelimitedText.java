package org.infoprompt.data;

import de.siegmar.fastcsv.reader.CsvParseException;
import de.siegmar.fastcsv.reader.CsvReader;
import de.siegmar.fastcsv.reader.CsvRecord;
import de.siegmar.fastcsv.reader.FieldMismatchStrategy;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import org.infoprompt.io.TextFiles;

/** Parses tab- and comma-separated text, with quotes as in RFC 4180 or as ordinary characters. */
final class DelimitedText {
    /** Longest record the CSV parser accepts, in characters; an unclosed quote swallows the rest of the file up to here. */
    private static final int MAX_RECORD_CHARS = 64 * 1024 * 1024;

    private DelimitedText() {}

    static Table literal(String source, String fileName, String text, char separator, boolean header)
            throws DataFormatException {
        List<String> lines = DataText.withoutBlankEnd(TextFiles.lines(text));
        List<Table.Row> rows = new ArrayList<>(lines.size());
        for (int i = 0; i < lines.size(); i++) {
            rows.add(new Table.Row(i + 1, Arrays.asList(split(lines.get(i), separator))));
        }
        return table(source, fileName, rows, header, separator);
    }

    static Table quoted(String source, String fileName, String text, char separator, boolean header)
            throws DataFormatException {
        List<Table.Row> rows = new ArrayList<>();
        // FastCSV names the record, not the line, so rows of the wrong width are left to table().
        try (CsvReader<CsvRecord> records = CsvReader.builder()
                .fieldSeparator(separator)
                .skipEmptyLines(false)
                .extraFieldStrategy(FieldMismatchStrategy.IGNORE)
                .missingFieldStrategy(FieldMismatchStrategy.IGNORE)
                .maxBufferSize(MAX_RECORD_CHARS)
                .ofCsvRecord(text)) {
            for (CsvRecord record : records) {
                rows.add(new Table.Row(
                        Math.toIntExact(record.getStartingLineNumber()), List.copyOf(record.getFields())));
            }
        } catch (CsvParseException | java.io.IOException | java.io.UncheckedIOException e) {
            throw new DataFormatException(
                    source,
                    "line " + (rows.isEmpty() ? 1 : rows.getLast().line() + 1) + " or below",
                    "the quotes are not well-formed CSV: " + e.getMessage(),
                    "close and double quotes as CSV does, or read the file with quotes taken literally",
                    e);
        }
        while (!rows.isEmpty() && isBlank(rows.getLast())) {
            rows.removeLast();
        }
        return table(source, fileName, rows, header, separator);
    }

    /** The rule of {@link Quoting#AUTO} for tab-separated text. */
    static boolean looksQuoted(String text, boolean header) {
        List<String> lines = TextFiles.lines(text);
        if (lines.isEmpty()) {
            return false;
        }
        String[] names = split(lines.getFirst(), '\t');
        if (header && names.length > 1 && Arrays.stream(names).allMatch(DelimitedText::isQuotedCell)) {
            return true;
        }
        boolean doubled = false;
        for (String line : lines) {
            if (line.indexOf('"') >= 0) {
                for (String cell : split(line, '\t')) {
                    if (cell.startsWith("\"")) {
                        if (!isQuotedCell(cell)) {
                            return false;
                        }
                        doubled |= cell.length() > 2
                                && cell.substring(1, cell.length() - 1).contains("\"\"");
                    }
                }
            }
        }
        return doubled;
    }

    private static boolean isQuotedCell(String cell) {
        if (cell.length() < 2 || cell.charAt(0) != '"' || cell.charAt(cell.length() - 1) != '"') {
            return false;
        }
        String inside = cell.substring(1, cell.length() - 1);
        return inside.replace("\"\"", "").indexOf('"') < 0;
    }

    private static Table table(String source, String fileName, List<Table.Row> rows, boolean header, char separator)
            throws DataFormatException {
        List<String> columns;
        List<Table.Row> body;
        if (header) {
            List<String> names = new ArrayList<>();
            for (String name : rows.getFirst().cells()) {
                names.add(name == null ? "" : name.strip());
            }
            columns = List.copyOf(names);
            body = rows.subList(1, rows.size());
            checkNames(source, rows.getFirst().line(), columns);
        } else {
            columns = IntStream.rangeClosed(1, rows.getFirst().cells().size())
                    .mapToObj(Integer::toString)
                    .toList();
            body = rows;
        }
        for (Table.Row row : body) {
            int width = row.cells().size();
            if (width != columns.size()) {
                throw new DataFormatException(
                        source,
                        "line " + row.line(),
                        "has " + counted(width) + ", but " + (header ? "the header" : "the first line") + " has "
                                + columns.size(),
                        width < columns.size()
                                ? "add what is missing; columns are separated by a " + named(separator)
                                : "a " + named(separator) + " inside a text needs a quoted file");
            }
        }
        return new Table(source, fileName, columns, List.copyOf(body));
    }

    private static void checkNames(String source, int line, List<String> columns) throws DataFormatException {
        Set<String> seen = new HashSet<>();
        for (String column : columns) {
            if (!column.isEmpty() && !seen.add(column)) {
                throw new DataFormatException(
                        source,
                        "line " + line,
                        "the header names the column '" + Shortened.of(column) + "' twice",
                        "rename one; if the file has no header, say so and give columns by number");
            }
        }
    }

    private static String counted(int columns) {
        return columns == 1 ? "1 column" : columns + " columns";
    }

    private static String named(char separator) {
        return separator == '\t' ? "tab" : "comma";
    }

    private static boolean isBlank(Table.Row row) {
        String only = row.cell(0);
        return row.cells().size() == 1 && (only == null || only.isBlank());
    }

    static String[] split(String line, char separator) {
        int columns = 1;
        for (int i = line.indexOf(separator); i >= 0; i = line.indexOf(separator, i + 1)) {
            columns++;
        }
        String[] cells = new String[columns];
        int start = 0;
        for (int column = 0; column < columns; column++) {
            int end = line.indexOf(separator, start);
            cells[column] = end < 0 ? line.substring(start) : line.substring(start, end);
            start = end + 1;
        }
        return cells;
    }
}
