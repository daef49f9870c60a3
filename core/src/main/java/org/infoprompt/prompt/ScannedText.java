package org.infoprompt.prompt;

import org.infoprompt.model.RowDraft;
import org.infoprompt.text.TokenScanner;
import org.infoprompt.text.Tokenizer;
import org.jspecify.annotations.Nullable;

/**
 * The word ids of one text, or of a pair, to be laid out by any number of placements. Reused for the next text: nothing is
 * allocated once its buffers are as large as its texts need. Belongs to one thread at a time.
 */
public final class ScannedText {
    private final Tokenizer tokenizer;
    private final TokenScanner scanner;
    private @Nullable TokenScanner pairScanner;
    private int[] first = new int[64];
    private int[] second = new int[0];
    private int numFirst;
    private int numSecond;
    private boolean isPair;

    /**
     * Allocates the buffers.
     *
     * @param tokenizer splits the texts
     */
    public ScannedText(Tokenizer tokenizer) {
        this.tokenizer = tokenizer;
        scanner = tokenizer.newScanner();
    }

    /**
     * Reads a text or a pair of texts in place of the one before.
     *
     * @param text the first text
     * @param pair the second, or null for one text
     * @param limit how many words of each are enough, {@link PromptPlacement#room room + 1} of the roomiest placement
     */
    public void scan(String text, @Nullable String pair, int limit) {
        numFirst = Math.min(scanner.scan(text, limit), limit);
        if (numFirst > first.length) {
            first = new int[limit];
        }
        scanner.copyTo(first, 0, numFirst);
        isPair = pair != null;
        numSecond = 0;
        if (pair != null) {
            TokenScanner other = pairScanner;
            if (other == null) {
                other = tokenizer.newScanner();
                pairScanner = other;
            }
            numSecond = Math.min(other.scan(pair, limit), limit);
            if (numSecond > second.length) {
                second = new int[limit];
            }
            other.copyTo(second, 0, numSecond);
        }
    }

    /**
     * Lays the text out.
     *
     * @param placement where what stands
     * @param rows receives its rows
     */
    public void place(PromptPlacement placement, RowDraft rows) {
        placement.place(first, numFirst, isPair ? second : null, numSecond, rows);
    }

    /** {@return how many words were read, of both texts together} */
    public int numWords() {
        return numFirst + numSecond;
    }
}
