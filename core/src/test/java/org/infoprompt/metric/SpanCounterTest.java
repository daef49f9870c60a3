package org.infoprompt.metric;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SpanCounterTest {
    private static final List<String> TAGS = List.of("O", "B-a", "I-a", "B-b", "I-b");

    @ParameterizedTest
    @CsvSource({
        "O O O, ''",
        "B-a, 0-0 a",
        "B-a I-a O, 0-1 a",
        "B-a B-a, 0-0 a;1-1 a",
        // An I that continues nothing begins a span.
        "O I-a I-a, 1-2 a",
        "I-b, 0-0 b",
        // Another type ends one span and begins the next.
        "B-a I-b I-b B-b, 0-0 a;1-2 b;3-3 b",
        "I-a I-a B-a I-a O I-a, 0-1 a;2-3 a;5-5 a",
    })
    void spansFollowTheScorersRules(String tags, String expected) {
        List<String> found = SpanCounter.spans(List.of(tags.split(" "))).stream()
                .map(span -> span.first() + "-" + span.last() + " " + span.type())
                .toList();
        assertThat(String.join(";", found)).isEqualTo(expected);
    }

    /** The scorer's own rules, word by word: chunks begin and end by a table of pairs of tags. */
    @Test
    void equalsTheScorersPairRulesOnRandomTags() {
        Random random = new Random(3);
        ConfusionMatrix counts = new ConfusionMatrix(TAGS);
        long right = 0;
        long gold = 0;
        long predicted = 0;
        for (int sentence = 0; sentence < 500; sentence++) {
            List<String> one = random(random);
            List<String> other = new ArrayList<>(one);
            for (int w = 0; w < other.size(); w++) {
                if (random.nextInt(4) == 0) {
                    other.set(w, TAGS.get(random.nextInt(TAGS.size())));
                }
            }
            SpanCounter.count(one, other, counts);
            Set<String> first = chunks(one);
            Set<String> second = chunks(other);
            gold += first.size();
            predicted += second.size();
            first.retainAll(second);
            right += first.size();
        }
        assertThat(right).isGreaterThan(100);
        assertThat(counts.numSpansRight()).isEqualTo(right);
        assertThat(counts.numSpansGold()).isEqualTo(gold);
        assertThat(counts.numSpansPredicted()).isEqualTo(predicted);
        double precision = (double) right / predicted;
        double recall = (double) right / gold;
        assertThat(Metric.SPAN_F1.compute(counts))
                .isCloseTo(2 * precision * recall / (precision + recall), Offset.offset(1e-12));
    }

    private static List<String> random(Random random) {
        List<String> tags = new ArrayList<>();
        for (int w = 0; w < 12; w++) {
            tags.add(TAGS.get(random.nextInt(TAGS.size())));
        }
        return tags;
    }

    private static Set<String> chunks(List<String> tags) {
        Set<String> chunks = new HashSet<>();
        String before = "O";
        int start = 0;
        for (int w = 0; w <= tags.size(); w++) {
            String tag = w < tags.size() ? tags.get(w) : "O";
            if (ends(before, tag)) {
                chunks.add(start + " " + w + " " + before.charAt(2));
            }
            if (begins(before, tag)) {
                start = w;
            }
            before = tag;
        }
        return chunks;
    }

    private static boolean ends(String before, String tag) {
        char b = before.charAt(0);
        char t = tag.charAt(0);
        return (b == 'B' && t != 'I') || (b == 'I' && t != 'I') || (b != 'O' && t != 'O' && differ(before, tag));
    }

    private static boolean begins(String before, String tag) {
        char b = before.charAt(0);
        char t = tag.charAt(0);
        return t == 'B' || (b == 'O' && t == 'I') || (t != 'O' && b != 'O' && differ(before, tag));
    }

    private static boolean differ(String before, String tag) {
        return before.charAt(2) != tag.charAt(2);
    }

    @Test
    void nothingPredictedScoresZero() {
        ConfusionMatrix counts = new ConfusionMatrix(TAGS);
        assertThat(Metric.SPAN_F1.compute(counts)).isZero();
        SpanCounter.count(List.of("B-a"), List.of("O"), counts);
        assertThat(Metric.SPAN_F1.compute(counts)).isZero();
        counts.clear();
        assertThat(counts.numSpansGold()).isZero();
        assertThatThrownBy(() -> counts.addSpans(2, 1, 3)).hasMessage("2 right spans of 1 gold and 3 predicted ones");
    }
}
