package org.infoprompt.model;

/**
 * One sequence as encoder rows: {@link RowTemplate} for one that is kept and copied into many batches, {@link RowDraft} for one
 * that is laid out in place of the one before.
 */
public interface SequenceRows {
    /** {@return per row: a word id, or -1-j for prompt slot j} */
    IntSequence source();

    /** {@return per row: token type} */
    IntSequence types();

    /**
     * {@return the row whose last hidden state is read; {@link RowTemplate#ALL_WORDS} for all rows that are no prompt slots, {@link
     * RowTemplate#LISTED} for those of {@link #reads}}
     */
    int readRow();

    /** {@return the row of each prompt slot, in slot order} */
    IntSequence promptRows();

    /** {@return position of the first row, counted from 0; more where prefixes stand before it} */
    int firstPosition();

    /** {@return the rows of {@link RowTemplate#LISTED}, ascending; else none} */
    IntSequence reads();

    /** {@return the number of rows} */
    default int length() {
        return source().length();
    }
}
