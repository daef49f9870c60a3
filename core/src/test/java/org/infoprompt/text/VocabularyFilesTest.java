package org.infoprompt.text;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** The older files give the same tokenizer as tokenizer.json. */
class VocabularyFilesTest {
    @TempDir
    Path folder;

    private void writeVocabTxt(Tokenizer tokenizer) throws IOException {
        List<String> lines = new ArrayList<>();
        for (int id = 0; id < tokenizer.vocabularySize(); id++) {
            lines.add(tokenizer.token(id));
        }
        Files.write(folder.resolve("vocab.txt"), lines);
    }

    @Test
    void vocabTxtIsTheUncasedModel() throws IOException {
        Tokenizer expected = Golden.tokenizer("minilm");
        writeVocabTxt(expected);
        Tokenizer actual = Tokenizers.load(folder);
        assertThat(actual.sha256()).isEqualTo(expected.sha256()).hasSize(64);
        assertThat(actual.specialTokens()).isEqualTo(expected.specialTokens());
        for (String text : Golden.texts()) {
            assertThat(actual.tokenize(text)).isEqualTo(expected.tokenize(text));
        }
    }

    @Test
    void configurationTellsACasedModel() throws IOException {
        Tokenizer expected = Golden.tokenizer("cased");
        writeVocabTxt(expected);
        Files.writeString(
                folder.resolve("tokenizer_config.json"), "{\"do_lower_case\": false, \"cls_token\": \"[CLS]\"}");
        Tokenizer actual = Tokenizers.load(folder);
        assertThat(actual.sha256()).isEqualTo(expected.sha256());
        assertThat(Tokenizers.fromVocabTxt(folder.resolve("vocab.txt"), false).sha256())
                .isEqualTo(expected.sha256());
        assertThat(Tokenizers.fromVocabTxt(folder.resolve("vocab.txt"), true).sha256())
                .isNotEqualTo(expected.sha256());
    }

    @Test
    void configurationNamesOtherTokens() throws IOException {
        Files.writeString(folder.resolve("vocab.txt"), "<pad>\n<unk>\n<s>\n</s>\n<mask>\n!\na\n##b\n");
        Files.writeString(
                folder.resolve("tokenizer_config.json"),
                "{\"cls_token\": \"<s>\", \"sep_token\": {\"content\": \"</s>\"}, \"unk_token\": \"<unk>\","
                        + "\"added_tokens_decoder\": {\"4\": {\"content\": \"<mask>\", \"lstrip\": true, \"special\": true,"
                        + "\"normalized\": false}, \"8\": {\"content\": \"<new>\", \"normalized\": false}}}");
        Tokenizer tokenizer = Tokenizers.load(folder);
        assertThat(tokenizer.specialTokens()).isEqualTo(new SpecialTokens(2, 3, 4, 0, 1, false));
        assertThat(tokenizer.tokenize("ab  <mask><new> zz")).containsExactly(6, 7, 4, 8, 1);
        assertThat(tokenizer.vocabularySize()).isEqualTo(9);
        assertThat(tokenizer.id("<new>")).isEqualTo(8);
        assertThat(tokenizer.id("nothing")).isEqualTo(-1);
        assertThat(tokenizer.token(8)).isEqualTo("<new>");
    }

    @Test
    void vocabAndMergesAreTheByteLevelModel() throws IOException {
        ObjectNode json = Golden.base("bytes");
        Tokenizer expected = Golden.tokenizer(json);
        List<String> merges = new ArrayList<>(List.of("#version: 0.2"));
        for (JsonNode merge : json.get("model").get("merges")) {
            merges.add(merge.get(0).stringValue() + " " + merge.get(1).stringValue());
        }
        Path vocab = folder.resolve("vocab.json");
        Files.writeString(vocab, json.get("model").get("vocab").toString());
        Files.write(folder.resolve("merges.txt"), merges);
        Tokenizer actual = Tokenizers.fromVocabAndMerges(vocab, folder.resolve("merges.txt"));
        assertThat(actual.specialTokens()).isEqualTo(new SpecialTokens(0, 2, 4, 1, 3, true));
        assertThat(actual.sha256()).isEqualTo(expected.sha256());
        assertThat(Tokenizers.load(folder).sha256()).isEqualTo(expected.sha256());
        for (String text : Golden.texts()) {
            assertThat(actual.tokenize(text)).isEqualTo(expected.tokenize(text));
        }
    }

    @Test
    void tokenizerJsonComesFirst() throws IOException {
        Files.writeString(folder.resolve("vocab.txt"), "damaged");
        Files.write(folder.resolve("tokenizer.json"), Golden.JSON.writeValueAsBytes(Golden.base("cased")));
        assertThat(Tokenizers.load(folder).sha256())
                .isEqualTo(Golden.tokenizer("cased").sha256());
    }
}
