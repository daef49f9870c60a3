package org.infoprompt.text;

import java.util.Arrays;

/** A growing list of ints: token ids, or the code points of a text. */
final class IntList {
    int[] values;
    int length;

    IntList(int capacity) {
        values = new int[Math.max(capacity, 8)];
    }

    /** Reads a text as code points; a lone surrogate, which UTF-8 cannot hold, becomes U+FFFD. */
    static IntList codePoints(String text) {
        IntList list = new IntList(text.length());
        list.read(text);
        return list;
    }

    /** Becomes the code points of a text, as {@link #codePoints} reads them. */
    void read(String text) {
        int n = text.length();
        reserve(n);
        int[] out = values;
        int count = 0;
        for (int i = 0; i < n; i++) {
            char c = text.charAt(i);
            int codePoint = c;
            if (Character.isSurrogate(c)) {
                if (Character.isHighSurrogate(c) && i + 1 < n && Character.isLowSurrogate(text.charAt(i + 1))) {
                    codePoint = Character.toCodePoint(c, text.charAt(++i));
                } else {
                    codePoint = 0xFFFD;
                }
            }
            out[count++] = codePoint;
        }
        length = count;
    }

    /** Makes room for this many; what the list holds is lost if it has to grow. */
    void reserve(int capacity) {
        if (values.length < capacity) {
            values = new int[capacity + (capacity >> 1)];
        }
    }

    /** Becomes a copy of a part of an array, which may be the list's own. */
    void copyFrom(int[] source, int start, int end) {
        reserve(end - start);
        System.arraycopy(source, start, values, 0, end - start);
        length = end - start;
    }

    void add(int value) {
        if (length == values.length) {
            values = Arrays.copyOf(values, length + (length >> 1) + 8);
        }
        values[length++] = value;
    }

    int[] toArray() {
        return Arrays.copyOf(values, length);
    }
}
