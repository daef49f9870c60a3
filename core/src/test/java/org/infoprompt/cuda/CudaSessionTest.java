package org.infoprompt.cuda;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.List;
import org.infoprompt.cudasim.FakeGpu;
import org.infoprompt.data.Example;
import org.infoprompt.metric.ConfusionMatrix;
import org.infoprompt.ops.Backend;
import org.infoprompt.ops.Backends;
import org.infoprompt.ops.Precision;
import org.infoprompt.session.LoadedBackbone;
import org.infoprompt.session.Prediction;
import org.infoprompt.session.PromptModel;
import org.infoprompt.session.PromptSession;
import org.infoprompt.session.RandomModels;
import org.infoprompt.tensor.Workspace;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledIfSystemProperty;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Predictions on the CUDA backend, as {@code predict} and {@code eval} make them, equal those on the processor. */
@DisabledIfSystemProperty(
        named = "infoprompt.test.expectedBackend",
        matches = "scalar",
        disabledReason = "does not depend on the backend; runs in the run with the vector module")
class CudaSessionTest {
    private static final List<String> TEXTS =
            List.of("the cat sat on the mat", "a good film", "", "red sun and rain " + "the cat ".repeat(9), "x");

    private final FakeGpu gpu = new FakeGpu();

    /** All that a model says. */
    private record Answers(
            List<Prediction> one,
            List<Prediction> many,
            List<Prediction> model,
            ConfusionMatrix counts,
            List<float[]> embeddings) {}

    @AfterEach
    void leaveTheDevice() {
        Workspace.takeMemoryFrom(null);
    }

    @ParameterizedTest
    @ValueSource(strings = {"prompt-tuning", "lora", "ia3", "ipt-prefix", "multitask"})
    void predictionsEqualTheProcessors(String spec) throws Exception {
        Backend cuda = gpu.backend();
        FakeGpu.takeWorkspacesFrom(cuda);
        Answers actual = answers(cuda, spec);
        assertThat(gpu.driver().fault()).isNull();
        assertThat(gpu.driver().counts().kernels()).contains("ipk_embed_f32", "ipk_layer_norm_forward_f32");
        Workspace.takeMemoryFrom(null);
        Answers expected = answers(Backends.byName("scalar"), spec);
        near(actual.one, expected.one);
        near(actual.many, expected.many);
        near(actual.model, expected.model);
        assertThat(actual.counts.accuracy()).isEqualTo(expected.counts.accuracy());
        for (int i = 0; i < TEXTS.size(); i++) {
            float[] right = expected.embeddings.get(i);
            for (int k = 0; k < right.length; k++) {
                assertThat(actual.embeddings.get(i)[k]).isCloseTo(right[k], within(1e-4F));
            }
        }
    }

    /** With inner activations in bf16, but for methods that change linear layers. */
    @ParameterizedTest
    @ValueSource(strings = {"prompt-tuning", "lora", "ipt-prefix"})
    void bf16PredictionsAreNearTheProcessors(String spec) throws Exception {
        Backend cuda = gpu.backend().with(Precision.BF16);
        FakeGpu.takeWorkspacesFrom(cuda);
        Answers actual = answers(cuda, spec);
        assertThat(gpu.driver().fault()).isNull();
        assertThat(gpu.driver().counts().kernels().contains("ipk_attention_forward_32_bf16"))
                .isEqualTo(!spec.equals("lora"));
        Workspace.takeMemoryFrom(null);
        Answers expected = answers(Backends.byName("scalar"), spec);
        for (int i = 0; i < TEXTS.size(); i++) {
            for (int k = 0; k < 3; k++) {
                assertThat(actual.one.get(i).probabilities().get(k))
                        .isCloseTo(expected.one.get(i).probabilities().get(k), within(0.02));
            }
        }
    }

    /** What a session took goes back with it. */
    @Test
    void aSessionGivesEverythingBack() throws Exception {
        Backend cuda = gpu.backend();
        FakeGpu.takeWorkspacesFrom(cuda);
        answers(cuda, "prompt-tuning");
        Workspace.takeMemoryFrom(null);
        FakeGpu.close(cuda);
        assertThat(gpu.driver().fault()).isNull();
        assertThat(gpu.driver().heap().liveBytes()).isZero();
        assertThat(gpu.driver().liveHandles()).isZero();
    }

    private static Answers answers(Backend backend, String spec) throws Exception {
        List<Example> examples = new ArrayList<>();
        for (int i = 0; i < TEXTS.size(); i++) {
            examples.add(new Example("e" + i, TEXTS.get(i), null, i % 3));
        }
        try (LoadedBackbone backbone = RandomModels.backbone("bert", backend);
                PromptModel model = RandomModels.model(backbone, RandomModels.spec(spec), 3, 5);
                PromptSession session = model.openSession()) {
            List<Prediction> one = TEXTS.stream().map(session::predict).toList();
            List<float[]> embeddings = TEXTS.stream().map(session::embed).toList();
            return new Answers(
                    one,
                    session.predict(TEXTS),
                    model.predict(examples, 1, done -> {}),
                    model.evaluate(examples, 1, done -> {}),
                    embeddings);
        }
    }

    private static void near(List<Prediction> actual, List<Prediction> expected) {
        assertThat(actual).hasSameSizeAs(expected);
        for (int i = 0; i < expected.size(); i++) {
            assertThat(actual.get(i).index()).isEqualTo(expected.get(i).index());
            for (int k = 0; k < 3; k++) {
                assertThat(actual.get(i).probabilities().get(k))
                        .isCloseTo(expected.get(i).probabilities().get(k), within(1e-5));
            }
        }
    }
}
