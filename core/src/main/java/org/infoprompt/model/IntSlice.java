package org.infoprompt.model;

import java.util.Arrays;

/** An immutable sequence of ints. */
public final class IntSlice implements IntSequence {
    private static final IntSlice EMPTY = new IntSlice(new int[0]);

    private final int[] values;

    private IntSlice(int[] values) {
        this.values = values;
    }

    /**
     * Copies the values.
     *
     * @param values the ints
     * @return the sequence
     */
    public static IntSlice of(int... values) {
        return values.length == 0 ? EMPTY : new IntSlice(values.clone());
    }

    @Override
    public int length() {
        return values.length;
    }

    @Override
    public int get(int index) {
        return values[index];
    }

    @Override
    public void copyTo(int[] target, int offset) {
        System.arraycopy(values, 0, target, offset, values.length);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof IntSlice s && Arrays.equals(values, s.values);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(values);
    }

    @Override
    public String toString() {
        return Arrays.toString(values);
    }
}
