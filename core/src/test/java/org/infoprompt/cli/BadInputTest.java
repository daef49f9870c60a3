package org.infoprompt.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Everything a user can get wrong: one line that says what and where, status 2, nothing half-written. */
class BadInputTest {
    @TempDir
    static Path shared;

    @TempDir
    Path work;

    private static Path run = Path.of("");

    @BeforeAll
    static void train() {
        run = Cli.train(shared);
    }

    /** Runs a command that must fail and returns its one line. */
    private static String refused(Object... args) {
        return refusedFrom(new byte[0], args);
    }

    private static String refusedFrom(byte[] input, Object... args) {
        List<Object> all = new ArrayList<>(List.of(args));
        all.add("-q");
        Cli.Result result = Cli.runWith(input, all.toArray());
        assertThat(result.status()).as(result.err()).isEqualTo(2);
        assertThat(result.err()).startsWith("infoprompt: ").hasLineCount(1);
        return result.err();
    }

    private String refusedTraining(Path data, Object... more) {
        Path output = work.resolve("out");
        String message = refused(Cli.trainArguments(data, output, more).toArray());
        assertThat(output).doesNotExist();
        return message;
    }

    private Path file(String name, String content) throws IOException {
        return Files.writeString(work.resolve(name), content);
    }

    @Test
    void missingFile() {
        assertThat(refusedTraining(work.resolve("none.tsv"))).contains("none.tsv", "no such file");
    }

    @Test
    void int8IsNotForTraining() throws IOException {
        assertThat(refusedTraining(file("d.tsv", "text\tlabel\na\tx\n"), "--precision", "int8"))
                .contains("--precision", "int8 has no gradients", "train in fp32 or bf16");
        Path output = work.resolve("compared");
        assertThat(refused("compare", "--models", Cli.model(), "--output", output, "--precision", "int8"))
                .contains("--precision", "int8 has no gradients");
        assertThat(output).doesNotExist();
    }

    @Test
    void truncatedWeights() throws IOException {
        Path model = Cli.copyOfModel(work.resolve("model"));
        Path weights = model.resolve("model.safetensors");
        byte[] bytes = Files.readAllBytes(weights);
        Files.write(weights, java.util.Arrays.copyOf(bytes, bytes.length - 100));
        Path output = work.resolve("out.safetensors");
        Path lines = file("lines.txt", "cat\n");
        assertThat(refused("encode", "--model", model, "--input", lines, "--output", output))
                .contains("model.safetensors");
        assertThat(output).doesNotExist();
    }

    @Test
    void missingWeights() throws IOException {
        Path model = Cli.copyOfModel(work.resolve("model"));
        Files.delete(model.resolve("model.safetensors"));
        assertThat(refused(
                        "encode", "--model", model, "--input", file("l.txt", "cat\n"), "--output", work.resolve("o")))
                .contains("model.safetensors");
    }

    @Test
    void wrongVocabulary() throws IOException {
        Path model = Cli.copyOfModel(work.resolve("model"));
        StringBuilder more = new StringBuilder(Files.readString(model.resolve("vocab.txt")));
        for (int i = 0; i < 100; i++) {
            more.append("extra").append(i).append('\n');
        }
        Files.writeString(model.resolve("vocab.txt"), more);
        assertThat(refused(
                        "encode", "--model", model, "--input", file("l.txt", "cat\n"), "--output", work.resolve("o")))
                .contains("the tokenizer has", "use the tokenizer that belongs to the model");
    }

    @Test
    void otherVocabularyThanInTraining() throws IOException {
        Path model = Cli.copyOfModel(work.resolve("model"));
        String vocabulary = Files.readString(model.resolve("vocab.txt"));
        Files.writeString(model.resolve("vocab.txt"), vocabulary.replace("\ncat\n", "\nsun1\n"));
        assertThat(refused("predict", "--checkpoint", run, "--model", model, "cat"))
                .contains("checkpoint.json", "another vocabulary");
    }

    @Test
    void checkpointOfAnotherBackbone() throws IOException {
        Path model = Cli.copyOfModel(work.resolve("model"));
        byte[] bytes = Files.readAllBytes(model.resolve("model.safetensors"));
        bytes[bytes.length - 1] ^= 1;
        Files.write(model.resolve("model.safetensors"), bytes);
        assertThat(refused("predict", "--checkpoint", run, "--model", model, "cat"))
                .contains("checkpoint.json", "was trained on bert", "open it with --model");
    }

    @Test
    void damagedCheckpoint() throws IOException {
        Path copy = work.resolve("copy");
        Files.createDirectories(copy);
        try (var files = Files.list(run)) {
            for (Path file : files.toList()) {
                Files.copy(file, copy.resolve(file.getFileName()));
                if (file.getFileName().toString().startsWith("parameters-")) {
                    byte[] bytes = Files.readAllBytes(file);
                    Files.write(copy.resolve(file.getFileName()), java.util.Arrays.copyOf(bytes, bytes.length / 2));
                }
            }
        }
        assertThat(refused("predict", "--checkpoint", copy, "cat")).contains("parameters-", "damaged");
        assertThat(refused("predict", "--checkpoint", work.resolve("none"), "cat"))
                .contains("none", "no such folder");
        assertThat(refused("predict", "--checkpoint", work, "cat")).contains("checkpoint.json");
    }

