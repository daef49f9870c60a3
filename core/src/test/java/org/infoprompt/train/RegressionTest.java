package org.infoprompt.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.infoprompt.data.Dataset;
import org.infoprompt.data.Example;
import org.infoprompt.metric.ConfusionMatrix;
import org.infoprompt.metric.Metric;
import org.infoprompt.model.EncoderWeights;
import org.infoprompt.objective.Classification;
import org.infoprompt.objective.LossReport;
import org.infoprompt.objective.ObjectiveConfig;
import org.infoprompt.objective.ParameterInitializer;
import org.infoprompt.objective.ParameterLayout;
import org.infoprompt.objective.ParameterSet;
import org.infoprompt.ops.Backends;
import org.infoprompt.ops.reference.ReferenceBackend;
import org.infoprompt.prompt.BackboneShape;
import org.infoprompt.prompt.PromptConfig;
import org.infoprompt.prompt.PromptMethods;
import org.infoprompt.prompt.PromptPlacement;
import org.infoprompt.session.LoadedBackbone;
import org.infoprompt.session.Prediction;
import org.infoprompt.session.PromptModel;
import org.infoprompt.session.PromptSession;
import org.infoprompt.session.Recipe;
import org.infoprompt.session.TrainOptions;
import org.infoprompt.tensor.DType;
import org.infoprompt.text.SpecialTokens;
import org.infoprompt.text.Tokenizer;
import org.infoprompt.text.Tokenizers;
import org.infoprompt.weights.ModelFiles;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Numbers instead of classes: gradients, independence of blocks and threads, and a toy task end to end. */
class RegressionTest {
    private static final ObjectiveConfig INFORMATION =
            new ObjectiveConfig(Classification.BOTH, 8, .3, 0, .1, 0, 4, false);

    @TempDir
    Path folder;

    /** The score of a text is 100 and 20 more for each "good". */
    private static List<Example> examples(int n, long seed) {
        Random random = new Random(seed);
        List<Example> all = new ArrayList<>();
        for (int i = 0; i < n; i++) {
            int good = random.nextInt(4);
            StringBuilder text = new StringBuilder("the");
            for (int w = 0; w < 4; w++) {
                text.append(w < good ? " good" : " bad");
            }
            all.add(Example.valued("row " + i, text.toString(), null, 100 + 20 * good));
        }
        return all;
    }

    @ParameterizedTest
    @CsvSource({"prompt-tuning, true", "infoprompt, true", "lora, false", "head-only, false"})
    void gradientsEqualDifferences(String method, boolean information) throws Exception {
        PromptConfig config = PromptMethods.get(method).configure(Map.of());
        ObjectiveConfig objective = information ? INFORMATION : ObjectiveConfig.crossEntropyOnly();
        Path encoder = TokenLabellingTest.encoder("bert");
        Tokenizer tokenizer = Tokenizers.load(encoder);
        PreparedExamples data = new PreparedExamples(
                examples(5, 3),
                tokenizer,
                new PromptPlacement(new SpecialTokens(2, 3, 4, 0, 1, false), config.layout(), config.reading(), 60));
        data.scaleTargets(new TargetScale(120, 15));
        try (ModelFiles files = ModelFiles.openFolder(encoder);
                EncoderWeights weights = EncoderWeights.load(files, ReferenceBackend.instance(), true)) {
            ParameterLayout layout = new ParameterLayout(config, objective, BackboneShape.of(weights.config()), 1);
            try (ParameterSet parameters = new ParameterSet(DType.F64, layout.shapes())) {
                new ParameterInitializer(weights.words(), DType.F64, layout.hiddenSize(), 3, tokenizer::tokenize, null)
                        .initialize(layout, parameters, List.of(new int[0]));
                Random random = new Random(4);
                double[] direction = new double[(int) parameters.numElements()];
                for (int i = 0; i < direction.length; i++) {
                    direction[i] = random.nextGaussian();
                }
                move(parameters, direction, .05);
                double[] one = gradients(weights, layout, parameters, data, new EngineSizes(1, 5, 400, 5, true));
                double[] two = gradients(weights, layout, parameters, data, new EngineSizes(2, 5, 60, 2, true));
                assertThat(two).as("other blocks and threads").isEqualTo(one);
                double analytic = 0;
                for (int i = 0; i < one.length; i++) {
                    analytic += one[i] * direction[i];
                }
                double step = 1e-6;
                move(parameters, direction, step);
                double up = loss(weights, layout, parameters, data).total();
                move(parameters, direction, -2 * step);
                double down = loss(weights, layout, parameters, data).total();
                assertThat((up - down) / (2 * step))
                        .isCloseTo(analytic, within(1e-4 * Math.max(1, Math.abs(analytic))));
            }
        }
    }

