package org.infoprompt.train;

/**
 * One epoch's averages.
 *
 * @param epoch from 1
 * @param steps steps taken since the start of the run
 * @param crossEntropy mean over the epoch's examples; of the squared error where numbers are learnt
 * @param head mean head information loss
 * @param representation mean representation information loss
 * @param kl mean KL term
 * @param total mean weighted sum
 * @param trainAccuracy fraction classified right while training; NaN where numbers are learnt
 * @param devScore the task's metric on dev, NaN without dev examples
 * @param learningRate of the last step
 * @param seconds wall time of the epoch, dev evaluation included
 */
public record EpochReport(
        int epoch,
        int steps,
        double crossEntropy,
        double head,
        double representation,
        double kl,
        double total,
        double trainAccuracy,
        double devScore,
        double learningRate,
        double seconds) {}
