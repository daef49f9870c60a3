package org.infoprompt.train;

import java.util.ArrayList;
import java.util.List;
import org.infoprompt.data.Example;
import org.infoprompt.model.IntSlice;
import org.infoprompt.model.RowTemplate;
import org.infoprompt.prompt.PromptPlacement;
import org.infoprompt.text.Tokenizer;

/** Examples as encoder rows, tokenized and laid out once. Immutable. */
public final class PreparedExamples {
    private final List<RowTemplate> prompted = new ArrayList<>();
    private final List<RowTemplate> plain = new ArrayList<>();
    private final List<IntSlice> plainTokens = new ArrayList<>();
    private final int[] labels;
    private final int maxLength;
    private final int maxPlainTokens;

    /**
     * Tokenizes and lays out.
     *
     * @param examples the texts
     * @param tokenizer the backbone's tokenizer
     * @param placement where slots stand
     */
    public PreparedExamples(List<Example> examples, Tokenizer tokenizer, PromptPlacement placement) {
        PromptPlacement without = placement.plain();
        labels = new int[examples.size()];
        int longest = 0;
        int mostTokens = 0;
        for (int i = 0; i < labels.length; i++) {
            Example example = examples.get(i);
            labels[i] = example.label();
            String pair = example.pair();
            int[] text = tokenizer.tokenize(example.text());
            int[] second = pair == null ? null : tokenizer.tokenize(pair);
            RowTemplate with = placement.place(text, second);
            RowTemplate none = without.place(text, second);
            prompted.add(with);
            plain.add(none);
            // Without slots every row is a word, so the rows are the plain input's word ids.
            plainTokens.add(none.source());
            longest = Math.max(longest, Math.max(with.length(), none.length()));
            mostTokens = Math.max(mostTokens, none.length());
        }
        maxLength = longest;
        maxPlainTokens = mostTokens;
    }

    /** Returns the number of examples. */
    public int size() {
        return labels.length;
    }

    /** Returns the rows of the longest example. */
    public int maxLength() {
        return maxLength;
    }

    /** Returns the most words of a plain input. */
    public int maxPlainTokens() {
        return maxPlainTokens;
    }

    /**
     * Returns an example's rows with prompt slots.
     *
     * @param index the example
     */
    public RowTemplate prompted(int index) {
        return prompted.get(index);
    }

    /**
     * Returns an example's rows without prompt slots.
     *
     * @param index the example
     */
    public RowTemplate plain(int index) {
        return plain.get(index);
    }

    /**
     * Returns the word ids of the plain input, special tokens included.
     *
     * @param index the example
     */
    public IntSlice plainTokens(int index) {
        return plainTokens.get(index);
    }

    /**
     * Returns an example's class, -1 if unknown.
     *
     * @param index the example
     */
    public int label(int index) {
        return labels[index];
    }
}
