package org.infoprompt.text;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.infoprompt.io.InputException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** What cannot be read is refused in one line that names the file and the place. */
class TokenizerErrorsTest {
    private static final List<String> VOCABULARY =
            List.of("[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", "a", "b", "##b");

    @TempDir
    Path folder;

    private void write(String name, String text) throws IOException {
        Files.writeString(folder.resolve(name), text);
    }

    private void refuses(String... parts) {
        assertThatThrownBy(() -> Tokenizers.load(folder))
                .isInstanceOf(InputException.class)
                .hasMessageContainingAll(parts)
                .message()
                .doesNotContain("\n");
    }

    @Test
    void missingFolder() {
        assertThatThrownBy(() -> Tokenizers.load(folder.resolve("nothing")))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("nothing: no such folder");
    }

    @Test
    void emptyFolder() {
        refuses(folder.toString(), "has no tokenizer", "tokenizer.json");
    }

    @Test
    void vocabJsonWithoutMerges() throws IOException {
        write("vocab.json", "{}");
        refuses("has no tokenizer", "merges.txt");
    }

    @ParameterizedTest
    @CsvSource({"0.001", "0.3", "0.7", "0.999"})
    void truncatedJson(double fraction) throws IOException {
        byte[] whole = Golden.JSON.writeValueAsBytes(Golden.base("bytes"));
        Files.write(folder.resolve("tokenizer.json"), Arrays.copyOf(whole, (int) (whole.length * fraction)));
        refuses("tokenizer.json, line 1", "is not valid", "get a complete copy of the file");
    }

    @Test
    void jsonThatIsNoObject() throws IOException {
        write("tokenizer.json", "[1]");
        refuses("tokenizer.json", "is not a JSON object");
        write("tokenizer.json", "");
        refuses("tokenizer.json: is empty");
        write("tokenizer.json", "{} {}");
        refuses("tokenizer.json, line 1", "more follows the object");
    }

