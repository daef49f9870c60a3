package org.infoprompt.objective;

/**
 * Loss terms of a step, averaged over the batch, in nats.
 *
 * @param crossEntropy mean cross-entropy; the mean squared error where a number is learnt
 * @param head mean head information loss, 0 if off
 * @param representation mean representation information loss, 0 if off
 * @param kl sum of both Gaussians' mean KL, 0 if off
 * @param total the weighted sum that was minimised
 * @param numCorrect how many examples were classified right; {@link #NO_CLASSES} where a number is learnt
 * @param batchSize B
 */
public record LossReport(
        double crossEntropy,
        double head,
        double representation,
        double kl,
        double total,
        int numCorrect,
        int batchSize) {
    /** Stands for the number of right classes where there are none. */
    public static final int NO_CLASSES = -1;
}
