package org.infoprompt.session;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.infoprompt.train.Evaluator;

/** Turns logits into predictions; a single one is a number. */
final class Softmax {
    private Softmax() {}

    static Prediction prediction(double[] logits, List<String> labels) {
        if (labels.size() == 1) {
            String number = String.format(Locale.ROOT, "%.6g", logits[0]);
            return new Prediction(number, 0, List.of(), logits[0]);
        }
        int best = Evaluator.argMax(logits);
        double sum = 0;
        double[] weights = new double[logits.length];
        for (int i = 0; i < logits.length; i++) {
            weights[i] = Math.exp(logits[i] - logits[best]);
            sum += weights[i];
        }
        List<Double> probabilities = new ArrayList<>();
        for (double weight : weights) {
            probabilities.add(weight / sum);
        }
        return new Prediction(labels.get(best), best, List.copyOf(probabilities));
    }
}
