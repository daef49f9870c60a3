package org.infoprompt.cuda;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.infoprompt.cudasim.Counts;
import org.infoprompt.cudasim.FakeGpu;
import org.infoprompt.objective.Classification;
import org.infoprompt.objective.ObjectiveConfig;
import org.infoprompt.ops.Backend;
import org.infoprompt.ops.Backends;
import org.infoprompt.ops.Precision;
import org.infoprompt.prompt.PromptConfig;
import org.infoprompt.prompt.PromptMethods;
import org.infoprompt.prompt.infoprompt.InfoPromptConfig;
import org.infoprompt.prompt.infoprompt.PromptKind;
import org.infoprompt.tensor.Workspace;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledIfSystemProperty;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Training steps and scores on the CUDA backend equal those on the processor. Its work is put off until the host waits, so a wait that is
 * missing anywhere shows as a wrong number.
 */
@DisabledIfSystemProperty(named = "infoprompt.test.expectedBackend", matches = "scalar") // once is enough
class CudaTrainingTest {
    private static final ObjectiveConfig BOTH =
            new ObjectiveConfig(Classification.BOTTLENECK, 6, .1, .2, .1, 0, 4, false);
    private static final ObjectiveConfig PLAIN = ObjectiveConfig.crossEntropyOnly();

    private final FakeGpu gpu = new FakeGpu();
    private final Backend cuda = gpu.backend();
    private final Backend scalar = Backends.byName("scalar");

    @BeforeEach
    void useTheDevice() {
        FakeGpu.takeWorkspacesFrom(cuda);
    }

    @AfterEach
    void leaveTheDevice() {
        Workspace.takeMemoryFrom(null);
    }

    @ParameterizedTest
    @EnumSource
    void infoPromptStepsAndScoresEqualTheProcessors(PromptKind kind) throws Exception {
        PromptConfig config = new InfoPromptConfig(kind, 2, 8);
        SmallRun actual = SmallRun.run(cuda, config, BOTH, 4, step -> {});
        assertThat(gpu.driver().fault()).isNull();
        Workspace.takeMemoryFrom(null);
        equal(actual, SmallRun.run(scalar, config, BOTH, 4, step -> {}), 1e-4);
    }

    /** Methods whose modules the host computes, prefixes, and reading of words and of masked-LM features. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "head-only read=mean",
                "prompt-tuning slots=4 init=labels place=around-mask read=mask",
                "p-tuning slots=3 encoder=lstm hidden-size=5",
                "prefix-tuning prefixes=3 hidden-size=9",
                "p-tuning-v2 prefixes=2 read=mean",
                "idpg layers=single generator=phm bottleneck=8 order=4 slots=2",
                "ipt encoder=cnn table=random slots=2 tokens=9",
                "ipt encoder=lstm table=random slots=2 tokens=4 lstm-size=5",
                "multitask-prompt-tuning slots=3",
                "lora rank=2 targets=query+key+intermediate.dense+output.dense",
                "ia3"
            })
    void everyMethodsStepsEqualTheProcessors(String method) throws Exception {
        String[] words = method.split("[ =]", -1);
        Map<String, String> options = new LinkedHashMap<>();
        for (int i = 1; i < words.length; i += 2) {
            options.put(words[i], words[i + 1]);
        }
        PromptConfig config = PromptMethods.get(words[0]).configure(options);
        SmallRun actual = SmallRun.run(cuda, config, PLAIN, 2, step -> {});
        assertThat(gpu.driver().fault()).isNull();
        Workspace.takeMemoryFrom(null);
        equal(actual, SmallRun.run(scalar, config, PLAIN, 2, step -> {}), 1e-4);
    }

    @Test
    void bf16StepsStayNearFp32() throws Exception {
        PromptConfig config = new InfoPromptConfig(PromptKind.INSTANCE, 2, 8);
        SmallRun actual = SmallRun.run(cuda.with(Precision.BF16), config, BOTH, 2, step -> {});
        assertThat(gpu.driver().fault()).isNull();
        assertThat(gpu.driver().counts().kernels()).contains("ipk_to_bf16_f32");
        Workspace.takeMemoryFrom(null);
        SmallRun exact = SmallRun.run(scalar, config, BOTH, 2, step -> {});
        near("losses", actual.losses().getFirst(), exact.losses().getFirst(), 0.03);
        near("gradients", actual.gradients(), exact.gradients(), 0.05);
        assertThat(actual.gradients()).isNotEqualTo(exact.gradients());
    }

    /** Per step: one wait, no memory, and only the few index arrays that changed and the losses are copied. */
    @Test
    void aStepWaitsOnceAndMovesOnlyIndicesAndLosses() throws Exception {
        List<String> perStep = new ArrayList<>();
        Counts counts = gpu.driver().counts();
        SmallRun.run(cuda, new InfoPromptConfig(PromptKind.INSTANCE, 2, 8), BOTH, 4, step -> {
            if (step > 0) {
                perStep.add(counts.toString());
            }
            if (step == 4) {
                assertThat(counts.synchronisations()).isEqualTo(1);
                assertThat(counts.allocations()).isZero();
                assertThat(counts.uploads()).isZero();
                assertThat(counts.downloads()).isEqualTo(6);
                assertThat(counts.downloadedBytes()).isLessThan(512);
            }
            counts.clear();
        });
        assertThat(perStep.subList(1, 4)).as("steps after the first").containsOnly(perStep.get(1));
    }

    @Test
    void everythingIsGivenBack() throws Exception {
        long before = gpu.driver().heap().liveBytes();
        SmallRun.run(cuda, new InfoPromptConfig(PromptKind.TASK, 1, 8), BOTH, 1, step -> {});
        assertThat(before).isZero();
        FakeGpu.close(cuda);
        assertThat(gpu.driver().fault()).isNull();
        assertThat(gpu.driver().heap().liveBytes()).isZero();
        assertThat(gpu.driver().liveHandles()).isZero();
        assertThat(gpu.cublasLt().liveObjects()).isZero();
    }

    private static void equal(SmallRun actual, SmallRun expected, double tolerance) {
        for (int step = 0; step < expected.losses().size(); step++) {
            near(
                    "losses of step " + step,
                    actual.losses().get(step),
                    expected.losses().get(step),
                    tolerance);
        }
        near("gradients", actual.gradients(), expected.gradients(), tolerance);
        // AdamW turns rounding noise of near-zero gradients into steps of the learning rate.
        near("parameters", actual.parameters(), expected.parameters(), Math.max(tolerance, 0.05));
        for (int i = 0; i < expected.scores().length; i++) {
            near("scores of example " + i, actual.scores()[i], expected.scores()[i], Math.max(20 * tolerance, 0.01));
        }
    }

    private static void near(String what, double[] actual, double[] expected, double tolerance) {
        double scale = Arrays.stream(expected).map(Math::abs).max().orElse(0);
        assertThat(actual).as(what).hasSameSizeAs(expected);
        for (int i = 0; i < expected.length; i++) {
            assertThat(Math.abs(actual[i] - expected[i]))
                    .as("%s[%d]: %s, on the processor %s", what, i, actual[i], expected[i])
                    .isLessThanOrEqualTo(tolerance * Math.max(scale, 1e-3));
        }
    }
}
