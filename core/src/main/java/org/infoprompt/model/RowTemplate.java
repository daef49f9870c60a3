package org.infoprompt.model;

/**
 * One sequence as encoder rows, made once per text and copied into every batch.
 *
 * @param source per row: a word id, or -1-j for prompt slot j
 * @param types per row: token type
 * @param readRow row whose last hidden state is read; {@link #ALL_WORDS} for all rows that are no prompt slots, {@link #LISTED}
 *     for {@code reads}
 * @param promptRows row of each prompt slot, in slot order
 * @param firstPosition position of the first row, counted from 0; more where prefixes stand before it
 * @param reads the rows of {@link #LISTED}, ascending; else none
 */
public record RowTemplate(
        IntSlice source, IntSlice types, int readRow, IntSlice promptRows, int firstPosition, IntSlice reads)
        implements SequenceRows {
    /** Says that all rows but prompt slots are read. */
    public static final int ALL_WORDS = -1;

    /** Says that the rows in {@link #reads} are read, each for itself. */
    public static final int LISTED = -2;

    /**
     * Creates a template without a list of reads.
     *
     * @param source per row: a word id, or -1-j for prompt slot j
     * @param types per row: token type
     * @param readRow row whose last hidden state is read
     * @param promptRows row of each prompt slot, in slot order
     * @param firstPosition position of the first row
     */
    public RowTemplate(IntSlice source, IntSlice types, int readRow, IntSlice promptRows, int firstPosition) {
        this(source, types, readRow, promptRows, firstPosition, IntSlice.of());
    }

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

    @Override
    public int length() {
        return source.length();
    }
}
