package org.infoprompt.text;

import java.util.Arrays;

/** A map from non-negative longs to ints: open addressing, no boxes, read by any number of threads once filled. */
final class LongIntMap {
    static final int ABSENT = -1;
    private static final long EMPTY = -1L;

    private long[] keys;
    private int[] values;
    private int shift;
    private int size;

    LongIntMap(int expected) {
        int bits = 4;
        while ((1L << bits) < 2L * expected) {
            bits++;
        }
        allocate(bits);
    }

    private void allocate(int bits) {
        keys = new long[1 << bits];
        values = new int[1 << bits];
        Arrays.fill(keys, EMPTY);
        shift = 64 - bits;
    }

    int size() {
        return size;
    }

    /** Returns the value, or {@link #ABSENT}. */
    int get(long key) {
        int at = slot(key);
        return keys[at] == EMPTY ? ABSENT : values[at];
    }

    void put(long key, int value) {
        int at = slot(key);
        if (keys[at] == EMPTY) {
            if (2 * (size + 1) > keys.length) {
                grow();
                at = slot(key);
            }
            keys[at] = key;
            size++;
        }
        values[at] = value;
    }

    private int slot(long key) {
        int mask = keys.length - 1;
        // Fibonacci hashing: keys are dense in their low bits, the product spreads them over the high ones.
        int at = (int) ((key * 0x9E3779B97F4A7C15L) >>> shift);
        while (keys[at] != key && keys[at] != EMPTY) {
            at = (at + 1) & mask;
        }
        return at;
    }

    private void grow() {
        long[] oldKeys = keys;
        int[] oldValues = values;
        allocate(64 - shift + 1);
        for (int i = 0; i < oldKeys.length; i++) {
            if (oldKeys[i] != EMPTY) {
                int at = slot(oldKeys[i]);
                keys[at] = oldKeys[i];
                values[at] = oldValues[i];
            }
        }
    }
}
