package org.infoprompt.session;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import org.infoprompt.checkpoint.CheckpointException;
import org.infoprompt.data.DataOptions;
import org.infoprompt.data.Dataset;
import org.infoprompt.data.DatasetLoader;
import org.infoprompt.io.TextFiles;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The README's Java example, run on a tiny model; the text between the markers must be the README's. */
class ReadmeExampleTest {
    @TempDir
    Path folder;

    @Test
    void readmeExampleRuns() throws Exception {
        String tiny = tinyModel().toString();
        writeData();
        ByteArrayOutputStream printed = new ByteArrayOutputStream();
        PrintStream out = new PrintStream(printed, true, StandardCharsets.UTF_8);
        // README example begins
        try (LoadedBackbone backbone = LoadedBackbone.open(tiny)) {
            Dataset data = DatasetLoader.load(DataOptions.of(folder.resolve("my-data")));
            try (PromptModel model = PromptModel.train(backbone, data, Recipe.infoPrompt())) {
                model.save(folder.resolve("my-model"));
                out.println(model.evaluate(data.test(), 2, done -> {}));
                try (PromptSession session = model.openSession()) {
                    session.warmUp();
                    Prediction prediction = session.predict("a large wild cat with black stripes");
                    out.println(prediction.label() + " " + prediction.confidence());
                }
            }
        }
        // README example ends
        assertThat(printed.toString(StandardCharsets.UTF_8)).containsPattern("(even|odd) (0\\.[0-9]+|1\\.0)");
        assertThat(normalized(example(Path.of("../README.md"), "```java", "```")))
                .isEqualTo(normalized(example(
                        Path.of("src/test/java/org/infoprompt/session/ReadmeExampleTest.java"),
                        "// README example begins",
                        "// README example ends")));
    }

    @Test
    void savedModelPredictsTheSameAndRefusesAnotherBackbone() throws Exception {
        writeData();
        Path saved = folder.resolve("my-model");
        Dataset data = DatasetLoader.load(DataOptions.of(folder.resolve("my-data")));
        Prediction before;
        try (LoadedBackbone backbone = LoadedBackbone.open(tinyModel().toString());
                PromptModel model = PromptModel.train(backbone, data, Recipe.released())) {
            model.save(saved);
            try (PromptSession session = model.openSession()) {
                before = session.predict("some words");
            }
        }
        try (LoadedBackbone backbone = LoadedBackbone.open(tinyModel().toString());
                PromptModel model = PromptModel.load(saved, backbone);
                PromptSession session = model.openSession()) {
            assertThat(session.predict("some words")).isEqualTo(before);
        }
        Path other = tinyModel().resolveSibling("bert-tanh");
        try (LoadedBackbone backbone = LoadedBackbone.open(other.toString())) {
            org.assertj.core.api.Assertions.assertThatThrownBy(() -> PromptModel.load(saved, backbone))
                    .isInstanceOf(CheckpointException.class)
                    .hasMessageContaining("was trained on bert ")
                    .hasMessageContaining("not on bert-tanh")
                    .hasMessageContaining("--model");
        }
    }

    private void writeData() throws Exception {
        StringBuilder rows = new StringBuilder("text\tlabel\n");
        for (int i = 0; i < 60; i++) {
            rows.append("w")
                    .append(i)
                    .append(" w")
                    .append(7 * i % 60)
                    .append('\t')
                    .append(i % 2 == 0 ? "even" : "odd")
                    .append('\n');
        }
        Files.createDirectories(folder.resolve("my-data"));
        Files.writeString(folder.resolve("my-data/train.tsv"), rows);
    }

    private static Path tinyModel() throws URISyntaxException {
        return Path.of(Objects.requireNonNull(ReadmeExampleTest.class.getResource("/fixtures/encoder/bert"))
                .toURI());
    }

    private static String example(Path file, String begin, String end) throws Exception {
        String text = TextFiles.read(file);
        int from = text.indexOf(begin) + begin.length();
        return text.substring(from, text.indexOf(end, from));
    }

    /** Without comments and white space, and with the example's names for the test's. */
    private static String normalized(String code) {
        return code.replaceAll("//[^\n]*", "")
                .replace("\"minilm\"", "tiny")
                .replace("Path.of(\"my-data\")", "folder.resolve(\"my-data\")")
                .replace("Path.of(\"my-model\")", "folder.resolve(\"my-model\")")
                .replace("System.out.", "out.")
                .replaceAll("\\s+", "");
    }
}
