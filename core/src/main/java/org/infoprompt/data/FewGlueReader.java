package org.infoprompt.data;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * FewGLUE with 32 dev examples: JSONL files {@code train} (32), {@code dev32} (32) and {@code val}, SuperGLUE's validation
 * split, which is reported on.
 *
 * @param folderName name of the task's folder, which may also be given itself
 * @param textKey JSON key of the first text
 * @param pairKey JSON key of the second text
 * @param prefixKey JSON key of a word to put before the first text as {@code word: text}; null for none
 * @param labels labels as they are written in the files
 */
record FewGlueReader(
        String folderName,
        String textKey,
        String pairKey,
        @Nullable String prefixKey,
        LabelIndex labels) implements PublishedSplits.Reader {

    @Override
    public PublishedSplits read(Path folder) throws IOException {
        Path own = Files.isDirectory(folder.resolve(folderName)) ? folder.resolve(folderName) : folder;
        return new PublishedSplits(rows(own, "train.jsonl"), rows(own, "dev32.jsonl"), rows(own, "val.jsonl"));
    }

    private List<Example> rows(Path folder, String name) throws IOException {
        Path file = TaskFiles.required(folder, name);
        DataOptions options = new DataOptions(file, textKey, pairKey, "label");
        Table table = Table.read(file, true, Quoting.NONE);
        List<Example> plain = TableReader.indexed(table, TableReader.raw(table, options, true), labels);
        if (prefixKey == null) {
            return plain;
        }
        List<TableReader.RawExample> words =
                TableReader.raw(table, new DataOptions(file, prefixKey, null, "label"), true);
        List<Example> prefixed = new ArrayList<>(plain.size());
        for (int i = 0; i < plain.size(); i++) {
            Example example = plain.get(i);
            prefixed.add(new Example(
                    example.id(), words.get(i).text() + ": " + example.text(), example.pair(), example.label()));
        }
        return prefixed;
    }
}
