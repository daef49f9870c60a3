package org.infoprompt.text;

import java.util.Arrays;

/**
 * A set of strings, each with a number, walked code point by code point without making substrings. Node 0 is the root;
 * an edge is one entry of a hash table under (node, code point), those of the root's ASCII children are in an array.
 */
final class TokenTrie {
    static final int ROOT = 0;
    static final int NONE = -1;

    private final LongIntMap edges;
    private final int[] asciiFromRoot = new int[128];
    private int[] numbers = new int[64];
    private int nodes = 1;

    TokenTrie(int expectedTokens) {
        edges = new LongIntMap(expectedTokens);
        Arrays.fill(asciiFromRoot, NONE);
        numbers[ROOT] = NONE;
    }

    /** Adds a string; returns the number that was there before, {@link #NONE} if it is new. */
    int put(IntList token, int number) {
        int node = ROOT;
        for (int i = 0; i < token.length; i++) {
            int codePoint = token.values[i];
            int next = child(node, codePoint);
            if (next == NONE) {
                next = nodes++;
                if (next == numbers.length) {
                    numbers = Arrays.copyOf(numbers, 2 * next);
                }
                numbers[next] = NONE;
                edges.put(key(node, codePoint), next);
                if (node == ROOT && codePoint < 128) {
                    asciiFromRoot[codePoint] = next;
                }
            }
            node = next;
        }
        int before = numbers[node];
        numbers[node] = number;
        return before;
    }

    /** Returns the node behind an edge, or {@link #NONE}. */
    int child(int node, int codePoint) {
        if (node == ROOT && codePoint < 128) {
            return asciiFromRoot[codePoint];
        }
        return edges.get(key(node, codePoint));
    }

    /** Returns the number of the string that ends at this node, or {@link #NONE}. */
    int number(int node) {
        return numbers[node];
    }

    /** Returns the node at the end of a string, or {@link #NONE} if no token starts with it. */
    int walk(IntList text) {
        int node = ROOT;
        for (int i = 0; i < text.length && node != NONE; i++) {
            node = child(node, text.values[i]);
        }
        return node;
    }

    private static long key(int node, int codePoint) {
        return ((long) node << 21) | codePoint;
    }
}
