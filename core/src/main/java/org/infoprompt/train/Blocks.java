package org.infoprompt.train;

import java.util.Arrays;

/**
 * Splits a batch into blocks of similar length: examples in order of length, cut where a block is full. Reused from batch to
 * batch without allocation. How a batch is split has no influence on any result.
 */
final class Blocks {
    private final long[] keys;
    private final int[] order;
    private final int[] starts;
    private int size;
    private int numBlocks;

    Blocks(int maxExamples) {
        keys = new long[maxExamples];
        order = new int[maxExamples];
        starts = new int[maxExamples + 1];
    }

    /** The rows of an example by its place in the batch. */
    @FunctionalInterface
    interface Length {
        int of(int place);
    }

    /**
     * Plans the blocks.
     *
     * @param count examples in the batch
     * @param length rows of each
     * @param maxRows the most rows of a block
     * @param maxExamples the most examples of a block
     * @param workers how many can work at once
     */
    void plan(int count, Length length, int maxRows, int maxExamples, int workers) {
        long total = 0;
        for (int i = 0; i < count; i++) {
            int rows = length.of(i);
            total += rows;
            keys[i] = ((long) rows << 32) | i;
        }
        Arrays.sort(keys, 0, count);
        size = count;
        long wanted = (total + maxRows - 1) / maxRows;
        wanted = Math.max(1, (wanted + workers - 1) / workers * workers);
        long target = Math.min(maxRows, (total + wanted - 1) / wanted);
        numBlocks = 0;
        starts[0] = 0;
        int rows = 0;
        for (int i = 0; i < count; i++) {
            int next = (int) (keys[i] >>> 32);
            order[i] = (int) keys[i];
            boolean full = rows + next > maxRows || rows + next / 2 > target || i - starts[numBlocks] >= maxExamples;
            if (i > starts[numBlocks] && full) {
                starts[++numBlocks] = i;
                rows = 0;
            }
            rows += next;
        }
        if (count > 0) {
            starts[++numBlocks] = count;
        }
    }

    int numBlocks() {
        return numBlocks;
    }

    int start(int block) {
        return starts[block];
    }

    int end(int block) {
        return starts[block + 1];
    }

    /** Returns the place in the batch of the example at this place in order of length. */
    int order(int sorted) {
        return order[sorted];
    }

    int size() {
        return size;
    }
}
