package org.infoprompt.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.infoprompt.session.ForkedJava;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Real processes that are killed, or cannot write, in the middle of a run. */
class CrashTest {
    private static final String EPOCHS = "60";

    @TempDir
    Path work;

    @Test
    void aKilledRunGoesOnToTheSameBits() throws IOException, InterruptedException {
        Path data = Cli.data(work.resolve("data"));
        Path whole = work.resolve("whole");
        assertThat(Cli.run(arguments(data, whole).toArray()).status()).isZero();

        Path killed = work.resolve("killed");
        Process process = new ProcessBuilder(java(arguments(data, killed)))
                .redirectErrorStream(true)
                .redirectOutput(work.resolve("log").toFile())
                .start();
        Path resume = killed.resolve("work").resolve("InfoPrompt-42").resolve("resume.json");
        while (process.isAlive() && !Files.exists(resume)) {
            Thread.sleep(2);
        }
        process.destroyForcibly();
        assertThat(process.waitFor(1, TimeUnit.MINUTES)).isTrue();
        assertThat(process.exitValue())
                .as(Files.readString(work.resolve("log")))
                .isNotZero();
        assertThat(resume).as("the process died between two epochs").exists();
        assertThat(killed.resolve("checkpoint.json")).doesNotExist();

        List<Object> again = new ArrayList<>(arguments(data, killed));
        again.add("--resume");
        Cli.Result result = Cli.run(again.toArray());
        assertThat(result.status()).as(result.err()).isZero();
        assertThat(result.err()).contains("goes on from");
        assertThat(Cli.parameters(killed)).isEqualTo(Cli.parameters(whole));
        assertThat(killed.resolve("work")).doesNotExist();
    }

    @Test
    void aKilledComparisonKeepsItsCells() throws IOException, InterruptedException {
        Path task = Files.createDirectories(work.resolve("data").resolve("amazon"));
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < 20; i++) {
            text.append("the cat sat on mat ").append(i).append("\t1\nbad film was not good ");
            text.append(i).append("\t0\n");
        }
        Files.writeString(task.resolve("amazon_cells_labelled.txt"), text);
        Path whole = work.resolve("whole");
        assertThat(Cli.run(comparison(task, whole).toArray()).status()).isZero();
        Path killed = work.resolve("killed");
        List<Object> halting = new ArrayList<>(List.of(", test ", 2));
        halting.addAll(comparison(task, killed));
        Process process = new ProcessBuilder(ForkedJava.command(HaltingProgram.class, halting))
                .redirectErrorStream(true)
                .redirectOutput(work.resolve("log").toFile())
                .start();
        Path results = killed.resolve("results.csv");
        while (process.isAlive() && (!Files.exists(results) || rows(results).size() < 3)) {
            Thread.sleep(2);
        }
        process.destroyForcibly();
        assertThat(process.waitFor(1, TimeUnit.MINUTES)).isTrue();
        List<String> kept = rows(results);
        assertThat(kept)
                .as("the process died in the middle")
                .hasSize(3)
                .isNotEqualTo(rows(whole.resolve("results.csv")));
        Cli.Result result = Cli.run(comparison(task, killed).toArray());
        assertThat(result.status()).as(result.err()).isZero();
        assertThat(result.err()).contains((kept.size() - 1) + " are finished");
        assertThat(rows(results)).isEqualTo(rows(whole.resolve("results.csv")));
    }

    private static List<Object> comparison(Path task, Path output) {
        List<Object> arguments = new ArrayList<>(List.of("compare", "--tasks", "amazon=" + task, "--output", output));
        arguments.addAll(List.of("--models", Cli.model(), "--methods", "prompt-tuning,head-only", "--few-shot", "4"));
        arguments.addAll(List.of("--seeds", "1,2,3", "--epochs", "12", "--threads", "2"));
        return arguments;
    }

    /** Returns the lines of a table of results without the seconds. */
    private static List<String> rows(Path results) throws IOException {
        return Files.readAllLines(results).stream()
                .map(line -> line.split(",", -1))
                .peek(cells -> cells[14] = "")
                .map(cells -> String.join(",", cells))
                .toList();
    }

    /** A limit on the size of files fails a write in its middle, as a full disk does. */
    @Test
    void aWriteThatFailsHalfWayLeavesNothing() throws IOException, InterruptedException {
        Assumptions.assumeTrue(Files.isExecutable(Path.of("/bin/sh")), "needs a POSIX shell");
        Path data = Cli.data(work.resolve("data"));
        Path run = work.resolve("run");
        List<String> command =
                new ArrayList<>(List.of("/bin/sh", "-c", "ulimit -f 4 || exit 77; exec \"$@\" 2>&1 | cat", "sh"));
        command.addAll(java(arguments(data, run)));
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        process.waitFor();
        Assumptions.assumeTrue(process.exitValue() != 77, "the shell cannot limit the size of files");
        List<String> errors = output.lines()
                .filter(line -> line.startsWith("infoprompt: ") && !line.startsWith("infoprompt: warning: "))
                .toList();
        assertThat(errors).as(output).hasSize(1);
        assertThat(errors.getFirst()).contains("resume-", "cannot be written");
        assertThat(output).doesNotContain("\tat ");
        Path state = run.resolve("work").resolve("InfoPrompt-42");
        assertThat(Cli.names(state)).isEmpty();
        assertThat(Cli.names(run)).containsExactly("run.json", "work");
    }

    private static List<Object> arguments(Path data, Path output) {
        List<Object> arguments = new ArrayList<>(Cli.trainArguments(data, output, "--no-baselines"));
        arguments.set(arguments.indexOf("--epochs") + 1, EPOCHS);
        return arguments;
    }

    private static List<String> java(List<Object> arguments) {
        return ForkedJava.command(Main.class, arguments);
    }
}
