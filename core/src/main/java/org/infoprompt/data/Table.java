package org.infoprompt.data;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** The rows of a file before anything is known of their meaning. */
record Table(String source, String fileName, List<String> columns, List<Row> rows) {

    /** The cells of one row and the line it begins on; a cell is null where a JSON object has no such key. */
    record Row(int line, List<@Nullable String> cells) {
        @Nullable
        String cell(int column) {
            return column < cells.size() ? cells.get(column) : null;
        }
    }

    static Table read(Path file, boolean header, Quoting quoting) throws IOException {
        Path last = file.getFileName();
        String fileName = last == null ? file.toString() : last.toString();
        String text = DataText.read(file, StandardCharsets.UTF_8);
        if (text.isBlank()) {
            throw new DataFormatException(file.toString(), "", "is empty", "give a file with at least one row");
        }
        String lower = fileName.toLowerCase(Locale.ROOT);
        Table table;
        if (lower.endsWith(".jsonl") || lower.endsWith(".ndjson")) {
            table = JsonLines.parse(file.toString(), fileName, text);
        } else if (lower.endsWith(".csv")) {
            table = quoting == Quoting.NONE
                    ? DelimitedText.literal(file.toString(), fileName, text, ',', header)
                    : DelimitedText.quoted(file.toString(), fileName, text, ',', header);
        } else if (lower.endsWith(".tsv") || lower.endsWith(".txt")) {
            boolean quotes =
                    quoting == Quoting.CSV || (quoting == Quoting.AUTO && DelimitedText.looksQuoted(text, header));
            table = quotes
                    ? DelimitedText.quoted(file.toString(), fileName, text, '\t', header)
                    : DelimitedText.literal(file.toString(), fileName, text, '\t', header);
        } else {
            throw new DataFormatException(
                    file.toString(), "", "is of no known kind", "use a name that ends in .tsv, .csv, .txt or .jsonl");
        }
        if (table.rows().isEmpty()) {
            throw new DataFormatException(
                    file.toString(), "", "holds a header but no rows", "give a file with at least one row");
        }
        return table;
    }
}
