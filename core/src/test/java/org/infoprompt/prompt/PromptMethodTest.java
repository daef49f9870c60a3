package org.infoprompt.prompt;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import java.util.Map;
import org.infoprompt.objective.Classification;
import org.infoprompt.objective.ObjectiveConfig;
import org.infoprompt.objective.ParameterLayout;
import org.infoprompt.outside.OutsideLoader;
import org.infoprompt.tensor.Shape;
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

    /** Other representations have gradients of their own; the masked-LM head's needs a backbone that has one. */
    @Test
    void gradientsOfInfoPromptThatReadsOtherStates() throws Exception {
        MethodChecks.gradients(MethodChecks.config("infoprompt", "read", "mean"), "bert", INFORMATION, true);
        MethodChecks.gradients(MethodChecks.config("infoprompt", "read", "cls"), "roberta", INFORMATION, false);
        PromptConfig feature = MethodChecks.config("infoprompt", "read", "feature", "kind", "instance");
        MethodChecks.gradients(feature, "distilbert", INFORMATION, true);
        assertThat(feature.readsMaskedLmFeature()).isTrue();
        assertThat(feature.describe()).endsWith("read at feature");
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
                "idpg layers=single generator=dnn bottleneck=6 slots=2",
                "idpg layers=single generator=phm bottleneck=8 order=4 slots=3",
                "idpg layers=single generator=phm bottleneck=8 order=2 slots=1 shared-factors=false",
                "idpg layers=multi generator=dnn bottleneck=6 slots=2",
                "idpg layers=multi generator=phm bottleneck=8 order=4 slots=2",
                "idpg layers=multi generator=phm bottleneck=8 order=4 slots=3 source=sentence",
                "ipt encoder=none table=random slots=4",
                "ipt encoder=none table=words slots=4",
                "ipt encoder=mlp table=pretrained slots=3 tokens=5",
                "ipt encoder=cnn table=random slots=2 tokens=9",
                "ipt encoder=cnn table=words slots=2 tokens=3",
                "ipt encoder=lstm table=random slots=2 tokens=6 lstm-size=5",
                "ipt carrier=prefix encoder=none table=random slots=3 instance-scale=0.5",
                "ipt carrier=prefix encoder=mlp table=pretrained slots=2 tokens=4 instance-scale=0.5",
                "lora",
                "lora rank=2 alpha=4 targets=query+key+intermediate.dense+output.dense read=mean",
                "ia3",
                "ia3 targets=key read=mask",
            })
    void gradientsOf(String method) throws Exception {
        String[] words = method.split("[ =]", -1);
        PromptConfig config = MethodChecks.config(words[0], Arrays.copyOfRange(words, 1, words.length));
        ObjectiveConfig objective = config.numVectors() == 0 ? ObjectiveConfig.crossEntropyOnly() : INFORMATION;
        boolean pairs = method.length() % 2 == 0;
        MethodChecks.gradients(config, pairs ? "roberta" : "bert", objective, pairs);
    }

    @Test
    void countsParametersAsThePapersDo() {
        assertThat(count(1024, 24, "idpg", "layers", "multi", "generator", "phm"))
                .isEqualTo(137_232); // 134.0 Ki
        assertThat(count(1024, 24, "idpg", "layers", "single", "generator", "phm"))
                .isEqualTo(107_776); // 105.25 Ki
        assertThat(count(1024, 24, "idpg", "layers", "multi", "generator", "dnn"))
                .isEqualTo(221_200); // 216.0 Ki
        assertThat(count(1024, 24, "idpg", "layers", "single", "generator", "dnn"))
                .isEqualTo(1_578_240); // 1.505 Mi
        assertThat(count(1024, 24, "p-tuning-v2", "prefixes", "5")).isEqualTo(245_760);
        assertThat(count(768, 12, "multitask-prompt-tuning", "slots", "100")).isEqualTo(77_668);
        assertThat(count(768, 12, "prompt-tuning", "slots", "100")).isEqualTo(76_800);
        // Of RoBERTa-base, as published for LoRA at r = 8 on query and value: 0.3 M without the head.
        assertThat(count(768, 12, "lora")).isEqualTo(294_912);
        PromptConfig warp = MethodChecks.config("warp");
        ParameterLayout layout =
                new ParameterLayout(warp, ObjectiveConfig.crossEntropyOnly(), new BackboneShape(1024, 24, 50265), 2);
        assertThat(layout.shapes().values().stream()
                        .mapToLong(Shape::numElements)
                        .sum())
                .isEqualTo(22_530);
    }

    private static long count(int hiddenSize, int numLayers, String method, String... options) {
        return MethodChecks.numParameters(MethodChecks.config(method, options), hiddenSize, numLayers, 50265);
    }

    @Test
    void refusesWhatAMethodDoesNotHave() {
        PromptMethod method = PromptMethods.get("infoprompt");
        assertThatThrownBy(() -> method.configure(Map.of("nonsense", "1")))
                .hasMessage(
                        "method infoprompt has no option 'nonsense'; its options are kind, slots, generator-size, read");
        assertThatThrownBy(() -> method.configure(Map.of("slots", "many")))
                .hasMessage("slots 'many' is not a whole number");
        assertThatThrownBy(() -> method.configure(Map.of("slots", "0"))).hasMessage("slots 0 must be in [1, 128]");
        assertThatThrownBy(() -> method.configure(Map.of("kind", "both")))
                .hasMessage("kind 'both' must be one of task, instance");
    }
}
