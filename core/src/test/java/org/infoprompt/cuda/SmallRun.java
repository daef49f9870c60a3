package org.infoprompt.cuda;

import java.lang.foreign.MemorySegment;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.function.IntConsumer;
import org.infoprompt.model.EncoderWeights;
import org.infoprompt.objective.LossReport;
import org.infoprompt.objective.ObjectiveConfig;
import org.infoprompt.objective.ParameterLayout;
import org.infoprompt.objective.ParameterSet;
import org.infoprompt.ops.Backend;
import org.infoprompt.prompt.BackboneShape;
import org.infoprompt.prompt.PromptConfig;
import org.infoprompt.prompt.PromptPlacement;
import org.infoprompt.tensor.Shape;
import org.infoprompt.text.SpecialTokens;
import org.infoprompt.train.EngineSizes;
import org.infoprompt.train.Evaluator;
import org.infoprompt.train.PlainStates;
import org.infoprompt.train.PreparedExamples;
import org.infoprompt.train.PromptEngine;
import org.infoprompt.train.TrainingConfig;
import org.infoprompt.weights.ModelFiles;

/**
 * A few training steps of a prompt method on a tiny encoder, and scores, on any backend.
 *
 * @param losses per step: cross-entropy, head, representation, KL, total, gradient norm
 * @param gradients of the first step
 * @param parameters after the last step
 * @param scores of all examples after it
 */
@SuppressWarnings("ArrayRecordComponent") // held, never compared
record SmallRun(List<double[]> losses, double[] gradients, double[] parameters, double[][] scores) {
    static final int BATCH = 4;
    private static final int CLASSES = 3;

    /** Runs; {@code watch} is told before each step and, with the number of steps, after the last. */
    static SmallRun run(Backend backend, PromptConfig config, ObjectiveConfig objective, int steps, IntConsumer watch)
            throws Exception {
        try (ModelFiles files = ModelFiles.openFolder(encoder());
                EncoderWeights weights = EncoderWeights.load(files, backend, true)) {
            PreparedExamples data = examples(config);
            ParameterLayout layout =
                    new ParameterLayout(config, objective, BackboneShape.of(weights.config()), CLASSES);
            EngineSizes sizes = EngineSizes.of(backend, 2, BATCH, data.maxLength(), true);
            TrainingConfig training = new TrainingConfig(1, BATCH, 0.02, 0.01, 0, 1, 0, 5);
            try (ParameterSet parameters = new ParameterSet(backend.dtype(), layout.shapes());
                    PromptEngine engine = new PromptEngine(weights, layout, parameters, sizes);
                    PlainStates plain = engine.plainStates(data, done -> {})) {
                initialize(layout, parameters);
                List<double[]> losses = new ArrayList<>();
                double[] gradients = new double[0];
                for (int step = 0; step < steps; step++) {
                    watch.accept(step);
                    LossReport report = engine.step(data, plain, new int[] {0, 1, 2, 3}, 1, 5, step);
                    if (step == 0) {
                        gradients = elements(parameters, parameters.gradients());
                    }
                    double norm = engine.update(parameters, training, step, 0.02);
                    losses.add(new double[] {
                        report.crossEntropy(), report.head(), report.representation(), report.kl(), report.total(), norm
                    });
                }
                watch.accept(steps);
                double[][] scores = Evaluator.scores(engine, data, null, CLASSES, backend.dtype(), done -> {});
                return new SmallRun(losses, gradients, elements(parameters, parameters.values()), scores);
            }
        }
    }

    private static void initialize(ParameterLayout layout, ParameterSet parameters) {
        Random random = new Random(4);
        for (Map.Entry<String, Shape> entry : layout.shapes().entrySet()) {
            for (long i = 0; i < entry.getValue().numElements(); i++) {
                parameters.set(entry.getKey(), i, (float) (0.15 * random.nextGaussian()));
            }
        }
    }

    private static double[] elements(ParameterSet parameters, MemorySegment block) {
        double[] values = new double[(int) parameters.numElements()];
        for (int i = 0; i < values.length; i++) {
            values[i] = parameters.get(block, i);
        }
        return values;
    }

    private static PreparedExamples examples(PromptConfig config) {
        SpecialTokens tokens = new SpecialTokens(2, 3, 4, 0, 1, false);
        PreparedExamples data =
                new PreparedExamples(new PromptPlacement(tokens, config.layout(), config.reading(), 60));
        Random random = new Random(17);
        int[] lengths = {7, 1, 11, 0};
        for (int i = 0; i < lengths.length; i++) {
            data.add(random.ints(lengths[i], 5, 119).toArray(), null, i % CLASSES);
        }
        return data;
    }

    private static Path encoder() {
        try {
            return Path.of(Objects.requireNonNull(SmallRun.class.getResource("/fixtures/encoder/bert"))
                    .toURI());
        } catch (URISyntaxException e) {
            throw new IllegalStateException(e);
        }
    }
}
