package org.infoprompt.prompt;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.foreign.MemorySegment;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import org.infoprompt.model.EncoderWeights;
import org.infoprompt.objective.ObjectiveConfig;
import org.infoprompt.objective.ParameterInitializer;
import org.infoprompt.objective.ParameterLayout;
import org.infoprompt.objective.ParameterSet;
import org.infoprompt.ops.Backend;
import org.infoprompt.ops.reference.ReferenceBackend;
import org.infoprompt.tensor.DType;
import org.infoprompt.tensor.Shape;
import org.infoprompt.text.SpecialTokens;
import org.infoprompt.text.Tokenizer;
import org.infoprompt.text.Tokenizers;
import org.infoprompt.train.EngineSizes;
import org.infoprompt.train.PlainStates;
import org.infoprompt.train.PreparedExamples;
import org.infoprompt.train.PromptEngine;
import org.infoprompt.weights.ModelFiles;

/** What holds for every prompt method, on the tiny encoders of fixtures/encoder. */
final class MethodChecks {
    private static final int CLASSES = 3;
    private static final int[] BATCH = {0, 1, 2, 3};

    private MethodChecks() {}

    static Path encoder(String family) {
        try {
            return Path.of(Objects.requireNonNull(MethodChecks.class.getResource("/fixtures/encoder/" + family))
                    .toURI());
        } catch (URISyntaxException e) {
            throw new IllegalStateException(e);
        }
    }

    static PromptConfig config(String method, String... options) {
        Map<String, String> values = new LinkedHashMap<>();
        for (int i = 0; i < options.length; i += 2) {
            values.put(options[i], options[i + 1]);
        }
        PromptConfig config = PromptMethods.get(method).configure(values);
        assertThat(PromptMethods.get(method).configure(config.options()))
                .as("a checkpoint's options give the same configuration")
                .isEqualTo(config);
        return config;
    }

    static long numParameters(PromptConfig config, int hiddenSize, int numLayers, int vocabularySize) {
        return config.shapes(new BackboneShape(hiddenSize, numLayers, vocabularySize)).values().stream()
                .mapToLong(Shape::numElements)
                .sum();
    }

    static PreparedExamples examples(PromptConfig config, String family, boolean pairs) {
        boolean roberta = family.equals("roberta");
        SpecialTokens tokens =
                roberta ? new SpecialTokens(0, 2, 119, 1, 3, true) : new SpecialTokens(2, 3, 4, 0, 1, false);
        PreparedExamples data =
                new PreparedExamples(new PromptPlacement(tokens, config.layout(), config.reading(), 60));
        Random random = new Random(17);
        int[] lengths = {7, 1, 11, 0};
        for (int i = 0; i < lengths.length; i++) {
            data.add(words(random, lengths[i]), pairs ? words(random, 3 + i) : null, i % CLASSES);
        }
        return data;
    }

    private static int[] words(Random random, int length) {
        return random.ints(length, 5, 119).toArray();
    }

    /**
     * Compares every parameter's gradient with central differences of the loss along random directions, in double; and asserts
     * that blocks and threads change no bit.
     */
    static void gradients(PromptConfig config, String family, ObjectiveConfig objective, boolean pairs)
            throws Exception {
        Backend backend = ReferenceBackend.instance();
        try (ModelFiles files = ModelFiles.openFolder(encoder(family));
                EncoderWeights weights = EncoderWeights.load(files, backend, true)) {
            PreparedExamples data = examples(config, family, pairs);
            ParameterLayout layout =
                    new ParameterLayout(config, objective, BackboneShape.of(weights.config()), CLASSES);
            try (ParameterSet parameters = new ParameterSet(DType.F64, layout.shapes())) {
                initialize(weights, layout, parameters, family);
                double[] one = gradients(weights, layout, parameters, data, new EngineSizes(1, 4, 400, 4, true));
                double[] two = gradients(weights, layout, parameters, data, new EngineSizes(2, 4, 60, 2, true));
                assertThat(two).as("other blocks and threads").isEqualTo(one);
                differences(weights, layout, parameters, data, one);
            }
        }
    }

    private static void initialize(
            EncoderWeights weights, ParameterLayout layout, ParameterSet parameters, String family) throws Exception {
        Tokenizer tokenizer = Tokenizers.load(encoder(family));
        new ParameterInitializer(weights.words(), DType.F64, layout.hiddenSize(), 3, tokenizer::tokenize, null)
                .initialize(layout, parameters, List.of(new int[] {5}, new int[] {6, 8}, new int[0]));
        // No parameter may sit at a point where its gradient vanishes by symmetry.
        Random random = new Random(4);
        for (Map.Entry<String, Shape> entry : layout.shapes().entrySet()) {
            MemorySegment value = parameters.value(entry.getKey());
            for (long i = 0; i < entry.getValue().numElements(); i++) {
                parameters.set(entry.getKey(), i, parameters.get(value, i) + 0.1 * random.nextGaussian());
            }
        }
    }

    private static double[] gradients(
            EncoderWeights weights,
            ParameterLayout layout,
            ParameterSet parameters,
            PreparedExamples data,
            EngineSizes sizes) {
        try (PromptEngine engine = new PromptEngine(weights, layout, parameters, sizes);
                PlainStates plain = engine.plainStates(data, done -> {})) {
            engine.step(data, plain, BATCH, 1, 99, 0);
            // A second step must not see what the first left behind.
            engine.step(data, plain, BATCH, 1, 99, 0);
            double[] gradients = new double[(int) parameters.numElements()];
            for (int i = 0; i < gradients.length; i++) {
                gradients[i] = parameters.get(parameters.gradients(), i);
            }
            return gradients;
        }
    }

    private static void differences(
            EncoderWeights weights,
            ParameterLayout layout,
            ParameterSet parameters,
            PreparedExamples data,
            double[] gradients) {
        Random random = new Random(8);
        try (PromptEngine engine = new PromptEngine(weights, layout, parameters, new EngineSizes(1, 4, 400, 4, true));
                PlainStates plain = engine.plainStates(data, done -> {})) {
            int at = 0;
            for (Map.Entry<String, Shape> entry : layout.shapes().entrySet()) {
                String name = entry.getKey();
                int n = (int) entry.getValue().numElements();
                double[] direction = random.doubles(n, -1, 1).toArray();
                double analytic = 0;
                double length = 0;
                for (int i = 0; i < n; i++) {
                    analytic += direction[i] * gradients[at + i];
                    length += gradients[at + i] * gradients[at + i];
                }
                double step = 1e-5;
                move(parameters, name, direction, step);
                double up = engine.step(data, plain, BATCH, 1, 99, 0).total();
                move(parameters, name, direction, -2 * step);
                double down = engine.step(data, plain, BATCH, 1, 99, 0).total();
                move(parameters, name, direction, step);
                double numeric = (up - down) / (2 * step);
                if (!name.equals("decoder.bias")) {
                    assertThat(length)
                            .as("gradient of " + name + " is not zero")
                            .isGreaterThan(0);
                }
                assertThat(Math.abs(numeric - analytic))
                        .as("%s: difference %s, gradient %s", name, numeric, analytic)
                        .isLessThanOrEqualTo(1e-5 + 1e-3 * Math.abs(numeric));
                at += n;
            }
        }
    }

    private static void move(ParameterSet parameters, String name, double[] direction, double step) {
        MemorySegment value = parameters.value(name);
        for (int i = 0; i < direction.length; i++) {
            parameters.set(name, i, parameters.get(value, i) + step * direction[i]);
        }
    }
}
