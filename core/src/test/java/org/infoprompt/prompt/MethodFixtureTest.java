package org.infoprompt.prompt;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.infoprompt.model.EncoderWeights;
import org.infoprompt.objective.LossReport;
import org.infoprompt.objective.ObjectiveConfig;
import org.infoprompt.objective.ParameterLayout;
import org.infoprompt.objective.ParameterSet;
import org.infoprompt.ops.Backend;
import org.infoprompt.ops.Backends;
import org.infoprompt.ops.reference.ReferenceBackend;
import org.infoprompt.tensor.DType;
import org.infoprompt.tensor.Tensor;
import org.infoprompt.text.SpecialTokens;
import org.infoprompt.train.EngineSizes;
import org.infoprompt.train.Evaluator;
import org.infoprompt.train.PlainStates;
import org.infoprompt.train.PreparedExamples;
import org.infoprompt.train.PromptEngine;
import org.infoprompt.train.TrainingConfig;
import org.infoprompt.weights.ModelFiles;
import org.infoprompt.weights.SafetensorsFile;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Every method's losses, gradients, AdamW steps and scores against a PyTorch restatement (fixtures/methods). */
class MethodFixtureTest {
    static Stream<Arguments> variants() throws Exception {
        List<Arguments> all = new ArrayList<>();
        try (Stream<Path> files = Files.list(fixtures().resolve("methods"))) {
            for (Path file :
                    files.filter(f -> f.toString().endsWith(".json")).sorted().toList()) {
                String name = file.getFileName().toString().replace(".json", "");
                all.add(Arguments.of(name, 2, ReferenceBackend.instance()));
                all.add(Arguments.of(name, 1, Backends.active()));
            }
        }
        assertThat(all).hasSize(2 * 28);
        return all.stream();
    }

    private static Path fixtures() throws Exception {
        return Path.of(Objects.requireNonNull(MethodFixtureTest.class.getResource("/fixtures"))
                .toURI());
    }

    @ParameterizedTest(name = "{0}, {1} threads")
    @MethodSource("variants")
    void followsPyTorch(String name, int threads, Backend backend) throws Exception {
        JsonNode spec = JsonMapper.builder()
                .build()
                .readTree(fixtures().resolve("methods/" + name + ".json").toFile());
        boolean exact = backend.dtype() == DType.F64;
        Map<String, String> options = new LinkedHashMap<>();
        for (Map.Entry<String, JsonNode> option : spec.get("options").properties()) {
            options.put(option.getKey(), option.getValue().stringValue());
        }
        PromptConfig config =
                PromptMethods.get(spec.get("method").stringValue()).configure(options);
        try (ModelFiles files = ModelFiles.openFolder(
                        fixtures().resolve(spec.get("encoder").stringValue()));
                SafetensorsFile tensors = SafetensorsFile.open(fixtures().resolve("methods/" + name + ".safetensors"));
                EncoderWeights weights = EncoderWeights.load(files, backend, true)) {
            ParameterLayout layout = new ParameterLayout(
                    config,
                    ObjectiveConfig.crossEntropyOnly(),
                    BackboneShape.of(weights.config()),
                    spec.get("numClasses").intValue());
            PreparedExamples data = examples(spec, config);
            EngineSizes sizes = EngineSizes.of(backend, threads, 5, data.maxLength(), true);
            try (ParameterSet parameters = new ParameterSet(backend.dtype(), layout.shapes());
                    PromptEngine engine = new PromptEngine(weights, layout, parameters, sizes);
                    PlainStates plain = engine.plainStates(data, done -> {})) {
                for (String tensor : layout.shapes().keySet()) {
                    parameters.load(tensor, tensors.tensor("initial." + tensor));
                }
                train(spec, tensors, layout, data, parameters, engine, plain, exact);
                checkScores(tensors, data, engine, layout, backend, exact);
                // Plain states computed on the way must give the same scores.
                double[][] cached =
                        Evaluator.scores(engine, data, plain, layout.numClasses(), backend.dtype(), done -> {});
                double[][] fresh =
                        Evaluator.scores(engine, data, null, layout.numClasses(), backend.dtype(), done -> {});
                assertThat(cached).isDeepEqualTo(fresh);
            }
        }
    }

