package org.infoprompt.text;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.node.ObjectNode;

class TokenizerTest {
    @Test
    void templateOfBert() throws IOException {
        Tokenizer tokenizer = Golden.tokenizer("minilm");
        assertThat(tokenizer.specialTokens()).isEqualTo(new SpecialTokens(101, 102, 103, 0, 100, false));
        assertThat(tokenizer.vocabularySize()).isEqualTo(30522);
        Encoding pair = tokenizer.encode("Hello [MASK]!", "world", 128);
        assertThat(pair.ids()).containsExactly(101, 7592, 103, 999, 102, 2088, 102);
        assertThat(pair.typeIds()).containsExactly(0, 0, 0, 0, 0, 1, 1);
        assertThat(pair.length()).isEqualTo(7);
        assertThat(tokenizer.encode("", null, 2).ids()).containsExactly(101, 102);
        assertThat(tokenizer.token(7592)).isEqualTo("hello");
        assertThat(tokenizer.id("##ing")).isEqualTo(2075);
    }

    @Test
    void templateOfRoberta() throws IOException {
        Tokenizer tokenizer = Golden.tokenizer("bytes");
        assertThat(tokenizer.specialTokens()).isEqualTo(new SpecialTokens(0, 2, 4, 1, 3, true));
        Encoding pair = tokenizer.encode("a", "b", 16);
        assertThat(pair.ids()).containsExactly(0, tokenizer.id("a"), 2, 2, tokenizer.id("b"), 2);
        assertThat(pair.typeIds()).containsOnly(0);
    }

    @Test
    void lengthWithoutRoomForTheTemplate() throws IOException {
        Tokenizer tokenizer = Golden.tokenizer("minilm");
        assertThatThrownBy(() -> tokenizer.encode("a", null, 1))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("maxLength 1 must be at least 2, the number of special tokens");
        assertThatThrownBy(() -> tokenizer.encode("a", "b", 2)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> tokenizer.token(30522)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> tokenizer.token(-1)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void loneSurrogatesAreReplacementCharacters() throws IOException {
        Tokenizer bytes = Golden.tokenizer("bytes");
        assertThat(bytes.tokenize("a\ud800b\udc00")).isEqualTo(bytes.tokenize("a\ufffdb\ufffd"));
        Tokenizer words = Golden.tokenizer("minilm");
        assertThat(words.tokenize("a\udc00\ud800b")).isEqualTo(words.tokenize("ab"));
    }

    @Test
    void savedPaddingAndTruncationAreIgnored() throws IOException {
        assertThat(Golden.base("minilm").get("padding").isNull()).isFalse();
        assertThat(Golden.base("minilm").get("truncation").isNull()).isFalse();
        Tokenizer tokenizer = Golden.tokenizer("minilm");
        assertThat(tokenizer.encode("hello", null, 512).ids()).hasSize(3);
        assertThat(tokenizer.encode("hello ".repeat(300), null, 512).ids()).hasSize(302);
    }

    @Test
    void identityChangesWithAnythingThatChangesIds() throws IOException {
        String identity = Golden.tokenizer("bytes").sha256();
        assertThat(Golden.tokenizer("bytes").sha256()).isEqualTo(identity).matches("[0-9a-f]{64}");
        for (String patch : List.of(
                "{\"model\":{\"merges\":[]}}",
                "{\"model\":{\"ignore_merges\":true}}",
                "{\"normalizer\":{\"type\":\"NFC\"}}",
                "{\"pre_tokenizer\":{\"type\":\"ByteLevel\",\"add_prefix_space\":true}}",
                "{\"added_tokens\":[]}",
                "{\"post_processor\":null}")) {
            ObjectNode json = Golden.patched(Golden.base("bytes"), Golden.JSON.readTree(patch));
            assertThat(Golden.tokenizer(json).sha256()).as(patch).isNotEqualTo(identity);
        }
    }

    /** None of these may take time quadratic in its length; at this length that would be minutes. */
    @ParameterizedTest
    @ValueSource(strings = {"minilm", "cased", "bytes"})
    void hugeTexts(String name) throws IOException {
        Tokenizer tokenizer = Golden.tokenizer(name);
        for (String unit : List.of(
                "a",
                "etaoin",
                "word ",
                "\u0301\u0327\u0323",
                "\u4e2d",
                " ",
                "'",
                "[MASK]",
                "<mask>  ",
                "\ud83d\ude00",
                "\u0000",
                "un\u00e9",
                "\n ",
                "[MASK",
                "1")) {
            String text = unit.repeat(100_000 / unit.length() + 1);
            int[] ids = tokenizer.tokenize(text);
            assertThat(Arrays.stream(ids).allMatch(id -> id >= 0 && id < tokenizer.vocabularySize()))
                    .as(unit)
                    .isTrue();
            int[] cut = tokenizer.encode(text, null, 128).ids();
            assertThat(Arrays.copyOfRange(cut, 1, cut.length - 1))
                    .as(unit)
                    .isEqualTo(Arrays.copyOf(ids, Math.min(ids.length, 126)));
        }
    }

    /** The heap for long words and the scan for short ones apply merges in one order. */
    @Test
    void longWordsMergeAsShortOnes() {
        Random random = new Random(7);
        LongIntMap ranks = new LongIntMap(64);
        int[] merged = new int[60];
        for (int rank = 0; rank < merged.length; rank++) {
            ranks.put(BytePair.pair(random.nextInt(12), random.nextInt(12)), rank);
            merged[rank] = random.nextInt(12);
        }
        for (int round = 0; round < 300; round++) {
            int[] symbols = random.ints(2 + random.nextInt(90), 0, 12).toArray();
            IntList word = new IntList(8);
            word.copyFrom(symbols, 0, symbols.length);
            IntList out = new IntList(8);
            new BytePairMerger(ranks, merged).merge(word, out);
            assertThat(out.toArray()).isEqualTo(mergeNaively(symbols, ranks, merged));
        }
    }

    private static int[] mergeNaively(int[] symbols, LongIntMap ranks, int[] merged) {
        int[] word = symbols;
        while (true) {
            int best = -1;
            int bestRank = Integer.MAX_VALUE;
            for (int i = 0; i + 1 < word.length; i++) {
                int rank = ranks.get(BytePair.pair(word[i], word[i + 1]));
                if (rank != LongIntMap.ABSENT && rank < bestRank) {
                    best = i;
                    bestRank = rank;
                }
            }
            if (best < 0) {
                return word;
            }
            int[] shorter = new int[word.length - 1];
            System.arraycopy(word, 0, shorter, 0, best);
            shorter[best] = merged[bestRank];
            System.arraycopy(word, best + 2, shorter, best + 1, shorter.length - best - 1);
            word = shorter;
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"minilm", "bytes"})
    void threadsShareATokenizer(String name) throws IOException {
        Tokenizer tokenizer = Golden.tokenizer(name);
        List<String> texts = Golden.texts();
        List<int[]> expected = texts.stream().map(tokenizer::tokenize).toList();
        long wrong = IntStream.range(0, 8 * texts.size())
                .parallel()
                .filter(i -> {
                    int at = (int) (i * 7919L % texts.size());
                    return !Arrays.equals(tokenizer.tokenize(texts.get(at)), expected.get(at));
                })
                .count();
        assertThat(wrong).isZero();
    }
}
