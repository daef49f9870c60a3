package org.infoprompt.model;

import java.util.Arrays;

/**
 * Several sequences as one block of rows without padding, reused from batch to batch. Says where each row's input comes from,
 * which rows of the last layer are read, and which input rows need a gradient. Not thread-safe.
 */
public final class PackedRows {
    private final int positionOffset;
    private final int[] starts;
    private final int[] readStarts;
    private final int[] source;
    private final int[] positions;
    private final int[] types;
    private final int[] readRows;
    private final int[] gradientRows;
    private int numSequences;
    private int numRows;
    private int numRead;
    private int numGradient;

    /**
     * Makes room.
     *
     * @param maxRows the most rows of one block
     * @param maxSequences the most sequences of one block
     * @param positionOffset position number of a sequence's first row, 0 for BERT, 2 for RoBERTa
     */
    public PackedRows(int maxRows, int maxSequences, int positionOffset) {
        this.positionOffset = positionOffset;
        starts = new int[maxSequences + 1];
        readStarts = new int[maxSequences + 1];
        source = new int[maxRows];
        positions = new int[maxRows];
        types = new int[maxRows];
        readRows = new int[maxRows];
        gradientRows = new int[maxRows];
    }

    /** Removes all sequences. */
    public void clear() {
        numSequences = 0;
        numRows = 0;
        numRead = 0;
        numGradient = 0;
    }

    /**
     * {@return whether one more sequence of this length fits}
     *
     * @param length its rows
     */
    public boolean fits(int length) {
        return numSequences + 1 < starts.length && numRows + length <= source.length;
    }

    /**
     * Appends a sequence whose read row, every word's row or the listed rows are read and whose prompt rows need gradients.
     *
     * @param template its rows
     * @param promptBase row of the prompt table that holds its slot 0
     */
    public void add(SequenceRows template, int promptBase) {
        int base = append(template, promptBase);
        if (template.readRow() == RowTemplate.ALL_WORDS) {
            readWords(template, base);
        } else if (template.readRow() == RowTemplate.LISTED) {
            for (int i = 0; i < template.reads().length(); i++) {
                read(base + template.reads().get(i));
            }
        } else {
            read(base + template.readRow());
        }
        for (int j = 0; j < template.promptRows().length(); j++) {
            gradient(base + template.promptRows().get(j));
        }
    }

    /**
     * Appends a sequence without slots of which the first row and the read row, or else every row, are read, in this order, and
     * none needs a gradient. Where a list of rows is read, the first row stands for the read row.
     *
     * @param template its rows
     */
    public void addPlain(SequenceRows template) {
        int base = append(template, 0);
        if (template.readRow() == RowTemplate.ALL_WORDS) {
            readWords(template, base);
        } else {
            read(base);
            read(base + Math.max(0, template.readRow()));
        }
    }

    /**
     * Becomes a view of some sequences of a block: their starts and gradient rows, numbered as in the block. What else a block has
     * is empty; it can be read by {@link LayerInserts}, but not be run.
     *
     * @param block the block
     * @param firstSequence the first sequence
     * @param count how many sequences
     * @param firstGradient the first of their gradient rows
     * @param numGradients how many gradient rows
     */
    public void view(PackedRows block, int firstSequence, int count, int firstGradient, int numGradients) {
        System.arraycopy(block.starts, firstSequence, starts, 0, count + 1);
        System.arraycopy(block.gradientRows, firstGradient, gradientRows, 0, numGradients);
        numSequences = count;
        numRows = starts[count] - starts[0];
        numRead = 0;
        numGradient = numGradients;
    }

    /**
     * Becomes a range of the rows of a block of one sequence, to be run by one of several threads. No row needs a gradient.
     *
     * @param block the block
     * @param from its first row here
     * @param end behind its last row here
     * @param firstRead how many read rows of the block lie before {@code from}
     */
    void part(PackedRows block, int from, int end, int firstRead) {
        int length = end - from;
        System.arraycopy(block.source, from, source, 0, length);
        System.arraycopy(block.positions, from, positions, 0, length);
        System.arraycopy(block.types, from, types, 0, length);
        int read = firstRead;
        while (read < block.numRead && block.readRows[read] < end) {
            readRows[read - firstRead] = block.readRows[read] - from;
            read++;
        }
        numSequences = 1;
        numRows = length;
        numRead = read - firstRead;
        numGradient = 0;
        starts[1] = length;
        readStarts[1] = numRead;
    }

