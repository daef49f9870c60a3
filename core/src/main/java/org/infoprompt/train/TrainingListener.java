package org.infoprompt.train;

import org.infoprompt.objective.LossReport;

/** Told what training does, on the thread that trains. Every method does nothing by default. */
public interface TrainingListener {
    /** Listens to nothing. */
    TrainingListener NONE = new TrainingListener() {};

    /**
     * A phase begins.
     *
     * @param name what it does, as shown to people
     * @param total how many examples it will take
     */
    default void onPhase(String name, long total) {}

    /**
     * More examples of the phase are done.
     *
     * @param done how many more
     */
    default void onProgress(int done) {}

    /**
     * A step was taken.
     *
     * @param epoch from 1
     * @param step from 1, over the whole run
     * @param losses its loss terms
     * @param gradientNorm global norm before clipping
     */
    default void onStep(int epoch, int step, LossReport losses, double gradientNorm) {}

    /**
     * An epoch has ended.
     *
     * @param report its averages
     * @param best whether its dev score is the best so far
     */
    default void onEpoch(EpochReport report, boolean best) {}
}
