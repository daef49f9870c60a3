package org.infoprompt.train;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import org.infoprompt.objective.Classification;
import org.infoprompt.objective.ObjectiveConfig;
import org.infoprompt.objective.ParameterLayout;
import org.infoprompt.objective.ParameterSet;
import org.infoprompt.ops.Backends;
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

    private static void check(String encoder, PromptConfig prompt, Classification classification, double most)
            throws IOException {
        try (LoadedBackbone backbone = RandomModels.backbone(encoder, Backends.byName("scalar"))) {
            for (double gamma : new double[] {0, most}) {
                ObjectiveConfig objective = new ObjectiveConfig(classification, 6, gamma, gamma, gamma, 0, 4, false);
                ParameterLayout layout = new ParameterLayout(prompt, objective, BackboneShape.of(backbone.config()), 3);
                for (boolean training : new boolean[] {true, false}) {
                    check(backbone, layout, new EngineSizes(2, 16, 200, 8, training));
                }
            }
        }
    }

    private static void check(LoadedBackbone backbone, ParameterLayout layout, EngineSizes sizes) throws IOException {
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
    }
}
