package org.infoprompt.prompt;

import org.infoprompt.model.RowDraft;
import org.infoprompt.model.RowTemplate;
import org.infoprompt.text.SpecialTokens;
import org.jspecify.annotations.Nullable;

/**
 * Puts words, special tokens and prompt slots in order. With four groups of n slots around the mask (methods notes,
 * 01-infoprompt, section 1):
 *
 * <pre>
 * one text:   [CLS] P*n  text  P*n [MASK] P*n P*n [SEP]
 * two texts:  [CLS] P*n  a  P*n [MASK] P*n [SEP]  b  P*n [SEP]     (RoBERTa: &lt;/s&gt;&lt;/s&gt; between)
 * one segment: [CLS] P*n  a  P*n [MASK] P*n  b  P*n [SEP]          (WARP)
 * </pre>
 *
 * Otherwise all N slots stand after or before [CLS], and the mask is there only if it is read. Slots are numbered in order of
 * appearance. Token types are 0 up to the first [SEP] and 1 after it, and all 0 for families with a double separator. The read
 * row is recorded, so a literal mask token in the text does no harm.
 *
 * @param tokens special tokens of the vocabulary
 * @param layout where slots and prefixes stand
 * @param reading which row is read
 * @param maxLength the most positions of a sequence, prefixes included
 */
public record PromptPlacement(SpecialTokens tokens, SlotLayout layout, Reading reading, int maxLength) {
    /** Number of groups around a mask. */
    public static final int GROUPS = 4;

    /** Checks that slots and special tokens leave room for words. */
    public PromptPlacement {
        int fixed = fixedRows(layout, reading, true, tokens.doubleSeparator()) + layout.numPrefixes();
        if (maxLength < fixed + 2) {
            throw new IllegalArgumentException("maxLength " + maxLength + " must be at least " + (fixed + 2) + " with "
                    + layout.numSlots() + " prompt slots and " + layout.numPrefixes() + " prefixes");
        }
    }

    /**
     * Places four groups of slots around a mask, which is read.
     *
     * @param tokens special tokens of the vocabulary
     * @param slotsPerGroup n; 0 gives the plain ("null") input
     * @param maxLength the most rows of a sequence
     */
    public PromptPlacement(SpecialTokens tokens, int slotsPerGroup, int maxLength) {
        this(tokens, SlotLayout.aroundMask(slotsPerGroup), Reading.MASK, maxLength);
    }

    private static int fixedRows(SlotLayout layout, Reading reading, boolean pair, boolean doubleSeparator) {
        int mask = reading == Reading.MASK ? 1 : 0;
        boolean separated = pair && layout.where() != SlotLayout.Where.AROUND_MASK_ONE_SEGMENT;
        return layout.numSlots() + 2 + mask + (separated ? doubleSeparator ? 2 : 1 : 0);
    }

    /** {@return N, the number of slots} */
    public int numSlots() {
        return layout.numSlots();
    }

    /** {@return the same placement without slots and prefixes: the input of the plain pass} */
    public PromptPlacement plain() {
        return new PromptPlacement(tokens, layout.plain(), reading, maxLength - layout.numPrefixes());
    }

    /**
     * {@return how many words fit}
     *
     * @param pair whether the words belong to two texts
     */
    public int room(boolean pair) {
        return maxLength - layout.numPrefixes() - fixedRows(layout, reading, pair, tokens.doubleSeparator());
    }

    /**
     * Lays out one example. Texts that are too long lose their ends, the longer of the two first.
     *
     * @param text word ids without special tokens
     * @param pair word ids of the second text, or null
     * @return its rows
     */
    public RowTemplate place(int[] text, int @Nullable [] pair) {
        RowDraft draft = new RowDraft();
        place(text, text.length, pair, pair == null ? 0 : pair.length, draft);
        return draft.toTemplate();
    }

    /**
     * Lays out one example like {@link #place(int[], int[])}, without allocating anything once the draft is large enough. Of each
     * text as many words as {@link #room room + 1} are enough to know what is cut off.
     *
     * @param text word ids without special tokens
     * @param numText how many of them
     * @param pair word ids of the second text, or null
     * @param numPair how many of them
     * @param rows receives its rows
     */
    public void place(int[] text, int numText, int @Nullable [] pair, int numPair, RowDraft rows) {
        int second = pair == null ? 0 : numPair;
        int room = room(pair != null);
        int first = numText;
        if (first + second > room) {
            int half = room / 2;
            if (second <= room - half) {
                first = Math.min(first, room - second);
            } else if (first <= half) {
                second = room - first;
            } else {
                first = half;
                second = room - half;
            }
        }
        layOut(text, first, pair, second, rows);
    }

    /**
     * Lays out one text whose words are read each for itself. A text that is too long loses its end; words that are cut off are
     * not read.
     *
     * @param words token ids of each word, at least one a word
     * @return its rows; {@link RowTemplate#reads} holds the rows of the words' first tokens
     */
    public RowTemplate placeWords(int[][] words) {
        int size = 0;
        for (int[] word : words) {
            size += word.length;
        }
        int[] text = new int[size];
        int[] starts = new int[words.length];
        int at = 0;
        for (int w = 0; w < words.length; w++) {
            starts[w] = at;
            System.arraycopy(words[w], 0, text, at, words[w].length);
            at += words[w].length;
        }
        RowDraft draft = new RowDraft();
        int numTokens = Math.min(size, room(false));
        int textRow = layOut(text, numTokens, null, 0, draft);
        for (int w = 0; w < words.length && starts[w] < numTokens; w++) {
            draft.list(textRow + starts[w]);
        }
        return draft.toTemplate();
    }

    /** Returns the row of the text's first word. */
    private int layOut(int[] text, int first, int @Nullable [] pair, int second, RowDraft rows) {
        int n = layout.where().isAroundMask() ? layout.numSlots() / GROUPS : 0;
        rows.begin(layout.numPrefixes());
        if (layout.where() == SlotLayout.Where.BEFORE_CLS) {
            rows.slots(layout.numSlots());
        }
        int clsRow = rows.length();
        rows.word(tokens.cls());
        if (layout.where() == SlotLayout.Where.AFTER_CLS) {
            rows.slots(layout.numSlots());
        }
        rows.slots(n);
        int textRow = rows.length();
        rows.words(text, first);
        rows.slots(n);
        int maskRow = rows.length();
        if (reading == Reading.MASK) {
            rows.word(tokens.mask());
        }
        rows.slots(n);
        if (pair == null) {
            rows.slots(n);
        } else if (layout.where() == SlotLayout.Where.AROUND_MASK_ONE_SEGMENT) {
            rows.words(pair, second);
            rows.slots(n);
        } else {
            rows.word(tokens.sep());
            if (tokens.doubleSeparator()) {
                rows.word(tokens.sep());
            } else {
                rows.type(1);
            }
            rows.words(pair, second);
            rows.slots(n);
        }
        rows.word(tokens.sep());
        rows.read(
                switch (reading) {
                    case MASK -> maskRow;
                    case CLS -> clsRow;
                    case FIRST -> 0;
                    case MEAN -> RowTemplate.ALL_WORDS;
                    case WORDS -> RowTemplate.LISTED;
                });
        return textRow;
    }
}
