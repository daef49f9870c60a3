package org.infoprompt.cuda;

import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.SequencedMap;
import java.util.function.Function;
import java.util.function.IntConsumer;
import java.util.stream.IntStream;
import org.infoprompt.data.Example;
import org.infoprompt.model.EncoderWeights;
import org.infoprompt.objective.LossReport;
import org.infoprompt.objective.ObjectiveConfig;
import org.infoprompt.objective.ParameterLayout;
import org.infoprompt.objective.ParameterSet;
import org.infoprompt.ops.Backend;
import org.infoprompt.prompt.BackboneShape;
import org.infoprompt.prompt.PromptConfig;
import org.infoprompt.prompt.PromptPlacement;
import org.infoprompt.prompt.WordReading;
import org.infoprompt.session.RandomModels;
import org.infoprompt.tensor.Shape;
import org.infoprompt.text.SpecialTokens;
import org.infoprompt.text.Tokenizers;
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
 * @param gradients of each batch at the initial parameters, by parameter
 * @param parameters after the last step, by name
 * @param scores of all examples after it
 */
@SuppressWarnings("ArrayRecordComponent") // held, never compared
record SmallRun(
        List<double[]> losses,
        List<SequencedMap<String, double[]>> gradients,
        SequencedMap<String, double[]> parameters,
        double[][] scores) {
    static final int BATCH = 4;

    /** One batch again and again. */
    static final int[][] ONE_BATCH = {{0, 1, 2, 3}};

    /** Two batches of different size and lengths in turn, the second of them the larger number of rows. */
    static final int[][] TWO_BATCHES = {{4, 3, 0}, {2, 5, 1, 0}};

    /** What is learnt. */
    enum Task {
        /** A class of three. */
        CLASSES(3),
        /** A number. */
        NUMBERS(1),
        /** A class of three for each word. */
        WORDS(3);

        private final int classes;

        Task(int classes) {
            this.classes = classes;
        }
    }

    /** Runs; {@code watch} is told before each step and, with the number of steps, after the last. */
    static SmallRun run(
            Backend backend,
            PromptConfig method,
            ObjectiveConfig objective,
            Task task,
            int[][] batches,
            int steps,
            IntConsumer watch)
            throws Exception {
        PromptConfig config = task == Task.WORDS ? WordReading.of(method) : method;
        Path encoder = RandomModels.encoder("bert");
        try (ModelFiles files = ModelFiles.openFolder(encoder);
                EncoderWeights weights = EncoderWeights.load(files, backend, true)) {
            PreparedExamples data = task == Task.CLASSES
                    ? ids(config)
                    : new PreparedExamples(texts(task), Tokenizers.load(encoder), placement(config));
            ParameterLayout layout =
                    new ParameterLayout(config, objective, BackboneShape.of(weights.config()), task.classes);
            EngineSizes sizes = EngineSizes.of(backend, 2, BATCH, data.maxLength(), true);
            TrainingConfig training = new TrainingConfig(1, BATCH, 0.02, 0.01, 0, 1, 0, 5);
            try (ParameterSet parameters = new ParameterSet(backend.dtype(), layout.shapes());
                    PromptEngine engine = new PromptEngine(weights, layout, parameters, sizes);
                    PlainStates plain = engine.plainStates(data, done -> {})) {
                initialize(layout, parameters);
                List<double[]> losses = new ArrayList<>();
                List<SequencedMap<String, double[]>> gradients = new ArrayList<>();
                for (int[] batch : batches) {
                    engine.step(data, plain, batch, 1, 5, 0);
                    gradients.add(elements(parameters, parameters::gradient));
                }
                for (int step = 0; step < steps; step++) {
                    watch.accept(step);
                    LossReport report = engine.step(data, plain, batches[step % batches.length], 1, 5, step);
                    double norm = engine.update(parameters, training, step, 0.02);
                    losses.add(new double[] {
                        report.crossEntropy(), report.head(), report.representation(), report.kl(), report.total(), norm
                    });
                }
                watch.accept(steps);
                double[][] scores = Evaluator.scores(engine, data, null, task.classes, backend.dtype(), done -> {});
                return new SmallRun(losses, gradients, elements(parameters, parameters::value), scores);
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

    private static SequencedMap<String, double[]> elements(
            ParameterSet parameters, Function<String, MemorySegment> blocks) {
        SequencedMap<String, double[]> all = new LinkedHashMap<>();
        parameters.shapes().forEach((name, shape) -> {
            double[] values = new double[Math.toIntExact(shape.numElements())];
            for (int i = 0; i < values.length; i++) {
                values[i] = parameters.get(blocks.apply(name), i);
            }
            all.put(name, values);
        });
        return all;
    }

    private static PromptPlacement placement(PromptConfig config) {
        SpecialTokens tokens = new SpecialTokens(2, 3, 4, 0, 1, false);
        return new PromptPlacement(tokens, config.layout(), config.reading(), 60);
    }

    /** Texts of different lengths, one of them empty. */
    private static PreparedExamples ids(PromptConfig config) {
        PreparedExamples data = new PreparedExamples(placement(config));
        Random random = new Random(17);
        int[] lengths = {7, 1, 11, 0, 3, 17};
        for (int i = 0; i < lengths.length; i++) {
            data.add(random.ints(lengths[i], 5, 119).toArray(), null, i % Task.CLASSES.classes);
        }
        return data;
    }

    /** Texts with a number each, or a class for each of their words. */
    private static List<Example> texts(Task task) {
        String[] texts = {
            "the cat sat on the mat",
            "rain",
            "a good film and the red sun and the rain",
            "the sun",
            "a red mat",
            "the cat and the rain and the film sat on the good red mat"
        };
        List<Example> examples = new ArrayList<>();
        for (int i = 0; i < texts.length; i++) {
            int words = task == Task.WORDS ? texts[i].split(" ", -1).length : 0;
            List<Integer> tags = IntStream.range(i, i + words)
                    .map(w -> w % task.classes)
                    .boxed()
                    .toList();
            examples.add(new Example("t" + i, texts[i], null, Example.UNKNOWN, tags, 0.5 * i - 1));
        }
        return examples;
    }
}
