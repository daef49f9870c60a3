package org.infoprompt.peft;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.infoprompt.data.Example;
import org.infoprompt.ops.Backend;
import org.infoprompt.ops.Backends;
import org.infoprompt.ops.reference.ReferenceBackend;
import org.infoprompt.session.LoadedBackbone;
import org.infoprompt.tensor.DType;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Adapters of every kind, made by PEFT and scored by it in double precision on a padded batch of single texts and pairs. */
class PeftGoldenTest {
    /** PEFT's own float32 results are up to 5.6e-6 off its double ones, to which ours are compared; logits reach 4.6. */
    private static final double TOLERANCE = 3e-5;

    static Stream<Arguments> adapters() {
        List<Arguments> all = new ArrayList<>();
        for (String encoder : List.of("bert", "roberta")) {
            for (String kind : List.of(
                    "prompt-tuning",
                    "p-tuning",
                    "prefix-tuning",
                    "prefix-tuning-projection",
                    "lora",
                    "lora-patterns",
                    "ia3")) {
                all.add(Arguments.of(encoder, kind, ReferenceBackend.instance()));
                all.add(Arguments.of(encoder, kind, Backends.active()));
            }
        }
        for (String kind : List.of("prompt-tuning", "lora")) {
            all.add(Arguments.of("distilbert", kind, ReferenceBackend.instance()));
            all.add(Arguments.of("distilbert", kind, Backends.active()));
        }
        return all.stream();
    }

    @ParameterizedTest(name = "{0} {1}")
    @MethodSource("adapters")
    void equalsPeft(String encoder, String kind, Backend backend) throws IOException {
        PeftFixtures.Cases cases = PeftFixtures.cases(encoder);
        try (LoadedBackbone backbone = PeftFixtures.backbone(encoder, backend);
                PeftAdapter adapter = PeftAdapter.load(PeftFixtures.adapter(encoder, kind), backbone)) {
            double[][] batch = adapter.logits(cases.examples(), 2, done -> {});
            try (PeftSession session = adapter.openSession()) {
                for (int i = 0; i < batch.length; i++) {
                    Example example = cases.examples().get(i);
                    assertThat(backbone.tokenizer()
                                    .encode(example.text(), example.pair(), 64)
                                    .ids())
                            .as("tokens of text %d", i)
                            .isEqualTo(cases.inputIds().get(i));
                    double[] single = new double[3];
                    session.logits(example.text(), example.pair(), single);
                    assertThat(batch[i]).containsExactly(cases.expected(kind, i), within(tolerance(backend)));
                    assertThat(single).containsExactly(cases.expected(kind, i), within(tolerance(backend)));
                }
            }
        }
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("encoders")
    void everyTaskOfAMultitaskAdapterEqualsPeft(String encoder) throws IOException {
        PeftFixtures.Cases cases = PeftFixtures.cases(encoder);
        try (LoadedBackbone backbone = PeftFixtures.backbone(encoder, Backends.active())) {
            for (int i = 0; i < cases.examples().size(); i++) {
                PeftOptions task =
                        PeftOptions.defaults().withTask(cases.taskIds().get(i));
                try (PeftAdapter adapter =
                        PeftAdapter.load(PeftFixtures.adapter(encoder, "multitask-prompt-tuning"), backbone, task)) {
                    double[][] logits = adapter.logits(List.of(cases.examples().get(i)), 1, done -> {});
                    assertThat(logits[0])
                            .containsExactly(cases.expected("multitask-prompt-tuning", i), within(TOLERANCE));
                }
            }
        }
    }

    private static double tolerance(Backend backend) {
        // Adapters are folded into float32 weights once, also where the rest is computed in double.
        return backend.dtype() == DType.F64 ? 1e-5 : TOLERANCE;
    }

    static Stream<String> encoders() {
        return Stream.of("bert", "roberta");
    }
}