    /**
     * {@return whether there is room for a view}
     *
     * @param count how many sequences
     * @param numGradients how many gradient rows
     */
    public boolean holdsView(int count, int numGradients) {
        return count < starts.length && numGradients <= gradientRows.length;
    }

    private void readWords(SequenceRows template, int base) {
        for (int r = 0; r < template.length(); r++) {
            if (template.source().get(r) >= 0) {
                read(base + r);
            }
        }
    }

    /**
     * Appends a sequence of which every row is read.
     *
     * @param template its rows
     * @param promptBase row of the prompt table that holds its slot 0
     * @param gradients whether every row also needs a gradient
     */
    public void addAll(SequenceRows template, int promptBase, boolean gradients) {
        int base = append(template, promptBase);
        for (int r = 0; r < template.length(); r++) {
            read(base + r);
            if (gradients) {
                gradient(base + r);
            }
        }
    }

    /**
     * Appends a sequence and reads the rows given.
     *
     * @param template its rows
     * @param promptBase row of the prompt table that holds its slot 0
     * @param rows which of its rows are read, ascending
     * @param gradients whether every row needs a gradient
     */
    public void addReading(SequenceRows template, int promptBase, IntSequence rows, boolean gradients) {
        int base = append(template, promptBase);
        for (int i = 0; i < rows.length(); i++) {
            read(base + rows.get(i));
        }
        if (gradients) {
            for (int r = 0; r < template.length(); r++) {
                gradient(base + r);
            }
        }
    }

    private int append(SequenceRows template, int promptBase) {
        int length = template.length();
        if (!fits(length)) {
            throw new IllegalArgumentException(
                    "a sequence of " + length + " rows does not fit: " + numRows + " of " + source.length + " rows and "
                            + numSequences + " of " + (starts.length - 1) + " sequences are taken");
        }
        int base = numRows;
        template.source().copyTo(source, base);
        template.types().copyTo(types, base);
        for (int r = 0; r < length; r++) {
            positions[base + r] = positionOffset + template.firstPosition() + r;
            if (source[base + r] < 0) {
                source[base + r] -= promptBase;
            }
        }
        numRows += length;
        numSequences++;
        starts[numSequences] = numRows;
        readStarts[numSequences] = numRead;
        return base;
    }

    private void read(int row) {
        readRows[numRead++] = row;
        readStarts[numSequences] = numRead;
    }

    private void gradient(int row) {
        gradientRows[numGradient++] = row;
    }

    /** {@return how many sequences there are} */
    public int numSequences() {
        return numSequences;
    }

    /** {@return R, the number of rows} */
    public int numRows() {
        return numRows;
    }

    /** {@return Q, how many rows of the last layer are read} */
    public int numRead() {
        return numRead;
    }

    /** {@return G, how many input rows need a gradient} */
    public int numGradient() {
        return numGradient;
    }

    /** {@return the most rows one block may have} */
    public int maxRows() {
        return source.length;
    }

    /** {@return the first row of every sequence, and the end of the last; longer than needed, not to be changed} */
    public int[] starts() {
        return starts;
    }

    /** {@return each sequence's first place among the read rows, and the end of the last; longer than needed, not to be changed} */
    public int[] readStarts() {
        return readStarts;
    }

    int[] source() {
        return source;
    }

    int[] positions() {
        return positions;
    }

    int[] types() {
        return types;
    }

    int[] readRows() {
        return readRows;
    }

    /** {@return the rows that need a gradient, in the order in which they were added; longer than needed, not to be changed} */
    public int[] gradientRows() {
        return gradientRows;
    }

    @Override
    public String toString() {
        return numSequences + " sequences, rows " + Arrays.toString(Arrays.copyOf(starts, numSequences + 1));
    }
}
