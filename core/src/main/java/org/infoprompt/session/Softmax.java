package org.infoprompt.session;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.infoprompt.train.Evaluator;

/** Turns logits into predictions; a single one is a number. */
final class Softmax {
    private Softmax() {}

    /** Turns logits into probabilities and returns the most probable class; a single one stays as it is. */
    static int inPlace(double[] logits) {
        if (logits.length == 1) {
            return 0;
        }
        int best = Evaluator.argMax(logits);
        double top = logits[best];
        double sum = 0;
        for (int i = 0; i < logits.length; i++) {
            logits[i] = Math.exp(logits[i] - top);
            sum += logits[i];
        }
        for (int i = 0; i < logits.length; i++) {
            logits[i] /= sum;
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
