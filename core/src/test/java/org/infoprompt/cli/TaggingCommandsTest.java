package org.infoprompt.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** train, eval and predict where words are tagged, on a few sentences in WNUT-17's files. */
class TaggingCommandsTest {
    @TempDir
    Path work;

    @Test
    void trainsEvaluatesAndTags() throws IOException {
        Path data = data();
        Path run = work.resolve("run");
        List<Object> arguments = List.of(
                "train",
                "--model",
                Cli.model(),
                "--task",
                "wnut17",
                "--data",
                data,
                "--output",
                run,
                "--epochs",
                "2",
                "--method",
                "prompt-tuning",
                "--threads",
                "1");
        Cli.Result trained = Cli.run(arguments.toArray());
        assertThat(trained.status()).as(trained.err()).isZero();
        assertThat(trained.err()).contains("baselines are left out: they classify texts, wnut17 tags words");
        assertThat(trained.out()).contains("span F1");
        Cli.Result evaluated = Cli.run("eval", "--checkpoint", run, "--task", "wnut17", "--data", data);
        assertThat(evaluated.status()).as(evaluated.err()).isZero();
        assertThat(evaluated.out()).containsPattern("span F1 +[01]\\.\\d{4}");

        Cli.Result tagged = Cli.run("predict", "--checkpoint", run, "the  cat sat", "on mat");
        assertThat(tagged.status()).as(tagged.err()).isZero();
        List<String> lines = tagged.lines();
        assertThat(lines).hasSize(3 + 1 + 2 + 1);
        for (int i : new int[] {0, 1, 2, 4, 5}) {
            assertThat(lines.get(i)).matches("\\w+\t(O|[BI]-[a-z-]+)");
        }
        assertThat(lines.get(0)).startsWith("the\t");
        assertThat(lines.get(3)).isEmpty();
        Cli.Result json =
                Cli.runWith("the cat sat\n".getBytes(StandardCharsets.UTF_8), "predict", "--checkpoint", run, "--json");
        assertThat(json.out()).startsWith("{\"words\":[\"the\",\"cat\",\"sat\"],\"tags\":[\"");
        Path output = work.resolve("tags.conll");
        Path input = work.resolve("in.txt");
        Files.writeString(input, "the cat sat\n");
        assertThat(Cli.run("predict", "--checkpoint", run, "--input", input, "--output", output)
                        .err())
                .contains("1 tagged texts are in");
        assertThat(Files.readString(output)).isEqualTo(String.join("\n", lines.subList(0, 3)) + "\n\n");
        assertThat(Cli.run("predict", "--checkpoint", run, "--top", "3", "a").err())
                .contains("--top: is for models that classify texts");
    }

    @Test
    void saysThatInformationLossesDoNotGoWithWords() throws IOException {
        Cli.Result result = Cli.run(
                "train", "--model", Cli.model(), "--task", "wnut17", "--data", data(), "--output", work.resolve("run"));
        assertThat(result.status()).isEqualTo(Failures.BAD_INPUT);
        assertThat(result.err()).contains("token labelling reads many states of a text");
    }

    private Path data() throws IOException {
        Path folder = Files.createDirectories(work.resolve("data"));
        String sentence = "the\tO\nbig\tB-group\ncat\tI-group\n\ndog\tB-person\nsat\tO\non\tO\nmat\tB-location\n\n";
        for (String name : List.of("wnut17train.conll", "emerging.dev.conll", "emerging.test.annotated")) {
            Files.writeString(folder.resolve(name), sentence.repeat(3));
        }
        return folder;
    }
}
