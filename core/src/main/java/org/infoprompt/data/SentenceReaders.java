package org.infoprompt.data;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** TREC, MPQA, SNIPS and the Amazon reviews: one short text a line, each in a layout of its own. */
final class SentenceReaders {
    private SentenceReaders() {}

    /** ISO-8859-1, no header; {@code COARSE:fine question}. */
    static PublishedSplits trec(Path folder, LabelIndex labels, boolean fine) throws IOException {
        return new PublishedSplits(
                questions(TaskFiles.required(folder, "train_5500.label"), labels, fine),
                List.of(),
                questions(TaskFiles.required(folder, "TREC_10.label"), labels, fine));
    }

    /** One file of phrases per class; the few blank lines between and after them are no phrases. */
    static PublishedSplits mpqa(Path folder) throws IOException {
        List<Example> all = new ArrayList<>(phrases(TaskFiles.required(folder, "mpqa.neg"), 0));
        all.addAll(phrases(TaskFiles.required(folder, "mpqa.pos"), 1));
        return new PublishedSplits(all, List.of(), List.of());
    }

    /** Folders train, valid and test; in each, line n of the file seq.in has its intent in line n of the file label. */
    static PublishedSplits snips(Path folder, LabelIndex labels) throws IOException {
        return new PublishedSplits(
                utterances(folder.resolve("train"), labels),
                utterances(folder.resolve("valid"), labels),
                utterances(folder.resolve("test"), labels));
    }

    /** No header; sentence, tab, 0 or 1. */
    static PublishedSplits amazon(Path folder) throws IOException {
        LabelIndex labels = new LabelIndex(List.of("0", "1"));
        List<Example> all = new ArrayList<>();
        for (TaskFiles.Line line :
                TaskFiles.tabbed(TaskFiles.required(folder, "amazon_cells_labelled.txt"), 2, false)) {
            all.add(line.single(0, 1, labels));
        }
        return new PublishedSplits(all, List.of(), List.of());
    }

    private static List<Example> questions(Path file, LabelIndex labels, boolean fine) throws IOException {
        List<String> lines = TaskFiles.lines(file, StandardCharsets.ISO_8859_1);
        List<Example> examples = new ArrayList<>(lines.size());
        for (int i = 0; i < lines.size(); i++) {
            String line = lines.get(i);
            int space = line.indexOf(' ');
            int colon = line.indexOf(':');
            if (colon <= 0 || space <= colon + 1 || line.substring(space).isBlank()) {
                throw new DataFormatException(
                        file.toString(),
                        "line " + (i + 1),
                        "is not 'COARSE:fine question'",
                        "correct the line or fetch the file again");
            }
            int label = labels.of(line.substring(0, fine ? space : colon), file.toString(), i + 1);
            examples.add(new Example(
                    TaskFiles.fileName(file) + ":" + (i + 1),
                    line.substring(space).strip(),
                    null,
                    label));
        }
        return examples;
    }

    private static List<Example> phrases(Path file, int label) throws IOException {
        List<String> lines = TaskFiles.lines(file, StandardCharsets.UTF_8);
        List<Example> examples = new ArrayList<>(lines.size());
        for (int i = 0; i < lines.size(); i++) {
            String phrase = lines.get(i).strip();
            if (!phrase.isEmpty()) {
                examples.add(new Example(TaskFiles.fileName(file) + ":" + (i + 1), phrase, null, label));
            }
        }
        return examples;
    }

    private static List<Example> utterances(Path folder, LabelIndex labels) throws IOException {
        Path textFile = TaskFiles.required(folder, "seq.in");
        Path labelFile = TaskFiles.required(folder, "label");
        List<String> texts = TaskFiles.lines(textFile, StandardCharsets.UTF_8);
        List<String> intents = TaskFiles.lines(labelFile, StandardCharsets.UTF_8);
        if (texts.size() != intents.size()) {
            throw new DataFormatException(
                    labelFile.toString(),
                    "",
                    "has " + intents.size() + " lines, seq.in has " + texts.size(),
                    "fetch both files again");
        }
        List<Example> examples = new ArrayList<>(texts.size());
        for (int i = 0; i < texts.size(); i++) {
            String text = texts.get(i).strip();
            if (text.isEmpty()) {
                throw new DataFormatException(
                        textFile.toString(), "line " + (i + 1), "is empty", "fill it in or remove it from both files");
            }
            int label = labels.of(intents.get(i).strip(), labelFile.toString(), i + 1);
            String split = String.valueOf(folder.getFileName());
            examples.add(new Example(split + "/seq.in:" + (i + 1), text, null, label));
        }
        return examples;
    }
}
