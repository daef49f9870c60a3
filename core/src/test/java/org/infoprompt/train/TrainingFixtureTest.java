package org.infoprompt.train;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.stream.Stream;
import org.infoprompt.model.EncoderWeights;
import org.infoprompt.objective.Classification;
import org.infoprompt.objective.LossReport;
import org.infoprompt.objective.ObjectiveConfig;
import org.infoprompt.objective.ParameterLayout;
import org.infoprompt.objective.ParameterSet;
import org.infoprompt.ops.Backend;
import org.infoprompt.ops.Backends;
import org.infoprompt.ops.reference.ReferenceBackend;
import org.infoprompt.prompt.BackboneShape;
import org.infoprompt.prompt.PromptPlacement;
import org.infoprompt.prompt.infoprompt.InfoPromptConfig;
import org.infoprompt.prompt.infoprompt.PromptKind;
import org.infoprompt.tensor.DType;
import org.infoprompt.tensor.Tensor;
import org.infoprompt.text.SpecialTokens;
import org.infoprompt.weights.ModelFiles;
import org.infoprompt.weights.SafetensorsFile;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Ten AdamW steps against an independent PyTorch restatement (fixtures/training), in double and in float, on 1 and 2 threads. */
class TrainingFixtureTest {
    static Stream<Arguments> variants() {
        List<Arguments> all = new ArrayList<>();
        for (String name : List.of(
                "task-direct",
                "instance-bottleneck",
                "task-both-clamp",
                "instance-direct-pair",
                "roberta-instance-bottleneck",
                "roberta-task-direct-pair")) {
            for (int threads : new int[] {1, 2}) {
                all.add(Arguments.of(name, threads, ReferenceBackend.instance()));
                all.add(Arguments.of(name, threads, Backends.active()));
            }
        }
        return all.stream();
    }

    @ParameterizedTest(name = "{0}, {1} threads")
    @MethodSource("variants")
    void followsPyTorch(String name, int threads, Backend backend) throws Exception {
        Path fixtures = Path.of(uri("/fixtures"));
        JsonNode spec = JsonMapper.builder()
                .build()
                .readTree(fixtures.resolve("training/" + name + ".json").toFile());
        boolean exact = backend.dtype() == DType.F64;
        try (ModelFiles files = ModelFiles.openFolder(
                        fixtures.resolve(spec.get("encoder").stringValue()));
                SafetensorsFile tensors = SafetensorsFile.open(fixtures.resolve("training/" + name + ".safetensors"));
                EncoderWeights weights = EncoderWeights.load(files, backend, true)) {
            ParameterLayout layout = layout(spec);
            PreparedExamples data = examples(spec);
            checkPlacement(spec, data);
            TrainingConfig config = new TrainingConfig(
                    10,
                    5,
                    spec.get("learningRate").doubleValue(),
                    spec.get("weightDecay").doubleValue(),
                    spec.get("warmupSteps").doubleValue()
                            / spec.get("totalSteps").doubleValue(),
                    spec.get("maxGradNorm").isNull()
                            ? 0
                            : spec.get("maxGradNorm").doubleValue(),
                    0,
                    spec.get("seed").longValue());
            EngineSizes sizes = EngineSizes.of(backend, threads, 5, data.maxLength(), true);
            try (ParameterSet parameters = new ParameterSet(backend.dtype(), layout.shapes());
                    PromptEngine engine = new PromptEngine(weights, layout, parameters, sizes)) {
                for (String tensor : layout.shapes().keySet()) {
                    parameters.load(tensor, tensors.tensor("initial." + tensor));
                }
                try (PlainStates plain = engine.plainStates(data, done -> {})) {
                    for (int step = 0; step < spec.get("steps").intValue(); step++) {
                        JsonNode batchNode = spec.get("batches")
                                .get(step % spec.get("batches").size());
                        int[] batch = new int[batchNode.size()];
                        for (int i = 0; i < batch.length; i++) {
                            batch[i] = batchNode.get(i).intValue();
                        }
                        LossReport losses = engine.step(
                                data,
                                plain,
                                batch,
                                spec.get("informationWeight").doubleValue(),
                                config.seed(),
                                step);
                        if (step == 0) {
                            for (String tensor : layout.shapes().keySet()) {
                                compare(
                                        "gradient of " + tensor,
                                        parameters,
                                        parameters.gradient(tensor),
                                        tensors.tensor("grad0." + tensor),
                                        exact ? 1e-10 : 2e-4);
                            }
                        }
                        double norm = engine.update(
                                parameters,
                                config,
                                step,
                                config.learningRate(step, spec.get("totalSteps").intValue()));
                        JsonNode wanted = spec.get("trajectory").get(step);
                        JsonNode single = spec.get("trajectoryFloat32").get(step);
                        close("ce", step, losses.crossEntropy(), wanted, single, exact);
                        close("head", step, losses.head(), wanted, single, exact);
                        close("rep", step, losses.representation(), wanted, single, exact);
                        close("kl", step, losses.kl(), wanted, single, exact);
                        close("total", step, losses.total(), wanted, single, exact);
                        close("gradNorm", step, norm, wanted, single, exact);
                    }
                }
                for (String tensor : layout.shapes().keySet()) {
                    compare(
                            "final " + tensor,
                            parameters,
                            parameters.value(tensor),
                            tensors.tensor("final." + tensor),
                            // AdamW turns rounding noise of near-zero gradients into steps of the learning rate.
                            exact ? 1e-6 : 2e-2);
                }
                double[][] scores =
                        Evaluator.scores(engine, data, null, layout.numClasses(), backend.dtype(), done -> {});
                Tensor expected = tensors.tensor("predict.logits");
                for (int i = 0; i < scores.length; i++) {
                    for (int k = 0; k < scores[i].length; k++) {
                        double want = expected.segment()
                                .get(ValueLayout.JAVA_DOUBLE_UNALIGNED, 8L * (i * scores[i].length + k));
                        assertThat(scores[i][k])
                                .as("logit %d of example %d", k, i)
                                .isCloseTo(want, org.assertj.core.data.Offset.offset(exact ? 1e-6 : 2e-2));
                    }
                }
            }
        }
    }