    private static void move(ParameterSet parameters, double[] direction, double step) {
        int at = 0;
        for (String name : parameters.shapes().keySet()) {
            MemorySegment value = parameters.value(name);
            long n = value.byteSize() / Double.BYTES;
            for (long i = 0; i < n; i++) {
                parameters.set(name, i, parameters.get(value, i) + step * direction[at++]);
            }
        }
    }

    private static LossReport loss(
            EncoderWeights weights, ParameterLayout layout, ParameterSet parameters, PreparedExamples data) {
        try (PromptEngine engine = new PromptEngine(weights, layout, parameters, new EngineSizes(1, 5, 400, 5, true));
                PlainStates plain = engine.plainStates(data, done -> {})) {
            return engine.step(data, plain, new int[] {0, 1, 2, 3, 4}, 1, 9, 0);
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
            LossReport report = engine.step(data, plain, new int[] {0, 1, 2, 3, 4}, 1, 9, 0);
            assertThat(report.numCorrect()).isEqualTo(LossReport.NO_CLASSES);
            double[] gradients = new double[(int) parameters.numElements()];
            for (int i = 0; i < gradients.length; i++) {
                gradients[i] = parameters.get(parameters.gradients(), i);
            }
            return gradients;
        }
    }

    @Test
    void learnsNumbersInTheirUnit() throws Exception {
        Dataset data = new Dataset(
                "toy",
                List.of(Dataset.SCORE),
                examples(48, 1),
                examples(12, 2),
                examples(30, 3),
                Metric.PEARSON_SPEARMAN,
                "made up");
        Recipe recipe = new Recipe(
                "prompt-tuning",
                PromptMethods.get("prompt-tuning").configure(Map.of("slots", "4")),
                ObjectiveConfig.crossEntropyOnly(),
                new TrainingConfig(20, 8, 2e-2, 0, .06, 1, 0, 5),
                64);
        try (LoadedBackbone backbone = backbone()) {
            double[] saved;
            try (PromptModel model = PromptModel.train(
                    backbone, data, recipe, TrainOptions.defaults().withThreads(2))) {
                ConfusionMatrix test = model.evaluate(data.test(), 2, done -> {});
                assertThat(test.values().size()).isEqualTo(30);
                assertThat(test.values().pearson()).isGreaterThan(.9);
                // The numbers' variance is 500: predictions have the unit, not only the order.
                assertThat(test.values().meanSquaredError()).isLessThan(150);
                assertThat(model.info().devScore()).isGreaterThan(.9);
                saved = values(model.predict(data.test(), 1, done -> {}));
                model.save(folder);
            }
            try (PromptModel loaded = PromptModel.load(folder, backbone);
                    PromptSession session = loaded.openSession()) {
                assertThat(values(loaded.predict(data.test(), 2, done -> {}))).isEqualTo(saved);
                Prediction one = session.predict(data.test().getFirst().text());
                assertThat(one.value()).isCloseTo(saved[0], within(1e-3));
                assertThat(Double.parseDouble(one.label())).isCloseTo(one.value(), within(1e-2));
                assertThat(one.probabilities()).isEmpty();
            }
        }
    }

    private static LoadedBackbone backbone() throws Exception {
        Path encoder = TokenLabellingTest.encoder("bert");
        return LoadedBackbone.load(encoder.toString(), ModelFiles.openFolder(encoder), Backends.active(), true);
    }

    private static double[] values(List<Prediction> predictions) {
        return predictions.stream().mapToDouble(Prediction::value).toArray();
    }

    @Test
    void refusesWhatGivesNoNumber() throws IOException {
        BackboneShape shape = new BackboneShape(8, 2, 10);
        PromptConfig prompt = PromptMethods.get("infoprompt").configure(Map.of());
        assertThatThrownBy(() -> new ParameterLayout(prompt, ObjectiveConfig.released(), shape, 1))
                .hasMessageContaining("a bottleneck head has no bias");
        assertThatThrownBy(() -> new Dataset(
                        "toy",
                        List.of(Dataset.SCORE),
                        List.of(new Example("row 1", "a", null, 0)),
                        List.of(),
                        List.of(),
                        Metric.PEARSON,
                        ""))
                .hasMessage("row 1 has no finite number");
    }
}
