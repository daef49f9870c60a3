package org.infoprompt.bench;

import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;
import org.infoprompt.objective.LossReport;
import org.infoprompt.objective.ParameterInitializer;
import org.infoprompt.objective.ParameterLayout;
import org.infoprompt.objective.ParameterSet;
import org.infoprompt.ops.Backend;
import org.infoprompt.prompt.PromptMethod;
import org.infoprompt.prompt.PromptMethods;
import org.infoprompt.prompt.PromptPlacement;
import org.infoprompt.session.LoadedBackbone;
import org.infoprompt.session.Recipe;
import org.infoprompt.train.EngineSizes;
import org.infoprompt.train.PlainStates;
import org.infoprompt.train.PreparedExamples;
import org.infoprompt.train.PromptEngine;
import org.infoprompt.train.TrainingConfig;
import org.infoprompt.weights.EncoderConfig;
import org.jspecify.annotations.Nullable;

/** Everything a training step needs, made of random word ids of a fixed seed. */
final class StepProblem implements AutoCloseable {
    private static final int NUM_CLASSES = 12;

    /** So small that the losses stay what they are however many steps are taken. */
    private static final double LEARNING_RATE = 1e-6;

    private final LoadedBackbone backbone;
    private final ParameterSet parameters;
    private final PromptEngine engine;
    private final @Nullable PlainStates plain;
    private final PreparedExamples examples;
    private final double weight;
    private final TrainingConfig config;
    private final int[] batch;
    private int step;

    StepProblem(String model, String method, Backend backend, int batchSize, int length, int numThreads)
            throws IOException {
        backbone = LoadedBackbone.open(model, backend, true, (resource, done, total) -> {});
        PromptMethod chosen = PromptMethods.get(method);
        Recipe recipe = Recipe.of(chosen, chosen.configure(Map.of()), false);
        config = recipe.training();
        weight = recipe.objective().weight(0, 1);
        ParameterLayout layout = recipe.layout(backbone, NUM_CLASSES);
        parameters = new ParameterSet(backend.dtype(), layout.shapes());
        Random random = new Random(config.seed());
        int words = backbone.config().vocabSize();
        List<int[]> labelWords = IntStream.range(0, NUM_CLASSES)
                .mapToObj(k -> ids(random, words, 1))
                .toList();
        new ParameterInitializer(
                        backbone.weights().words(),
                        backend.dtype(),
                        layout.hiddenSize(),
                        config.seed(),
                        backbone.tokenizer()::tokenize,
                        null)
                .initialize(layout, parameters, labelWords);
        examples = new PreparedExamples(new PromptPlacement(
                backbone.tokenizer().specialTokens(),
                recipe.prompt().layout(),
                recipe.prompt().reading(),
                backbone.config().maxPositions()));
        for (int i = 0; i < batchSize; i++) {
            examples.add(ids(random, words, length), null, i % NUM_CLASSES);
        }
        batch = IntStream.range(0, batchSize).toArray();
        EngineSizes sizes = EngineSizes.of(backend, numThreads, batchSize, examples.maxLength(), true);
        engine = new PromptEngine(backbone.weights(), layout, parameters, sizes);
        plain = PromptEngine.needsPlainStates(layout) ? engine.plainStates(examples, done -> {}) : null;
    }

    private static int[] ids(Random random, int numWords, int length) {
        return random.ints(length, numWords / 4, numWords).toArray();
    }

    LossReport step() {
        LossReport report = engine.step(examples, plain, batch, weight, config.seed(), step);
        engine.update(parameters, config, step, LEARNING_RATE);
        step++;
        return report;
    }

    /** Multiplications and additions of the encoder's linear layers, forward and back, as if every row of the last one were read. */
    double flops() {
        EncoderConfig c = backbone.config();
        double d = c.hiddenSize();
        double layer = 4 * d * d + 2 * d * c.feedForwardSize();
        return 2 * 2 * layer * c.numLayers() * batch.length * examples.maxLength();
    }

    @Override
    public void close() {
        if (plain != null) {
            plain.close();
        }
        engine.close();
        parameters.close();
        backbone.close();
    }
}
