package org.infoprompt.data;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** CoLA, RTE, MRPC and SST-2: tab-separated text in which a quote is an ordinary character. */
final class GlueReaders {
    private static final LabelIndex ZERO_ONE = new LabelIndex(List.of("0", "1"));
    private static final LabelIndex ENTAILMENT = new LabelIndex(List.of("entailment", "not_entailment"));

    @FunctionalInterface
    private interface ToExample {
        Example of(TaskFiles.Line line) throws DataFormatException;
    }

    private GlueReaders() {}

    /** No header; source, label, the author's mark, sentence. */
    static PublishedSplits cola(Path folder) throws IOException {
        ToExample row = line -> line.single(3, 1, ZERO_ONE);
        Path own = TaskFiles.optional(folder, "in_domain_train.tsv");
        if (own == null && TaskFiles.optional(folder, "train.tsv") != null) {
            return new PublishedSplits(
                    rows(TaskFiles.required(folder, "train.tsv"), 4, false, row),
                    rows(TaskFiles.required(folder, "dev.tsv"), 4, false, row),
                    List.of());
        }
        return new PublishedSplits(
                rows(TaskFiles.required(folder, "in_domain_train.tsv"), 4, false, row),
                rows(TaskFiles.required(folder, "in_domain_dev.tsv"), 4, false, row),
                rows(TaskFiles.required(folder, "out_of_domain_dev.tsv"), 4, false, row));
    }

    /** Header; index, sentence1, sentence2, label. */
    static PublishedSplits rte(Path folder) throws IOException {
        String[] header = {"index", "sentence1", "sentence2", "label"};
        ToExample row = line -> line.pair(1, 2, 3, ENTAILMENT);
        return new PublishedSplits(
                rows(TaskFiles.required(folder, "train.tsv"), row, header),
                rows(TaskFiles.required(folder, "dev.tsv"), row, header),
                List.of());
    }

    /** Byte order mark, CRLF, header; quality, two ids, two sentences. */
    static PublishedSplits mrpc(Path folder) throws IOException {
        String[] header = {"Quality", "#1 ID", "#2 ID", "#1 String", "#2 String"};
        ToExample row = line -> line.pair(3, 4, 0, ZERO_ONE);
        return new PublishedSplits(
                rows(TaskFiles.required(folder, "msr_paraphrase_train.txt"), row, header),
                List.of(),
                rows(TaskFiles.required(folder, "msr_paraphrase_test.txt"), row, header));
    }

    /** Header; sentence, label. GLUE's own test.tsv has no labels and is not read. */
    static PublishedSplits sst2(Path folder) throws IOException {
        String[] header = {"sentence", "label"};
        ToExample row = line -> line.single(0, 1, ZERO_ONE);
        @Nullable Path test = TaskFiles.optional(folder, "test-labeled.tsv");
        return new PublishedSplits(
                rows(TaskFiles.required(folder, "train.tsv"), row, header),
                rows(TaskFiles.required(folder, "dev.tsv"), row, header),
                test == null ? List.of() : rows(test, row, header));
    }

    private static List<Example> rows(Path file, ToExample row, String... header) throws IOException {
        TaskFiles.checkHeader(file, header);
        return rows(file, header.length, true, row);
    }

    private static List<Example> rows(Path file, int numColumns, boolean header, ToExample row) throws IOException {
        List<Example> examples = new ArrayList<>();
        for (TaskFiles.Line line : TaskFiles.tabbed(file, numColumns, header)) {
            examples.add(row.of(line));
        }
        return examples;
    }
}
