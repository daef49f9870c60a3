package org.infoprompt.model;

import java.lang.foreign.MemorySegment;

/** Where threads that share a sequence's rows get the keys and values of all its rows. */
interface KeyValueExchange {
    /** Returns the first key of the sequence, 0, and the end of its last, prefixes included. */
    int[] keyStarts();

    /**
     * Hands this thread's keys and values over and waits for those of the others.
     *
     * @param layer from 0
     * @param kv this thread's rows
     * @param stride elements from row to row
     * @param column the first element of a row's key; its value is behind it
     * @return [keys, 2D], a key and its value a row; valid until the next layer but one
     */
    MemorySegment exchange(int layer, MemorySegment kv, int stride, int column);
}
