package org.infoprompt.bench.gpu;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.Map;
import java.util.Random;
import org.infoprompt.model.EncoderWeights;
import org.infoprompt.objective.Classification;
import org.infoprompt.objective.LossReport;
import org.infoprompt.objective.ObjectiveConfig;
import org.infoprompt.objective.ParameterLayout;
import org.infoprompt.objective.ParameterSet;
import org.infoprompt.ops.Backend;
import org.infoprompt.prompt.BackboneShape;
import org.infoprompt.prompt.PromptPlacement;
import org.infoprompt.prompt.infoprompt.InfoPromptConfig;
import org.infoprompt.prompt.infoprompt.PromptKind;
import org.infoprompt.tensor.Shape;
import org.infoprompt.text.SpecialTokens;
import org.infoprompt.train.EngineSizes;
import org.infoprompt.train.PlainStates;
import org.infoprompt.train.PreparedExamples;
import org.infoprompt.train.PromptEngine;
import org.infoprompt.train.TrainingConfig;
import org.infoprompt.weights.ModelFiles;

/** InfoPrompt training on a {@link RandomModel} and random texts whose class shows in their words; the same on every backend. */
final class StepRunner implements AutoCloseable {
    private static final int CLASSES = 4;
    static final int BATCHES = 4;
    private static final int SEED = 5;
    private static final double RATE = 5e-3;

    private final Sizes sizes;
    private final ModelFiles files;
    private final EncoderWeights weights;
    private final PreparedExamples data;
    private final ParameterSet parameters;
    private final PromptEngine engine;
    private final PlainStates plain;
    private final TrainingConfig config;

    StepRunner(Path model, Backend backend, Sizes sizes) throws IOException {
        this.sizes = sizes;
        files = ModelFiles.openFolder(model);
        weights = EncoderWeights.load(files, backend, true);
        InfoPromptConfig prompt = new InfoPromptConfig(PromptKind.INSTANCE, 1, 32);
        ObjectiveConfig objective = new ObjectiveConfig(Classification.BOTTLENECK, 32, .1, .2, .1, 0, 4, false);
        ParameterLayout layout = new ParameterLayout(prompt, objective, BackboneShape.of(weights.config()), CLASSES);
        data = examples(prompt);
        parameters = new ParameterSet(backend.dtype(), layout.shapes());
        initialize(layout);
        int threads = Runtime.getRuntime().availableProcessors();
        engine = new PromptEngine(
                weights, layout, parameters, EngineSizes.of(backend, threads, sizes.batch(), data.maxLength(), true));
        plain = engine.plainStates(data, done -> {});
        config = new TrainingConfig(1, sizes.batch(), RATE, 0.01, 0, 1, 0, SEED);
    }

    private PreparedExamples examples(InfoPromptConfig prompt) {
        SpecialTokens tokens = new SpecialTokens(2, 3, 4, 0, 1, false);
        PreparedExamples examples = new PreparedExamples(
                new PromptPlacement(tokens, prompt.layout(), prompt.reading(), 3 * sizes.textLength() + 32));
        Random random = new Random(17);
        int first = 5;
        int span = (sizes.vocabulary() - first) / CLASSES;
        for (int i = 0; i < BATCHES * sizes.batch(); i++) {
            int label = i % CLASSES;
            int length = Math.max(1, sizes.textLength() - random.nextInt(sizes.textLength() / 2 + 1));
            int[] words = new int[length];
            for (int w = 0; w < length; w++) {
                // Half of the words are the class's own.
                words[w] = random.nextBoolean()
                        ? first + label * span + random.nextInt(span)
                        : first + random.nextInt(CLASSES * span);
            }
            examples.add(words, null, label);
        }
        return examples;
    }

    private void initialize(ParameterLayout layout) {
        Random random = new Random(4);
        for (Map.Entry<String, Shape> entry : layout.shapes().entrySet()) {
            Shape shape = entry.getValue();
            double scale = shape.rank() == 2 ? 1 / Math.sqrt((double) shape.size(1)) : 0.01;
            for (long i = 0; i < shape.numElements(); i++) {
                parameters.set(entry.getKey(), i, (float) (scale * random.nextGaussian()));
            }
        }
    }

    /** {@return the losses at the current parameters, whose gradients are then in {@link #gradients}} */
    LossReport losses(int step) {
        int[] batch = new int[sizes.batch()];
        for (int i = 0; i < batch.length; i++) {
            batch[i] = (step % BATCHES) * sizes.batch() + i;
        }
        return engine.step(data, plain, batch, 1, SEED, step);
    }

    /** Takes a step. */
    LossReport step(int step) {
        LossReport report = losses(step);
        engine.update(parameters, config, step, RATE);
        return report;
    }

    double[] gradients() {
        return elements(parameters.gradients());
    }

    double[] values() {
        return elements(parameters.values());
    }

    private double[] elements(MemorySegment block) {
        double[] values = new double[Math.toIntExact(parameters.numElements())];
        for (int i = 0; i < values.length; i++) {
            values[i] = parameters.get(block, i);
        }
        return values;
    }

    /** Sets all parameters to base + factor * direction. */
    void move(double[] base, double factor, double[] direction) {
        int at = 0;
        for (Map.Entry<String, Shape> entry : parameters.shapes().entrySet()) {
            for (long i = 0; i < entry.getValue().numElements(); i++) {
                parameters.set(entry.getKey(), i, base[at] + factor * direction[at]);
                at++;
            }
        }
    }

    @Override
    public void close() {
        plain.close();
        engine.close();
        parameters.close();
        weights.close();
        files.close();
    }
}
