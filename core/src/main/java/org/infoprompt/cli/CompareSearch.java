package org.infoprompt.cli;

import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The search on dev that chooses a method's settings, with the first seed or several, for every model, task and sample size.
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

    /** Trains with each seed of the search and scores on dev. */
    @FunctionalInterface
    interface Runner {
        List<CompareCell> run(Trial trial) throws IOException;
    }

    /**
     * What a trial gave.
     *
     * @param trial its factors
     * @param cells one for each seed
     */
    record Tried(Trial trial, List<CompareCell> cells) {
        /** Returns the mean of the dev scores; NaN if one diverged. */
        double dev() {
            return cells.stream().mapToDouble(CompareCell::dev).average().orElse(Double.NaN);
        }

        /** Puts cells of one method together by their factors, in order. */
        static List<Tried> of(List<CompareCell> cells) {
            Map<Trial, List<CompareCell>> trials = new LinkedHashMap<>();
            for (CompareCell cell : cells) {
                CompareCell.Key key = cell.key();
                Trial trial = new Trial(key.rateFactor(), key.informationFactor(), key.epochFactor());
                trials.computeIfAbsent(trial, t -> new ArrayList<>()).add(cell);
            }
            return trials.entrySet().stream()
                    .map(entry -> new Tried(entry.getKey(), List.copyOf(entry.getValue())))
                    .toList();
        }
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
        List<Tried> tried = new ArrayList<>();
        if (!small) {
            for (Trial trial : trials) {
                tried.add(run(runner, trial));
            }
            return best(tried).trial();
        }
        for (double rate : RATES) {
            tried.add(run(runner, new Trial(rate, 1, 1)));
        }
        Trial best = best(tried).trial();
        for (double factor : EPOCHS) {
            tried.add(run(runner, new Trial(best.rate, 1, factor)));
        }
        best = best(tried).trial();
        for (int i = 0; i < WEIGHTS.length; i++) {
            Trial last = spec.hasInformation()
                    ? new Trial(best.rate, WEIGHTS[i], best.epochs)
                    : new Trial(rounded(best.rate * BETWEEN[i]), 1, best.epochs);
            tried.add(run(runner, last));
        }
        return best(tried).trial();
    }

    /** A factor that reads well in tables and is the same number when it is read back. */
    private static double rounded(double value) {
        return Math.round(value * 1000) / 1000.0;
    }

    private static Tried run(Runner runner, Trial trial) throws IOException {
        return new Tried(trial, runner.run(trial));
    }

    /** Returns the trial with the best dev score, the first of equals; one that diverged loses to all others. */
    static Tried best(List<Tried> trials) {
        Tried best = trials.getFirst();
        for (Tried tried : trials) {
            if (Double.isNaN(best.dev()) || tried.dev() > best.dev()) {
                best = tried;
            }
        }
        return best;
    }
}
