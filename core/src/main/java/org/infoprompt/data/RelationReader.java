package org.infoprompt.data;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * SemEval-2010 task 8. A record is {@code id TAB "sentence"}, the relation, an optional comment, and a blank line; the
 * sentence may hold quotes of its own, so only its outer ones are taken off. The entity markers stay in the text.
 */
final class RelationReader {
    static final List<String> LABELS = List.of(
            "Cause-Effect(e1,e2)",
            "Cause-Effect(e2,e1)",
            "Component-Whole(e1,e2)",
            "Component-Whole(e2,e1)",
            "Content-Container(e1,e2)",
            "Content-Container(e2,e1)",
            "Entity-Destination(e1,e2)",
            "Entity-Destination(e2,e1)",
            "Entity-Origin(e1,e2)",
            "Entity-Origin(e2,e1)",
            "Instrument-Agency(e1,e2)",
            "Instrument-Agency(e2,e1)",
            "Member-Collection(e1,e2)",
            "Member-Collection(e2,e1)",
            "Message-Topic(e1,e2)",
            "Message-Topic(e2,e1)",
            "Product-Producer(e1,e2)",
            "Product-Producer(e2,e1)",
            "Other");

    private static final List<String> MARKERS = List.of("<e1>", "</e1>", "<e2>", "</e2>");

    private RelationReader() {}

    static PublishedSplits read(Path folder) throws IOException {
        return new PublishedSplits(
                records(TaskFiles.required(folder, "TRAIN_FILE.TXT")),
                List.of(),
                records(TaskFiles.required(folder, "TEST_FILE_FULL.TXT")));
    }

    private static List<Example> records(Path file) throws IOException {
        LabelIndex labels = new LabelIndex(LABELS);
        List<String> lines = TaskFiles.lines(file, StandardCharsets.UTF_8);
        List<Example> examples = new ArrayList<>();
        int next = 0;
        while (next < lines.size()) {
            if (lines.get(next).isBlank()) {
                next++;
                continue;
            }
            int first = next;
            String sentence = sentence(file, first + 1, lines.get(first));
            if (first + 1 >= lines.size() || lines.get(first + 1).isBlank()) {
                throw new DataFormatException(
                        file.toString(),
                        "line " + (first + 2),
                        "the relation of the sentence above is missing",
                        "use the file with the answers, TEST_FILE_FULL.TXT");
            }
            int label = labels.of(lines.get(first + 1).strip(), file.toString(), first + 2);
            examples.add(new Example(TaskFiles.fileName(file) + ":" + (first + 1), sentence, null, label));
            next = first + 2;
            if (next < lines.size() && lines.get(next).startsWith("Comment:")) {
                next++;
            }
            if (next < lines.size() && !lines.get(next).isBlank()) {
                throw new DataFormatException(
                        file.toString(), "line " + (next + 1), "a blank line must end the record", "add one");
            }
        }
        return examples;
    }

    private static String sentence(Path file, int line, String record) throws DataFormatException {
        int tab = record.indexOf('\t');
        String quoted = record.substring(tab + 1).strip();
        boolean formed = tab > 0
                && record.substring(0, tab).chars().allMatch(c -> c >= '0' && c <= '9')
                && quoted.length() > 2
                && quoted.startsWith("\"")
                && quoted.endsWith("\"");
        if (!formed) {
            throw new DataFormatException(
                    file.toString(),
                    "line " + line,
                    "is not a number, a tab and a sentence in quotes",
                    "correct the record or fetch the file again");
        }
        for (String marker : MARKERS) {
            if (!quoted.contains(marker)) {
                throw new DataFormatException(
                        file.toString(), "line " + line, "the sentence has no " + marker, "mark both entities");
            }
        }
        return quoted.substring(1, quoted.length() - 1).strip();
    }
}
