package org.infoprompt.text;

/** Takes the pieces of one text in order. Belongs to one thread; may take one text after the other. */
@FunctionalInterface
interface PieceSink {
    /**
     * Takes the code points from {@code start} to before {@code end}; there is at least one. The array may be reused after
     * the call.
     */
    void piece(int[] text, int start, int end);
}
