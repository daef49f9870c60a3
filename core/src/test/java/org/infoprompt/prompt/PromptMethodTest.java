package org.infoprompt.prompt;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import java.util.Map;
import org.infoprompt.objective.Classification;
import org.infoprompt.objective.ObjectiveConfig;
import org.infoprompt.outside.OutsideLoader;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The interface of prompt methods, by a method that the project does not know. */
class PromptMethodTest {
    /** Without the representation loss, whose gradient stops at the prompts by definition. */
    private static final ObjectiveConfig INFORMATION =
            new ObjectiveConfig(Classification.DIRECT, 8, .3, 0, .1, 0, 4, false);

    @Test
    void findsMethodsFromOutside() {
        try (OutsideLoader outside = new OutsideLoader()) {
            assertThat(PromptMethods.all()).containsKeys("infoprompt", "repeated-vector");
            assertThat(PromptMethods.get("repeated-vector").getClass().getClassLoader())
                    .isSameAs(outside);
        }
        assertThatThrownBy(() -> PromptMethods.get("nonsense"))
                .hasMessageContaining("no prompt method is called 'nonsense'")
                .hasMessageContaining("infoprompt");
    }

    @Test
    void trainsMethodsFromOutside() throws Exception {
        try (OutsideLoader outside = new OutsideLoader()) {
            assertThat(outside).isNotNull();
            MethodChecks.gradients(MethodChecks.config("repeated-vector"), "bert", INFORMATION, true);
        }
    }

    @Test
    void gradientsOfInfoPrompt() throws Exception {
        MethodChecks.gradients(MethodChecks.config("infoprompt", "slots", "2"), "bert", INFORMATION, false);
        MethodChecks.gradients(
                MethodChecks.config("infoprompt", "kind", "instance", "generator-size", "7"),
                "roberta",
                INFORMATION,
                true);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "head-only",
                "head-only read=mean",
                "prompt-tuning slots=5 init=normal",
                "prompt-tuning slots=4 init=uniform place=after-cls read=first",
                "prompt-tuning slots=4 init=labels place=around-mask read=mask",
                "prompt-tuning slots=3 init=text text=words read=mean",
                "p-tuning slots=4",
                "p-tuning slots=5 encoder=lstm hidden-size=6",
                "prefix-tuning prefixes=3 hidden-size=9",
                "p-tuning-v2 prefixes=5 deviation=0.5",
                "p-tuning-v2 prefixes=2 read=mean",
            })
    void gradientsOf(String method) throws Exception {
        String[] words = method.split("[ =]", -1);
        PromptConfig config = MethodChecks.config(words[0], Arrays.copyOfRange(words, 1, words.length));
        ObjectiveConfig objective = config.numVectors() == 0 ? ObjectiveConfig.crossEntropyOnly() : INFORMATION;
        MethodChecks.gradients(config, "bert", objective, false);
        MethodChecks.gradients(config, "roberta", objective, true);
    }

    @Test
    void refusesWhatAMethodDoesNotHave() {
        PromptMethod method = PromptMethods.get("infoprompt");
        assertThatThrownBy(() -> method.configure(Map.of("nonsense", "1")))
                .hasMessage("method infoprompt has no option 'nonsense'; its options are kind, slots, generator-size");
        assertThatThrownBy(() -> method.configure(Map.of("slots", "many")))
                .hasMessage("slots 'many' is not a whole number");
        assertThatThrownBy(() -> method.configure(Map.of("slots", "0"))).hasMessage("slots 0 must be in [1, 128]");
        assertThatThrownBy(() -> method.configure(Map.of("kind", "both")))
                .hasMessage("kind 'both' must be one of task, instance");
    }
}
