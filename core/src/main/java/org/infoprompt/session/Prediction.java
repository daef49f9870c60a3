package org.infoprompt.session;

import java.util.List;

/**
 * A classified text, or one that was given a number.
 *
 * @param label the most probable class; the number where numbers were learnt
 * @param index its number
 * @param probabilities of all classes, in class order; empty where numbers were learnt
 * @param value the number; NaN where classes were learnt
 */
public record Prediction(String label, int index, List<Double> probabilities, double value) {
    /**
     * Creates a prediction of a class.
     *
     * @param label the most probable class
     * @param index its number
     * @param probabilities of all classes, in class order
     */
    public Prediction(String label, int index, List<Double> probabilities) {
        this(label, index, probabilities, Double.NaN);
    }

    /**
     * {@return the prediction that class scores make}
     *
     * @param logits one score a class, before softmax
     * @param labels the class names, in class order
     */
    public static Prediction ofLogits(double[] logits, List<String> labels) {
        return Softmax.prediction(logits, labels);
    }

    /** {@return the most probable class's probability; NaN where numbers were learnt} */
    public double confidence() {
        return probabilities.isEmpty() ? Double.NaN : probabilities.get(index);
    }
}
