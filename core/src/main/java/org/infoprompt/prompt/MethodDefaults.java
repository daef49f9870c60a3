package org.infoprompt.prompt;

/**
 * How a method is trained where nothing else is said; chosen on dev data or taken from its paper.
 *
 * @param epochs passes over the training examples
 * @param batchSize B
 * @param learningRate AdamW's peak learning rate
 * @param weightDecay decoupled decay
 * @param warmupFraction fraction of all steps with a rising rate
 * @param maxGradientNorm gradients with a larger global norm are scaled down to it; 0 for no clipping
 * @param information whether the information losses are part of the method
 */
public record MethodDefaults(
        int epochs,
        int batchSize,
        double learningRate,
        double weightDecay,
        double warmupFraction,
        double maxGradientNorm,
        boolean information) {

    /**
     * {@return twelve epochs of batches of eight with warm-up and clipping, without information losses}
     *
     * @param learningRate the method's own
     */
    public static MethodDefaults of(double learningRate) {
        return new MethodDefaults(12, 8, learningRate, .01, .06, 1, false);
    }
}
