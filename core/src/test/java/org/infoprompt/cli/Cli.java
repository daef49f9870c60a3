package org.infoprompt.cli;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.net.URISyntaxException;
import java.net.URL;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;

/** Runs commands in this process, and makes small files for them. */
final class Cli {
    /** What a command left behind. */
    record Result(int status, String out, String err) {
        List<String> lines() {
            return out.lines().toList();
        }
    }

    private Cli() {}

    static Result run(Object... args) {
        return runWith(new byte[0], args);
    }

    static Result runWith(byte[] input, Object... args) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        ByteArrayOutputStream err = new ByteArrayOutputStream();
        Console console = new Console(
                new ByteArrayInputStream(input),
                new PrintStream(out, true, StandardCharsets.UTF_8),
                new PrintStream(err, true, StandardCharsets.UTF_8),
                false);
        int status = Main.run(console, Arrays.stream(args).map(Object::toString).toArray(String[]::new));
        return new Result(status, out.toString(StandardCharsets.UTF_8), err.toString(StandardCharsets.UTF_8));
    }

    /** Returns the tiny BERT folder of the encoder fixtures. */
    static Path model() {
        try {
            URL config = Objects.requireNonNull(Cli.class.getResource("/fixtures/encoder/bert/config.json"));
            return Objects.requireNonNull(Path.of(config.toURI()).getParent());
        } catch (URISyntaxException e) {
            throw new IllegalStateException(e);
        }
    }

    static Path copyOfModel(Path target) throws IOException {
        Files.createDirectories(target);
        for (String name : List.of("config.json", "model.safetensors", "tokenizer_config.json", "vocab.txt")) {
            Files.copy(model().resolve(name), target.resolve(name));
        }
        return target;
    }

    /** Writes a folder with train, dev and test files of two classes. */
    static Path data(Path folder) throws IOException {
        Files.createDirectories(folder);
        Files.writeString(folder.resolve("train.tsv"), rows(6));
        Files.writeString(folder.resolve("dev.tsv"), rows(2));
        Files.writeString(folder.resolve("test.tsv"), rows(3));
        return folder;
    }

    static String rows(int perClass) {
        StringBuilder text = new StringBuilder("sentence\tlabel\n");
        for (int i = 0; i < perClass; i++) {
            text.append("the cat sat on mat ").append(i).append("\tcat\n");
            text.append("good film was not bad ").append(i).append("\tfilm\n");
        }
        return text.toString();
    }

    /** Trains a small model and returns the folder of the run. */
    static Path train(Path work) {
        try {
            Path output = work.resolve("run");
            Result result =
                    run(trainArguments(data(work.resolve("data")), output).toArray());
            if (result.status() != 0) {
                throw new IllegalStateException(result.err());
            }
            return output;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static List<Object> trainArguments(Path data, Path output, Object... more) {
        return Stream.concat(
                        Stream.<Object>of(
                                "train",
                                "--model",
                                model(),
                                "--data",
                                data,
                                "--output",
                                output,
                                "--epochs",
                                "2",
                                "--batch-size",
                                "4",
                                "--threads",
                                "2"),
                        Arrays.stream(more))
                .toList();
    }

    /** Returns the names of a folder's files, those of changing names by their beginning. */
    static List<String> names(Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.map(file ->
                            file.getFileName().toString().replaceAll("-[0-9a-f]+\\.safetensors$", ".safetensors"))
                    .sorted()
                    .toList();
        }
    }

    /** Returns the bytes of a run's parameters. */
    static byte[] parameters(Path run) throws IOException {
        try (Stream<Path> files = Files.list(run)) {
            Path file = files.filter(f -> f.getFileName().toString().matches("parameters-.*\\.safetensors"))
                    .findFirst()
                    .orElseThrow();
            return Files.readAllBytes(file);
        }
    }
}
