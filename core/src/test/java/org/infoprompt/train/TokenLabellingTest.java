package org.infoprompt.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.stream.Stream;
import org.infoprompt.data.Dataset;
import org.infoprompt.data.Example;
import org.infoprompt.metric.ConfusionMatrix;
import org.infoprompt.metric.Metric;
import org.infoprompt.model.EncoderWeights;
import org.infoprompt.objective.ObjectiveConfig;
import org.infoprompt.objective.ParameterLayout;
import org.infoprompt.objective.ParameterSet;
import org.infoprompt.ops.reference.ReferenceBackend;
import org.infoprompt.prompt.BackboneShape;
import org.infoprompt.prompt.PromptConfig;
import org.infoprompt.prompt.PromptMethods;
import org.infoprompt.prompt.PromptPlacement;
import org.infoprompt.prompt.WordReading;
import org.infoprompt.session.LoadedBackbone;
import org.infoprompt.session.PromptModel;
import org.infoprompt.session.Recipe;
import org.infoprompt.session.TrainOptions;
import org.infoprompt.tensor.DType;
import org.infoprompt.tensor.Shape;
import org.infoprompt.text.SpecialTokens;
import org.infoprompt.weights.ModelFiles;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Training a head over every word: gradients, independence of blocks and threads, and a toy task end to end. */
class TokenLabellingTest {
    private static final List<String> LABELS = List.of("O", "B-animal", "I-animal");

    @TempDir
    Path folder;

    static Path encoder(String family) throws URISyntaxException {
        return Path.of(Objects.requireNonNull(TokenLabellingTest.class.getResource("/fixtures/encoder/" + family))
                .toURI());
    }

