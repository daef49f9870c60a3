package org.infoprompt.session;

import java.util.List;

/**
 * A classified text.
 *
 * @param label the most probable class
 * @param index its number
 * @param probabilities of all classes, in class order
 */
public record Prediction(String label, int index, List<Double> probabilities) {
    /**
     * {@return the prediction that class scores make}
     *
     * @param logits one score a class, before softmax
     * @param labels the class names, in class order
     */
    public static Prediction ofLogits(double[] logits, List<String> labels) {
        return Softmax.prediction(logits, labels);
    }

    /** {@return the most probable class's probability} */
    public double confidence() {
        return probabilities.get(index);
    }
}
