package org.infoprompt.model;

import java.util.Arrays;

/**
 * One sequence as encoder rows in memory that is used again for the next: nothing is allocated once it is as large as its
 * sequences need. Belongs to one thread at a time.
 */
public final class RowDraft implements SequenceRows {
    private final Ints source = new Ints();
    private final Ints types = new Ints();
    private final Ints promptRows = new Ints();
    private final Ints reads = new Ints();
    private int readRow;
    private int firstPosition;
    private int type;

    /** Creates an empty draft. */
    public RowDraft() {}

    /**
     * Starts a new sequence of token type 0.
     *
     * @param position position of its first row
     */
    public void begin(int position) {
        source.length = 0;
        types.length = 0;
        promptRows.length = 0;
        reads.length = 0;
        firstPosition = position;
        readRow = 0;
        type = 0;
    }

    /**
     * Sets the token type of the rows that follow.
     *
     * @param newType token type
     */
    public void type(int newType) {
        type = newType;
    }

    /**
     * Appends a word.
     *
     * @param id its id
     */
    public void word(int id) {
        source.add(id);
        types.add(type);
    }

    /**
     * Appends words.
     *
     * @param ids their ids
     * @param count how many of them
     */
    public void words(int[] ids, int count) {
        for (int i = 0; i < count; i++) {
            word(ids[i]);
        }
    }

    /**
     * Appends the next prompt slots.
     *
     * @param count how many
     */
    public void slots(int count) {
        for (int i = 0; i < count; i++) {
            int slot = promptRows.length;
            promptRows.add(source.length);
            word(-1 - slot);
        }
    }

    /**
     * Says which row is read.
     *
     * @param row its number, or {@link RowTemplate#ALL_WORDS}, or {@link RowTemplate#LISTED}
     */
    public void read(int row) {
        readRow = row;
    }

    /**
     * Adds a row to the list of those that are read.
     *
     * @param row its number
     */
    public void list(int row) {
        reads.add(row);
    }

    /** {@return an immutable copy} */
    public RowTemplate toTemplate() {
        return new RowTemplate(
                source.toSlice(), types.toSlice(), readRow, promptRows.toSlice(), firstPosition, reads.toSlice());
    }

    @Override
    public IntSequence source() {
        return source;
    }

    @Override
    public IntSequence types() {
        return types;
    }

    @Override
    public int readRow() {
        return readRow;
    }

    @Override
    public IntSequence promptRows() {
        return promptRows;
    }

    @Override
    public int firstPosition() {
        return firstPosition;
    }

    @Override
    public IntSequence reads() {
        return reads;
    }

    @Override
    public int length() {
        return source.length;
    }

    private static final class Ints implements IntSequence {
        private int[] values = new int[16];
        private int length;

        void add(int value) {
            if (length == values.length) {
                values = Arrays.copyOf(values, 2 * length);
            }
            values[length++] = value;
        }

        IntSlice toSlice() {
            return IntSlice.of(Arrays.copyOf(values, length));
        }

        @Override
        public int length() {
            return length;
        }

        @Override
        public int get(int index) {
            return values[index];
        }

        @Override
        public void copyTo(int[] target, int offset) {
            System.arraycopy(values, 0, target, offset, length);
        }
    }
}
