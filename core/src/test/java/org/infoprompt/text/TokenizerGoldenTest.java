package org.infoprompt.text;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/** Every id equals that of Hugging Face {@code tokenizers}; see make_tokenizer_golden.py. */
class TokenizerGoldenTest {
    @ParameterizedTest
    @ValueSource(
            strings = {
                "minilm",
                "cased",
                "bytes",
                "minilm-added",
                "minilm-accents-kept",
                "minilm-raw",
                "minilm-nfkc-lower",
                "minilm-nfd-strip",
                "cased-accents-stripped",
                "cased-nfc-digits",
                "cased-nfkd-space",
                "bytes-prefix",
                "bytes-nfc-template",
                "bytes-whole-lower",
                "bytes-old-merges"
            })
    void idsAreThoseOfTheLibrary(String name) throws IOException {
        List<String> texts = Golden.texts();
        List<JsonNode> lines = Golden.lines("golden-" + name + ".jsonl.gz");
        JsonNode head = lines.getFirst();
        Tokenizer tokenizer =
                Golden.tokenizer(Golden.patched(Golden.base(head.get("base").stringValue()), head.get("patch")));
        int every = head.get("every").intValue();
        int pairs = head.get("pairs").intValue();
        List<String> wrong = new ArrayList<>();
        int line = 1;
        for (int i = 0; i < texts.size(); i += every) {
            int[] expected = Golden.ints(lines.get(line++));
            int[] actual = tokenizer.tokenize(texts.get(i));
            if (!Arrays.equals(expected, actual)) {
                wrong.add(describe(texts.get(i), expected, actual));
            }
        }
        for (int i = 0; i < pairs; i++) {
            JsonNode row = lines.get(line++);
            int second = row.get(1).intValue();
            String a = texts.get(row.get(0).intValue());
            String b = second < 0 ? null : texts.get(second);
            Encoding actual = tokenizer.encode(a, b, row.get(2).intValue());
            int[] ids = Golden.ints(row.get(3));
            if (!Arrays.equals(ids, actual.ids())) {
                wrong.add(describe(a + "' + '" + b + "' cut to " + row.get(2), ids, actual.ids()));
            } else if (!Arrays.equals(Golden.ints(row.get(4)), actual.typeIds())) {
                wrong.add(describe("types of '" + a + "' + '" + b, Golden.ints(row.get(4)), actual.typeIds()));
            }
        }
        assertThat(line).isEqualTo(lines.size());
        assertThat(wrong).isEmpty();
    }

    @Test
    void goldensAreMany() throws IOException {
        assertThat(Golden.texts()).hasSizeGreaterThan(3000).anyMatch(String::isEmpty);
    }

    private static String describe(String text, int[] expected, int[] actual) {
        StringBuilder escaped = new StringBuilder("'");
        text.codePoints()
                .forEach(c -> escaped.append(c >= ' ' && c < 0x7F ? Character.toString(c) : "\\u{%X}".formatted(c)));
        return escaped + "': " + Arrays.toString(expected) + " but " + Arrays.toString(actual) + "\n";
    }
}
