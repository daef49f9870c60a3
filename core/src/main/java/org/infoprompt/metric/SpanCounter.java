package org.infoprompt.metric;

import java.util.ArrayList;
import java.util.List;

/**
 * Finds the labelled spans of a tagged sentence and counts those that two taggings share, as the CoNLL-2000 scorer (conlleval)
 * does, by which WNUT-17 is judged.
 *
 * <p>Tags are {@code O}, {@code B-TYPE} and {@code I-TYPE}. A span begins at {@code B}, and at {@code I} behind {@code O}, behind
 * another type or at the sentence's start; it ends before {@code O}, before {@code B} and before another type. A predicted span
 * is right if a gold span has the same first word, last word and type.
 *
 * <p>Source: Tjong Kim Sang and Buchholz, CoNLL 2000, section 4; the rules of the scorer's startOfChunk and endOfChunk.
 */
public final class SpanCounter {
    /** The tag outside of all spans. */
    public static final String OUTSIDE = "O";

    /**
     * A span of words.
     *
     * @param first number of its first word
     * @param last number of its last word
     * @param type what it is
     */
    public record Span(int first, int last, String type) {}

    private SpanCounter() {}

    /**
     * Tells whether a text is a tag.
     *
     * @param tag the text
     * @return whether it is {@code O}, {@code B-TYPE} or {@code I-TYPE}
     */
    public static boolean isTag(String tag) {
        return tag.equals(OUTSIDE) || (tag.length() > 2 && (tag.startsWith("B-") || tag.startsWith("I-")));
    }

    /**
     * Finds the spans of a sentence.
     *
     * @param tags one tag a word
     * @return the spans, in order
     */
    public static List<Span> spans(List<String> tags) {
        List<Span> spans = new ArrayList<>();
        int first = -1;
        String open = "";
        for (int w = 0; w <= tags.size(); w++) {
            String tag = w < tags.size() ? tags.get(w) : OUTSIDE;
            String type = tag.equals(OUTSIDE) ? "" : tag.substring(2);
            boolean ends = first >= 0 && (type.isEmpty() || tag.startsWith("B-") || !type.equals(open));
            if (ends) {
                spans.add(new Span(first, w - 1, open));
                first = -1;
            }
            if (first < 0 && !type.isEmpty()) {
                first = w;
                open = type;
            }
        }
        return spans;
    }

    /**
     * Counts the spans of two taggings of a sentence.
     *
     * @param gold the right tags
     * @param predicted the predicted tags, as many
     * @param counts receives the counts
     */
    public static void count(List<String> gold, List<String> predicted, ConfusionMatrix counts) {
        List<Span> right = spans(gold);
        List<Span> found = spans(predicted);
        long shared = found.stream().filter(right::contains).count();
        counts.addSpans(shared, right.size(), found.size());
    }
}
