package org.infoprompt.prompt;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.assertj.core.data.Offset;
import org.infoprompt.data.Dataset;
import org.infoprompt.data.Example;
import org.infoprompt.metric.Metric;
import org.infoprompt.model.EncoderWeights;
import org.infoprompt.objective.Classification;
import org.infoprompt.objective.ObjectiveConfig;
import org.infoprompt.objective.ParameterInitializer;
import org.infoprompt.objective.ParameterLayout;
import org.infoprompt.objective.ParameterSet;
import org.infoprompt.ops.reference.ReferenceBackend;
import org.infoprompt.prompt.warp.WarpConfig;
import org.infoprompt.prompt.warp.WarpMethod;
import org.infoprompt.prompt.warp.WarpStart;
import org.infoprompt.session.LoadedBackbone;
import org.infoprompt.session.PromptModel;
import org.infoprompt.session.Recipe;
import org.infoprompt.session.TrainOptions;
import org.infoprompt.tensor.DType;
import org.infoprompt.tensor.Shape;
import org.infoprompt.tensor.Tensor;
import org.infoprompt.text.SpecialTokens;
import org.infoprompt.train.EngineSizes;
import org.infoprompt.train.PreparedExamples;
import org.infoprompt.train.PromptEngine;
import org.infoprompt.weights.ModelFiles;
import org.infoprompt.weights.SafetensorsFile;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** WARP against a PyTorch restatement (fixtures/warp), its size, its start, and what it refuses. */
class WarpMethodTest {
    private static final ObjectiveConfig OBJECTIVE = ObjectiveConfig.crossEntropyOnly();

    @ParameterizedTest
    @ValueSource(strings = {"bert-tanh", "roberta"})
    void equalsPyTorch(String family) throws Exception {
        PromptConfig config = MethodChecks.config("warp", "length", "8");
        Path fixture = MethodChecks.encoder(family).resolve("../../warp").normalize();
        JsonNode spec =
                new JsonMapper().readTree(fixture.resolve(family + ".json").toFile());
        boolean roberta = family.equals("roberta");
        SpecialTokens tokens =
                roberta ? new SpecialTokens(0, 2, 119, 1, 3, true) : new SpecialTokens(2, 3, 4, 0, 1, false);
        PreparedExamples data =
                new PreparedExamples(new PromptPlacement(tokens, config.layout(), config.reading(), 60));
        for (JsonNode example : spec.get("examples")) {
            JsonNode pair = example.get("pair");
            data.add(
                    ids(example.get("text")),
                    pair.isNull() ? null : ids(pair),
                    example.get("label").intValue());
        }
        int b = data.size();
        try (ModelFiles files = ModelFiles.openFolder(MethodChecks.encoder(family));
                EncoderWeights weights = EncoderWeights.load(files, ReferenceBackend.instance(), true);
                SafetensorsFile expected = SafetensorsFile.open(fixture.resolve(family + ".safetensors"));
                Arena arena = Arena.ofShared()) {
            ParameterLayout layout = new ParameterLayout(config, OBJECTIVE, BackboneShape.of(weights.config()), 3);
            try (ParameterSet parameters = new ParameterSet(DType.F64, layout.shapes())) {
                new ParameterInitializer(
                                weights.words(),
                                DType.F64,
                                layout.hiddenSize(),
                                1,
                                text -> new int[] {tokens.mask()},
                                weights.maskedLmHead())
                        .initialize(layout, parameters, List.of(new int[] {5}, new int[] {6, 8}, new int[] {11}));
                equal(parameters, parameters.value("head.weight"), expected.tensor("wordHead.weight"), "start");
                equal(parameters, parameters.value("head.bias"), expected.tensor("wordHead.bias"), "start of the bias");
                int d = layout.hiddenSize();
                for (int i = 0; i < 8 * d; i++) {
                    double mask = weights.words().getAtIndex(ValueLayout.JAVA_DOUBLE, (long) tokens.mask() * d + i % d);
                    assertThat(parameters.get(parameters.value("prompt.embeddings"), i))
                            .isEqualTo(mask);
                }
                set(parameters, "prompt.embeddings", expected.tensor("prompts"));
                set(parameters, "head.weight", expected.tensor("head.weight"));
                set(parameters, "head.bias", expected.tensor("head.bias"));
                try (PromptEngine engine =
                        new PromptEngine(weights, layout, parameters, new EngineSizes(2, b, 60, 2, true))) {
                    MemorySegment scores = arena.allocate(3L * b * Double.BYTES, 64);
                    engine.scores(data, null, scores, done -> {});
                    equal(parameters, scores, expected.tensor("logits"), "scores");
                    double loss = engine.step(data, null, new int[] {0, 1, 2, 3}, 1, 0, 0)
                            .total();
                    assertThat(loss)
                            .isCloseTo(
                                    expected.tensor("loss").segment().get(ValueLayout.JAVA_DOUBLE_UNALIGNED, 0),
                                    Offset.offset(1e-12));
                    equal(
                            parameters,
                            parameters.gradient("prompt.embeddings"),
                            expected.tensor("d.prompts"),
                            "gradient of the prompts");
                    equal(parameters, parameters.gradient("head.weight"), expected.tensor("d.head.weight"), "head");
                    equal(parameters, parameters.gradient("head.bias"), expected.tensor("d.head.bias"), "bias");
                }
            }
        }
    }

