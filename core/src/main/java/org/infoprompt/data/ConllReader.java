package org.infoprompt.data;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.infoprompt.metric.SpanCounter;

/**
 * Reads CoNLL column files: a word and its tag a line with a tab between them, a blank line between sentences. A line of white
 * space alone, as in WNUT-17's files, and the byte order mark that ends its dev file count as blank. Spaces inside a word become underscores, so that words stay between
 * single spaces.
 */
final class ConllReader {
    private ConllReader() {}

    static List<Example> read(Path file, LabelIndex labels) throws IOException {
        List<Example> examples = new ArrayList<>();
        List<String> words = new ArrayList<>();
        List<Integer> tags = new ArrayList<>();
        int firstLine = 0;
        List<String> lines = TaskFiles.lines(file, StandardCharsets.UTF_8);
        for (int i = 0; i <= lines.size(); i++) {
            String line = i < lines.size() ? lines.get(i).replace("\uFEFF", "") : "";
            if (line.isBlank()) {
                if (!words.isEmpty()) {
                    String id = TaskFiles.fileName(file) + ":" + firstLine;
                    examples.add(new Example(id, String.join(" ", words), null, 0, tags));
                    words.clear();
                    tags = new ArrayList<>();
                }
                continue;
            }
            if (words.isEmpty()) {
                firstLine = i + 1;
            }
            String[] cells = line.split("\t", -1);
            String word = cells[0].strip();
            if (cells.length != 2 || word.isEmpty() || !SpanCounter.isTag(cells[1].strip())) {
                throw new DataFormatException(
                        file.toString(),
                        "line " + (i + 1),
                        "is not a word, a tab and a tag O, B-TYPE or I-TYPE",
                        "correct the line or fetch the file again");
            }
            words.add(word.replaceAll("\\s+", "_"));
            tags.add(labels.of(cells[1].strip(), file.toString(), i + 1));
        }
        if (examples.isEmpty()) {
            throw new DataFormatException(file.toString(), "", "has no words", "fetch the file again");
        }
        return examples;
    }
}
