package org.infoprompt.session;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.infoprompt.train.Evaluator;

/** Turns class scores into probabilities; a single one is a number that was learnt, and stays as it is. */
public final class Softmax {
    private Softmax() {}

    /**
     * Turns scores into probabilities, in place.
     *
     * @param logits the classes' scores, or one number
     * @return the most probable class
     */
    static int inPlace(double[] logits) {
        return of(logits, logits.length, logits);
    }

    /**
     * Turns scores into probabilities.
     *
     * @param logits the classes' scores, or one number; may be longer
     * @param numClasses C
     * @param probabilities receives C probabilities; may be {@code logits} itself
     * @return the most probable class, the first of equal ones
     */
    public static int of(double[] logits, int numClasses, double[] probabilities) {
        if (numClasses == 1) {
            probabilities[0] = logits[0];
            return 0;
        }
        int best = Evaluator.argMax(logits, numClasses);
        double top = logits[best];
        double sum = 0;
        for (int k = 0; k < numClasses; k++) {
            probabilities[k] = Math.exp(logits[k] - top);
            sum += probabilities[k];
        }
        for (int k = 0; k < numClasses; k++) {
            probabilities[k] /= sum;
        }
        return best;
    }

    static Prediction prediction(double[] logits, List<String> labels) {
        if (labels.size() == 1) {
            String number = String.format(Locale.ROOT, "%.6g", logits[0]);
            return new Prediction(number, 0, List.of(), logits[0]);
        }
        double[] weights = logits.clone();
        int best = inPlace(weights);
        List<Double> probabilities = new ArrayList<>();
        for (double weight : weights) {
            probabilities.add(weight);
        }
        return new Prediction(labels.get(best), best, List.copyOf(probabilities));
    }
}
