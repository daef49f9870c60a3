package org.infoprompt.data;

import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * One text, or pair of texts, and its label or number; or a text of words between single spaces, each with a tag.
 *
 * @param id where it comes from: {@code file:line}, or the key its authors gave it
 * @param text the sentence, or the first of a pair
 * @param pair the second text; null for single-sentence tasks
 * @param label index into the data set's labels; {@link #UNKNOWN} if it has none; 0 where words are tagged
 * @param tags one index into the labels a word; empty where the text as a whole has a label
 * @param value the number that stands for a label where numbers are learnt; NaN elsewhere
 */
public record Example(String id, String text, @Nullable String pair, int label, List<Integer> tags, double value) {
    /** The label of a text without one. */
    public static final int UNKNOWN = -1;

    /**
     * Checks the parts.
     *
     * @param id where it comes from
     * @param text the sentence, or the first of a pair
     * @param pair the second text or null
     * @param label index of the label, or {@link #UNKNOWN}
     * @param tags indices of the words' labels, or none
     * @param value a number, or NaN
     */
    public Example {
        tags = List.copyOf(tags);
        Objects.requireNonNull(id, "id");
        Objects.requireNonNull(text, "text");
        if (label < UNKNOWN) {
            throw new IllegalArgumentException("label " + label + " must be -1 (unknown) or an index");
        }
        if (!tags.isEmpty() && tags.size() != text.split(" ", -1).length) {
            throw new IllegalArgumentException(
                    id + " has " + tags.size() + " tags for " + text.split(" ", -1).length + " words");
        }
    }

    /**
     * Creates an example with a label or tags.
     *
     * @param id where it comes from
     * @param text the sentence, or the first of a pair
     * @param pair the second text or null
     * @param label index of the label, or {@link #UNKNOWN}
     * @param tags indices of the words' labels, or none
     */
    public Example(String id, String text, @Nullable String pair, int label, List<Integer> tags) {
        this(id, text, pair, label, tags, Double.NaN);
    }

    /**
     * {@return an example labelled with a number}
     *
     * @param id where it comes from
     * @param text the sentence, or the first of a pair
     * @param pair the second text or null
     * @param value the number
     */
    public static Example valued(String id, String text, @Nullable String pair, double value) {
        return new Example(id, text, pair, 0, List.of(), value);
    }

    /**
     * Creates an example whose text as a whole has a label.
     *
     * @param id where it comes from
     * @param text the sentence, or the first of a pair
     * @param pair the second text or null
     * @param label index of the label, or {@link #UNKNOWN}
     */
    public Example(String id, String text, @Nullable String pair, int label) {
        this(id, text, pair, label, List.of());
    }
}
