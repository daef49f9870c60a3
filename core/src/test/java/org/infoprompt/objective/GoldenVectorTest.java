package org.infoprompt.objective;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.InputStream;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.infoprompt.ops.Backend;
import org.infoprompt.ops.Backends;
import org.infoprompt.ops.Kernels;
import org.infoprompt.ops.Noise;
import org.infoprompt.ops.reference.ReferenceBackend;
import org.infoprompt.prompt.BackboneShape;
import org.infoprompt.prompt.infoprompt.InfoPromptConfig;
import org.infoprompt.prompt.infoprompt.PromptKind;
import org.infoprompt.tensor.DType;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Every loss term, prompts, logits and every gradient of the golden vectors (fixtures/golden), through the same code that
 * trains: 1e-12 in double, 1e-4 relative in float.
 */
class GoldenVectorTest {
    private static final Map<String, String> NAMES = Map.ofEntries(
            Map.entry("W1", "generator.down.weight"),
            Map.entry("b1", "generator.down.bias"),
            Map.entry("W2", "generator.up.weight"),
            Map.entry("b2", "generator.up.bias"),
            Map.entry("Wp", "projection.weight"),
            Map.entry("bp", "projection.bias"),
            Map.entry("Wm", "bottleneck.mean.weight"),
            Map.entry("bm", "bottleneck.mean.bias"),
            Map.entry("Ws", "bottleneck.log_std.weight"),
            Map.entry("bs", "bottleneck.log_std.bias"),
            Map.entry("Wo", "decoder.weight"),
            Map.entry("bo", "decoder.bias"),
            Map.entry("head", "head.weight"));

    static Stream<Arguments> cases() throws Exception {
        List<Arguments> all = new ArrayList<>();
        try (InputStream in = Objects.requireNonNull(
                GoldenVectorTest.class.getResourceAsStream("/fixtures/golden/infoprompt_small.json"))) {
            JsonNode root = JsonMapper.builder().build().readTree(in);
            assertThat(root.size()).isEqualTo(3);
            for (int i = 0; i < root.size(); i++) {
                all.add(Arguments.of(i, ReferenceBackend.instance(), root.get(i)));
                all.add(Arguments.of(i, Backends.active(), root.get(i)));
            }
        }
        return all.stream();
    }