    @Test
    void rowWithAMissingColumn() throws IOException {
        Path data = file("rows.tsv", Cli.rows(3) + "only a text\n");
        assertThat(refusedTraining(data)).contains("rows.tsv, line 8", "1 column");
    }

    @Test
    void unknownLabelAtEvaluation() throws IOException {
        Path data = file("rows.tsv", "sentence\tlabel\nthe cat\tcat\nred sun\tsun\n");
        assertThat(refused("eval", "--checkpoint", run, "--data", data))
                .contains("rows.tsv, line 3", "unknown label 'sun'", "cat, film");
    }

    @Test
    void emptyFile() throws IOException {
        assertThat(refusedTraining(file("rows.tsv", ""))).contains("rows.tsv", "is empty");
        Path empty = file("lines.txt", "");
        assertThat(refused("encode", "--model", Cli.model(), "--input", empty, "--output", work.resolve("o")))
                .contains("lines.txt", "is empty");
        assertThat(refused("predict", "--checkpoint", run, "--input", empty)).contains("lines.txt", "is empty");
    }

    @Test
    void singleClass() throws IOException {
        assertThat(refusedTraining(file("rows.tsv", "sentence\tlabel\na cat\tcat\nred cat\tcat\n")))
                .contains("rows.tsv", "label 'cat'", "at least two classes");
    }

    @Test
    void invalidUtf8() throws IOException {
        byte[] bytes = "sentence\tlabel\ncaf\u00e9\tcat\n".getBytes(StandardCharsets.ISO_8859_1);
        Path data = Files.write(work.resolve("rows.tsv"), bytes);
        assertThat(refusedTraining(data)).contains("rows.tsv, line 2", "UTF-8");
        assertThat(refused("predict", "--checkpoint", run, "--input", data)).contains("rows.tsv, line 2", "UTF-8");
        assertThat(refusedFrom(
                        "good\nca\u00e9\n".getBytes(StandardCharsets.ISO_8859_1), "predict", "--checkpoint", run))
                .contains("standard input, line 2", "UTF-8");
        assertThat(refused("encode", "--model", Cli.model(), "--input", data, "--output", work.resolve("o")))
                .contains("rows.tsv, line 2", "UTF-8");
    }

    @Test
    void unwritableOutput() throws IOException {
        Path blocked = file("blocked", "a file, not a folder");
        Path data = Cli.data(work.resolve("data"));
        assertThat(refused(Cli.trainArguments(data, blocked.resolve("run")).toArray()))
                .contains("blocked");
        assertThat(refused(Cli.trainArguments(data, blocked).toArray())).contains("blocked", "is a file, not a folder");
        Path lines = file("lines.txt", "cat\n");
        assertThat(refused("encode", "--model", Cli.model(), "--input", lines, "--output", blocked.resolve("o")))
                .contains("blocked");
        assertThat(refused("predict", "--checkpoint", run, "--input", lines, "--output", blocked.resolve("o")))
                .contains("blocked");
        assertThat(Files.readString(blocked)).isEqualTo("a file, not a folder");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "--epochs=0 | epochs",
                "--batch-size=no | --batch-size",
                "--learning-rate=-1 | learningRate",
                "--prompt-slots=0 | slots 0 must be in [1, 128]",
                "--classification=other | --classification",
                "--recipe=best | --recipe best",
                "--threads=0 | --threads",
                "--backend=abacus | abacus",
                "--task=cooking | cooking",
                "--label-words=dog=hound | 'dog' is no label",
                "--max-length=4 | maxLength",
                "--few-shot=-1 | --few-shot",
                "--limit-test=0 | --limit-test",
                "--pair-column=x | --text-column",
                "--text-column=nothing | no column 'nothing'",
                "--metric=semeval | --metric",
                "--nonsense | --nonsense",
            })
    void badOption(String option, String said) throws IOException {
        assertThat(refusedTraining(Cli.data(work.resolve("data")), option)).contains(said);
    }

    @Test
    void unknownModel() throws IOException {
        Path lines = file("lines.txt", "cat\n");
        assertThat(refused("encode", "--model", "maxilm", "--input", lines, "--output", work.resolve("o")))
                .contains("maxilm", "minilm");
    }

    @Test
    void resumeWithOtherSettings() {
        assertThat(refused(Cli.trainArguments(shared.resolve("data"), run, "--resume", "--gamma", "0.5")
                        .toArray()))
                .contains("run.json", "is of a different run", "gamma=0.5");
    }

    @Test
    void pairsWhereSinglesAreExpected() {
        assertThat(refused("predict", "--checkpoint", run, "cat", "--pair", "dog"))
                .contains("single texts");
    }

    @Test
    void noCommand() {
        assertThat(Cli.run().err()).startsWith("infoprompt: no command given").hasLineCount(1);
        assertThat(Cli.run().status()).isEqualTo(2);
        assertThat(Cli.run("tain").status()).isEqualTo(2);
    }
}
