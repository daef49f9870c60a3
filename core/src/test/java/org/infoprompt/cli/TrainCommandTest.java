package org.infoprompt.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code infoprompt train} on a tiny model folder and small files. */
class TrainCommandTest {
    @TempDir
    Path work;

    @Test
    void leavesCheckpointTablesAndCurve() throws IOException {
        Path run = work.resolve("run");
        Cli.Result result =
                Cli.run(Cli.trainArguments(Cli.data(work.resolve("data")), run).toArray());
        assertThat(result.status()).as(result.err()).isZero();
        assertThat(Cli.names(run))
                .containsExactly(
                        "checkpoint.json",
                        "learning-curve.png",
                        "metrics.csv",
                        "parameters.safetensors",
                        "results.csv",
                        "results.json",
                        "run.json");
        assertThat(result.out())
                .contains("majority class", "head-only probe", "soft prompt", "InfoPrompt", "accuracy", "macro-F1");
        assertThat(result.lines().getLast())
                .isEqualTo("  ./infoprompt predict --checkpoint " + run + " \"the cat sat on mat 0\"");
        List<String> metrics = Files.readAllLines(run.resolve("metrics.csv"));
        assertThat(metrics.getFirst())
                .isEqualTo("method,seed,epoch,steps,cross_entropy,head,representation,kl,total,train_accuracy,"
                        + "dev_score,learning_rate,seconds");
        assertThat(metrics).hasSize(1 + 2 * 2);
        assertThat(metrics.get(1)).startsWith("soft prompt,42,1,3,");
        assertThat(metrics.getLast()).startsWith("InfoPrompt,42,2,6,");
        assertThat(metrics.getLast().split(",", -1)).hasSize(13);
        List<String> results = Files.readAllLines(run.resolve("results.csv"));
        assertThat(results).hasSize(5);
        assertThat(results.get(1)).startsWith("majority class,42,0.500000,0.333333,0.000000,accuracy,0.500000,,0,");
    }

    @Test
    void drawsBothMethods() throws IOException {
        BufferedImage image =
                ImageIO.read(Cli.train(work).resolve("learning-curve.png").toFile());
        assertThat(image.getWidth()).isGreaterThan(1000);
        Set<Integer> colours = new HashSet<>();
        for (int y = 80; y < image.getHeight() - 70; y++) {
            for (int x = 64; x < 460; x++) {
                colours.add(image.getRGB(x, y) & 0xffffff);
            }
        }
        assertThat(colours).as("cross-entropy, head and representation curves").contains(0x1f6fb4, 0xd96b0b, 0x2b8a3e);
    }

    @Test
    void dryRunWritesNothing() throws IOException {
        Path run = work.resolve("run");
        Cli.Result result = Cli.run(Cli.trainArguments(Cli.data(work.resolve("data")), run, "--dry-run")
                .toArray());
        assertThat(result.status()).isZero();
        assertThat(result.out()).contains("12 train, 4 dev, 6 test of 2 classes", "plan: 6 steps", "2 threads");
        assertThat(run).doesNotExist();
    }

    @Test
    void summarisesSeeds() throws IOException {
        Path run = work.resolve("run");
        Cli.Result result = Cli.run(Cli.trainArguments(
                        Cli.data(work.resolve("data")),
                        run,
                        "--seeds",
                        "1,2",
                        "--few-shot",
                        "3",
                        "--limit-test",
                        "4",
                        "-q")
                .toArray());
        assertThat(result.status()).as(result.err()).isZero();
        assertThat(result.err()).isEmpty();
        assertThat(result.out()).contains("±").contains("4 test examples");
        assertThat(Files.readAllLines(run.resolve("results.csv"))).hasSize(1 + 2 * 4);
        assertThat(Files.readString(run.resolve("checkpoint.json"))).contains("\"seed\" : 1\n");
    }

    @Test
    void sameSeedSameBytesForAnyNumberOfThreads() throws IOException {
        Path data = Cli.data(work.resolve("data"));
        Cli.run(Cli.trainArguments(data, work.resolve("a"), "--no-baselines").toArray());
        List<Object> one = new ArrayList<>(Cli.trainArguments(data, work.resolve("b"), "--no-baselines"));
        one.set(one.size() - 2, "1");
        assertThat(one.get(one.size() - 3)).isEqualTo("--threads");
        Cli.run(one.toArray());
        assertThat(Cli.parameters(work.resolve("b"))).isEqualTo(Cli.parameters(work.resolve("a")));
    }

    @Test
    void keepsAFinishedRunOfOtherSettings() throws IOException {
        Path data = Cli.data(work.resolve("data"));
        Path run = work.resolve("run");
        Object[] first = Cli.trainArguments(data, run, "--no-baselines", "-q").toArray();
        Object[] other = Cli.trainArguments(data, run, "--no-baselines", "-q", "--gamma", "0.3")
                .toArray();
        assertThat(Cli.run(first).status()).isZero();
        byte[] parameters = Cli.parameters(run);
        Cli.Result refused = Cli.run(other);
        assertThat(refused.status()).isEqualTo(2);
        assertThat(refused.err())
                .contains("holds a finished run of different settings", "--force")
                .hasLineCount(1);
        assertThat(Cli.parameters(run)).isEqualTo(parameters);
        assertThat(Cli.run(first).status()).as("same settings").isZero();
        assertThat(Cli.parameters(run)).isEqualTo(parameters);
        Object[] forced = Cli.trainArguments(data, run, "--no-baselines", "-q", "--gamma", "0.3", "--force")
                .toArray();
        assertThat(Cli.run(forced).status()).isZero();
        assertThat(Cli.parameters(run)).isNotEqualTo(parameters);
    }

    @Test
    void resumingAFinishedRunShowsItsResults() throws IOException {
        Path run = Cli.train(work);
        byte[] parameters = Cli.parameters(run);
        Cli.Result again = Cli.run(
                Cli.trainArguments(work.resolve("data"), run, "--resume").toArray());
        assertThat(again.status()).as(again.err()).isZero();
        assertThat(again.err()).contains("finished already");
        assertThat(again.out()).contains("majority class", "InfoPrompt");
        assertThat(Cli.parameters(run)).isEqualTo(parameters);
    }

    @Test
    void trainsWithTheReleasedRecipe() throws IOException {
        Path run = work.resolve("run");
        Cli.Result result = Cli.run(
                Cli.trainArguments(Cli.data(work.resolve("data")), run, "--recipe", "released", "--no-baselines", "-q")
                        .toArray());
        assertThat(result.status()).as(result.err()).isZero();
        assertThat(Files.readString(run.resolve("checkpoint.json"))).contains("\"kind\" : \"instance\"");
    }
}
