package org.infoprompt.model;

/**
 * One sequence as encoder rows, made once per text and copied into every batch.
 *
 * @param source per row: a word id, or -1-j for prompt slot j
 * @param types per row: token type
 * @param readRow row whose last hidden state is read; {@link #ALL_WORDS} for all rows that are no prompt slots
 * @param promptRows row of each prompt slot, in slot order
 * @param firstPosition position of the first row, counted from 0; more where prefixes stand before it
 */
public record RowTemplate(IntSlice source, IntSlice types, int readRow, IntSlice promptRows, int firstPosition) {
    /** Says that all rows but prompt slots are read. */
    public static final int ALL_WORDS = -1;

    /**
     * Creates a template whose positions start at 0.
     *
     * @param source per row: a word id, or -1-j for prompt slot j
     * @param types per row: token type
     * @param readRow row whose last hidden state is read
     * @param promptRows row of each prompt slot, in slot order
     */
    public RowTemplate(IntSlice source, IntSlice types, int readRow, IntSlice promptRows) {
        this(source, types, readRow, promptRows, 0);
    }

    /** {@return the number of rows} */
    public int length() {
        return source.length();
    }
}
