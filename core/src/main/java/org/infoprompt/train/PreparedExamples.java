package org.infoprompt.train;

import java.util.ArrayList;
import java.util.List;
import org.infoprompt.data.Example;
import org.infoprompt.model.IntSlice;
import org.infoprompt.model.RowTemplate;
import org.infoprompt.prompt.PromptPlacement;
import org.infoprompt.prompt.Reading;
import org.infoprompt.text.Tokenizer;
import org.jspecify.annotations.Nullable;

/** Examples as encoder rows, tokenized and laid out once. */
public final class PreparedExamples {
    private final List<RowTemplate> prompted = new ArrayList<>();
    private final List<RowTemplate> plain = new ArrayList<>();
    private final List<IntSlice> plainTokens = new ArrayList<>();
    private final List<IntSlice> labels = new ArrayList<>();
    private final List<Integer> readStarts = new ArrayList<>();
    private final List<List<Integer>> tags = new ArrayList<>();
    private final List<Double> values = new ArrayList<>();
    private TargetScale scale = TargetScale.NONE;
    private int numReads;
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
            if (placement.reading() == Reading.WORDS) {
                addWords(words(example.text(), tokenizer), example.tags());
                continue;
            }
            String pair = example.pair();
            add(tokenizer.tokenize(example.text()), pair == null ? null : tokenizer.tokenize(pair), example.label());
            values.set(values.size() - 1, example.value());
        }
    }

    /**
     * Says how numbers are scaled for training; {@link #value} stays as it is.
     *
     * @param newScale that of the training examples
     */
    public void scaleTargets(TargetScale newScale) {
        scale = newScale;
    }

    /**
     * {@return an example's number, NaN if it has none}
     *
     * @param index the example
     */
    public double value(int index) {
        return values.get(index);
    }

    /**
     * {@return an example's number as it is trained on}
     *
     * @param index the example
     */
    public double target(int index) {
        return scale.scaled(values.get(index));
    }

    /**
     * Lays out one more example.
     *
     * @param text word ids without special tokens
     * @param pair word ids of the second text, or null
     * @param label its class, -1 if unknown
     */
    public final void add(int[] text, int @Nullable [] pair, int label) {
        add(placement.place(text, pair), without.place(text, pair), IntSlice.of(label), List.of());
    }

    /**
     * Lays out one more text whose words are labelled.
     *
     * @param words token ids of each word, at least one a word
     * @param tags the words' classes; empty if they are unknown
     */
    public final void addWords(int[][] words, List<Integer> tags) {
        RowTemplate with = placement.placeWords(words);
        int[] known = new int[with.reads().length()];
        for (int w = 0; w < known.length; w++) {
            known[w] = tags.isEmpty() ? Example.UNKNOWN : tags.get(w);
        }
        add(with, without.placeWords(words), IntSlice.of(known), tags);
    }

    /** A text's words stand between spaces; one that the tokenizer drops becomes the unknown token. */
    private static int[][] words(String text, Tokenizer tokenizer) {
        String[] words = text.split(" ", -1);
        int[][] ids = new int[words.length][];
        for (int w = 0; w < words.length; w++) {
            // A space before a word is part of it in byte-level vocabularies.
            int[] tokens = tokenizer.tokenize(w == 0 ? words[w] : " " + words[w]);
            ids[w] = tokens.length > 0
                    ? tokens
                    : new int[] {tokenizer.specialTokens().unk()};
        }
        return ids;
    }

    private void add(RowTemplate with, RowTemplate none, IntSlice known, List<Integer> all) {
        tags.add(all);
        values.add(Double.NaN);
        prompted.add(with);
        plain.add(none);
        // Without slots every row is a word, so the rows are the plain input's word ids.
        plainTokens.add(none.source());
        labels.add(known);
        readStarts.add(numReads);
        numReads += known.length();
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
        return label(index, 0);
    }

    /**
     * {@return the class of one of an example's read states, -1 if unknown}
     *
     * @param index the example
     * @param read the read state
     */
    public int label(int index, int read) {
        return labels.get(index).get(read);
    }

    /**
     * {@return how many states of an example are read}
     *
     * @param index the example
     */
    public int numReads(int index) {
        return labels.get(index).length();
    }

    /**
     * {@return how many read states stand before those of an example}
     *
     * @param index the example
     */
    public int readStart(int index) {
        return readStarts.get(index);
    }

    /** {@return whether words have classes, rather than examples} */
    public boolean readsWords() {
        return placement.reading() == Reading.WORDS;
    }

    /**
     * {@return the classes of all words of an example, those that are cut off too; empty if unknown}
     *
     * @param index the example
     */
    public List<Integer> tags(int index) {
        return tags.get(index);
    }

    /** {@return how many states of all examples are read} */
    public int totalReads() {
        return numReads;
    }
}
