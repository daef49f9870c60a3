package org.infoprompt.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.infoprompt.checkpoint.Checkpoint;
import org.infoprompt.checkpoint.CheckpointInfo;
import org.infoprompt.outside.OutsideLoader;
import org.infoprompt.prompt.infoprompt.InfoPromptConfig;
import org.infoprompt.prompt.infoprompt.PromptKind;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Prompt methods on the command line and in checkpoints. */
class MethodOptionsTest {
    @TempDir
    Path work;

    @Test
    void trainsAndPredictsWithAMethodFromOutside() throws IOException {
        Path run = work.resolve("run");
        Object[] arguments = Cli.trainArguments(
                        Cli.data(work.resolve("data")),
                        run,
                        "--method",
                        "repeated-vector",
                        "--set",
                        "slots=2",
                        "--information")
                .toArray();
        try (OutsideLoader outside = new OutsideLoader()) {
            assertThat(outside).isNotNull();
            Cli.Result trained = Cli.run(arguments);
            assertThat(trained.status()).as(trained.err()).isZero();
            assertThat(trained.out()).contains("repeated-vector + MI");
            assertThat(Files.readString(run.resolve("checkpoint.json")))
                    .contains("\"method\" : \"repeated-vector\"", "\"slots\" : \"2\"");
            Cli.Result predicted = Cli.run("predict", "--checkpoint", run, "the cat sat on mat");
            assertThat(predicted.status()).as(predicted.err()).isZero();
        }
    }

    @Test
    void namesUnknownMethodsAndOptions() throws IOException {
        Path data = Cli.data(work.resolve("data"));
        Cli.Result unknown = Cli.run(Cli.trainArguments(data, work.resolve("run"), "--method", "nonsense")
                .toArray());
        assertThat(unknown.status()).isNotZero();
        assertThat(unknown.err()).contains("--method nonsense: no prompt method is called 'nonsense'");
        Cli.Result option = Cli.run(Cli.trainArguments(data, work.resolve("run"), "--set", "words=1")
                .toArray());
        assertThat(option.status()).isNotZero();
        assertThat(option.err()).contains("method infoprompt has no option 'words'");
    }

    @Test
    void refusesACheckpointOfAMethodThatIsNotInstalled() throws IOException {
        Path run = Cli.train(work);
        Path json = run.resolve("checkpoint.json");
        Files.writeString(
                json, Files.readString(json).replace("\"method\" : \"infoprompt\"", "\"method\" : \"absent\""));
        Cli.Result result = Cli.run("predict", "--checkpoint", run, "the cat");
        assertThat(result.status()).isNotZero();
        assertThat(result.err()).contains("'absent', which is not installed");
    }

    @Test
    void readsCheckpointsOfOlderVersions() throws IOException {
        Path run = trainAtMask();
        Path json = run.resolve("checkpoint.json");
        String now = Files.readString(json);
        Cli.Result before = Cli.run("predict", "--checkpoint", run, "the cat sat");
        String second = now.replace("\"version\" : 3", "\"version\" : 2").replaceAll(",\\s*\"read\" : \"mask\"", "");
        assertThat(second).isNotEqualTo(now).doesNotContain("\"read\"");
        String first = now.replace("\"version\" : 3", "\"version\" : 1")
                .replaceAll(
                        "(?s)\"method\" : \"infoprompt\",\\s*\"options\" : \\{.*?\\},",
                        "\"kind\" : \"task\",\n" + "    \"slotsPerGroup\" : 1,\n    \"generatorSize\" : 32,")
                .replaceAll("(?s)\"hiddenSize\" : 32,.*?\\}", "\"hiddenSize\" : 32\n  }");
        assertThat(first).isNotEqualTo(now).doesNotContain("numLayers", "options");
        for (String then : new String[] {first, second}) {
            Files.writeString(json, then);
            CheckpointInfo info = Checkpoint.info(run);
            assertThat(info.prompt()).isEqualTo(new InfoPromptConfig(PromptKind.TASK, 1, 32));
            Cli.Result after = Cli.run("predict", "--checkpoint", run, "the cat sat");
            assertThat(after.status()).as(after.err()).isZero();
            assertThat(after.out()).isEqualTo(before.out());
        }
    }

    private Path trainAtMask() throws IOException {
        Path run = work.resolve("run");
        Cli.Result trained = Cli.run(Cli.trainArguments(Cli.data(work.resolve("data")), run, "--set", "read=mask")
                .toArray());
        assertThat(trained.status()).as(trained.err()).isZero();
        return run;
    }
}
