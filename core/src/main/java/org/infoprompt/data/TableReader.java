package org.infoprompt.data;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Reads examples from one TSV, CSV or JSONL file with named columns. The kind is told by the name's end; {@link Quoting}
 * says what quotes mean. Columns are recognised by their names, without regard to case: pairs as
 * {@code sentence1}/{@code sentence2}, {@code premise}/{@code hypothesis}, {@code question1}/{@code question2},
 * {@code question}/{@code sentence}, {@code question}/{@code passage}, {@code text_a}/{@code text_b} and the like, single
 * texts as {@code sentence}, {@code text}, {@code content}, {@code review} ..., labels as {@code label},
 * {@code gold_label}, {@code class}, {@code category}, {@code target}, {@code intent} ...; a file with a single column has
 * its texts there.
 */
public final class TableReader {
    /** A row whose label has no index yet. */
    record RawExample(
            int line,
            String text,
            @Nullable String pair,
            @Nullable String label) {}

    private TableReader() {}

    /**
     * Reads examples with labels.
     *
     * @param file a TSV, CSV or JSONL file
     * @param options how to read it; its path and labels are not used; a metric of numbers makes labels numbers
     * @param labels label names in index order
     * @return one example a row, in file order
     * @throws DataFormatException at the first row that cannot be used, or whose label is none of these
     */
    public static List<Example> labelled(Path file, DataOptions options, List<String> labels) throws IOException {
        Table table = Table.read(file, options.header(), options.quoting());
        List<RawExample> rows = raw(table, options, true);
        return options.metric().isRegression() ? valued(table, rows) : indexed(table, rows, new LabelIndex(labels));
    }

    /**
     * Reads texts to predict on; a label column is not looked at.
     *
     * @param file a TSV, CSV or JSONL file
     * @param options how to read it; its path and labels are not used
     * @return one example a row, in file order, labels {@link Example#UNKNOWN}
     * @throws DataFormatException at the first row that cannot be used
     */
    public static List<Example> unlabelled(Path file, DataOptions options) throws IOException {
        Table table = Table.read(file, options.header(), options.quoting());
        List<Example> examples = new ArrayList<>();
        for (RawExample row : raw(table, options, false)) {
            examples.add(new Example(id(table, row), row.text(), row.pair(), Example.UNKNOWN));
        }
        return List.copyOf(examples);
    }

    static List<RawExample> raw(Table table, DataOptions options, boolean needsLabel) throws DataFormatException {
        ColumnRoles roles = ColumnRoles.find(table, options, needsLabel);
        List<RawExample> rows = new ArrayList<>(table.rows().size());
        for (Table.Row row : table.rows()) {
            String text = cell(table, row, roles.text(), options.allowEmptyText());
            String pair = roles.pair() < 0 ? null : cell(table, row, roles.pair(), options.allowEmptyText());
            String label = roles.label() < 0 ? null : cell(table, row, roles.label(), false);
            rows.add(new RawExample(row.line(), text, pair, label));
        }
        return rows;
    }

    static List<Example> indexed(Table table, List<RawExample> rows, LabelIndex labels) throws DataFormatException {
        List<Example> examples = new ArrayList<>(rows.size());
        for (RawExample row : rows) {
            String label = row.label();
            int index = label == null ? Example.UNKNOWN : labels.of(label, table.source(), row.line());
            examples.add(new Example(id(table, row), row.text(), row.pair(), index));
        }
        return List.copyOf(examples);
    }

    /** Reads labels as numbers. */
    static List<Example> valued(Table table, List<RawExample> rows) throws DataFormatException {
        List<Example> examples = new ArrayList<>(rows.size());
        for (RawExample row : rows) {
            double value = number(table, row);
            examples.add(Example.valued(id(table, row), row.text(), row.pair(), value));
        }
        return List.copyOf(examples);
    }

    private static double number(Table table, RawExample row) throws DataFormatException {
        String label = String.valueOf(row.label());
        try {
            double value = Double.parseDouble(label);
            if (Double.isFinite(value)) {
                return value;
            }
        } catch (NumberFormatException e) {
            // Said below, with the line.
        }
        throw new DataFormatException(
                table.source(),
                "line " + row.line(),
                "'" + Shortened.of(label) + "' is no finite number",
                "correct the row, or choose a metric of classes such as accuracy");
    }

    private static String id(Table table, RawExample row) {
        return table.fileName() + ":" + row.line();
    }

    private static String cell(Table table, Table.Row row, int column, boolean mayBeEmpty) throws DataFormatException {
        String cell = row.cell(column);
        String name = "'" + Shortened.of(table.columns().get(column)) + "'";
        if (cell == null) {
            throw new DataFormatException(
                    table.source(), "line " + row.line(), "has no text in " + name, "give the key a string value");
        }
        String stripped = cell.strip();
        if (stripped.isEmpty() && !mayBeEmpty) {
            throw new DataFormatException(
                    table.source(),
                    "line " + row.line(),
                    "column " + name + " is empty",
                    "fill it in or remove the row");
        }
        return stripped;
    }
}
