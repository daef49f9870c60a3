package org.infoprompt.session;

import java.util.ArrayList;
import java.util.List;
import org.infoprompt.train.Evaluator;

/** Turns logits into predictions. */
final class Softmax {
    private Softmax() {}

    static Prediction prediction(double[] logits, List<String> labels) {
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
