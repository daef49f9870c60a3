package org.infoprompt.train;

/**
 * How parameters are trained.
 *
 * @param epochs passes over the training examples
 * @param batchSize B
 * @param learningRate AdamW's peak learning rate
 * @param weightDecay decoupled decay of all trained tensors
 * @param warmupFraction fraction of all steps over which the learning rate rises linearly; it then falls linearly to 0
 * @param maxGradientNorm gradients with a larger global norm are scaled down to it; 0 for no clipping
 * @param patience stop after this many epochs without a better dev score; 0 for never
 * @param seed of initialisation, order and noise
 */
public record TrainingConfig(
        int epochs,
        int batchSize,
        double learningRate,
        double weightDecay,
        double warmupFraction,
        double maxGradientNorm,
        int patience,
        long seed) {

    /** AdamW's β₁. */
    public static final double BETA1 = 0.9;

    /** AdamW's β₂. */
    public static final double BETA2 = 0.999;

    /** AdamW's ε. */
    public static final double EPSILON = 1e-8;

    /** Checks the ranges. */
    public TrainingConfig {
        check("epochs", epochs, 1, 100_000);
        check("batchSize", batchSize, 1, 65_536);
        check("learningRate", learningRate, 0, 1e3);
        check("weightDecay", weightDecay, 0, 1e3);
        check("warmupFraction", warmupFraction, 0, 1);
        check("maxGradientNorm", maxGradientNorm, 0, 1e12);
        check("patience", patience, 0, 100_000);
    }

    private static void check(String name, double value, double low, double high) {
        if (!(value >= low && value <= high)) {
            throw new IllegalArgumentException(name + " " + value + " must be in [" + low + ", " + high + "]");
        }
    }

    /**
     * {@return how many steps an epoch has; a last, smaller batch counts}
     *
     * @param numExamples training examples
     */
    public int stepsPerEpoch(int numExamples) {
        return (numExamples + batchSize - 1) / batchSize;
    }

    /**
     * {@return the learning rate of a step: linear warm-up over ceil(warmupFraction·totalSteps) steps, then linear decay to 0}
     *
     * @param step from 0
     * @param totalSteps steps of the whole run
     */
    public double learningRate(int step, int totalSteps) {
        int warmup = (int) Math.ceil(warmupFraction * totalSteps);
        double factor = step < warmup
                ? (step + 1.0) / warmup
                : Math.max(0, (totalSteps - step) / (double) Math.max(1, totalSteps - warmup));
        return learningRate * factor;
    }

    /**
     * {@return the same configuration with another seed}
     *
     * @param newSeed the seed
     */
    public TrainingConfig withSeed(long newSeed) {
        return new TrainingConfig(
                epochs, batchSize, learningRate, weightDecay, warmupFraction, maxGradientNorm, patience, newSeed);
    }
}
