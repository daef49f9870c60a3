package org.infoprompt.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Adapters of PEFT on the command line. */
class AdapterCommandTest {
    @TempDir
    Path work;

    private static Path adapter(String kind) {
        try {
            return Path.of(Objects.requireNonNull(AdapterCommandTest.class.getResource("/fixtures/peft/bert/" + kind))
                    .toURI());
        } catch (URISyntaxException e) {
            throw new IllegalStateException(e);
        }
    }

    private static Cli.Result run(String command, String kind, Object... more) {
        List<Object> arguments =
                new java.util.ArrayList<>(List.of(command, "--adapter", adapter(kind), "--model", Cli.model(), "-q"));
        arguments.addAll(List.of(more));
        return Cli.run(arguments.toArray());
    }

    @ParameterizedTest
    @ValueSource(strings = {"prompt-tuning", "lora", "ia3"})
    void predictsTextsAndPairs(String kind) {
        Cli.Result single = run("predict", kind, "the cat sat on the mat");
        assertThat(single.err()).isEmpty();
        assertThat(single.out()).matches("LABEL_[012]  0\\.\\d{4}\\n");
        Cli.Result pair = run("predict", kind, "a very good film", "--pair", "it was not bad", "--labels", "a,b,c");
        assertThat(pair.out()).as(pair.err()).matches("[abc]  0\\.\\d{4}\\n");
    }

    @Test
    void filePredictionsAreThoseOfSingleTexts() throws IOException {
        Path input = Files.writeString(work.resolve("texts.txt"), "the cat sat on the mat\na film\tit was bad\n");
        Cli.Result file = run("predict", "lora", "--input", input, "--probabilities");
        assertThat(file.lines()).as(file.err()).hasSize(2);
        assertThat(file.lines().getFirst())
                .isEqualTo(run("predict", "lora", "the cat sat on the mat", "--probabilities")
                        .lines()
                        .getFirst());
        assertThat(file.lines().getLast())
                .isEqualTo(run("predict", "lora", "a film", "--pair", "it was bad", "--probabilities")
                        .lines()
                        .getFirst());
    }

    @Test
    void choosesATask() {
        assertThat(run("predict", "multitask-prompt-tuning", "--adapter-task", 2, "a film")
                        .out())
                .startsWith("LABEL_");
        assertThat(run("predict", "multitask-prompt-tuning", "a film").err())
                .startsWith("infoprompt: ")
                .contains("num_tasks: is 3 and no task was chosen; say which with --adapter-task, 0 to 2")
                .hasLineCount(1);
    }

    @Test
    void evaluatesWithLabels() throws IOException {
        Path data = Files.writeString(
                work.resolve("rows.tsv"), "sentence\tlabel\nthe cat\tcat\ngood film\tfilm\nred sun\tsun\n");
        Cli.Result result = run("eval", "ia3", "--labels", "cat,film,sun", "--data", data);
        assertThat(result.status()).as(result.err()).isZero();
        assertThat(result.out()).contains("examples             3", "accuracy", "gold \\ predicted");
        Cli.Result unnamed = run("eval", "ia3", "--data", data);
        assertThat(unnamed.status()).isEqualTo(2);
        assertThat(unnamed.err()).contains("rows.tsv, line 2", "LABEL_0").hasLineCount(1);
    }

    @Test
    void findsTheBaseModelBesideTheAdapter() throws IOException {
        Path copy = Files.createDirectories(work.resolve("adapter"));
        for (String name : List.of("adapter_config.json", "adapter_model.safetensors")) {
            Files.copy(adapter("lora").resolve(name), copy.resolve(name));
        }
        assertThat(Cli.run("predict", "--adapter", copy, "-q", "a film").err())
                .contains("base_model_name_or_path: is bert, which is no folder here and no known model")
                .hasLineCount(1);
        Cli.copyOfModel(work.resolve("bert"));
        assertThat(Cli.run("predict", "--adapter", copy, "-q", "a film").out()).startsWith("LABEL_");
    }

