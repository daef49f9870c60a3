package org.infoprompt.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.net.HttpURLConnection;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.infoprompt.ops.Backends;
import org.infoprompt.session.ForkedJava;
import org.infoprompt.session.LoadedBackbone;
import org.infoprompt.session.PromptModel;
import org.infoprompt.session.RandomModels;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Options of serve and serve-bench. */
@Timeout(120)
class ServeCommandsTest {
    @TempDir
    Path work;

    private Path prompts = Path.of("");

    @BeforeEach
    void make() throws IOException {
        prompts = work.resolve("prompts");
        try (LoadedBackbone backbone = RandomModels.backbone("bert", Backends.active());
                PromptModel model = RandomModels.model(backbone, RandomModels.spec("prompt-tuning"), 3, 4)) {
            model.save(prompts.resolve("p"));
        }
        Files.writeString(work.resolve("texts.txt"), "the cat sat\t1\na good film\n\nred sun and rain\n");
        Files.writeString(work.resolve("short-token"), "secret");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "serve | --prompts: is missing",
                "serve --prompts WORK/none | is no folder",
                "serve --prompts WORK --model MODEL --port 70000 | port 70000 must be in",
                "serve --prompts PROMPTS --host 0.0.0.0 | set a token",
                "serve --prompts PROMPTS --token-file WORK/short-token | at least 16 characters",
                "serve --prompts PROMPTS --timeout 0 | positive",
                "serve --prompts PROMPTS --rate -1 | must not be negative",
                "serve --prompts PROMPTS --max-body 0 | must be positive",
                "serve --prompt p=PROMPTS/p --watch 100 | needs --prompts",
                "serve --prompts PROMPTS --collect -1 | --collect",
                "serve --prompts PROMPTS --memory 0 | maxBytes",
                "serve --prompts PROMPTS --queue 0 | options",
                "serve --prompts PROMPTS --threads 2 --threads-per-text 3 | must be in [1, 2]",
                "serve-bench --prompts PROMPTS | --texts",
                "serve-bench --prompts PROMPTS --texts WORK/none.txt | none.txt",
                "serve-bench --prompts PROMPTS --texts WORK/texts.txt --seconds 0 | --seconds and --rate",
                "serve-bench --prompts PROMPTS --texts WORK/texts.txt --registered 3 | --registered at least",
                "serve-bench --prompts PROMPTS --texts WORK/texts.txt --csv WORK/x.csv | goes with --soak",
                "serve-bench --prompts PROMPTS --texts WORK/texts.txt --soak 1 --rate 5 --picture WORK/x.png | nothing else",
                "serve-bench --prompts PROMPTS --texts WORK/texts.txt --soak 1 | needs --rate"
            })
    void wrongOptionsGetOneClearLine(String command, String problem) {
        Object[] arguments = command.strip()
                .replace("WORK", work.toString())
                .replace("PROMPTS", prompts.toString())
                .replace("MODEL", Cli.model().toString())
                .split(" ");
        Cli.Result result = Cli.run(arguments);
        assertThat(result.status()).as(result.out()).isNotZero();
        assertThat(result.err()).contains(problem).doesNotContain("\tat ");
    }

    @Test
    void benchTellsLatenciesAndMemory() {
        Cli.Result result = Cli.run(
                "serve-bench",
                "--prompts",
                prompts,
                "--texts",
                work.resolve("texts.txt"),
                "--seconds",
                "0.3",
                "--rate",
                "50",
                "--registered",
                "64");
        assertThat(result.status()).as(result.err()).isZero();
        assertThat(result.out())
                .containsPattern("one caller +\\d")
                .containsPattern("arriving at 50.0 a second +\\d")
                .contains("64 prompts loaded", "lookup of one in 64", "64 texts at once");
    }

    @Test
    void serverAnswersUntilItIsEnded() throws Exception {
        List<Object> arguments = List.of(
                "serve",
                "--prompts",
                prompts,
                "--port",
                "0",
                "--threads",
                "2",
                "--threads-per-text",
                "2",
                "--timeout",
                "40000");
        Process process = new ProcessBuilder(ForkedJava.command(Main.class, arguments))
                .redirectError(work.resolve("errors").toFile())
                .start();
        try (BufferedReader out =
                new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
            Pattern address = Pattern.compile("serving 1 prompts on (http://127.0.0.1:\\d+)");
            String line = out.readLine();
            Matcher matcher = address.matcher(line == null ? "" : line);
            assertThat(matcher.find())
                    .as(line + Files.readString(work.resolve("errors")))
                    .isTrue();
            HttpURLConnection connection = (HttpURLConnection)
                    URI.create(matcher.group(1) + "/v1/predict").toURL().openConnection();
            connection.setDoOutput(true);
            try (OutputStream body = connection.getOutputStream()) {
                body.write("{\"prompt\":\"p\",\"text\":\"a film\"}".getBytes(StandardCharsets.UTF_8));
            }
            assertThat(connection.getResponseCode()).isEqualTo(200);
            try (InputStream answer = connection.getInputStream()) {
                assertThat(new String(answer.readAllBytes(), StandardCharsets.UTF_8))
                        .contains("\"label\"");
            }
        } finally {
            process.destroy();
        }
        assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
    }
}
