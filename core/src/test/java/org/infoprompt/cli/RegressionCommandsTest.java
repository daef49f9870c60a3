package org.infoprompt.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** train, eval and predict where numbers are learnt, from a table of one's own. */
class RegressionCommandsTest {
    @TempDir
    Path work;

    private Path data(String bad) throws IOException {
        Path folder = Files.createDirectories(work.resolve("data" + bad.length()));
        StringBuilder rows = new StringBuilder("sentence1\tsentence2\tscore\n");
        for (int i = 0; i < 12; i++) {
            rows.append("the cat sat\t")
                    .append(i % 2 == 0 ? "a cat" : "good film")
                    .append(i);
            rows.append('\t').append(i % 2 == 0 ? "4.5" : "-0.25").append('\n');
        }
        for (String name : List.of("train.tsv", "dev.tsv", "test.tsv")) {
            Files.writeString(folder.resolve(name), rows + bad);
        }
        return folder;
    }

    private Cli.Result train(Path data, Object... more) {
        List<Object> arguments = new ArrayList<>(Cli.trainArguments(data, work.resolve("run"), more));
        arguments.addAll(List.of("--metric", "pearson_spearman", "--label-column", "score"));
        return Cli.run(arguments.toArray());
    }

    @Test
    void trainsEvaluatesAndPredicts() throws IOException {
        Path data = data("");
        Cli.Result trained = train(data);
        assertThat(trained.status()).as(trained.err()).isZero();
        assertThat(trained.err())
                .contains("baselines are left out: they classify texts, data0 has numbers", "of numbers", "  mse ")
                .doesNotContain("accuracy");
        assertThat(trained.out()).contains("Pearson-Spearman").doesNotContain("accuracy");
        Path run = work.resolve("run");
        assertThat(Files.readString(run.resolve("results.csv"))).contains(",,,Pearson-Spearman,");
        // A finished run is read back, numbers and all.
        Cli.Result again = train(data, "--resume");
        assertThat(again.out().lines().limit(4).toList())
                .isEqualTo(trained.out().lines().limit(4).toList());

        Cli.Result evaluated =
                Cli.run("eval", "--checkpoint", run, "--data", data.resolve("test.tsv"), "--label-column", "score");
        assertThat(evaluated.status()).as(evaluated.err()).isZero();
        assertThat(evaluated.out())
                .containsPattern("examples +12\nPearson +-?[01]\\.\\d{4}\nSpearman +-?[01]\\.\\d{4}\n")
                .contains("mean squared error");

        Cli.Result predicted = Cli.run("predict", "--checkpoint", run, "--pair", "a cat", "the cat sat");
        assertThat(predicted.out()).matches("score {2}-?\\d+(\\.\\d+)?(e-?\\d+)?\n");
        Cli.Result json = Cli.run("predict", "--checkpoint", run, "--json", "--pair", "a cat", "the cat sat");
        assertThat(json.out()).matches("\\{\"score\":-?[\\d.E-]+}\n");
        for (List<String> option : List.of(List.of("--probabilities"), List.of("--top", "2"))) {
            List<Object> asked = new ArrayList<>(List.of("predict", "--checkpoint", run, "--pair", "a", "the cat sat"));
            asked.addAll(option);
            Cli.Result refused = Cli.run(asked.toArray());
            assertThat(refused.status()).isEqualTo(Failures.BAD_INPUT);
            assertThat(refused.err()).contains(option.getFirst() + ": is for models that classify texts");
        }
        Cli.Result words = train(data, "--label-words", "score=good");
        assertThat(words.status()).isEqualTo(Failures.BAD_INPUT);
        assertThat(words.err()).contains("--label-words: is for data with classes");
        Path output = work.resolve("scores.tsv");
        Cli.run("predict", "--checkpoint", run, "--input", data.resolve("test.tsv"), "--output", output);
        assertThat(Files.readAllLines(output)).hasSize(13).first().isEqualTo("score");
    }

    @Test
    void namesTheRowWithoutANumber() throws IOException {
        for (String bad : List.of("much", "NaN")) {
            Cli.Result result = train(data("the\tcat\t" + bad + "\n"));
            assertThat(result.status()).isEqualTo(Failures.BAD_INPUT);
            assertThat(result.err()).contains("train.tsv", "line 14", "'" + bad + "' is no finite number");
        }
    }

    @Test
    void aMetricThatDoesNotJudgeTheModelIsRefused() throws IOException {
        Path data = data("");
        assertThat(train(data).status()).isZero();
        Path classes = Cli.data(work.resolve("classes"));
        Path classifier = work.resolve("classifier");
        assertThat(Cli.run(Cli.trainArguments(classes, classifier, "--no-baselines")
                                .toArray())
                        .status())
                .isZero();
        Cli.Result numbers =
                Cli.run("eval", "--checkpoint", classifier, "--data", data.resolve("test.tsv"), "--metric", "pearson");
        assertThat(numbers.status()).isEqualTo(Failures.BAD_INPUT);
        assertThat(numbers.err()).contains("--metric", "Pearson does not judge a model of the labels");
        Cli.Result accuracy = Cli.run(
                "eval",
                "--checkpoint",
                work.resolve("run"),
                "--data",
                data.resolve("test.tsv"),
                "--metric",
                "accuracy");
        assertThat(accuracy.status()).isEqualTo(Failures.BAD_INPUT);
        assertThat(accuracy.err()).contains("accuracy does not judge a model of the labels score");
    }

    @Test
    void aNumberIsNoAdapter() throws IOException {
        assertThat(train(data(""), "--method", "prompt-tuning").status()).isZero();
        Cli.Result result = Cli.run("export", "--checkpoint", work.resolve("run"), "--output", work.resolve("adapter"));
        assertThat(result.status()).isEqualTo(Failures.BAD_INPUT);
        assertThat(result.err()).contains("gives a number; adapters are written with class heads alone");
    }
}
