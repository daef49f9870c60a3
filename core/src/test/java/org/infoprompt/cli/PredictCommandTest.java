package org.infoprompt.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** {@code infoprompt predict} and {@code eval} with a small trained model. */
class PredictCommandTest {
    @TempDir
    static Path work;

    private static Path run = Path.of("");

    @BeforeAll
    static void train() {
        run = Cli.train(work);
    }

    private static Cli.Result predict(Object... more) {
        return predictFrom("", more);
    }

    private static Cli.Result predictFrom(String input, Object... more) {
        Object[] args = new Object[3 + more.length];
        args[0] = "predict";
        args[1] = "--checkpoint";
        args[2] = run;
        System.arraycopy(more, 0, args, 3, more.length);
        return Cli.runWith(input.getBytes(StandardCharsets.UTF_8), args);
    }

    @Test
    void printsLabelAndProbability() {
        Cli.Result result = predict("the cat sat on mat", "-q");
        assertThat(result.status()).as(result.err()).isZero();
        assertThat(result.out()).matches("(cat|film)  [01]\\.\\d{4}\\n");
        assertThat(result.err()).isEmpty();
    }

    @Test
    void readsStandardInputLineByLine() {
        Cli.Result result = predictFrom("the cat sat\r\n\ngood film", "-q");
        assertThat(result.lines()).as(result.err()).hasSize(3);
        assertThat(result.lines().getFirst())
                .isEqualTo(predict("the cat sat", "-q").lines().getFirst());
        assertThat(result.lines().get(1)).isEqualTo(predict("", "-q").lines().getFirst());
        assertThat(result.lines().getLast())
                .isEqualTo(predict("good film", "-q").lines().getFirst());
    }

    @Test
    void printsJson() {
        JsonNode node = new JsonMapper()
                .readTree(
                        predict("good film", "--json", "--probabilities", "-q").out());
        assertThat(node.path("label").asString()).isIn("cat", "film");
        assertThat(node.path("probabilities").path("cat").asDouble()
                        + node.path("probabilities").path("film").asDouble())
                .isCloseTo(1, org.assertj.core.data.Offset.offset(1e-9));
        assertThat(new JsonMapper()
                        .readTree(predict("good film", "--json", "-q").out())
                        .has("probabilities"))
                .isFalse();
    }

    @Test
    void showsTheTopLabels() {
        assertThat(predict("good film", "--top", "2", "-q").out()).matches("(cat|film)  \\S+  (cat|film)  \\S+\\n");
    }

    @Test
    void writesATable() throws IOException {
        Path input = work.resolve("texts.tsv");
        Files.writeString(input, "id\tsentence\n1\tthe cat sat\n2\tgood film\n");
        Path output = work.resolve("out.tsv");
        Cli.Result result = predict("--input", input, "--output", output);
        assertThat(result.status()).as(result.err()).isZero();
        List<String> lines = Files.readAllLines(output);
        assertThat(lines.getFirst()).isEqualTo("label\tprobability\tp(cat)\tp(film)");
        assertThat(lines).hasSize(3);
        assertThat(lines.get(1)).matches("(cat|film)\t[01]\\.\\d{6}\t[01]\\.\\d{6}\t[01]\\.\\d{6}");
        String printed = predict("--input", input, "-q").lines().getFirst();
        assertThat(printed.split("  ", -1)[0]).isEqualTo(lines.get(1).split("\t", -1)[0]);
    }

    @Test
    void takesATextOfAHundredThousandCharacters() {
        assertThat(predict("cat ".repeat(25_000), "-q").status()).isZero();
        assertThat(predict("c".repeat(100_000), "-q").status()).isZero();
    }

    @Test
    void evaluatesSplitsAndFiles() {
        Cli.Result split = Cli.run("eval", "--checkpoint", run, "--data", work.resolve("data"), "-q");
        assertThat(split.status()).as(split.err()).isZero();
        assertThat(split.out()).contains("examples             6", "accuracy", "macro-F1", "gold \\ predicted");
        Cli.Result dev = Cli.run("eval", "--checkpoint", run, "--data", work.resolve("data"), "--split", "dev", "-q");
        assertThat(dev.out()).contains("examples             4");
        Path file = work.resolve("data").resolve("train.tsv");
        assertThat(Cli.run("eval", "--checkpoint", run, "--data", file, "-q").out())
                .contains("examples             12");
    }

    @Test
    void evaluatesAsTrainingDid() throws IOException {
        String csv = Files.readAllLines(run.resolve("results.csv")).getLast();
        Cli.Result split = Cli.run("eval", "--checkpoint", run, "--data", work.resolve("data"), "-q");
        assertThat(split.out()).contains("accuracy             " + csv.split(",", -1)[2].substring(0, 6));
    }
}
