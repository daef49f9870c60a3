package org.infoprompt.train;

import java.io.IOException;
import java.util.List;
import java.util.Random;
import org.infoprompt.metric.ConfusionMatrix;
import org.infoprompt.metric.Metric;
import org.infoprompt.objective.LossReport;
import org.infoprompt.objective.ObjectiveConfig;
import org.infoprompt.objective.ParameterSet;
import org.jspecify.annotations.Nullable;

/** Runs epochs of AdamW steps, evaluates on dev after each, keeps the best parameters and stops early if asked to. */
public final class Trainer {
    /** Keeps a run's state after each epoch, so that it can go on after a crash. */
    @FunctionalInterface
    public interface Sink {
        /**
         * Saves the state.
         *
         * @param state the run
         * @throws IOException if it cannot be written
         */
        void save(TrainingState state) throws IOException;
    }

    private final PromptEngine engine;
    private final ParameterSet parameters;
    private final ObjectiveConfig objective;
    private final TrainingConfig config;
    private final TrainingListener listener;

    /**
     * Prepares a run.
     *
     * @param engine runs the steps
     * @param parameters trained in place
     * @param objective the losses
     * @param config how to train
     * @param listener told about everything
     */
    public Trainer(
            PromptEngine engine,
            ParameterSet parameters,
            ObjectiveConfig objective,
            TrainingConfig config,
            TrainingListener listener) {
        this.engine = engine;
        this.parameters = parameters;
        this.objective = objective;
        this.config = config;
        this.listener = listener;
    }

    /**
     * Trains until the last epoch or until dev stops getting better, and leaves the best parameters in place.
     *
     * @param train training examples
     * @param trainPlain their plain states, or null if not needed
     * @param dev dev examples; may be empty
     * @param devPlain their plain states, or null if not needed
     * @param metric chooses the best epoch
     * @param labels class names
     * @param state a new run, or one to go on with
     * @param sink saves the state after each epoch
     * @throws IOException if the sink fails
     */
    public void train(
            PreparedExamples train,
            @Nullable PlainStates trainPlain,
            PreparedExamples dev,
            @Nullable PlainStates devPlain,
            Metric metric,
            List<String> labels,
            TrainingState state,
            Sink sink)
            throws IOException {
        int stepsPerEpoch = config.stepsPerEpoch(train.size());
        int totalSteps = Math.multiplyExact(stepsPerEpoch, config.epochs());
        int[] full = new int[Math.min(config.batchSize(), train.size())];
        int[] rest = new int[train.size() - (stepsPerEpoch - 1) * full.length];
        listener.onPhase("training", (long) train.size() * (config.epochs() - state.epochsDone()));
        for (int epoch = state.epochsDone(); epoch < config.epochs() && !isExhausted(state); epoch++) {
            long start = System.nanoTime();
            int[] order = order(train.size(), config.seed(), epoch);
            double weight = objective.weight(epoch, config.epochs());
            Sums sums = new Sums();
            double learningRate = 0;
            for (int s = 0; s < stepsPerEpoch; s++) {
                int step = epoch * stepsPerEpoch + s;
                int[] batch = s == stepsPerEpoch - 1 ? rest : full;
                System.arraycopy(order, s * full.length, batch, 0, batch.length);
                LossReport losses = engine.step(train, trainPlain, batch, weight, config.seed(), step);
                learningRate = config.learningRate(step, totalSteps);
                double norm = engine.update(parameters, config, step, learningRate);
                checkFinite(losses, norm, step);
                sums.add(losses);
                listener.onStep(epoch + 1, step + 1, losses, norm);
                listener.onProgress(batch.length);
            }
            double score = Double.NaN;
            if (dev.size() > 0) {
                ConfusionMatrix matrix =
                        Evaluator.evaluate(engine, dev, devPlain, labels, parameters.dtype(), done -> {});
                score = metric.compute(matrix);
            }
            EpochReport report = sums.report(
                    epoch + 1, (epoch + 1) * stepsPerEpoch, score, learningRate, (System.nanoTime() - start) / 1e9);
            boolean best = state.finishEpoch(report, parameters);
            sink.save(state);
            listener.onEpoch(report, best);
        }
        state.restoreBest(parameters);
    }

    private boolean isExhausted(TrainingState state) {
        return config.patience() > 0
                && state.bestEpoch() > 0
                && state.epochsDone() - state.bestEpoch() >= config.patience();
    }

    private static void checkFinite(LossReport losses, double norm, int step) {
        if (!Double.isFinite(losses.total()) || !Double.isFinite(norm)) {
            throw new ArithmeticException("training diverged at step " + (step + 1) + ": loss " + losses.total()
                    + ", gradient norm " + norm + "; lower the learning rate");
        }
    }

    /** The order of an epoch: a shuffle that depends on seed and epoch only. */
    static int[] order(int n, long seed, int epoch) {
        int[] order = new int[n];
        Random random = new Random(seed * 1_000_003L + epoch);
        for (int i = 0; i < n; i++) {
            int j = random.nextInt(i + 1);
            order[i] = order[j];
            order[j] = i;
        }
        return order;
    }

    private static final class Sums {
        private double crossEntropy;
        private double head;
        private double representation;
        private double kl;
        private double total;
        private int correct;
        private int examples;
        private boolean classes = true;

        void add(LossReport losses) {
            int b = losses.batchSize();
            crossEntropy += losses.crossEntropy() * b;
            head += losses.head() * b;
            representation += losses.representation() * b;
            kl += losses.kl() * b;
            total += losses.total() * b;
            correct += losses.numCorrect();
            classes = losses.numCorrect() != LossReport.NO_CLASSES;
            examples += b;
        }

        EpochReport report(int epoch, int steps, double devScore, double learningRate, double seconds) {
            double n = examples;
            return new EpochReport(
                    epoch,
                    steps,
                    crossEntropy / n,
                    head / n,
                    representation / n,
                    kl / n,
                    total / n,
                    classes ? correct / n : Double.NaN,
                    devScore,
                    learningRate,
                    seconds);
        }
    }
}
