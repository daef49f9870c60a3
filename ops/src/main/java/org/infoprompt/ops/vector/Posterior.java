package org.infoprompt.ops.vector;

/**
 * The softmax of one positive score against streamed negatives, from the negatives' maximum and their sum Σ exp(s_k - max).
 * One per thread, filled anew for every row.
 */
final class Posterior {
    /** What is written as the row's loss. */
    double loss;

    /** 1 - p₀, or 0 if the clamp stops the gradient. */
    double negativeShare;

    /** The factor that turns Σ exp(s_k - max)·x_k into Σ p_k·x_k, or 0 if the clamp stops the gradient. */
    double negativeFactor;

    /** Whether a gradient flows. */
    boolean flows;

    Posterior() {}

    /**
     * Computes the row's loss and shares.
     *
     * @param positive the positive's score
     * @param max the negatives' maximum
     * @param sum Σ exp(s_k - max); 0 without negatives
     * @param logProbFloor NaN, or the least log-probability that still learns
     */
    void set(double positive, double max, double sum, double logProbFloor) {
        double lead = max + Math.log(sum) - positive;
        double unclamped = Math.max(lead, 0) + Math.log1p(Math.exp(-Math.abs(lead)));
        flows = !(-unclamped < logProbFloor);
        loss = flows ? unclamped : -logProbFloor;
        negativeShare = flows ? 1 / (1 + Math.exp(-lead)) : 0;
        negativeFactor = flows && sum != 0 ? negativeShare / sum : 0;
    }
}
