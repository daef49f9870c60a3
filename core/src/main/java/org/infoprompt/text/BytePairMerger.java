package org.infoprompt.text;

import java.util.Arrays;

/** Joins the symbols of one word after the other. Holds the working arrays of one thread. */
final class BytePairMerger {
    /** Up to this many symbols, looking at all pairs for the best is faster than keeping a heap. */
    private static final int SHORT = 32;

    private static final int NO_RANK = Integer.MAX_VALUE;

    private final LongIntMap rankOf;
    private final int[] merged;
    private final int[] shortRanks = new int[SHORT];
    private int[] next = {};
    private int[] previous = {};
    private long[] heap = {};
    private int heapSize;

    BytePairMerger(LongIntMap rankOf, int[] merged) {
        this.rankOf = rankOf;
        this.merged = merged;
    }

    /** Merges the word's symbols, which are overwritten, and appends the result. */
    void merge(IntList word, IntList out) {
        if (word.length <= SHORT) {
            mergeShort(word.values, word.length, out);
        } else {
            mergeLong(word.values, word.length, out);
        }
    }

    private void mergeShort(int[] symbols, int length, IntList out) {
        int n = length;
        int[] ranks = shortRanks;
        for (int i = 0; i + 1 < n; i++) {
            ranks[i] = rank(symbols[i], symbols[i + 1]);
        }
        while (n > 1) {
            int best = 0;
            for (int i = 1; i < n - 1; i++) {
                if (ranks[i] < ranks[best]) {
                    best = i;
                }
            }
            if (ranks[best] == NO_RANK) {
                break;
            }
            symbols[best] = merged[ranks[best]];
            n--;
            System.arraycopy(symbols, best + 2, symbols, best + 1, n - best - 1);
            System.arraycopy(ranks, best + 1, ranks, best, n - best - 1);
            if (best + 1 < n) {
                ranks[best] = rank(symbols[best], symbols[best + 1]);
            }
            if (best > 0) {
                ranks[best - 1] = rank(symbols[best - 1], symbols[best]);
            }
        }
        for (int i = 0; i < n; i++) {
            out.add(symbols[i]);
        }
    }

    private void mergeLong(int[] symbols, int n, IntList out) {
        if (next.length < n) {
            next = new int[n];
            previous = new int[n];
        }
        heapSize = 0;
        for (int i = 0; i < n; i++) {
            previous[i] = i - 1;
            next[i] = i + 1;
        }
        for (int i = 0; i + 1 < n; i++) {
            offer(symbols, i, i + 1);
        }
        while (heapSize > 0) {
            long top = poll();
            int rank = (int) (top >>> 32);
            int at = (int) top;
            int right = symbols[at] < 0 ? n : next[at];
            if (right >= n || rank(symbols[at], symbols[right]) != rank) {
                continue;
            }
            symbols[at] = merged[rank];
            symbols[right] = -1;
            next[at] = next[right];
            if (next[at] < n) {
                previous[next[at]] = at;
                offer(symbols, at, next[at]);
            }
            if (previous[at] >= 0) {
                offer(symbols, previous[at], at);
            }
        }
        for (int i = 0; i < n; i = next[i]) {
            out.add(symbols[i]);
        }
    }

    private int rank(int left, int right) {
        int rank = rankOf.get(BytePair.pair(left, right));
        return rank == LongIntMap.ABSENT ? NO_RANK : rank;
    }

    /** Entries are rank, then position: the lowest rank first, the leftmost of equal ones. */
    private void offer(int[] symbols, int left, int right) {
        int rank = rank(symbols[left], symbols[right]);
        if (rank == NO_RANK) {
            return;
        }
        if (heapSize == heap.length) {
            heap = Arrays.copyOf(heap, 2 * heapSize + 64);
        }
        long entry = ((long) rank << 32) | left;
        int at = heapSize++;
        while (at > 0 && heap[(at - 1) >>> 1] > entry) {
            heap[at] = heap[(at - 1) >>> 1];
            at = (at - 1) >>> 1;
        }
        heap[at] = entry;
    }

    private long poll() {
        long top = heap[0];
        long last = heap[--heapSize];
        int at = 0;
        while (2 * at + 1 < heapSize) {
            int child = 2 * at + 1;
            if (child + 1 < heapSize && heap[child + 1] < heap[child]) {
                child++;
            }
            if (heap[child] >= last) {
                break;
            }
            heap[at] = heap[child];
            at = child;
        }
        heap[at] = last;
        return top;
    }
}
