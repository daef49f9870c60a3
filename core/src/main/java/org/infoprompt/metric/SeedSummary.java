package org.infoprompt.metric;

import java.util.Arrays;
import java.util.Locale;

/**
 * Scores of the same run under several seeds, summed up.
 *
 * @param runs number of scores
 * @param mean their mean
 * @param standardDeviation sample standard deviation (divisor runs - 1), 0 for one run
 * @param min the lowest score
 * @param max the highest score
 */
public record SeedSummary(int runs, double mean, double standardDeviation, double min, double max) {
    /**
     * Sums up scores.
     *
     * @param scores one score per seed, at least one
     * @return mean, spread and range
     */
    public static SeedSummary of(double... scores) {
        if (scores.length == 0) {
            throw new IllegalArgumentException("scores is empty, at least 1 is needed");
        }
        double mean = Arrays.stream(scores).sum() / scores.length;
        double squares = 0;
        for (double score : scores) {
            squares += (score - mean) * (score - mean);
        }
        double deviation = scores.length == 1 ? 0 : Math.sqrt(squares / (scores.length - 1));
        return new SeedSummary(
                scores.length,
                mean,
                deviation,
                Arrays.stream(scores).min().getAsDouble(),
                Arrays.stream(scores).max().getAsDouble());
    }

    /**
     * Returns the summary for tables.
     *
     * @return for example {@code 0.8123 +- 0.0045 (3 runs)}
     */
    @Override
    public String toString() {
        return String.format(
                Locale.ROOT, "%.4f +- %.4f (%d %s)", mean, standardDeviation, runs, runs == 1 ? "run" : "runs");
    }
}
