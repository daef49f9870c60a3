package org.infoprompt.model;

/**
 * One sequence as encoder rows, made once per text and copied into every batch.
 *
 * @param source per row: a word id, or -1-j for prompt slot j
 * @param types per row: token type
 * @param maskRow row of the mask slot
 * @param promptRows row of each prompt slot, in slot order
 */
public record RowTemplate(IntSlice source, IntSlice types, int maskRow, IntSlice promptRows) {
    /** {@return the number of rows} */
    public int length() {
        return source.length();
    }
}
