package org.infoprompt.train;

import java.lang.foreign.MemorySegment;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;
import org.infoprompt.metric.ConfusionMatrix;
import org.infoprompt.metric.Metric;
import org.infoprompt.objective.ParameterSet;
import org.infoprompt.ops.Backend;
import org.infoprompt.ops.Kernels;
import org.infoprompt.tensor.DType;
import org.infoprompt.tensor.Shape;
import org.infoprompt.tensor.Workspace;

/**
 * The baseline without prompts: a linear classifier on the frozen encoder's plain [CLS] and mask states. Cheap, because the states
 * are computed once; so several learning rates are tried and dev chooses among all rates and epochs.
 */
public final class HeadProbe implements AutoCloseable {
    private static final double[] LEARNING_RATES = {1e-3, 3e-3, 1e-2, 3e-2};
    private static final int EPOCHS = 60;
    private static final int BATCH = 32;
    private static final double WEIGHT_DECAY = 0.01;
    private static final String WEIGHT = "probe.weight";
    private static final String BIAS = "probe.bias";

    private final Backend backend;
    private final Kernels kernels;
    private final int width;
    private final int numClasses;
    private final ParameterSet parameters;
    private final ParameterSet best;
    private double bestScore = Double.NEGATIVE_INFINITY;
    private double bestRate = Double.NaN;

    /**
     * Prepares a probe.
     *
     * @param backend computes it
     * @param hiddenSize D; the classifier reads 2·D features
     * @param numClasses C
     */
    public HeadProbe(Backend backend, int hiddenSize, int numClasses) {
        this.backend = backend;
        this.kernels = backend.newKernels();
        this.width = 2 * hiddenSize;
        this.numClasses = numClasses;
        SequencedMap<String, Shape> shapes = new LinkedHashMap<>();
        shapes.put(WEIGHT, Shape.of(numClasses, width));
        shapes.put(BIAS, Shape.of(numClasses));
        parameters = new ParameterSet(backend.dtype(), shapes);
        best = new ParameterSet(backend.dtype(), shapes);
    }

    /** {@return how many numbers are trained} */
    public long numParameters() {
        return parameters.numElements();
    }

    /** {@return the learning rate dev chose} */
    public double learningRate() {
        return bestRate;
    }

    /**
     * Trains with every learning rate and keeps what is best on dev.
     *
     * @param train plain states of the training examples
     * @param trainLabels their classes
     * @param dev plain states of the dev examples
     * @param devLabels their classes
     * @param labels class names
     * @param metric what dev is judged by
     * @param seed of the order
     */
    public void train(
            PlainStates train,
            int[] trainLabels,
            PlainStates dev,
            int[] devLabels,
            List<String> labels,
            Metric metric,
            long seed) {
        for (double rate : LEARNING_RATES) {
            run(rate, train, trainLabels, dev, devLabels, labels, metric, seed);
        }
    }