    private static int[] ids(JsonNode array) {
        int[] ids = new int[array.size()];
        Arrays.setAll(ids, i -> array.get(i).intValue());
        return ids;
    }

    private static void set(ParameterSet parameters, String name, Tensor tensor) {
        for (long i = 0; i < tensor.shape().numElements(); i++) {
            parameters.set(name, i, tensor.segment().get(ValueLayout.JAVA_DOUBLE_UNALIGNED, i * Double.BYTES));
        }
    }

    private static void equal(ParameterSet parameters, MemorySegment actual, Tensor expected, String what) {
        double worst = 0;
        double scale = 0;
        for (long i = 0; i < expected.shape().numElements(); i++) {
            double wanted = expected.segment().get(ValueLayout.JAVA_DOUBLE_UNALIGNED, i * Double.BYTES);
            worst = Math.max(worst, Math.abs(parameters.get(actual, i) - wanted));
            scale = Math.max(scale, Math.abs(wanted));
        }
        assertThat(worst / scale).as(what).isLessThan(1e-11);
    }

    @Test
    void gradientsEqualDifferencesWithInformationLosses() throws Exception {
        ObjectiveConfig information = new ObjectiveConfig(Classification.DIRECT, 8, .3, 0, .1, 0, 4, false);
        MethodChecks.gradients(MethodChecks.config("warp", "length", "4"), "distilbert", information, true);
        MethodChecks.gradients(MethodChecks.config("warp", "length", "0"), "roberta", OBJECTIVE, false);
    }

    @Test
    void hasThePapersSize() {
        assertThat(size(MethodChecks.config("warp"), 2)).isEqualTo(22_530);
        assertThat(size(MethodChecks.config("warp"), 3)).isEqualTo(23_555);
        assertThat(size(MethodChecks.config("warp", "length", "0"), 2)).isEqualTo(2_050);
    }

    /** RoBERTa large: D = 1024, 24 layers. */
    private static long size(PromptConfig config, int classes) {
        return new ParameterLayout(config, OBJECTIVE, new BackboneShape(1024, 24, 50265), classes)
                .shapes().values().stream().mapToLong(Shape::numElements).sum();
    }

