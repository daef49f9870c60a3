package org.infoprompt.text;

/**
 * Tokenizes one text after the other into buffers of its own, which grow with the longest text and are then reused: a call
 * allocates nothing, with one exception, texts that hold more than 24 combining marks in a row. Belongs to one thread at a time.
 */
public interface TokenScanner {
    /**
     * Reads a text; its ids replace those of the text before.
     *
     * @param text as for {@link Tokenizer#tokenize}
     * @param limit words behind the one that reaches this many ids are left out
     * @return how many ids there are, at least {@code limit} if something may have been left out
     */
    int scan(String text, int limit);

    /** {@return how many ids the last text has} */
    int length();

    /**
     * Copies the first ids of the last text.
     *
     * @param target where to
     * @param offset first index written
     * @param count how many, at most {@link #length()}
     */
    void copyTo(int[] target, int offset, int count);
}