    static Stream<Arguments> methods() {
        return Stream.of(
                Arguments.of("prompt-tuning", Map.of("slots", "3"), "bert"),
                Arguments.of("prefix-tuning", Map.of(), "roberta"),
                Arguments.of("infoprompt", Map.of("kind", "instance", "generator-size", "5"), "bert"),
                Arguments.of("warp", Map.of("length", "4"), "distilbert"),
                Arguments.of("lora", Map.of("rank", "2", "targets", "query+output.dense"), "roberta"),
                Arguments.of("ia3", Map.of(), "bert"),
                Arguments.of("head-only", Map.of(), "bert"));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("methods")
    void gradientsEqualDifferences(String method, Map<String, String> options, String family) throws Exception {
        PromptConfig config = WordReading.of(PromptMethods.get(method).configure(options));
        boolean roberta = family.equals("roberta");
        SpecialTokens tokens =
                roberta ? new SpecialTokens(0, 2, 119, 1, 3, true) : new SpecialTokens(2, 3, 4, 0, 1, false);
        PreparedExamples data =
                new PreparedExamples(new PromptPlacement(tokens, config.layout(), config.reading(), 40));
        Random random = new Random(5);
        int[] batch = {0, 1, 2, 3};
        for (int numWords : new int[] {3, 1, 30, 6}) {
            int[][] words = new int[numWords][];
            List<Integer> tags = new ArrayList<>();
            for (int w = 0; w < numWords; w++) {
                words[w] = random.ints(1 + random.nextInt(3), 5, 118).toArray();
                tags.add(random.nextInt(3));
            }
            data.addWords(words, tags);
        }
        assertThat(data.numReads(2)).as("words within the length").isLessThan(30);
        assertThat(data.tags(2)).hasSize(30);
        assertThat(data.readStart(3)).isEqualTo(4 + data.numReads(2));
        try (ModelFiles files = ModelFiles.openFolder(encoder(family));
                EncoderWeights weights = EncoderWeights.load(files, ReferenceBackend.instance(), true)) {
            ParameterLayout layout = new ParameterLayout(
                    config, ObjectiveConfig.crossEntropyOnly(), BackboneShape.of(weights.config()), 3);
            try (ParameterSet parameters = new ParameterSet(DType.F64, layout.shapes())) {
                for (Map.Entry<String, Shape> entry : layout.shapes().entrySet()) {
                    for (long i = 0; i < entry.getValue().numElements(); i++) {
                        parameters.set(entry.getKey(), i, 0.2 * random.nextGaussian());
                    }
                }
                double[] one = gradients(weights, layout, parameters, data, batch, new EngineSizes(1, 4, 200, 4, true));
                double[] two = gradients(weights, layout, parameters, data, batch, new EngineSizes(2, 4, 45, 2, true));
                assertThat(two).as("other blocks and threads").isEqualTo(one);
                differences(weights, layout, parameters, data, batch, one);
            }
        }
    }

    private static double[] gradients(
            EncoderWeights weights,
            ParameterLayout layout,
            ParameterSet parameters,
            PreparedExamples data,
            int[] batch,
            EngineSizes sizes) {
        try (PromptEngine engine = new PromptEngine(weights, layout, parameters, sizes);
                PlainStates plain = engine.plainStates(data, done -> {})) {
            assertThat(engine.step(data, plain, batch, 1, 1, 0).batchSize()).isEqualTo(data.totalReads());
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
            int[] batch,
            double[] gradients) {
        Random random = new Random(6);
        try (PromptEngine engine = new PromptEngine(weights, layout, parameters, new EngineSizes(1, 4, 200, 4, true));
                PlainStates plain = engine.plainStates(data, done -> {})) {
            int at = 0;
            for (Map.Entry<String, Shape> entry : layout.shapes().entrySet()) {
                int n = (int) entry.getValue().numElements();
                double[] direction = random.doubles(n, -1, 1).toArray();
                double analytic = 0;
                for (int i = 0; i < n; i++) {
                    analytic += direction[i] * gradients[at + i];
                }
                double step = 1e-5;
                move(parameters, entry.getKey(), direction, step);
                double up = engine.step(data, plain, batch, 1, 1, 0).total();
                move(parameters, entry.getKey(), direction, -2 * step);
                double down = engine.step(data, plain, batch, 1, 1, 0).total();
                move(parameters, entry.getKey(), direction, step);
                double numeric = (up - down) / (2 * step);
                assertThat(analytic).as(entry.getKey()).isNotZero();
                assertThat(Math.abs(numeric - analytic))
                        .as("%s: difference %s, gradient %s", entry.getKey(), numeric, analytic)
                        .isLessThanOrEqualTo(1e-6 + 1e-3 * Math.abs(numeric));
                at += n;
            }
        }
    }

    private static void move(ParameterSet parameters, String name, double[] direction, double step) {
        for (int i = 0; i < direction.length; i++) {
            parameters.set(name, i, parameters.get(parameters.value(name), i) + step * direction[i]);
        }
    }

    @Test
    void learnsAToyTaskAndTagsAfterLoading() throws Exception {
        Dataset dataset = toy();
        Recipe recipe = Recipe.promptTuning().with(new TrainingConfig(20, 8, .03, 0, .06, 1, 0, 1));
        try (LoadedBackbone backbone = LoadedBackbone.open(encoder("bert").toString())) {
            List<List<String>> tags;
            try (PromptModel model = PromptModel.train(
                    backbone, dataset, recipe, TrainOptions.defaults().withThreads(2))) {
                ConfusionMatrix counts = model.evaluate(dataset.test(), 2, done -> {});
                assertThat(Metric.SPAN_F1.compute(counts)).isGreaterThan(0.8);
                assertThat(model.info().devScore()).isGreaterThan(0.8);
                assertThat(counts.total())
                        .isEqualTo(dataset.test().stream()
                                .mapToLong(e -> e.tags().size())
                                .sum());
                tags = model.tag(dataset.test(), 1, done -> {});
                model.save(folder);
                assertThatThrownBy(model::openSession).hasMessageContaining("tags words");
                assertThatThrownBy(() -> model.predict(dataset.test(), 1, done -> {}))
                        .hasMessageContaining("tags words");
            }
            assertThat(tags.getFirst()).hasSize(dataset.test().getFirst().tags().size());
            try (PromptModel loaded = PromptModel.load(folder, backbone)) {
                assertThat(loaded.tag(dataset.test(), 2, done -> {})).isEqualTo(tags);
            }
        }
    }

    @Test
    void informationLossesAreRefused() throws Exception {
        try (LoadedBackbone backbone = LoadedBackbone.open(encoder("bert").toString())) {
            assertThatThrownBy(() -> PromptModel.train(backbone, toy(), Recipe.infoPrompt(), TrainOptions.defaults()))
                    .isInstanceOf(java.io.IOException.class)
                    .hasMessageContaining("token labelling reads many states of a text");
        }
    }

    /** {@code big cat} is an animal, everything else is not: few words, because a random encoder keeps little of each. */
    private static Dataset toy() {
        Random random = new Random(2);
        List<List<Example>> splits = new ArrayList<>();
        List<String> rest = List.of("film", "sun");
        for (int size : new int[] {80, 20, 20}) {
            List<Example> split = new ArrayList<>();
            for (int i = 0; i < size; i++) {
                List<String> words = new ArrayList<>();
                List<Integer> tags = new ArrayList<>();
                for (int w = 0; w < 3; w++) {
                    words.add(rest.get(random.nextInt(rest.size())));
                    tags.add(0);
                }
                int at = random.nextInt(words.size() + 1);
                words.addAll(at, List.of("big", "cat"));
                tags.addAll(at, List.of(1, 2));
                split.add(new Example("toy:" + i, String.join(" ", words), null, 0, tags));
            }
            splits.add(split);
        }
        return new Dataset("toy", LABELS, splits.get(0), splits.get(1), splits.get(2), Metric.SPAN_F1, "made here");
    }
}
