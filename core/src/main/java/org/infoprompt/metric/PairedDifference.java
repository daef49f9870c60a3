package org.infoprompt.metric;

/**
 * Two methods on the same runs (same task, sample and seed), compared pair by pair.
 *
 * @param pairs how many
 * @param mean mean of first minus second
 * @param low lower end of the 95 % confidence interval of the mean, NaN for fewer than two pairs
 * @param high its upper end
 * @param wins pairs in which the first is better
 * @param losses pairs in which the second is better
 * @param signTest two-sided p of the sign test: how likely wins and losses are at least this uneven if both methods are alike
 */
public record PairedDifference(int pairs, double mean, double low, double high, int wins, int losses, double signTest) {

    /** Student's t for a two-sided 95 % interval, by degrees of freedom from 1; beyond the table 1.96 + 2.4/f is within .002. */
    private static final double[] T95 = {
        12.706, 4.303, 3.182, 2.776, 2.571, 2.447, 2.365, 2.306, 2.262, 2.228, 2.201, 2.179, 2.160, 2.145, 2.131, 2.120,
        2.110, 2.101, 2.093, 2.086, 2.080, 2.074, 2.069, 2.064, 2.060, 2.056, 2.052, 2.048, 2.045, 2.042
    };

    /**
     * Compares.
     *
     * @param first scores of the first method
     * @param second scores of the second, in the same order
     * @return the comparison
     */
    public static PairedDifference of(double[] first, double[] second) {
        if (first.length != second.length || first.length == 0) {
            throw new IllegalArgumentException(
                    "pairs need as many scores of both, not " + first.length + " and " + second.length);
        }
        int n = first.length;
        double sum = 0;
        int wins = 0;
        int losses = 0;
        for (int i = 0; i < n; i++) {
            double d = first[i] - second[i];
            sum += d;
            wins += d > 0 ? 1 : 0;
            losses += d < 0 ? 1 : 0;
        }
        double mean = sum / n;
        double squares = 0;
        for (int i = 0; i < n; i++) {
            double d = first[i] - second[i] - mean;
            squares += d * d;
        }
        double half = n < 2 ? Double.NaN : t95(n - 1) * Math.sqrt(squares / (n - 1) / n);
        return new PairedDifference(n, mean, mean - half, mean + half, wins, losses, signTest(wins, losses));
    }

    private static double t95(int freedom) {
        return freedom <= T95.length ? T95[freedom - 1] : 1.96 + 2.4 / freedom;
    }

    /** Ties say nothing and are left out. */
    private static double signTest(int wins, int losses) {
        int n = wins + losses;
        int few = Math.min(wins, losses);
        double term = Math.pow(.5, n);
        double tail = 0;
        for (int k = 0; k <= few; k++) {
            tail += term;
            term *= (n - k) / (k + 1.0);
        }
        return Math.min(1, 2 * tail);
    }
}
