package org.infoprompt.model;

/** A sequence of ints to be read; whether it may change is up to the implementation. */
public interface IntSequence {
    /** {@return how many there are} */
    int length();

    /**
     * {@return one of them}
     *
     * @param index which, from 0
     */
    int get(int index);

    /**
     * Copies all of them.
     *
     * @param target where to
     * @param offset first index written
     */
    void copyTo(int[] target, int offset);
}
