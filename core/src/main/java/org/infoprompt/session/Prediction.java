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
    /** {@return the most probable class's probability} */
    public double confidence() {
        return probabilities.get(index);
    }
}
