package org.infoprompt.train;

import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.infoprompt.objective.ParameterSet;
import org.infoprompt.tensor.Workspace;

/**
 * Everything a run needs to go on exactly where it stopped: epochs done, the best parameters so far, and the history. Order and
 * noise need nothing more, because they are functions of seed, epoch and step.
 */
public final class TrainingState implements AutoCloseable {
    private final Workspace workspace;
    private final MemorySegment bestValues;
    private final List<EpochReport> history = new ArrayList<>();
    private int epochsDone;
    private int stepsDone;
    private int bestEpoch;
    private double bestScore = Double.NaN;

    /**
     * Starts a run.
     *
     * @param parameters the trained tensors, initialised
     */
    public TrainingState(ParameterSet parameters) {
        long n = parameters.numElements();
        workspace = Workspace.ofBytes(n * parameters.dtype().bytes() + 64);
        bestValues = workspace.allocate(parameters.dtype(), n);
        keepBest(parameters);
    }

    /**
     * Sets the counters of a run that is taken up again.
     *
     * @param epochs epochs done
     * @param steps steps done
     * @param best epoch of the best parameters, from 1
     * @param score its dev score
     * @param reports the epochs so far
     */
    public void restore(int epochs, int steps, int best, double score, List<EpochReport> reports) {
        epochsDone = epochs;
        stepsDone = steps;
        bestEpoch = best;
        bestScore = score;
        history.clear();
        history.addAll(reports);
    }

    /**
     * Notes an epoch's end.
     *
     * @param report its averages
     * @param parameters the trained tensors, kept if the epoch is the best so far
     * @return whether it is
     */
    boolean finishEpoch(EpochReport report, ParameterSet parameters) {
        history.add(report);
        epochsDone = report.epoch();
        stepsDone = report.steps();
        boolean better = Double.isNaN(report.devScore()) || !(report.devScore() <= bestScore);
        if (better) {
            bestScore = report.devScore();
            bestEpoch = report.epoch();
            keepBest(parameters);
        }
        return better;
    }

    private void keepBest(ParameterSet parameters) {
        parameters.await();
        MemorySegment.copy(
                parameters.values(), 0, bestValues, 0, parameters.values().byteSize());
    }

    /**
     * Puts the best parameters in place of the current ones.
     *
     * @param parameters receives them
     */
    public void restoreBest(ParameterSet parameters) {
        parameters.await();
        MemorySegment.copy(
                bestValues, 0, parameters.values(), 0, parameters.values().byteSize());
    }

    /** {@return the best parameters so far, laid out as {@link ParameterSet#values()}} */
    public MemorySegment bestValues() {
        return bestValues;
    }

    /** {@return how many epochs are done} */
    public int epochsDone() {
        return epochsDone;
    }

    /** {@return how many steps are done} */
    public int stepsDone() {
        return stepsDone;
    }

    /** {@return the epoch of the best parameters, from 1; 0 before the first} */
    public int bestEpoch() {
        return bestEpoch;
    }

    /** {@return the best dev score so far, NaN if there is none} */
    public double bestScore() {
        return bestScore;
    }

    /** {@return the epochs so far} */
    public List<EpochReport> history() {
        return Collections.unmodifiableList(history);
    }

    /** Frees the memory; idempotent. */
    @Override
    public void close() {
        workspace.close();
    }
}
