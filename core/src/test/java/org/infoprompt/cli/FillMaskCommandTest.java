package org.infoprompt.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** {@code infoprompt fill-mask} on tiny random models; {@code BertBaseParityTest} has the real one. */
class FillMaskCommandTest {
    private static Path model(String name) throws Exception {
        return Path.of(Objects.requireNonNull(FillMaskCommandTest.class.getResource("/fixtures/encoder/" + name))
                .toURI());
    }

    @Test
    void printsATablePerMask() throws Exception {
        Cli.Result result = Cli.run(
                "fill-mask", "--model", model("bert-tanh"), "--top", "3", "the [MASK] sat on the [MASK] .", "[MASK]");
        assertThat(result.status()).as(result.err()).isZero();
        List<String> lines = result.lines();
        assertThat(lines).hasSize(1 + 2 * (1 + 3) + 1 + 3);
        assertThat(lines.get(0)).isEqualTo("the [MASK] sat on the [MASK] .");
        assertThat(lines.get(1)).isEqualTo("mask 1");
        assertThat(lines.get(5)).isEqualTo("mask 2");
        assertThat(lines.get(9)).isEqualTo("[MASK]");
        double last = 1;
        for (String line : lines.subList(10, 13)) {
            assertThat(line).matches(" {2}\\S+ +0\\.\\d{4}");
            double probability = Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1));
            assertThat(probability).isLessThanOrEqualTo(last).isPositive();
            last = probability;
        }
    }

    @ParameterizedTest
    @CsvSource({"bert-tanh, [MASK]", "distilbert, [MASK]", "roberta, <mask>"})
    void readsLinesAndWritesJson(String name, String mask) throws Exception {
        byte[] input =
                ("the " + mask + " sat\nthe cat " + mask + " on " + mask + "\n").getBytes(StandardCharsets.UTF_8);
        Cli.Result result = Cli.runWith(input, "fill-mask", "--model", model(name), "--top", "200", "--json");
        assertThat(result.status()).as(result.err()).isZero();
        assertThat(result.lines()).hasSize(2);
        JsonMapper mapper = new JsonMapper();
        for (int i = 0; i < 2; i++) {
            JsonNode line = mapper.readTree(result.lines().get(i));
            assertThat(line.get("masks").size()).isEqualTo(i + 1);
            for (JsonNode words : line.get("masks")) {
                assertThat(words.size()).as("all words of the vocabulary").isEqualTo(120);
                double sum = 0;
                for (JsonNode word : words) {
                    sum += word.get("probability").doubleValue();
                }
                assertThat(sum).isCloseTo(1, Offset.offset(1e-9));
            }
        }
    }

    @Test
    void saysWhatIsMissing() throws Exception {
        assertThat(Cli.run("fill-mask", "--model", model("bert"), "a [MASK]"))
                .satisfies(r -> assertThat(r.status()).isEqualTo(Failures.BAD_INPUT))
                .extracting(Cli.Result::err)
                .asString()
                .contains("has no masked-LM head")
                .contains("such as bert-base");
        assertThat(Cli.run("fill-mask", "--model", model("roberta"), "a <mask>", "a [MASK]")
                        .err())
                .contains("argument 2: has no <mask>; write <mask> where a word is to be guessed");
        assertThat(Cli.runWith("\n".getBytes(StandardCharsets.UTF_8), "fill-mask", "--model", model("roberta"))
                        .err())
                .contains("standard input, line 1: has no <mask>");
        assertThat(Cli.run("fill-mask", "--model", model("roberta"), "--top", "0", "<mask>")
                        .err())
                .contains("--top: 0 must be at least 1");
    }
}
