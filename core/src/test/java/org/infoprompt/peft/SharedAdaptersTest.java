package org.infoprompt.peft;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.infoprompt.model.EncoderWeights;
import org.infoprompt.model.RowTemplate;
import org.infoprompt.ops.Backends;
import org.infoprompt.tensor.Tensor;
import org.infoprompt.text.Encoding;
import org.infoprompt.weights.ModelFiles;
import org.infoprompt.weights.SafetensorsFile;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Adapters of PEFT 0.21 that lie beside the checkout, with inputs and logits; skipped where they are absent. */
class SharedAdaptersTest {
    private static final Path ADAPTERS = Path.of("../../shared/peft-adapters");

    @ParameterizedTest
    @ValueSource(
            strings = {
                "prompt_tuning",
                "prompt_tuning_sample_vocab",
                "p_tuning_mlp",
                "p_tuning_lstm",
                "multitask_prompt_tuning",
                "prefix_tuning",
                "prefix_tuning_projection",
                "lora",
                "ia3"
            })
    void equalsPeft(String kind) throws IOException {
        Path folder = ADAPTERS.resolve(kind);
        assumeTrue(Files.isDirectory(folder), () -> folder + " is absent");
        double worst = 0;
        try (ModelFiles files = ModelFiles.openFolder(ADAPTERS.resolve("base_tiny_bert"));
                EncoderWeights weights = EncoderWeights.load(files, Backends.active(), false);
                SafetensorsFile golden = SafetensorsFile.open(folder.resolve("golden_io.safetensors"))) {
            Tensor ids = golden.tensor("input_ids");
            Tensor logits = golden.tensor("logits_reloaded");
            int length = (int) ids.shape().size(1);
            int numClasses = (int) logits.shape().size(1);
            for (int i = 0; i < ids.shape().size(0); i++) {
                Integer task = kind.equals("multitask_prompt_tuning") ? integer(golden.tensor("task_ids"), i) : null;
                List<String> warnings = new ArrayList<>();
                try (AdaptedEncoder model = AdaptedEncoder.load(folder, files, weights, task, warnings)) {
                    assertThat(warnings).isEmpty();
                    RowTemplate template = AdaptedPass.template(model, text(golden, i, length));
                    double[] actual = PeftAdapter.logits(model, List.of(template), 1, done -> {})[0];
                    for (int k = 0; k < numClasses; k++) {
                        float expected = logits.segment()
                                .get(ValueLayout.JAVA_FLOAT_UNALIGNED, ((long) i * numClasses + k) * Float.BYTES);
                        worst = Math.max(worst, Math.abs(actual[k] - expected));
                    }
                }
            }
        }
        // Measured: at most 2.3e-7.
        assertThat(worst).as("largest difference of a logit").isLessThan(1e-6);
    }

    /** The row without its padding. */
    private static Encoding text(SafetensorsFile golden, int row, int length) throws IOException {
        List<Integer> kept = new ArrayList<>();
        for (int t = 0; t < length; t++) {
            if (integer(golden.tensor("attention_mask"), row * length + t) != 0) {
                kept.add(row * length + t);
            }
        }
        int[] ids = new int[kept.size()];
        int[] types = new int[kept.size()];
        for (int t = 0; t < ids.length; t++) {
            ids[t] = integer(golden.tensor("input_ids"), kept.get(t));
            types[t] = integer(golden.tensor("token_type_ids"), kept.get(t));
        }
        return new Encoding(ids, types);
    }

    private static int integer(Tensor tensor, int index) {
        return (int) tensor.segment().get(ValueLayout.JAVA_LONG_UNALIGNED, (long) index * Long.BYTES);
    }
}
