package org.infoprompt.objective;

/**
 * Factors of one step, worked out once: the gradient of each row's loss term in the total.
 *
 * @param crossEntropy 1/B
 * @param head w·gamma/B
 * @param representation w·beta/B
 * @param kl w·klWeight/B
 * @param numNegatives K
 */
public record StepScales(double crossEntropy, double head, double representation, double kl, int numNegatives) {
    /**
     * {@return the factors for a batch}
     *
     * @param config the objective
     * @param weight w, the common factor of the information losses
     * @param batchSize B
     */
    public static StepScales of(ObjectiveConfig config, double weight, int batchSize) {
        double b = batchSize;
        return new StepScales(
                1 / b,
                weight * config.gamma() / b,
                weight * config.beta() / b,
                weight * config.klWeight() / b,
                config.negativesPerRow() * batchSize);
    }
}
