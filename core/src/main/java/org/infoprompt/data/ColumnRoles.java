package org.infoprompt.data;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Which columns hold the text, the second text and the label; -1 where there is none. */
record ColumnRoles(int text, int pair, int label) {
    private static final int NONE = -1;

    /** Pairs by their usual names, the more telling first; compared without regard to case. */
    private static final String[][] PAIRS = {
        {"sentence1", "sentence2"},
        {"premise", "hypothesis"},
        {"question1", "question2"},
        {"question", "sentence"},
        {"question", "passage"},
        {"query", "passage"},
        {"text_a", "text_b"},
        {"text1", "text2"},
        {"#1 string", "#2 string"},
        {"text", "pair"},
    };

    private static final String[] TEXTS = {
        "sentence",
        "text",
        "sentence1",
        "text_a",
        "content",
        "review",
        "comment",
        "utterance",
        "question",
        "query",
        "gloss",
        "document",
        "title",
    };

    private static final String[] LABELS = {
        "label",
        "labels",
        "gold_label",
        "class",
        "category",
        "target",
        "intent",
        "quality",
        "is_duplicate",
        "sentiment",
        "relation",
        "score",
    };

    static ColumnRoles find(Table table, DataOptions options, boolean needsLabel) throws DataFormatException {
        int text;
        int pair = NONE;
        String textColumn = options.textColumn();
        String pairColumn = options.pairColumn();
        if (textColumn != null) {
            text = named(table, textColumn, "--text-column");
            pair = pairColumn == null ? NONE : named(table, pairColumn, "--pair-column");
        } else {
            text = NONE;
            for (String[] names : PAIRS) {
                if (text == NONE && any(table, names[0]) != NONE && any(table, names[1]) != NONE) {
                    text = any(table, names[0]);
                    pair = any(table, names[1]);
                }
            }
            text = text == NONE ? any(table, TEXTS) : text;
        }
        String labelColumn = options.labelColumn();
        int label =
                labelColumn == null || !needsLabel ? any(table, LABELS) : named(table, labelColumn, "--label-column");
        if (text == NONE && textColumn == null && table.columns().size() == 1) {
            text = 0;
        }
        if (text == NONE) {
            throw missing(table, "text", "--text-column");
        }
        if (label == NONE && needsLabel) {
            throw missing(table, "label", "--label-column");
        }
        return new ColumnRoles(text, pair, needsLabel ? label : NONE);
    }

    static boolean hasLabel(Table table, @Nullable String labelColumn) {
        return labelColumn == null
                ? any(table, LABELS) != NONE
                : table.columns().contains(labelColumn);
    }

    private static int named(Table table, String name, String option) throws DataFormatException {
        int column = table.columns().indexOf(name);
        if (column < 0) {
            throw new DataFormatException(
                    table.source(),
                    "line 1",
                    "has no column '" + name + "'",
                    "its columns are " + listed(table) + "; choose one with " + option);
        }
        return column;
    }

    private static DataFormatException missing(Table table, String role, String option) {
        return new DataFormatException(
                table.source(),
                "line 1",
                "no " + role + " column recognised among the columns " + listed(table),
                "name it with " + option + ", or add a header line with '" + (role.equals("text") ? "sentence" : role)
                        + "' in it");
    }

    private static String listed(Table table) {
        List<String> names = new ArrayList<>();
        for (String column : table.columns()) {
            names.add("'" + Shortened.of(column) + "'");
        }
        return "[" + String.join(", ", names) + "]";
    }

    private static int any(Table table, String... names) {
        for (String name : names) {
            for (int column = 0; column < table.columns().size(); column++) {
                if (table.columns().get(column).toLowerCase(Locale.ROOT).equals(name)) {
                    return column;
                }
            }
        }
        return NONE;
    }
}