    @ParameterizedTest(name = "case {0}")
    @MethodSource("cases")
    void equalsGoldenVectors(int number, Backend backend, JsonNode golden) {
        JsonNode shape = golden.get("shape");
        int b = shape.get("B").intValue();
        int t = shape.get("T").intValue();
        int d = shape.get("d").intValue();
        int z = shape.get("L").intValue();
        int slots = shape.get("slots").intValue();
        int c = shape.get("C").intValue();
        JsonNode weights = golden.get("weights");
        // One golden case has a single slot; four groups of one are then folded into the mean by hand below.
        ObjectiveConfig objective = new ObjectiveConfig(
                Classification.BOTTLENECK,
                z,
                weights.get("gamma").doubleValue(),
                weights.get("beta").doubleValue(),
                weights.get("kl").doubleValue(),
                0,
                4,
                weights.get("clamp").booleanValue());
        boolean folded = slots == 1;
        ParameterLayout layout = new ParameterLayout(
                new InfoPromptConfig(PromptKind.INSTANCE, 1, z), objective, new BackboneShape(d, 1, b * t), c);
        DType type = backend.dtype();
        Kernels kernels = backend.newKernels();
        try (Arena arena = Arena.ofConfined();
                ParameterSet parameters = new ParameterSet(type, layout.shapes());
                BatchPass batch = new BatchPass(layout, parameters, MemorySegment.NULL, kernels, b);
                RowPass pass = new RowPass(layout, parameters, batch, MemorySegment.NULL, kernels, b)) {
            JsonNode p = golden.get("params");
            NAMES.forEach((key, name) -> {
                double[] values = flatten(p.get(key));
                int copies = folded && name.startsWith("generator.up") ? 4 : 1;
                for (int k = 0; k < copies; k++) {
                    for (int i = 0; i < values.length; i++) {
                        parameters.set(name, (long) k * values.length + i, values[i]);
                    }
                }
            });
            JsonNode in = golden.get("inputs");
            fill(pass.clsStates(), type, flatten(in.get("cls")));
            fill(pass.plainStates(), type, flatten(in.get("h0")));
            fill(pass.promptedStates(), type, flatten(in.get("hp")));
            double[] tokens = flatten(in.get("tok"));
            MemorySegment words = arena.allocate((long) tokens.length * type.bytes(), 64);
            fill(words, type, tokens);
            int[] tokenIds = new int[b * t];
            int[] starts = new int[b + 1];
            int[] labels = new int[b];
            for (int i = 0; i < b; i++) {
                starts[i + 1] = starts[i];
                for (int j = 0; j < t; j++) {
                    if (in.get("mask").get(i).get(j).doubleValue() > 0) {
                        tokenIds[starts[i + 1]++] = i * t + j;
                    }
                }
                labels[i] = in.get("labels").get(i).intValue();
            }
            double[] epsCls = flatten(in.get("eps_cls"));
            double[] epsPos = flatten(in.get("eps_pos"));
            double[] epsNeg = flatten(in.get("eps_neg"));
            double[] contrastive = new double[b * (1 + 4 * b) * z];
            for (int i = 0; i < b; i++) {
                System.arraycopy(epsPos, i * z, contrastive, i * (1 + 4 * b) * z, z);
                System.arraycopy(epsNeg, i * 4 * b * z, contrastive, (i * (1 + 4 * b) + 1) * z, 4 * b * z);
            }
            MemorySegment classified = arena.allocate((long) epsCls.length * type.bytes(), 64);
            MemorySegment pairs = arena.allocate((long) contrastive.length * type.bytes(), 64);
            fill(classified, type, epsCls);
            fill(pairs, type, contrastive);

            batch.begin();
            MemorySegment prompts = Objects.requireNonNull(pass.prompts(b));
            double tolerance = type == DType.F64 ? 1e-12 : 1e-4;
            if (!folded) {
                check("prompts", type, prompts, flatten(golden.get("out").get("prompts")), tolerance);
            }
            pass.losses(
                    b,
                    labels,
                    new Noise(b),
                    new ExplicitNoise(classified, pairs),
                    words,
                    tokenIds,
                    starts,
                    StepScales.of(objective, 1, b));
            check("logits", type, pass.logits(), flatten(golden.get("out").get("logits")), tolerance);
            check(
                    "dHp",
                    type,
                    pass.dPromptedStates(),
                    flatten(golden.get("grad").get("hp")),
                    tolerance);
            kernels.rows().fill((long) b * 4 * d, 0, pass.dPrompts());
            pass.promptsBackward(b);
            batch.collect(pass, b, 0);
            LossReport report = batch.finish(b, labels, 1);

            JsonNode out = golden.get("out");
            close("cross-entropy", report.crossEntropy(), out.get("ce").doubleValue(), tolerance);
            close("head", report.head(), out.get("head").doubleValue(), tolerance);
            close("representation", report.representation(), out.get("rep").doubleValue(), tolerance);
            close("kl", report.kl(), out.get("kl").doubleValue(), tolerance);
            close("total", report.total(), out.get("total").doubleValue(), tolerance);
            Map<String, double[]> gradients = new LinkedHashMap<>();
            NAMES.forEach((key, name) -> {
                JsonNode g = golden.get("grad").get(key);
                if (g != null && !g.isNull()) {
                    gradients.put(name, flatten(g));
                }
            });
            assertThat(gradients).hasSizeGreaterThanOrEqualTo(12);
            gradients.forEach((name, wanted) -> {
                double[] expected = wanted;
                if (folded && name.startsWith("generator.up")) {
                    // The mean over four equal slots gives each a quarter of the gradient of the one.
                    expected = new double[4 * wanted.length];
                    for (int i = 0; i < expected.length; i++) {
                        expected[i] = wanted[i % wanted.length] / 4;
                    }
                }
                check(name, type, parameters.gradient(name), expected, tolerance);
            });
        }
    }

    private static void check(String what, DType type, MemorySegment actual, double[] expected, double tolerance) {
        double scale = 1e-3;
        for (double v : expected) {
            scale = Math.max(scale, Math.abs(v));
        }
        for (int i = 0; i < expected.length; i++) {
            double a = type == DType.F64
                    ? actual.getAtIndex(ValueLayout.JAVA_DOUBLE, i)
                    : actual.getAtIndex(ValueLayout.JAVA_FLOAT, i);
            assertThat(Math.abs(a - expected[i]) / scale)
                    .as("%s[%d]: %s, expected %s", what, i, a, expected[i])
                    .isLessThanOrEqualTo(tolerance);
        }
    }

    private static void close(String what, double actual, double expected, double tolerance) {
        assertThat(Math.abs(actual - expected) / Math.max(1, Math.abs(expected)))
                .as("%s: %s, expected %s", what, actual, expected)
                .isLessThanOrEqualTo(tolerance);
    }

    private static void fill(MemorySegment segment, DType type, double[] values) {
        for (int i = 0; i < values.length; i++) {
            if (type == DType.F64) {
                segment.setAtIndex(ValueLayout.JAVA_DOUBLE, i, values[i]);
            } else {
                segment.setAtIndex(ValueLayout.JAVA_FLOAT, i, (float) values[i]);
            }
        }
    }

    private static double[] flatten(JsonNode node) {
        List<Double> values = new ArrayList<>();
        collect(node, values);
        return values.stream().mapToDouble(Double::doubleValue).toArray();
    }

    private static void collect(JsonNode node, List<Double> into) {
        if (node.isArray()) {
            node.forEach(child -> collect(child, into));
        } else {
            into.add(node.doubleValue());
        }
    }
}