    private static void train(
            JsonNode spec,
            SafetensorsFile tensors,
            ParameterLayout layout,
            PreparedExamples data,
            ParameterSet parameters,
            PromptEngine engine,
            PlainStates plain,
            boolean exact)
            throws Exception {
        int total = spec.get("totalSteps").intValue();
        TrainingConfig config = new TrainingConfig(
                10,
                5,
                spec.get("learningRate").doubleValue(),
                spec.get("weightDecay").doubleValue(),
                spec.get("warmupSteps").doubleValue() / total,
                spec.get("maxGradNorm").doubleValue(),
                0,
                1);
        for (int step = 0; step < spec.get("steps").intValue(); step++) {
            int[] batch =
                    ints(spec.get("batches").get(step % spec.get("batches").size()));
            LossReport losses = engine.step(data, plain, batch, 1, 1, step);
            if (step == 0) {
                for (String tensor : layout.shapes().keySet()) {
                    compare(
                            "gradient of " + tensor,
                            parameters,
                            parameters.gradient(tensor),
                            tensors.tensor("grad0." + tensor),
                            exact ? 1e-9 : 5e-4);
                }
            }
            double norm = engine.update(parameters, config, step, config.learningRate(step, total));
            JsonNode want = spec.get("trajectory").get(step);
            JsonNode single = spec.get("trajectoryFloat32").get(step);
            close("ce", step, losses.crossEntropy(), want, single, exact);
            close("gradNorm", step, norm, want, single, exact);
        }
        for (String tensor : layout.shapes().keySet()) {
            compare(
                    "final " + tensor,
                    parameters,
                    parameters.value(tensor),
                    tensors.tensor("final." + tensor),
                    // AdamW turns rounding noise of near-zero gradients into steps of the learning rate.
                    exact ? 1e-6 : 5e-2);
        }
    }

    private static void checkScores(
            SafetensorsFile tensors,
            PreparedExamples data,
            PromptEngine engine,
            ParameterLayout layout,
            Backend backend,
            boolean exact)
            throws Exception {
        int c = layout.numClasses();
        double[][] scores = Evaluator.scores(engine, data, null, c, backend.dtype(), done -> {});
        Tensor expected = tensors.tensor("predict.logits");
        for (int i = 0; i < scores.length; i++) {
            for (int k = 0; k < c; k++) {
                double want = expected.segment().get(ValueLayout.JAVA_DOUBLE_UNALIGNED, 8L * (i * c + k));
                assertThat(scores[i][k])
                        .as("logit %d of example %d", k, i)
                        .isCloseTo(want, org.assertj.core.data.Offset.offset(exact ? 1e-6 : 2e-2));
            }
        }
    }

    private static PreparedExamples examples(JsonNode spec, PromptConfig config) {
        JsonNode s = spec.get("specials");
        SpecialTokens tokens = new SpecialTokens(
                s.get("cls").intValue(),
                s.get("sep").intValue(),
                s.get("mask").intValue(),
                0,
                1,
                spec.get("separatorsInMiddle").intValue() == 2);
        PreparedExamples data =
                new PreparedExamples(new PromptPlacement(tokens, config.layout(), config.reading(), 60));
        for (JsonNode example : spec.get("examples")) {
            JsonNode pair = example.get("pair");
            data.add(
                    ints(example.get("text")),
                    pair.isNull() ? null : ints(pair),
                    example.get("label").intValue());
        }
        return data;
    }

    private static int[] ints(JsonNode array) {
        int[] values = new int[array.size()];
        for (int i = 0; i < values.length; i++) {
            values[i] = array.get(i).intValue();
        }
        return values;
    }

    /** Float may be as far from double as PyTorch's own float run is, twice, plus a little. */
    private static void close(String key, int step, double actual, JsonNode wanted, JsonNode single, boolean exact) {
        double want = wanted.get(key).doubleValue();
        double allowed = exact
                ? 1e-8 * Math.max(1, Math.abs(want))
                : 2 * Math.abs(single.get(key).doubleValue() - want) + 1e-3 * Math.max(1, Math.abs(want));
        assertThat(Math.abs(actual - want))
                .as("%s at step %d: %s, PyTorch %s", key, step, actual, want)
                .isLessThanOrEqualTo(allowed);
    }

    private static void compare(
            String what, ParameterSet parameters, MemorySegment actual, Tensor expected, double tolerance) {
        long n = expected.shape().numElements();
        double scale = 1e-6;
        for (long i = 0; i < n; i++) {
            scale = Math.max(scale, Math.abs(expected.segment().get(ValueLayout.JAVA_DOUBLE_UNALIGNED, 8 * i)));
        }
        for (long i = 0; i < n; i++) {
            double want = expected.segment().get(ValueLayout.JAVA_DOUBLE_UNALIGNED, 8 * i);
            double is = parameters.get(actual, i);
            if (!(Math.abs(is - want) / scale <= tolerance)) {
                assertThat(is).as("%s[%d], scale %s", what, i, scale).isEqualTo(want);
            }
        }
    }
}
