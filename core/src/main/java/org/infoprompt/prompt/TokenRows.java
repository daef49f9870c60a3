package org.infoprompt.prompt;

import java.util.Arrays;
import org.infoprompt.model.IntSequence;

/** Word ids of several plain inputs, one after the other; reused, grows when a batch is longer than every one before. */
public final class TokenRows {
    private int[] ids = new int[256];
    private int[] starts = new int[17];
    private int size;

    /** Creates an empty list. */
    public TokenRows() {}

    /** Removes all inputs. */
    public void clear() {
        size = 0;
    }

    /**
     * Appends an input.
     *
     * @param tokens its word ids
     */
    public void add(IntSequence tokens) {
        int start = starts[size];
        int end = start + tokens.length();
        if (end > ids.length) {
            ids = Arrays.copyOf(ids, 2 * end);
        }
        if (size + 2 > starts.length) {
            starts = Arrays.copyOf(starts, 2 * starts.length);
        }
        tokens.copyTo(ids, start);
        starts[++size] = end;
    }

    /** {@return the number of inputs} */
    public int size() {
        return size;
    }

    /**
     * {@return how many words an input has}
     *
     * @param input which
     */
    public int length(int input) {
        return starts[input + 1] - starts[input];
    }

    /**
     * {@return a word id}
     *
     * @param input which input
     * @param place from 0
     */
    public int id(int input, int place) {
        return ids[starts[input] + place];
    }

    /** {@return all ids; longer than needed} */
    public int[] ids() {
        return ids;
    }

    /** {@return where each input starts in {@link #ids()}, and where the last one ends; longer than needed} */
    public int[] starts() {
        return starts;
    }
}