    @Test
    void optionsThatDoNotBelongTogether() {
        Object[][] wrong = {
            {"predict", "a"},
            {"predict", "--checkpoint", work, "--adapter", work, "a"},
            {"predict", "--checkpoint", work, "--labels", "a,b", "a"},
            {"eval", "--adapter", adapter("ia3"), "--model", Cli.model()},
        };
        List<String> said =
                List.of("--checkpoint: is missing", "stands beside", "belongs to --adapter", "--data: is needed");
        for (int i = 0; i < wrong.length; i++) {
            Cli.Result result = Cli.run(wrong[i]);
            assertThat(result.status()).isEqualTo(2);
            assertThat(result.err()).contains(said.get(i)).hasLineCount(1);
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "\"LORA\" | \"VERA\" | key peft_type: VERA is not supported",
                "\"SEQ_CLS\" | null | key task_type: is null or missing",
                "\"bert\" | \"roberta-large\" | key base_model_name_or_path: is roberta-large, the backbone is bert",
            })
    void refusesWithOneLineAndStatusTwo(String from, String to, String said) throws IOException {
        Path copy = Files.createDirectories(work.resolve("adapter"));
        Files.writeString(
                copy.resolve("adapter_config.json"),
                Files.readString(adapter("lora").resolve("adapter_config.json")).replace(from, to));
        Files.copy(adapter("lora").resolve("adapter_model.safetensors"), copy.resolve("adapter_model.safetensors"));
        Cli.Result result = Cli.run("predict", "--adapter", copy, "--model", Cli.model(), "-q", "a film");
        assertThat(result.status()).isEqualTo(2);
        assertThat(result.err()).startsWith("infoprompt: ").contains(said).hasLineCount(1);
        assertThat(result.out()).isEmpty();
    }

    @Test
    void refusesPickle() throws IOException {
        Path copy = Files.createDirectories(work.resolve("adapter"));
        Files.copy(adapter("lora").resolve("adapter_config.json"), copy.resolve("adapter_config.json"));
        Files.writeString(copy.resolve("adapter_model.bin"), "cos\nsystem\n");
        Cli.Result result = Cli.run("predict", "--adapter", copy, "--model", Cli.model(), "-q", "a film");
        assertThat(result.status()).isEqualTo(2);
        assertThat(result.err())
                .contains("adapter_model.bin: is a pickle", "convert it")
                .hasLineCount(1);
    }

    @Test
    void exportsWhatItPredicts() throws IOException {
        Path data = Cli.data(work.resolve("data"));
        Path run = work.resolve("run");
        Cli.Result trained =
                Cli.run(Cli.trainArguments(data, run, "--method", "prompt-tuning", "--set", "slots=2", "-q")
                        .toArray());
        assertThat(trained.status()).as(trained.err()).isZero();
        Path exported = work.resolve("exported");
        Cli.Result export = Cli.run("export", "--checkpoint", run, "--output", exported);
        assertThat(export.status()).as(export.err()).isZero();
        assertThat(export.err())
                .contains("PROMPT_TUNING adapter of 2 virtual tokens is in", "PEFT reads the first virtual token");
        assertThat(Cli.names(exported))
                .containsExactlyInAnyOrder("README.md", "adapter_config.json", "adapter_model.safetensors");
        for (String text : List.of("the cat sat", "good film", "")) {
            String ours = Cli.run("predict", "--checkpoint", run, "--precision", "fp32", "--top", 2, "-q", text)
                    .out();
            assertThat(Cli.run("predict", "--adapter", exported, "--top", 2, "-q", text)
                            .out())
                    .isEqualTo(ours);
        }
    }

    @Test
    void refusesToExportInfoPrompt() throws IOException {
        Path run = Cli.train(work);
        Path exported = work.resolve("exported");
        Cli.Result export = Cli.run("export", "--checkpoint", run, "--output", exported, "-q");
        assertThat(export.status()).isEqualTo(2);
        assertThat(export.err())
                .contains("method infoprompt: places its prompts in groups around a mask", "--method prompt-tuning")
                .hasLineCount(1);
        assertThat(exported).doesNotExist();
        assertThat(Cli.run("export", "--checkpoint", exported, "--output", exported)
                        .err())
                .contains("checkpoint.json: no such file");
    }
}
