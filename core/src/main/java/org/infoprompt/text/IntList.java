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
        int n = text.length();
        IntList list = new IntList(n);
        int[] out = list.values;
        int length = 0;
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
            out[length++] = codePoint;
        }
        list.length = length;
        return list;
    }

    static IntList copyOf(int[] source, int start, int end) {
        IntList list = new IntList(end - start);
        System.arraycopy(source, start, list.values, 0, end - start);
        list.length = end - start;
        return list;
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
