package org.infoprompt.metric;

import java.util.Arrays;

/**
 * Pairs of a right and a predicted number, and how well they go together. A correlation of fewer than two pairs, or of numbers that
 * are all the same, counts as 0. Not safe for concurrent use.
 */
public final class ValuePairs {
    private double[] gold = new double[16];
    private double[] predicted = new double[16];
    private int size;

    /** Creates an empty list. */
    public ValuePairs() {}

    /**
     * Adds a pair.
     *
     * @param right the right number
     * @param guess the predicted one
     */
    public void add(double right, double guess) {
        if (size == gold.length) {
            gold = Arrays.copyOf(gold, 2 * size);
            predicted = Arrays.copyOf(predicted, 2 * size);
        }
        gold[size] = right;
        predicted[size++] = guess;
    }

    /** {@return how many pairs there are} */
    public int size() {
        return size;
    }

    /**
     * {@return a right number}
     *
     * @param index the pair
     */
    public double gold(int index) {
        return gold[index];
    }

    /**
     * {@return a predicted number}
     *
     * @param index the pair
     */
    public double predicted(int index) {
        return predicted[index];
    }

    void clear() {
        size = 0;
    }

    /** {@return Pearson's correlation coefficient} */
    public double pearson() {
        return pearson(Arrays.copyOf(gold, size), Arrays.copyOf(predicted, size));
    }

    /** {@return Spearman's rank correlation: Pearson's of the ranks, where equal numbers share their mean rank} */
    public double spearman() {
        return pearson(ranks(Arrays.copyOf(gold, size)), ranks(Arrays.copyOf(predicted, size)));
    }

    /** {@return the mean squared difference, 0 for no pairs} */
    public double meanSquaredError() {
        double sum = 0;
        for (int i = 0; i < size; i++) {
            double d = predicted[i] - gold[i];
            sum += d * d;
        }
        return size == 0 ? 0 : sum / size;
    }

    private static double pearson(double[] x, double[] y) {
        double meanX = Arrays.stream(x).average().orElse(0);
        double meanY = Arrays.stream(y).average().orElse(0);
        double xx = 0;
        double yy = 0;
        double xy = 0;
        for (int i = 0; i < x.length; i++) {
            double dx = x[i] - meanX;
            double dy = y[i] - meanY;
            xx += dx * dx;
            yy += dy * dy;
            xy += dx * dy;
        }
        return xx == 0 || yy == 0 ? 0 : xy / Math.sqrt(xx * yy);
    }

    private static double[] ranks(double[] values) {
        double[] sorted = values.clone();
        Arrays.sort(sorted);
        double[] ranks = new double[values.length];
        for (int i = 0; i < values.length; i++) {
            int any = Arrays.binarySearch(sorted, values[i]);
            int first = any;
            int last = any;
            while (first > 0 && Double.compare(sorted[first - 1], values[i]) == 0) {
                first--;
            }
            while (last + 1 < sorted.length && Double.compare(sorted[last + 1], values[i]) == 0) {
                last++;
            }
            ranks[i] = (first + last) / 2.0 + 1;
        }
        return ranks;
    }
}
