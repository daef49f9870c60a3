package org.infoprompt.model;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.assertj.core.data.Offset;
import org.infoprompt.hub.Backbone;
import org.infoprompt.hub.Backbones;
import org.infoprompt.hub.ModelHub;
import org.infoprompt.hub.ProgressListener;
import org.infoprompt.ops.Backend;
import org.infoprompt.ops.Backends;
import org.infoprompt.session.FillMask;
import org.infoprompt.session.LoadedBackbone;
import org.infoprompt.weights.EncoderConfig;
import org.infoprompt.weights.ModelFiles;
import org.infoprompt.weights.SafetensorsFile;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * The real BERT-base against a PyTorch rebuild (fixtures/bert-base): token ids, hidden states, features of the masked-LM head,
 * gradients through head and encoder, and what it writes in place of masks. Runs where the artifact has been fetched before;
 * {@code -Dinfoprompt.test.bertBase=true} fetches its 408 MB.
 */
class BertBaseParityTest {
    private static final int D = 768;

    @SuppressWarnings("NullAway.Init")
    private static LoadedBackbone backbone;

    @SuppressWarnings("NullAway.Init")
    private static JsonNode spec;

    @SuppressWarnings("NullAway.Init")
    private static SafetensorsFile expected;

    @BeforeAll
    static void open() throws Exception {
        Path folder = EncoderParityTest.fixture("bert-base");
        spec = JsonMapper.builder()
                .build()
                .readTree(folder.resolve("sentences.json").toFile());
        expected = SafetensorsFile.open(folder.resolve("expected.safetensors"));
        Backbone known = Backbones.find("bert-base").orElseThrow();
        assertThat(known.coordinates()).isEqualTo(spec.get("artifact").stringValue());
        try (ModelHub hub = new ModelHub()) {
            boolean wanted = Boolean.getBoolean("infoprompt.test.bertBase")
                    || hub.cached(known).isPresent();
            Assumptions.assumeTrue(wanted, "bert-base was never fetched (-Dinfoprompt.test.bertBase=true fetches it)");
            ModelFiles files = hub.open(known.id(), ProgressListener.none());
            backbone = LoadedBackbone.load(known.id(), files, Backends.active(), true);
        }
    }

    @AfterAll
    static void close() {
        expected.close();
        if (backbone != null) {
            backbone.close();
        }
    }

    @Test
    void itsFilesShowTheConfiguration() {
        assertThat(backbone.config())
                .isEqualTo(new EncoderConfig(
                        EncoderConfig.Family.BERT,
                        30522,
                        D,
                        12,
                        12,
                        3072,
                        512,
                        0,
                        2,
                        1e-12,
                        EncoderConfig.Activation.GELU_TANH,
                        0));
        for (int s = 0; s < spec.get("sentences").size(); s++) {
            String text = spec.get("sentences").get(s).get("text").stringValue();
            assertThat(backbone.tokenizer().encode(text, null, 512).ids()).isEqualTo(integers(s, "ids"));
        }
    }

    @Test
    void statesFeaturesAndGradientsEqual() throws IOException {
        Backend backend = Backends.active();
        double[] states = EncoderParityTest.doubles(expected.tensor("rows"));
        double[] features = EncoderParityTest.doubles(expected.tensor("features"));
        double worst = 0;
        int feature = 0;
        try (TransformerEncoder encoder = new TransformerEncoder(backbone.weights(), backend.newKernels(), 64, true);
                MaskedLmPass pass = new MaskedLmPass(backbone.maskedLmHead(), backend.newKernels(), 2, true);
                Arena arena = Arena.ofConfined()) {
            long rowBytes = (long) D * backend.dtype().bytes();
            PackedRows rows = new PackedRows(64, 1, 0);
            MemorySegment output = arena.allocate(64 * rowBytes, 64);
            MemorySegment transformed = arena.allocate(2 * rowBytes, 64);
            for (int s = 0; s < spec.get("sentences").size(); s++) {
                rows.clear();
                rows.addAll(template(s), 0, false);
                encoder.forward(rows, null, output, false);
                for (int i = 0; i < spec.get("rows").size(); i++) {
                    JsonNode row = spec.get("rows").get(i);
                    if (row.get("sentence").intValue() == s) {
                        long at = row.get("row").longValue() * rowBytes;
                        worst = Math.max(worst, absoluteError(output.asSlice(at, rowBytes), states, i, backend));
                    }
                }
                for (int mask : integers(s, "masks")) {
                    pass.transform(1, output.asSlice(mask * rowBytes, rowBytes), transformed, false);
                    assertThat(absoluteError(transformed, features, feature++, backend))
                            .as("feature of sentence %d", s)
                            .isLessThan(1e-3);
                }
            }
            assertThat(worst).as("hidden states").isLessThan(1e-3);

            int s = spec.get("gradientSentence").intValue();
            rows.clear();
            rows.addReading(template(s), 0, IntSlice.of(integers(s, "masks")[0]), true);
            encoder.forward(rows, null, output, true);
            pass.transform(1, output, transformed, true);
            pass.backward(EncoderParityTest.convert(expected.tensor("upstream"), backend.dtype(), arena), transformed);
            encoder.backward(transformed, output);
            double[] gradient = EncoderParityTest.doubles(expected.tensor("gradient"));
            assertThat(EncoderParityTest.relativeError(output, gradient, backend.dtype()))
                    .isLessThan(1e-3);
        }
    }

    @Test
    void writesParisFirst() throws IOException {
        try (FillMask fill = new FillMask(backbone)) {
            for (JsonNode sentence : spec.get("sentences")) {
                if (sentence.get("masks").isEmpty()) {
                    continue;
                }
                List<List<FillMask.Guess>> guesses =
                        fill.fill(sentence.get("text").stringValue(), 5, "test");
                assertThat(guesses).hasSize(sentence.get("masks").size());
                for (int m = 0; m < guesses.size(); m++) {
                    for (int i = 0; i < 5; i++) {
                        JsonNode wanted = sentence.get("top").get(m).get(i);
                        assertThat(guesses.get(m).get(i).token())
                                .isEqualTo(wanted.get(0).stringValue());
                        assertThat(guesses.get(m).get(i).probability())
                                .isCloseTo(wanted.get(1).doubleValue(), Offset.offset(1e-4));
                    }
                }
            }
            assertThat(fill.fill("The capital of France is [MASK].", 1, "test")
                            .getFirst()
                            .getFirst()
                            .token())
                    .isEqualTo("paris");
        }
    }

    private static double absoluteError(MemorySegment row, double[] expected, int index, Backend backend) {
        double[] wanted = Arrays.copyOfRange(expected, index * D, (index + 1) * D);
        double scale = Arrays.stream(wanted).map(Math::abs).max().orElseThrow();
        return EncoderParityTest.relativeError(row, wanted, backend.dtype()) * scale;
    }

    private static RowTemplate template(int sentence) {
        int[] ids = integers(sentence, "ids");
        return new RowTemplate(IntSlice.of(ids), IntSlice.of(new int[ids.length]), 0, IntSlice.of());
    }

    private static int[] integers(int sentence, String key) {
        JsonNode array = spec.get("sentences").get(sentence).get(key);
        int[] values = new int[array.size()];
        for (int i = 0; i < values.length; i++) {
            values[i] = array.get(i).intValue();
        }
        return values;
    }
}
