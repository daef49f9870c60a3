package org.infoprompt.data;

import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * One text, or pair of texts, and its label.
 *
 * @param id where it comes from: {@code file:line}, or the key its authors gave it
 * @param text the sentence, or the first of a pair
 * @param pair the second text; null for single-sentence tasks
 * @param label index into the data set's labels; {@link #UNKNOWN} if it has none
 */
public record Example(String id, String text, @Nullable String pair, int label) {
    /** The label of a text without one. */
    public static final int UNKNOWN = -1;

    /**
     * Checks the parts.
     *
     * @param id where it comes from
     * @param text the sentence, or the first of a pair
     * @param pair the second text or null
     * @param label index of the label, or {@link #UNKNOWN}
     */
    public Example {
        Objects.requireNonNull(id, "id");
        Objects.requireNonNull(text, "text");
        if (label < UNKNOWN) {
            throw new IllegalArgumentException("label " + label + " must be -1 (unknown) or an index");
        }
    }
}
