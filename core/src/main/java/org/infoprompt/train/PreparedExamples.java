package org.infoprompt.train;

import java.util.ArrayList;
import java.util.List;
import org.infoprompt.data.Example;
import org.infoprompt.model.IntSlice;
import org.infoprompt.model.RowTemplate;
import org.infoprompt.prompt.PromptPlacement;
import org.infoprompt.text.Tokenizer;
import org.jspecify.annotations.Nullable;

/** Examples as encoder rows, tokenized and laid out once. */
public final class PreparedExamples {
    private final List<RowTemplate> prompted = new ArrayList<>();
    private final List<RowTemplate> plain = new ArrayList<>();
    private final List<IntSlice> plainTokens = new ArrayList<>();
    private final List<Integer> labels = new ArrayList<>();
    private final PromptPlacement placement;
    private final PromptPlacement without;
    private int maxLength;
    private int maxPlainTokens;

    /**
     * Prepares an empty list.
     *
     * @param placement where slots stand
     */
    public PreparedExamples(PromptPlacement placement) {
        this.placement = placement;
        this.without = placement.plain();
    }

    /**
     * Tokenizes and lays out.
     *
     * @param examples the texts
     * @param tokenizer the backbone's tokenizer
     * @param placement where slots stand
     */
    public PreparedExamples(List<Example> examples, Tokenizer tokenizer, PromptPlacement placement) {
        this(placement);
        for (Example example : examples) {
            String pair = example.pair();
            add(tokenizer.tokenize(example.text()), pair == null ? null : tokenizer.tokenize(pair), example.label());
        }
    }

    /**
     * Lays out one more example.
     *
     * @param text word ids without special tokens
     * @param pair word ids of the second text, or null
     * @param label its class, -1 if unknown
     */
    public final void add(int[] text, int @Nullable [] pair, int label) {
        RowTemplate with = placement.place(text, pair);
        RowTemplate none = without.place(text, pair);
        prompted.add(with);
        plain.add(none);
        // Without slots every row is a word, so the rows are the plain input's word ids.
        plainTokens.add(none.source());
        labels.add(label);
        maxLength = Math.max(maxLength, Math.max(with.length(), none.length()));
        maxPlainTokens = Math.max(maxPlainTokens, none.length());
    }

    /** {@return the number of examples} */
    public int size() {
        return labels.size();
    }

    /** {@return the rows of the longest example} */
    public int maxLength() {
        return maxLength;
    }

    /** {@return the most words of a plain input} */
    public int maxPlainTokens() {
        return maxPlainTokens;
    }

    /**
     * {@return an example's rows with prompt slots}
     *
     * @param index the example
     */
    public RowTemplate prompted(int index) {
        return prompted.get(index);
    }

    /**
     * {@return an example's rows without prompt slots}
     *
     * @param index the example
     */
    public RowTemplate plain(int index) {
        return plain.get(index);
    }

    /**
     * {@return the word ids of the plain input, special tokens included}
     *
     * @param index the example
     */
    public IntSlice plainTokens(int index) {
        return plainTokens.get(index);
    }

    /**
     * {@return an example's class, -1 if unknown}
     *
     * @param index the example
     */
    public int label(int index) {
        return labels.get(index);
    }
}
