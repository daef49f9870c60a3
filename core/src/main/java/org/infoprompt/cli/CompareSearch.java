package org.infoprompt.cli;

import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * The search on dev that chooses a method's settings, with the first seed, for every model, task and sample size.
 *
 * <p>A grid tries all combinations of the factors given. The small search goes one setting at a time and spends as many trials on
 * every method: three learning rates; at the best of them half and twice the epochs; at the best of those a third and three times
 * the information weights, or, for methods without them, two learning rates between those tried.
 */
final class CompareSearch {
    private static final double[] RATES = {.3, 1, 3};
    private static final double[] EPOCHS = {.5, 2};
    private static final double[] WEIGHTS = {.3, 3};
    /** About the square root of the steps between {@link #RATES}. */
    private static final double[] BETWEEN = {.55, 1.8};

    /**
     * Factors of a method's own settings.
     *
     * @param rate of the learning rate
     * @param weight of the information weights
     * @param epochs of the number of epochs
     */
    record Trial(double rate, double weight, double epochs) {}

    /** Trains and scores on dev. */
    @FunctionalInterface
    interface Runner {
        CompareCell run(Trial trial) throws IOException;
    }

    private final boolean small;
    private final Set<Double> rates;
    private final Set<Double> weights;
    private final Set<Double> epochs;

    private CompareSearch(boolean small, List<Double> rates, List<Double> weights, List<Double> epochs) {
        this.small = small;
        this.rates = new LinkedHashSet<>(rates);
        this.weights = new LinkedHashSet<>(weights);
        this.epochs = new LinkedHashSet<>(epochs);
    }

    static CompareSearch small() {
        return new CompareSearch(true, List.of(1.0), List.of(1.0), List.of(1.0));
    }

    static CompareSearch grid(List<Double> rates, List<Double> weights, List<Double> epochs) {
        return new CompareSearch(false, rates, weights, epochs);
    }

    /** Returns how many trials a method takes; 0 if there is nothing to choose from. */
    int numTrials(MethodSpec spec) {
        if (small) {
            return RATES.length + EPOCHS.length + WEIGHTS.length;
        }
        int all = grid(spec).size();
        return all > 1 ? all : 0;
    }

    private List<Trial> grid(MethodSpec spec) {
        List<Trial> trials = new ArrayList<>();
        for (double rate : rates) {
            for (double weight : spec.hasInformation() ? weights : Set.of(1.0)) {
                for (double epoch : epochs) {
                    trials.add(new Trial(rate, weight, epoch));
                }
            }
        }
        return trials;
    }

    /** Returns the trial with the best dev score. */
    Trial choose(MethodSpec spec, Runner runner) throws IOException {
        List<Trial> trials = grid(spec);
        if (!small && trials.size() == 1) {
            return trials.getFirst();
        }
        List<CompareCell> tried = new ArrayList<>();
        if (!small) {
            for (Trial trial : trials) {
                tried.add(runner.run(trial));
            }
            return best(tried);
        }
        for (double rate : RATES) {
            tried.add(runner.run(new Trial(rate, 1, 1)));
        }
        Trial best = best(tried);
        for (double factor : EPOCHS) {
            tried.add(runner.run(new Trial(best.rate, 1, factor)));
        }
        best = best(tried);
        for (int i = 0; i < WEIGHTS.length; i++) {
            Trial last = spec.hasInformation()
                    ? new Trial(best.rate, WEIGHTS[i], best.epochs)
                    : new Trial(rounded(best.rate * BETWEEN[i]), 1, best.epochs);
            tried.add(runner.run(last));
        }
        return best(tried);
    }

    /** A factor that reads well in tables and is the same number when it is read back. */
    private static double rounded(double value) {
        return Math.round(value * 1000) / 1000.0;
    }

    private static Trial best(List<CompareCell> tried) {
        CompareCell.Key key = CompareTables.best(tried).key();
        return new Trial(key.rateFactor(), key.informationFactor(), key.epochFactor());
    }
}
