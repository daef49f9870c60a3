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
        double unitX = unit(x, meanX);
        double unitY = unit(y, meanY);
        double xx = 0;
        double yy = 0;
        double xy = 0;
        for (int i = 0; i < x.length; i++) {
            double dx = (x[i] - meanX) / unitX;
            double dy = (y[i] - meanY) / unitY;
            xx += dx * dx;
            yy += dy * dy;
            xy += dx * dy;
        }
        return xx == 0 || yy == 0 ? 0 : Math.clamp(xy / Math.sqrt(xx * yy), -1, 1);
    }

    /** The largest distance from the mean, so that squares of tiny and huge numbers neither vanish nor overflow. */
    private static double unit(double[] values, double mean) {
        double most = 0;
        for (double value : values) {
            most = Math.max(most, Math.abs(value - mean));
        }
        return most == 0 ? 1 : most;
    }

    private static double[] ranks(double[] values) {
        double[] sorted = values.clone();
        for (int i = 0; i < sorted.length; i++) {
            sorted[i] += 0.0; // -0 is 0
        }
        Arrays.sort(sorted);
        double[] ofSorted = new double[sorted.length];
        for (int first = 0, end; first < sorted.length; first = end) {
            end = first + 1;
            while (end < sorted.length && sorted[end] == sorted[first]) {
                end++;
            }
            Arrays.fill(ofSorted, first, end, (first + end + 1) / 2.0);
        }
        double[] ranks = new double[values.length];
        for (int i = 0; i < values.length; i++) {
            ranks[i] = ofSorted[Arrays.binarySearch(sorted, values[i] + 0.0)];
        }
        return ranks;
    }
}