    private void run(
            double rate,
            PlainStates train,
            int[] trainLabels,
            PlainStates dev,
            int[] devLabels,
            List<String> labels,
            Metric metric,
            long seed) {
        DType type = backend.dtype();
        long n = parameters.numElements();
        kernels.rows().fill(n, 0, parameters.values());
        kernels.rows().fill(n, 0, parameters.firstMoments());
        kernels.rows().fill(n, 0, parameters.secondMoments());
        TrainingConfig config = new TrainingConfig(EPOCHS, BATCH, rate, WEIGHT_DECAY, 0.06, 0, 0, seed);
        int steps = config.stepsPerEpoch(train.size());
        int[] rows = new int[BATCH];
        int[] batchLabels = new int[BATCH];
        long bytes = 4L * (BATCH + 1) * (width + numClasses + 16) * type.bytes() + 1024;
        try (Workspace workspace = Workspace.ofBytes(bytes)) {
            MemorySegment features = workspace.allocate(type, (long) BATCH * width);
            MemorySegment half = workspace.allocate(type, (long) BATCH * width / 2);
            MemorySegment logits = workspace.allocate(type, (long) BATCH * numClasses);
            MemorySegment dLogits = workspace.allocate(type, (long) BATCH * numClasses);
            MemorySegment losses = workspace.allocate(type, BATCH);
            for (int epoch = 0; epoch < EPOCHS; epoch++) {
                int[] order = Trainer.order(train.size(), seed, epoch);
                for (int s = 0; s < steps; s++) {
                    int b = Math.min(BATCH, train.size() - s * BATCH);
                    for (int i = 0; i < b; i++) {
                        rows[i] = order[s * BATCH + i];
                        batchLabels[i] = trainLabels[rows[i]];
                    }
                    gather(train, rows, b, half, features);
                    score(parameters, features, b, logits);
                    kernels.loss().crossEntropy(b, numClasses, logits, batchLabels, 1.0 / b, losses, dLogits);
                    kernels.matmul()
                            .gemm(
                                    true,
                                    false,
                                    numClasses,
                                    width,
                                    b,
                                    1,
                                    dLogits,
                                    features,
                                    0,
                                    parameters.gradient(WEIGHT));
                    kernels.rows().columnSums(b, numClasses, 1, dLogits, 0, parameters.gradient(BIAS));
                    int step = epoch * steps + s;
                    double norm = Optimizer.norm(parameters, kernels);
                    Optimizer.update(
                            parameters, kernels, config, step, config.learningRate(step, steps * EPOCHS), norm);
                }
                double score = metric.compute(evaluate(parameters, dev, devLabels, labels));
                if (score > bestScore) {
                    bestScore = score;
                    bestRate = rate;
                    parameters.await();
                    MemorySegment.copy(
                            parameters.values(),
                            0,
                            best.values(),
                            0,
                            parameters.values().byteSize());
                }
            }
        }
    }

    /** Lays [CLS] and mask states of the rows side by side. */
    private void gather(PlainStates states, int[] rows, int b, MemorySegment half, MemorySegment features) {
        int d = width / 2;
        kernels.rows().gather(b, d, states.cls(), rows, half);
        for (int i = 0; i < b; i++) {
            kernels.rows().copy(1, d, half, i, features, 2L * i);
        }
        kernels.rows().gather(b, d, states.read(), rows, half);
        for (int i = 0; i < b; i++) {
            kernels.rows().copy(1, d, half, i, features, 2L * i + 1);
        }
    }

    private void score(ParameterSet from, MemorySegment features, int b, MemorySegment logits) {
        kernels.matmul().gemm(false, true, b, numClasses, width, 1, features, from.value(WEIGHT), 0, logits);
        kernels.rows().addBias(b, numClasses, from.value(BIAS), logits);
    }

    /**
     * Evaluates the best classifier.
     *
     * @param states plain states of the examples
     * @param gold their classes
     * @param labels class names
     * @return counts of gold and predicted labels
     */
    public ConfusionMatrix evaluate(PlainStates states, int[] gold, List<String> labels) {
        return evaluate(best, states, gold, labels);
    }

    private ConfusionMatrix evaluate(ParameterSet from, PlainStates states, int[] gold, List<String> labels) {
        ConfusionMatrix matrix = new ConfusionMatrix(labels);
        DType type = backend.dtype();
        int[] rows = new int[BATCH];
        double[] row = new double[numClasses];
        try (Workspace workspace =
                Workspace.ofBytes(2L * (BATCH + 1) * (width + numClasses + 16) * type.bytes() + 1024)) {
            MemorySegment features = workspace.allocate(type, (long) BATCH * width);
            MemorySegment half = workspace.allocate(type, (long) BATCH * width / 2);
            MemorySegment logits = workspace.allocate(type, (long) BATCH * numClasses);
            for (int at = 0; at < states.size(); at += BATCH) {
                int b = Math.min(BATCH, states.size() - at);
                for (int i = 0; i < b; i++) {
                    rows[i] = at + i;
                }
                gather(states, rows, b, half, features);
                score(from, features, b, logits);
                for (int i = 0; i < b; i++) {
                    for (int k = 0; k < numClasses; k++) {
                        row[k] = from.get(logits, (long) i * numClasses + k);
                    }
                    matrix.add(gold[at + i], Evaluator.argMax(row));
                }
            }
        }
        return matrix;
    }

    /** Frees the parameters; idempotent. */
    @Override
    public void close() {
        parameters.close();
        best.close();
    }
}