    private static ParameterLayout layout(JsonNode spec) {
        ObjectiveConfig objective = new ObjectiveConfig(
                Classification.valueOf(spec.get("classification").stringValue().toUpperCase(Locale.ROOT)),
                spec.get("latentSize").intValue(),
                spec.get("gamma").doubleValue(),
                spec.get("beta").doubleValue(),
                spec.get("klWeight").doubleValue(),
                0,
                4,
                !spec.get("logProbFloor").isNull());
        PromptKind kind = PromptKind.valueOf(spec.get("strategy").stringValue().toUpperCase(Locale.ROOT));
        return new ParameterLayout(
                new InfoPromptConfig(
                        kind,
                        spec.get("slotsPerGroup").intValue(),
                        spec.get("latentSize").intValue()),
                objective,
                new BackboneShape(spec.get("hiddenSize").intValue(), 0, 0),
                spec.get("numClasses").intValue());
    }

    private static PreparedExamples examples(JsonNode spec) {
        JsonNode s = spec.get("specials");
        SpecialTokens tokens = new SpecialTokens(
                s.get("cls").intValue(),
                s.get("sep").intValue(),
                s.get("mask").intValue(),
                0,
                1,
                spec.get("separatorsInMiddle").intValue() == 2);
        PreparedExamples data = new PreparedExamples(
                new PromptPlacement(tokens, spec.get("slotsPerGroup").intValue(), 60));
        for (JsonNode example : spec.get("examples")) {
            data.add(
                    ints(example.get("text")),
                    example.get("pair").isNull() ? null : ints(example.get("pair")),
                    example.get("label").intValue());
        }
        return data;
    }

    private static void checkPlacement(JsonNode spec, PreparedExamples data) {
        for (int i = 0; i < data.size(); i++) {
            JsonNode row = spec.get("rows").get(i);
            assertThat(data.prompted(i).readRow()).isEqualTo(row.get("mask").intValue());
            int[] source = new int[data.prompted(i).length()];
            data.prompted(i).source().copyTo(source, 0);
            for (int r = 0; r < source.length; r++) {
                source[r] = Math.max(source[r], -1);
            }
            assertThat(source).isEqualTo(ints(row.get("ids")));
            int[] types = new int[source.length];
            data.prompted(i).types().copyTo(types, 0);
            assertThat(types).isEqualTo(ints(row.get("types")));
            int[] slots = new int[data.prompted(i).promptRows().length()];
            data.prompted(i).promptRows().copyTo(slots, 0);
            assertThat(slots).isEqualTo(ints(row.get("slots")));
            int[] plain = new int[data.plain(i).length()];
            data.plain(i).source().copyTo(plain, 0);
            assertThat(plain).isEqualTo(ints(row.get("nullIds")));
            assertThat(data.plain(i).readRow()).isEqualTo(row.get("nullMask").intValue());
        }
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
                : 2 * Math.abs(single.get(key).doubleValue() - want) + 5e-4 * Math.max(1, Math.abs(want));
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
            assertThat(Math.abs(parameters.get(actual, i) - want) / scale)
                    .as("%s[%d]: %s, PyTorch %s", what, i, parameters.get(actual, i), want)
                    .isLessThanOrEqualTo(tolerance);
        }
    }

    private static URI uri(String resource) throws Exception {
        return Objects.requireNonNull(TrainingFixtureTest.class.getResource(resource))
                .toURI();
    }
}
