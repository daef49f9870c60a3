package org.infoprompt.data;

import java.io.IOException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.infoprompt.io.InputException;
import org.jspecify.annotations.Nullable;

/** What the readers of published files share: finding a file by its usual names, and rows of tab-separated text. */
final class TaskFiles {
    private TaskFiles() {}

    /** One numbered line of a file, and how its cells become parts of an example. */
    record Line(Path file, int number, List<String> cells) {
        String source() {
            return file.toString();
        }

        String id() {
            return fileName(file) + ":" + number;
        }

        String text(int column) throws DataFormatException {
            String text = cells.get(column).strip();
            if (text.isEmpty()) {
                throw new DataFormatException(
                        source(),
                        "line " + number,
                        "column " + (column + 1) + " is empty",
                        "fill it in or remove the row");
            }
            return text;
        }

        Example single(int text, int label, LabelIndex labels) throws DataFormatException {
            return new Example(id(), text(text), null, labels.of(text(label), source(), number));
        }

        Example pair(int first, int second, int label, LabelIndex labels) throws DataFormatException {
            return new Example(id(), text(first), text(second), labels.of(text(label), source(), number));
        }
    }

    static String fileName(Path file) {
        return String.valueOf(file.getFileName());
    }

    /** Returns the first of these names that the folder holds. */
    static Path required(Path folder, String... names) throws InputException {
        Path file = optional(folder, names);
        if (file == null) {
            if (!Files.isDirectory(folder)) {
                throw new InputException(folder.toString(), "", "no such folder", "give the folder with " + names[0]);
            }
            throw new InputException(
                    folder.toString(),
                    "",
                    "holds no " + String.join(" or ", names),
                    "give the folder with the files as published");
        }
        return file;
    }

    static @Nullable Path optional(Path folder, String... names) {
        for (String name : names) {
            Path file = folder.resolve(name);
            if (Files.isRegularFile(file)) {
                return file;
            }
        }
        return null;
    }

    /** Returns the lines of a file without the blank ones at its end; an empty file is an error. */
    static List<String> lines(Path file, Charset charset) throws IOException {
        List<String> lines = DataText.readLines(file, charset);
        if (lines.isEmpty()) {
            throw new DataFormatException(file.toString(), "", "is empty", "fetch the file again");
        }
        return lines;
    }

    /** Returns the rows of tab-separated text in which quotes are ordinary characters. */
    static List<Line> tabbed(Path file, int numColumns, boolean header) throws IOException {
        List<String> lines = lines(file, StandardCharsets.UTF_8);
        List<Line> rows = new ArrayList<>(lines.size());
        for (int i = header ? 1 : 0; i < lines.size(); i++) {
            List<String> cells = List.of(DelimitedText.split(lines.get(i), '\t'));
            if (cells.size() != numColumns) {
                throw new DataFormatException(
                        file.toString(),
                        "line " + (i + 1),
                        "has " + cells.size() + " tab-separated columns where " + numColumns + " are needed",
                        "fetch the file again, or correct the row");
            }
            rows.add(new Line(file, i + 1, cells));
        }
        if (rows.isEmpty()) {
            throw new DataFormatException(file.toString(), "", "holds a header but no rows", "fetch the file again");
        }
        return rows;
    }

    /** Checks that the header names the column one expects at a position, so that a file of another layout is refused. */
    static void checkHeader(Path file, String... names) throws IOException {
        String header = lines(file, StandardCharsets.UTF_8).getFirst();
        List<String> found = List.of(DelimitedText.split(header, '\t'));
        if (!found.equals(List.of(names))) {
            throw new DataFormatException(
                    file.toString(),
                    "line 1",
                    "has the columns [" + Shortened.of(String.join(", ", found)) + "], not [" + String.join(", ", names)
                            + "]",
                    "give the file as published, or read it as data of your own");
        }
    }
}
