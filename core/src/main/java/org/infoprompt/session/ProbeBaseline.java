package org.infoprompt.session;

import java.io.IOException;
import java.util.List;
import java.util.function.IntConsumer;
import org.infoprompt.data.Dataset;
import org.infoprompt.data.Example;
import org.infoprompt.metric.ConfusionMatrix;
import org.infoprompt.objective.ParameterLayout;
import org.infoprompt.objective.ParameterSet;
import org.infoprompt.prompt.PromptPlacement;
import org.infoprompt.train.EngineSizes;
import org.infoprompt.train.HeadProbe;
import org.infoprompt.train.PlainStates;
import org.infoprompt.train.PreparedExamples;
import org.infoprompt.train.PromptEngine;
import org.infoprompt.train.TrainingListener;

/**
 * What can be had without prompts: a linear classifier on the frozen encoder's states, tuned on dev.
 *
 * @param test counts on the test examples
 * @param numParameters how many numbers were trained
 * @param learningRate the one dev chose
 */
public record ProbeBaseline(ConfusionMatrix test, long numParameters, double learningRate) {
    /**
     * Trains and evaluates the baseline.
     *
     * @param backbone the encoder
     * @param dataset the data
     * @param maxLength the most rows of a sequence
     * @param seed of the order
     * @param numThreads workers
     * @param listener told about the plain passes
     * @return its result
     * @throws IOException if the texts do not fit the backbone
     */
    public static ProbeBaseline run(
            LoadedBackbone backbone,
            Dataset dataset,
            int maxLength,
            long seed,
            int numThreads,
            TrainingListener listener)
            throws IOException {
        Recipe recipe = Recipe.promptTuning();
        int length = Math.min(maxLength, backbone.config().maxPositions());
        PromptPlacement placement = PromptModel.placement(backbone, recipe.prompt(), length);
        PreparedExamples train = new PreparedExamples(dataset.train(), backbone.tokenizer(), placement);
        // Without dev examples the training examples choose, which favours the baseline's fit.
        List<Example> devExamples = dataset.dev().isEmpty() ? dataset.train() : dataset.dev();
        PreparedExamples dev = new PreparedExamples(devExamples, backbone.tokenizer(), placement);
        PreparedExamples test = new PreparedExamples(dataset.test(), backbone.tokenizer(), placement);
        int d = backbone.config().hiddenSize();
        int c = dataset.labels().size();
        ParameterLayout layout = recipe.layout(backbone, c);
        int longest = Math.max(train.maxLength(), Math.max(dev.maxLength(), test.maxLength()));
        try (ParameterSet unused = new ParameterSet(backbone.weights().backend().dtype(), layout.shapes());
                PromptEngine engine = new PromptEngine(
                        backbone.weights(),
                        layout,
                        unused,
                        EngineSizes.of(backbone.weights().backend(), numThreads, 1, longest, false))) {
            listener.onPhase("head-only probe", (long) train.size() + dev.size() + test.size());
            Object lock = new Object();
            IntConsumer progress = done -> {
                synchronized (lock) {
                    listener.onProgress(done);
                }
            };
            try (PlainStates trainStates = engine.plainStates(train, progress);
                    PlainStates devStates = engine.plainStates(dev, progress);
                    PlainStates testStates = engine.plainStates(test, progress);
                    HeadProbe probe = new HeadProbe(backbone.weights().backend(), d, c)) {
                probe.train(
                        trainStates,
                        labels(dataset.train()),
                        devStates,
                        labels(devExamples),
                        dataset.labels(),
                        dataset.metric(),
                        seed);
                return new ProbeBaseline(
                        probe.evaluate(testStates, labels(dataset.test()), dataset.labels()),
                        probe.numParameters(),
                        probe.learningRate());
            }
        }
    }

    private static int[] labels(List<Example> examples) {
        return examples.stream().mapToInt(Example::label).toArray();
    }
}