    @Test
    void jsonThatIsNotUtf8() throws IOException {
        byte[] bytes = "{\"model\":\n \"\u00e9\"}".getBytes(StandardCharsets.ISO_8859_1);
        Files.write(folder.resolve("tokenizer.json"), bytes);
        refuses("tokenizer.json, line 2", "not valid UTF-8");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{} | has no 'model'",
                "{\"model\":[]} | model: is not an object",
                "{\"model\":{\"type\":\"Unigram\",\"vocab\":{}}} | the model 'Unigram' is not supported",
                "{\"model\":{\"type\":\"WordPiece\",\"vocab\":{}}} | model.vocab: the vocabulary is empty",
                "{\"model\":{\"type\":\"WordPiece\",\"vocab\":{\"a\":0}}} | the unknown token '[UNK]' is not in",
                "{\"model\":{\"type\":\"WordPiece\",\"vocab\":{\"a\":0,\"b\":0}}} | id 0 has two tokens, 'a' and 'b'",
                "{\"model\":{\"type\":\"WordPiece\",\"vocab\":{\"a\":0,\"a\":1}}} | line 1: duplicate key 'a'",
                "{\"model\":{\"type\":\"WordPiece\",\"vocab\":{\"a\":-1}}} | the id of token 'a' is not",
                "{\"model\":{\"type\":\"WordPiece\",\"vocab\":{\"a\":2000000000}}} | the id of token 'a' is not",
                "{\"model\":{\"type\":\"WordPiece\",\"vocab\":{\"a\":\"0\"}}} | the id of token 'a' is not an integer",
                "{\"model\":{\"type\":\"BPE\",\"vocab\":{\"a\":0},\"merges\":[]}} | BPE without a ByteLevel"
            })
    void badModel(String json, String problem) throws IOException {
        write("tokenizer.json", json);
        refuses("tokenizer.json", problem);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{\"normalizer\":{\"type\":\"Precompiled\"}} | the normalizer 'Precompiled' is not supported",
                "{\"normalizer\":{}} | normalizer: has no 'type'",
                "{\"normalizer\":{\"type\":\"BertNormalizer\",\"lowercase\":1}} | normalizer.lowercase: is not true or false",
                "{\"pre_tokenizer\":{\"type\":\"Metaspace\"}} | the pre-tokenizer 'Metaspace' is not supported",
                "{\"pre_tokenizer\":{\"type\":\"ByteLevel\"}} | WordPiece behind a ByteLevel",
                "{\"pre_tokenizer\":{\"type\":\"Punctuation\",\"behavior\":\"Removed\"}} | Punctuation with behavior Removed",
                "{\"post_processor\":{\"type\":\"Odd\"}} | the post-processor 'Odd' is not supported",
                "{\"post_processor\":{\"type\":\"BertProcessing\",\"cls\":[\"x\",1]}} | post_processor: has no 'sep'",
                "{\"post_processor\":{\"type\":\"BertProcessing\",\"cls\":[\"x\",1],\"sep\":[\"y\",99999]}} | adds id 99999",
                "{\"added_tokens\":[{\"id\":7,\"content\":\"[UNK]\"}]} | added token '[UNK]' (id 7): the vocabulary has id 1",
                "{\"added_tokens\":[{\"id\":1,\"content\":\"zzzzz\"}]} | has another token at that id",
                "{\"added_tokens\":[{\"content\":\"x\"}]} | added_tokens[0]: has no 'id'",
                "{\"added_tokens\":{}} | added_tokens: is not an array"
            })
    void badComponent(String patch, String problem) throws IOException {
        ObjectNode json = Golden.patched(Golden.base("cased"), Golden.JSON.readTree(patch));
        write("tokenizer.json", json.toString());
        refuses("tokenizer.json", problem);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{\"merges\":[\"ab\"]} | model.merges[0]: 'ab' is not two tokens",
                "{\"merges\":[\"a b c\"]} | is not two tokens",
                "{\"merges\":[[\"a\"]]} | is not a pair",
                "{\"merges\":[7]} | model.merges[0]: is not a pair",
                "{\"merges\":[\"a zzzz\"]} | 'zzzz' is not in the vocabulary",
                "{\"unk_token\":\"<nope>\"} | the unknown token '<nope>' is not in the vocabulary",
                "{\"dropout\":0.1} | makes tokens random",
                "{\"end_of_word_suffix\":\"</w>\"} | 'end_of_word_suffix' is not supported",
                "{\"byte_fallback\":true} | 'byte_fallback' is not supported"
            })
    void badBytePairs(String patch, String problem) throws IOException {
        ObjectNode json = Golden.base("bytes");
        JsonNode members = Golden.JSON.readTree(patch);
        ((ObjectNode) json.get("model")).setAll((ObjectNode) members);
        write("tokenizer.json", json.toString());
        refuses("tokenizer.json", problem);
    }

    @Test
    void vocabTxtWithDuplicate() throws IOException {
        write("vocab.txt", String.join("\n", VOCABULARY) + "\nb\n");
        refuses("vocab.txt, line 9", "token 'b' has two ids, 6 and 8");
    }

    @ParameterizedTest
    @CsvSource({"[UNK], unk_token", "[CLS], cls_token", "[SEP], sep_token"})
    void vocabTxtWithoutSpecialToken(String token, String role) throws IOException {
        write("vocab.txt", String.join("\n", VOCABULARY).replace(token, "x"));
        refuses("vocab.txt", "has no " + role);
    }

    @Test
    void vocabTxtThatIsNotUtf8() throws IOException {
        Files.write(folder.resolve("vocab.txt"), "[PAD]\n\u00e9\n".getBytes(StandardCharsets.ISO_8859_1));
        refuses("vocab.txt, line 2", "UTF-8");
    }

    @Test
    void emptyVocabTxt() throws IOException {
        write("vocab.txt", "");
        refuses("vocab.txt", "has no unk_token");
    }

    @Test
    void badMergesTxt() throws IOException {
        write("vocab.json", "{\"<s>\":0,\"</s>\":1,\"a\":2,\"b\":3,\"ab\":4}");
        write("merges.txt", "#version: 0.2\na b\na  b\n");
        refuses("merges.txt, line 3", "is not two tokens with a space between them");
        write("merges.txt", "#version: 0.2\na c\n");
        refuses("merges.txt, line 2", "'c' is not in the vocabulary");
    }

    @Test
    void badConfiguration() throws IOException {
        write("vocab.txt", String.join("\n", VOCABULARY));
        write("tokenizer_config.json", "{\"do_lower_case\": \"yes\"}");
        refuses("tokenizer_config.json, do_lower_case", "is not true or false");
        write("tokenizer_config.json", "{\"cls_token\": \"<start>\"}");
        refuses("vocab.txt", "has no cls_token");
    }
}
