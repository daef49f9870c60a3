package org.infoprompt.train;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import org.infoprompt.cudasim.FakeGpu;
import org.infoprompt.objective.Classification;
import org.infoprompt.objective.ObjectiveConfig;
import org.infoprompt.objective.ParameterLayout;
import org.infoprompt.objective.ParameterSet;
import org.infoprompt.ops.Backend;
import org.infoprompt.ops.Backends;
import org.infoprompt.ops.Precision;
import org.infoprompt.prompt.BackboneShape;
import org.infoprompt.prompt.PromptConfig;
import org.infoprompt.prompt.PromptMethods;
import org.infoprompt.prompt.WordReading;
import org.infoprompt.session.LoadedBackbone;
import org.infoprompt.session.RandomModels;
import org.infoprompt.tensor.Workspace;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The memory that a plan of a run states is what the engine then takes. */
class EngineBytesTest {
    @AfterEach
    void hostMemoryAgain() {
        Workspace.takeMemoryFrom(null);
    }

    static Set<String> methods() {
        return RandomModels.specs().keySet();
    }

    @ParameterizedTest
    @MethodSource("methods")
    void equalWhatIsAllocated(String name) throws IOException {
        RandomModels.Spec spec = RandomModels.spec(name);
        PromptConfig prompt = PromptMethods.get(spec.method()).configure(spec.options());
        check("bert", prompt, spec.classification(), prompt.numVectors() == 0 ? 0 : .1);
    }

    @Test
    void equalWhatIsAllocatedForWords() throws IOException {
        PromptConfig prompt = PromptMethods.get("prompt-tuning").configure(Map.of("slots", "3"));
        check("bert", WordReading.of(prompt), Classification.DIRECT, 0);
    }

    @Test
    void equalWhatIsAllocatedForFeatures() throws IOException {
        check("roberta", PromptMethods.get("warp").configure(Map.of("length", "4")), Classification.DIRECT, .1);
    }

    /** Where inner activations take half as much, unless the method changes linear layers. */
    @ParameterizedTest
    @ValueSource(strings = {"prompt-tuning", "p-tuning-v2", "lora"})
    void equalWhatIsAllocatedInBf16(String method) throws IOException {
        PromptConfig prompt = PromptMethods.get(method).configure(Map.of());
        Backend single = new FakeGpu().backend();
        long plain = check("bert", prompt, Classification.DIRECT, 0, single);
        long half = check("bert", prompt, Classification.DIRECT, 0, single.with(Precision.BF16));
        if (method.equals("lora")) {
            assertThat(half).isEqualTo(plain);
        } else {
            assertThat(half).isBetween(plain / 2, plain * 7 / 8);
        }
    }

    private static void check(String encoder, PromptConfig prompt, Classification classification, double most)
            throws IOException {
        check(encoder, prompt, classification, most, Backends.byName("scalar"));
    }

    /** Returns what all engines together take. */
    private static long check(
            String encoder, PromptConfig prompt, Classification classification, double most, Backend backend)
            throws IOException {
        long all = 0;
        try (LoadedBackbone backbone = RandomModels.backbone(encoder, backend)) {
            for (double gamma : new double[] {0, most}) {
                ObjectiveConfig objective = new ObjectiveConfig(classification, 6, gamma, gamma, gamma, 0, 4, false);
                ParameterLayout layout = new ParameterLayout(prompt, objective, BackboneShape.of(backbone.config()), 3);
                for (boolean training : new boolean[] {true, false}) {
                    all += check(backbone, layout, new EngineSizes(2, 16, 200, 8, training));
                }
            }
        }
        return all;
    }

    private static long check(LoadedBackbone backbone, ParameterLayout layout, EngineSizes sizes) throws IOException {
        AtomicLong taken = new AtomicLong();
        try (ParameterSet parameters =
                new ParameterSet(backbone.weights().backend().dtype(), layout.shapes())) {
            if (layout.prompt().readsMaskedLmFeature()) {
                backbone.maskedLmHead(); // loaded once, whoever reads it
            }
            Workspace.takeMemoryFrom((bytes, alignment, arena) -> {
                taken.addAndGet(bytes);
                return arena.allocate(bytes, alignment);
            });
            new PromptEngine(backbone.weights(), layout, parameters, sizes).close();
            Workspace.takeMemoryFrom(null);
        }
        assertThat(PromptEngine.bytes(backbone.weights(), layout, sizes))
                .as("%s", sizes)
                .isEqualTo(taken.get());
        return taken.get();
    }
}