    @Test
    void twoTextsAreOneSegment() {
        SpecialTokens tokens = new SpecialTokens(2, 3, 4, 0, 1, false);
        PromptPlacement placement =
                new PromptPlacement(tokens, new WarpConfig(4, WarpStart.MASK, "").layout(), Reading.MASK, 40);
        var template = placement.place(new int[] {10, 11}, new int[] {20});
        int[] rows = new int[template.length()];
        int[] types = new int[template.length()];
        template.source().copyTo(rows, 0);
        template.types().copyTo(types, 0);
        assertThat(rows).containsExactly(2, -1, 10, 11, -2, 4, -3, 20, -4, 3);
        assertThat(types).containsOnly(0);
        assertThat(template.readRow()).isEqualTo(5);
        var plain = placement.plain().place(new int[] {10, 11}, new int[] {20});
        rows = new int[plain.length()];
        plain.source().copyTo(rows, 0);
        assertThat(rows).containsExactly(2, 10, 11, 4, 20, 3);
        assertThat(placement.plain().room(true)).isEqualTo(placement.room(true) + 4);
    }

    @Test
    void startsAsAsked() throws Exception {
        try (LoadedBackbone backbone =
                LoadedBackbone.open(MethodChecks.encoder("roberta").toString())) {
            MemorySegment words = backbone.weights().words();
            for (Map.Entry<WarpConfig, int[]> entry : Map.of(
                            new WarpConfig(4, WarpStart.MASK, ""), new int[] {119, 119, 119, 119},
                            new WarpConfig(4, WarpStart.PAD, ""), new int[] {1, 1, 1, 1},
                            new WarpConfig(4, WarpStart.TEXT, "?,"), new int[] {34, 15, 34, 15})
                    .entrySet()) {
                ParameterLayout layout =
                        new ParameterLayout(entry.getKey(), OBJECTIVE, BackboneShape.of(backbone.config()), 2);
                try (ParameterSet parameters =
                        new ParameterSet(backbone.weights().backend().dtype(), layout.shapes())) {
                    new ParameterInitializer(
                                    words,
                                    parameters.dtype(),
                                    layout.hiddenSize(),
                                    1,
                                    backbone.tokenizer()::tokenize,
                                    backbone.maskedLmHead())
                            .initialize(layout, parameters, List.of(new int[] {5}, new int[0]));
                    for (int s = 0; s < 4; s++) {
                        assertThat(parameters.get(parameters.value("prompt.embeddings"), (long) s * 32))
                                .as(entry.getKey().toString())
                                .isEqualTo(words.get(
                                        ValueLayout.JAVA_FLOAT_UNALIGNED, entry.getValue()[s] * 32L * Float.BYTES));
                    }
                }
            }
        }
    }

    @Test
    void refusesWhatCannotBe() throws Exception {
        PromptMethod method = new WarpMethod();
        assertThatThrownBy(() -> method.configure(Map.of("length", "6"))).hasMessageContaining("multiple of 4");
        assertThatThrownBy(() -> method.configure(Map.of("start", "text"))).hasMessageContaining("needs words");
        assertThatThrownBy(() -> method.configure(Map.of("text", "a"))).hasMessageContaining("start is not text");
        Path headless = MethodChecks.encoder("bert");
        try (LoadedBackbone backbone = LoadedBackbone.open(headless.toString())) {
            Recipe recipe = Recipe.of(method, method.configure(Map.of()), false);
            var dataset = new Dataset(
                    "toy",
                    List.of("a", "b"),
                    List.of(new Example("1", "a", null, 0), new Example("2", "b", null, 1)),
                    List.of(),
                    List.of(),
                    Metric.ACCURACY,
                    "test");
            assertThatThrownBy(() -> PromptModel.train(backbone, dataset, recipe, TrainOptions.defaults()))
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining("bert: has no masked-LM head, which method warp reads; use a backbone");
            ParameterLayout layout = recipe.layout(backbone, 2);
            try (ParameterSet parameters =
                    new ParameterSet(backbone.weights().backend().dtype(), layout.shapes())) {
                assertThatThrownBy(() -> new PromptEngine(
                                        backbone.weights(),
                                        layout,
                                        parameters,
                                        EngineSizes.of(backbone.weights().backend(), 1, 2, 40, true))
                                .close())
                        .isInstanceOf(UncheckedIOException.class)
                        .hasMessageContaining("has no masked-LM head");
            }
        }
    }
}
