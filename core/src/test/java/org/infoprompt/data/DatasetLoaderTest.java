package org.infoprompt.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.infoprompt.io.InputException;
import org.infoprompt.metric.Metric;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DatasetLoaderTest {
    private static final String FOUR = "sentence\tlabel\na one\tx\nb two\ty\nc three\tx\nd four\ty\n";

    @TempDir
    private Path folder;

    @Test
    void readsAFolderOfThreeSplits() throws IOException {
        write("train.tsv", FOUR);
        write("validation.csv", "label,sentence\ny,\"e, five\"\n");
        write("test.jsonl", "{\"sentence\": \"f six\", \"label\": \"x\"}\n");
        Dataset dataset = DatasetLoader.load(DataOptions.of(folder));
        assertThat(dataset.labels()).containsExactly("x", "y");
        assertThat(dataset.train()).hasSize(4);
        assertThat(dataset.dev()).containsExactly(new Example("validation.csv:2", "e, five", null, 1));
        assertThat(dataset.test()).containsExactly(new Example("test.jsonl:1", "f six", null, 0));
        assertThat(dataset.source()).contains("train.tsv (4 rows)", "validation.csv (1 rows)", "test.jsonl (1 rows)");
        assertThat(dataset.metric()).isEqualTo(Metric.ACCURACY);
        assertThat(dataset.name()).isEqualTo(String.valueOf(folder.getFileName()));
    }

    @Test
    void carvesWhatASingleFileLacks() throws IOException {
        StringBuilder rows = new StringBuilder("text\tlabel\n");
        for (int i = 0; i < 100; i++) {
            rows.append("text ").append(i).append('\t').append(i % 2).append('\n');
        }
        Dataset dataset = DatasetLoader.load(DataOptions.of(write("mine.tsv", rows.toString())));
        assertThat(dataset.test()).hasSize(20);
        assertThat(dataset.dev()).hasSize(8);
        assertThat(dataset.train()).hasSize(72);
        assertThat(dataset.source()).contains("test: 20 rows carved from train", "dev: 8 rows carved from train");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "index\tsentence1\tsentence2\tlabel",
                "pairID\tpremise\thypothesis\tgold_label",
                "id\tquestion1\tquestion2\tis_duplicate",
                "index\tquestion\tsentence\tlabel",
                "id\tQuestion\tPassage\tLabel",
                "n\ttext_a\ttext_b\tclass",
                "n\t#1 String\t#2 String\tQuality",
            })
    void recognisesPairs(String header) throws IOException {
        write("train.tsv", header + "\n1\tA\tB\tno\n2\tC\tD\tyes\n3\tE\tF\tyes\n");
        write("dev.tsv", header + "\n1\tG\tH\tno\n");
        Dataset dataset = DatasetLoader.load(DataOptions.of(folder));
        assertThat(dataset.isPair()).isTrue();
        assertThat(dataset.test()).containsExactly(new Example("dev.tsv:2", "G", "H", 0));
    }

    @Test
    void takesTheColumnsItIsTold() throws IOException {
        Path file = write(
                "train.tsv", "sentence\tother\tlabel\tverdict\nA\tB\t1\tno\nC\tD\t1\tyes\nE\tF\t1\tno\nG\tH\t1\tyes\n");
        List<Example> rows =
                TableReader.labelled(file, new DataOptions(file, "other", "sentence", "verdict"), List.of("no", "yes"));
        assertThat(rows.getFirst()).isEqualTo(new Example("train.tsv:2", "B", "A", 0));
        List<Example> single =
                TableReader.labelled(file, new DataOptions(file, "other", null, "verdict"), List.of("no", "yes"));
        assertThat(single.getFirst().pair()).isNull();
    }

    @Test
    void numbersColumnsWithoutHeader() throws IOException {
        Path file = write("rows.tsv", "gj04\t1\t\tA b.\ngj04\t0\t*\tC d.\n");
        DataOptions options = new DataOptions(file, "4", null, "2").withHeader(false);
        assertThat(TableReader.labelled(file, options, List.of("0", "1")))
                .containsExactly(
                        new Example("rows.tsv:1", "A b.", null, 1), new Example("rows.tsv:2", "C d.", null, 0));
    }

    @Test
    void tabSeparatedQuotesAreLiteralUnlessTheFileIsQuoted() throws IOException {
        String glue = "sentence\tlabel\n\"Yes\" he said\t1\n\"No\"\t0\n";
        String minimal = "sentence\tlabel\n\"He said \"\"yes\"\".\"\t1\nPlain\t0\n";
        String all = "\"sentence\"\t\"label\"\n\"A\tb\nc\"\t\"1\"\n\"D\"\t\"0\"\n";
        assertThat(texts("glue.tsv", glue, Quoting.AUTO)).containsExactly("\"Yes\" he said", "\"No\"");
        assertThat(texts("minimal.tsv", minimal, Quoting.AUTO)).containsExactly("He said \"yes\".", "Plain");
        assertThat(texts("minimal.tsv", minimal, Quoting.NONE)).containsExactly("\"He said \"\"yes\"\".\"", "Plain");
        assertThat(texts("all.tsv", all, Quoting.AUTO)).containsExactly("A\tb\nc", "D");
        assertThat(texts("some.tsv", "sentence\tlabel\n\"A\tb\"\t1\nC\t0\n", Quoting.CSV))
                .containsExactly("A\tb", "C");
    }

    @Test
    void linesOfQuotedCellsAreCounted() throws IOException {
        Path file = write("rows.csv", "sentence,label\r\n\"a\r\nb\",1\r\nc,0\r\n\r\n");
        assertThat(TableReader.labelled(file, DataOptions.of(file), List.of("0", "1")))
                .extracting(Example::id)
                .containsExactly("rows.csv:2", "rows.csv:4");
    }

    @Test
    void labelsThatAreNumbersSortByValue() throws IOException {
        write("train.tsv", "text\tlabel\na\t10\nb\t9\nc\t-1\nd\t10\ne\t9\nf\t-1\n");
        write("dev.tsv", "text\tlabel\na1\t10\n");
        assertThat(DatasetLoader.load(DataOptions.of(folder)).labels()).containsExactly("-1", "9", "10");
    }

    @Test
    void jsonValuesAreTakenAsWritten() throws IOException {
        Path file = write(
                "rows.jsonl",
                "{\"extra\": {\"a\": [1, 2]}, \"text\": \"caf\\u00e9 \\ud83d\\ude00\", \"label\": true}\n\n"
                        + "{\"label\": false, \"text\": \"b\"}");
        assertThat(TableReader.labelled(file, DataOptions.of(file), List.of("false", "true")))
                .containsExactly(
                        new Example("rows.jsonl:1", "caf\u00e9 \ud83d\ude00", null, 1),
                        new Example("rows.jsonl:3", "b", null, 0));
    }

    @Test
    void readsTextsToPredictOn() throws IOException {
        Path plain = write("plain.txt", "text\na\nb");
        assertThat(TableReader.unlabelled(plain, DataOptions.of(plain)))
                .containsExactly(new Example("plain.txt:2", "a", null, -1), new Example("plain.txt:3", "b", null, -1));
        Path labelled = write("labelled.tsv", "sentence\tlabel\na\tnew\n");
        assertThat(TableReader.unlabelled(labelled, DataOptions.of(labelled)))
                .containsExactly(new Example("labelled.tsv:2", "a", null, -1));
        Path anyName = write("any.csv", "words\na\n");
        assertThat(TableReader.unlabelled(anyName, DataOptions.of(anyName))).hasSize(1);
    }

    @Test
    void readsPlainLinesToPredictOn() throws IOException {
        Path lines = write("lines.txt", "\"Hello\"\n\n\"Yes\" he said\n");
        DataOptions options = DataOptions.of(lines).withHeader(false);
        assertThat(TableReader.unlabelled(lines, options.withAllowEmptyText(true)))
                .extracting(Example::text)
                .containsExactly("\"Hello\"", "", "\"Yes\" he said");
        assertThatThrownBy(() -> TableReader.unlabelled(lines, options))
                .isInstanceOf(DataFormatException.class)
                .hasMessageContaining("lines.txt, line 2: column '1' is empty");
    }

    @Test
    void emptyTextsAreAllowedOnlyOnRequest() throws IOException {
        Path file = write("rows.tsv", "text\tlabel\n \t1\nb\t0\n");
        List<String> labels = List.of("0", "1");
        assertThat(TableReader.labelled(file, DataOptions.of(file).withAllowEmptyText(true), labels)
                        .getFirst()
                        .text())
                .isEmpty();
        assertThatThrownBy(() -> TableReader.labelled(file, DataOptions.of(file), labels))
                .isInstanceOf(DataFormatException.class)
                .hasMessage(file + ", line 2: column 'text' is empty; fill it in or remove the row");
    }

    @Test
    void readsVeryLongTexts() throws IOException {
        String text = "word ".repeat(20_000).strip();
        for (String name : List.of("long.tsv", "long.csv")) {
            char separator = name.endsWith("csv") ? ',' : '\t';
            Path file = write(name, "text" + separator + "label\n" + text + separator + "1\nb" + separator + "0\n");
            assertThat(TableReader.labelled(file, DataOptions.of(file), List.of("0", "1"))
                            .getFirst()
                            .text())
                    .isEqualTo(text);
        }
        Path file = write("long.jsonl", "{\"text\": \"" + text + "\", \"label\": 1}\n");
        assertThat(TableReader.labelled(file, DataOptions.of(file), List.of("0", "1"))
                        .getFirst()
                        .text())
                .isEqualTo(text);
    }

    @Test
    void testFilesWithoutLabelsAreLeftAside() throws IOException {
        write("train.tsv", FOUR + "e five\tx\nf six\ty\n");
        write("test.tsv", "index\tsentence\n0\tg seven\n");
        Dataset dataset = DatasetLoader.load(DataOptions.of(folder));
        assertThat(dataset.source()).contains("test.tsv has no labels and is left aside");
        assertThat(dataset.test()).extracting(Example::id).allMatch(id -> id.startsWith("train.tsv:"));
        Files.delete(folder.resolve("test.tsv"));
        write("test.jsonl", "{\"sentence\": \"g seven\", \"label\": -1}\n");
        assertThat(DatasetLoader.load(DataOptions.of(folder)).source()).contains("test.jsonl has no labels");
    }

    @Test
    void keepsTheLabelOrderItIsGiven() throws IOException {
        write("train.tsv", FOUR);
        write("test.tsv", "sentence\tlabel\ne five\tx\n");
        Dataset dataset = DatasetLoader.load(DataOptions.of(folder).withLabels(List.of("y", "x", "z")));
        assertThat(dataset.labels()).containsExactly("y", "x", "z");
        assertThat(dataset.test().getFirst().label()).isEqualTo(1);
    }

    @Test
    void saysWhichRowIsWrong() throws IOException {
        assertFails(
                "train.tsv", "sentence\tlabel\na\tx\nb\n", "line 3: has 1 column, but the header has 2; add what is ");
        assertFails(
                "train.tsv", "sentence\tlabel\na\tx\ty\n", "line 2: has 3 columns, but the header has 2; a tab inside");
        assertFails("train.tsv", "sentence\tlabel\na\tx\n\nb\ty\n", "line 3: has 1 column, but the header has 2");
        assertFails("train.csv", "sentence,label\na,x\nb\n", "line 3: has 1 column, but the header has 2");
        assertFails("train.csv", "sentence,label\na,x\n\"b,x\nc,y\n", "line 3: has 1 column, but the header has 2");
        assertFails(
                "train.csv", "sentence,label\na,x\n\"b\"c,x\n", "line 3 or below: the quotes are not well-formed CSV");
        assertFails("train.tsv", "sentence\tlabel\na\t\nb\ty\n", "line 2: column 'label' is empty");
        assertFails(
                "train.tsv",
                "sentence\tlabel\na\tx\nb\tx\n",
                "all 2 rows have the label 'x'; give rows of at least two");
        assertFails("train.tsv", "", "train.tsv: is empty; give a file with at least one row");
        assertFails("train.tsv", "\n\n", "train.tsv: is empty; give a file with at least one row");
        assertFails("train.tsv", "sentence\tlabel\n", "train.tsv: holds a header but no rows");
        assertFails(
                "train.tsv",
                "words\tlabel\na\tx\n",
                "line 1: no text column recognised among the columns ['words', 'label']");
        assertFails(
                "train.tsv",
                "sentence\tmark\na\tx\n",
                "line 1: no label column recognised among the columns ['sentence', 'mark']");
        assertFails("train.tsv", "text\tlabel\ttext\na\tx\tb\n", "line 1: the header names the column 'text' twice");
        assertFails(
                "train.tsv", "sentence\tlabel\na\u0000\tx\n", "line 2: byte 16 is NUL, so this is UTF-16 or no text");
        assertFails("train.jsonl", "{\"text\": \"a\", \"label\": 1}\n[1]\n", "line 2: is not a JSON object");
        assertFails("train.jsonl", "{\"text\": \"a\", \"label\": 1\n", "line 1: is not valid JSON: ");
        assertFails(
                "train.jsonl",
                "{\"text\": \"a\", \"text\": \"b\", \"label\": 1}\n",
                "line 1: is not valid JSON: Duplicate");
        assertFails("train.jsonl", "{\"text\": \"a\", \"label\": 1} {}\n", "line 1: goes on after its JSON object");
        assertFails("train.jsonl", "{\"text\": [\"a\"], \"label\": 1}\n", "line 1: has no text in 'text'");
        assertFails(
                "train.jsonl",
                "{\"text\": \"a\", \"label\": 1}\n{\"text\": \"b\"}\n",
                "line 2: has no text in 'label'");
        Files.write(
                folder.resolve("train.tsv"),
                "sentence\tlabel\na\tx\nb\u00e9\ty\n".getBytes(StandardCharsets.ISO_8859_1));
        assertFails("line 3: byte 20 is not valid UTF-8; convert the file to UTF-8");
    }

    @Test
    void saysWhichLabelIsUnknown() throws IOException {
        write("train.tsv", FOUR);
        write("dev.tsv", "sentence\tlabel\ne five\tz\n");
        assertFails("dev.tsv, line 2: unknown label 'z'; the labels are: x, y");
        Path file = folder.resolve("train.tsv");
        assertThatThrownBy(() -> TableReader.labelled(file, DataOptions.of(file), List.of("x")))
                .isInstanceOf(DataFormatException.class)
                .hasMessage(file + ", line 3: unknown label 'y'; the labels are: x");
    }

    @Test
    void saysWhichFilesDoNotFit() throws IOException {
        assertFails("holds no train.tsv, train.csv or train.jsonl; it holds nothing");
        write("notes.md", "x");
        assertFails("holds no train.tsv, train.csv or train.jsonl; it holds notes.md");
        write("train.tsv", FOUR);
        write("train.csv", FOUR);
        assertFails("holds train.tsv and train.csv; keep only one of them in the folder");
        Files.delete(folder.resolve("train.csv"));
        write("dev.tsv", "sentence1\tsentence2\tlabel\na\tb\tx\n");
        assertFails("dev.tsv, line 1: has pairs, train.tsv has single texts; give both files the same columns");
        assertThatThrownBy(() -> DatasetLoader.load(DataOptions.of(folder.resolve("none"))))
                .isInstanceOf(InputException.class)
                .hasMessageEndingWith("none: no such file or folder; check the path");
        assertThatThrownBy(() -> DatasetLoader.load(DataOptions.of(folder.resolve("notes.md"))))
                .isInstanceOf(DataFormatException.class)
                .hasMessageContaining("notes.md: is of no known kind; use a name that ends in .tsv");
        assertThatThrownBy(() -> DatasetLoader.load(new DataOptions(folder, "body", null, null)))
                .isInstanceOf(DataFormatException.class)
                .hasMessageContaining("has no column 'body'; its columns are ['sentence', 'label']");
        write("dev.tsv", "sentence\tlabel\ne\tx\n");
        assertThatThrownBy(() -> DatasetLoader.load(DataOptions.of(folder)
                        .withLabels(List.of("x", "y", "z"))
                        .withMetric(Metric.F1)))
                .isInstanceOf(DataFormatException.class)
                .hasMessageContaining("has 3 labels, for which F1 is not defined");
    }

    @Test
    void refusesToCarveFromTooFewRows() throws IOException {
        write("train.tsv", "sentence\tlabel\na\tx\nb\ty\n");
        assertFails(
                folder
                        + ", train: its 2 rows are too few to carve a dev or test split from; add rows, or give dev and test files");
    }

    private List<String> texts(String name, String content, Quoting quoting) throws IOException {
        Path file = write(name, content);
        return TableReader.labelled(file, DataOptions.of(file).withQuoting(quoting), List.of("0", "1")).stream()
                .map(Example::text)
                .toList();
    }

    private void assertFails(String name, String content, String message) throws IOException {
        Path file = write(name, content);
        assertFails(message);
        Files.delete(file);
    }

    private void assertFails(String message) {
        assertThatThrownBy(() -> DatasetLoader.load(DataOptions.of(folder)))
                .isInstanceOf(DataFormatException.class)
                .hasMessageContaining(message);
    }

    private Path write(String name, String text) throws IOException {
        return Files.writeString(folder.resolve(name), text);
    }
}
