package org.infoprompt.model;

import java.util.Arrays;

/**
 * The K most probable words of each of some rows, most probable first, with their probabilities among all words. Equal scores
 * keep the order of their ids. Reused from call to call; not thread-safe.
 */
public final class TopWords {
    private final int k;
    private final int[] ids;
    private final double[] scores;
    private final int[] counts;
    private final double[] maxima;
    private final double[] sums;
    private int rows;

    /**
     * Makes room.
     *
     * @param maxRows the most rows
     * @param k how many words a row keeps
     */
    public TopWords(int maxRows, int k) {
        if (maxRows < 1 || k < 1) {
            throw new IllegalArgumentException("maxRows " + maxRows + " and k " + k + " must be at least 1");
        }
        this.k = k;
        ids = new int[maxRows * k];
        scores = new double[maxRows * k];
        counts = new int[maxRows];
        maxima = new double[maxRows];
        sums = new double[maxRows];
    }

    void start(int numRows) {
        if (numRows > counts.length) {
            throw new IllegalArgumentException("rows " + numRows + " must be in [0, " + counts.length + "]");
        }
        rows = numRows;
        Arrays.fill(counts, 0, numRows, 0);
        Arrays.fill(maxima, 0, numRows, Double.NEGATIVE_INFINITY);
        Arrays.fill(sums, 0, numRows, 0);
    }

    /** Takes the next word of a row; words come in the order of their ids. */
    void offer(int row, int id, double score) {
        if (score > maxima[row]) {
            sums[row] = sums[row] * Math.exp(maxima[row] - score) + 1;
            maxima[row] = score;
        } else {
            sums[row] += Math.exp(score - maxima[row]);
        }
        int base = row * k;
        int n = counts[row];
        if (n == k && !(score > scores[base + k - 1])) {
            return;
        }
        int at = n == k ? k - 1 : n;
        while (at > 0 && score > scores[base + at - 1]) {
            scores[base + at] = scores[base + at - 1];
            ids[base + at] = ids[base + at - 1];
            at--;
        }
        scores[base + at] = score;
        ids[base + at] = id;
        counts[row] = Math.min(k, n + 1);
    }

    /** Turns the scores into probabilities. */
    void finish() {
        for (int r = 0; r < rows; r++) {
            for (int i = r * k; i < r * k + counts[r]; i++) {
                scores[i] = Math.exp(scores[i] - maxima[r]) / sums[r];
            }
        }
    }

    /** {@return how many rows there are} */
    public int numRows() {
        return rows;
    }

    /**
     * {@return how many words a row has: K, or V if that is less}
     *
     * @param row which row
     */
    public int count(int row) {
        return counts[row];
    }

    /**
     * {@return a word's id}
     *
     * @param row which row
     * @param rank 0 for the most probable word
     */
    public int id(int row, int rank) {
        return ids[row * k + rank];
    }

    /**
     * {@return a word's probability}
     *
     * @param row which row
     * @param rank 0 for the most probable word
     */
    public double probability(int row, int rank) {
        return scores[row * k + rank];
    }
}
