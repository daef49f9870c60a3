package org.infoprompt.weights;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.SequencedMap;
import java.util.TreeMap;
import org.infoprompt.tensor.Shape;
import org.infoprompt.tensor.Tensor;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** TensorFlow's checkpoints: names, layout, configuration, damage; and the index of the real BERT-base. */
class TensorFlowWeightsTest {
    private static final String NAME = "variables";

    @TempDir
    Path folder;

    private SequencedMap<String, Tensor> expected = new LinkedHashMap<>();

    /** Writes a BERT with its masked-LM head as TensorFlow does, from random Hugging Face tensors. */
    @BeforeEach
    void writeModel() throws IOException {
        expected = Tensors.encoder(Tensors.tinyBert(), 3);
        Random random = new Random(4);
        expected.put(MaskedLmTensors.DENSE_WEIGHT, Tensors.floats(Shape.of(8, 8), random));
        for (String name :
                List.of(MaskedLmTensors.DENSE_BIAS, MaskedLmTensors.NORM_WEIGHT, MaskedLmTensors.NORM_BIAS)) {
            expected.put(name, Tensors.floats(Shape.of(8), random));
        }
        expected.put(MaskedLmTensors.OUTPUT_BIAS, Tensors.floats(Shape.of(11), random));
        SequencedMap<String, Tensor> variables = new LinkedHashMap<>();
        expected.forEach((name, tensor) -> {
            String variable = variable(name);
            variables.put(variable, variable.endsWith("/kernel") ? transpose(tensor) : tensor);
        });
        variables.put("module/bert/embeddings/LayerNorm/beta/adam_m", Tensors.floats(Shape.of(8), random));
        variables.put("global_step", Tensors.floats(Shape.of(), 7f));
        TensorFlowFiles.checkpoint(folder.resolve("variables"), NAME, variables);
        Files.write(folder.resolve("saved_model.pb"), TensorFlowFiles.savedModel(2, 1e-12f, "Erf"));
        Files.createDirectories(folder.resolve("assets"));
        Files.writeString(folder.resolve("assets/vocab.txt"), "[PAD]\n[UNK]\n[CLS]\n[SEP]\n[MASK]\n");
    }

    private static String variable(String name) {
        String base = name.startsWith("cls.") ? "module/" : "module/bert/";
        String norm =
                name.contains("LayerNorm") ? name.replace(".weight", ".gamma").replace(".bias", ".beta") : name;
        String plain = norm.contains("_embeddings.weight") ? norm.replace(".weight", "") : norm;
        return base
                + plain.replace("cls.predictions.bias", "cls.predictions.output_bias")
                        .replaceAll("layer\\.(\\d+)\\.", "layer_$1.")
                        .replace(".weight", ".kernel")
                        .replace('.', '/');
    }

    private static Tensor transpose(Tensor tensor) {
        int rows = (int) tensor.shape().size(0);
        int columns = (int) tensor.shape().size(1);
        float[] from = Tensors.values(tensor);
        float[] to = new float[from.length];
        for (int i = 0; i < from.length; i++) {
            to[i % columns * rows + i / columns] = from[i];
        }
        return Tensors.floats(Shape.of(columns, rows), to);
    }

    @Test
    void aSavedModelHasTheWeightsAndTheConfiguration() throws IOException {
        try (ModelFiles model = ModelFiles.openFolder(folder)) {
            assertThat(model.config()).isEqualTo(Tensors.tinyBert());
            assertThat(model.tokenizerFolder()).isEqualTo(folder.resolve("assets"));
            assertThat(model.sha256()).isEqualTo(FileHashes.sha256(List.of(data())));
            assertThat(model.weights().tensorNames()).containsExactlyInAnyOrderElementsOf(expected.keySet());
            MaskedLmTensors.check(model.config(), model.weights());
            for (Map.Entry<String, Tensor> entry : expected.entrySet()) {
                Tensor found = model.weights().tensor(entry.getKey());
                assertThat(found.shape()).isEqualTo(entry.getValue().shape());
                assertThat(Tensors.values(found)).as(entry.getKey()).containsExactly(Tensors.values(entry.getValue()));
            }
        }
    }

    @Test
    void theFilesMayLieSideBySide() throws IOException {
        for (Path file : List.of(index(), data(), folder.resolve("assets/vocab.txt"))) {
            Files.move(file, folder.resolve(file.getFileName()));
        }
        Files.delete(folder.resolve("assets"));
        try (ModelFiles model = ModelFiles.openFolder(folder)) {
            assertThat(model.config()).isEqualTo(Tensors.tinyBert());
            assertThat(model.tokenizerFolder()).isEqualTo(folder);
        }
    }

    @ParameterizedTest
    @CsvSource({"4, 1e-5, Tanh, GELU_TANH", "8, 1e-12, Relu, RELU"})
    void theGraphTellsHeadsEpsilonAndActivation(int heads, float epsilon, String operator, String activation)
            throws IOException {
        Files.write(folder.resolve("saved_model.pb"), TensorFlowFiles.savedModel(heads, epsilon, operator));
        try (ModelFiles model = ModelFiles.openFolder(folder)) {
            assertThat(model.config().numHeads()).isEqualTo(heads);
            assertThat(model.config().layerNormEps()).isEqualTo(Double.parseDouble(Float.toString(epsilon)));
            assertThat(model.config().activation()).isEqualTo(EncoderConfig.Activation.valueOf(activation));
        }
    }

    @ParameterizedTest
    @CsvSource({
        "0, 1e-12, Erf, the number of attention heads",
        "2, 1e-12, Sigmoid, the activation function",
        "3, 1e-12, Erf, hiddenSize 8 is not a multiple of numHeads 3",
    })
    void aGraphThatTellsTooLittleIsRefused(int heads, float epsilon, String operator, String problem)
            throws IOException {
        Files.write(folder.resolve("saved_model.pb"), TensorFlowFiles.savedModel(heads, epsilon, operator));
        assertFails(problem);
    }

    @Test
    void everyDamagedByteOfTheIndexIsNoticed() throws IOException {
        byte[] good = Files.readAllBytes(index());
        List<Integer> unnoticed = new ArrayList<>();
        for (int i = 0; i < good.length - 48; i++) {
            byte[] bad = good.clone();
            bad[i] ^= 0x10;
            Files.write(index(), bad);
            if (opens()) {
                unnoticed.add(i);
            }
        }
        // Nothing reads the meta block: an empty one has 4 bytes and a trailer of 5.
        assertThat(unnoticed).hasSize(9);
        assertThat(unnoticed.getLast() - unnoticed.getFirst()).isEqualTo(8);
        for (int length : new int[] {0, 1, 47, 48, good.length / 2, good.length - 1}) {
            Files.write(index(), Arrays.copyOf(good, length));
            assertThat(opens()).as("%d bytes", length).isFalse();
        }
    }

    private boolean opens() throws IOException {
        try (TensorFlowWeights weights = TensorFlowWeights.open(index())) {
            return !weights.tensorNames().isEmpty();
        } catch (WeightFormatException e) {
            assertThat(e).hasMessageContaining("variables.index").hasMessageContaining(";");
            return false;
        }
    }

    @Test
    void everyDamagedTensorIsNoticed() throws IOException {
        byte[] good = Files.readAllBytes(data());
        int noticed = 0;
        for (int i = 0; i < good.length; i += 61) {
            byte[] bad = good.clone();
            bad[i] ^= 1;
            Files.write(data(), bad);
            try (TensorFlowWeights weights = TensorFlowWeights.open(index())) {
                int damaged = 0;
                for (String name : weights.tensorNames()) {
                    try {
                        weights.tensor(name);
                    } catch (WeightFormatException e) {
                        assertThat(e).hasMessageContaining("checksum").hasMessageContaining("fetch the model again");
                        damaged++;
                    }
                }
                assertThat(damaged).isLessThanOrEqualTo(1);
                noticed += damaged;
            }
        }
        // Adam's moment and the step, 9 numbers of all, are never read.
        assertThat(noticed).isGreaterThanOrEqualTo(good.length / 61 - 1);
        Files.write(data(), Arrays.copyOf(good, good.length - 1));
        assertFails("truncated");
        Files.delete(data());
        assertFails("variables.data-00000-of-00001: no such file");
    }

    @Test
    void aTableThatIsCompressedOrLiesIsRefused() throws IOException {
        TreeMap<String, byte[]> entries = new TreeMap<>(Map.of("", new byte[] {8, 1}, "a", new byte[] {8, 1}));
        Files.write(index(), TensorFlowFiles.table(entries, 1));
        assertFails("compressed");
        // A length that no byte follows; with the right checksum.
        byte[] block = ByteBuffer.allocate(9)
                .order(ByteOrder.LITTLE_ENDIAN)
                .put(new byte[] {0, 0, 100, 0, 0, 0, 0, 0, 0})
                .array();
        byte[] typed = Arrays.copyOf(block, 10);
        byte[] file = ByteBuffer.allocate(10 + 4 + 48)
                .order(ByteOrder.LITTLE_ENDIAN)
                .put(typed)
                .putInt(TensorFlowFiles.maskedCrc(typed))
                .put(new byte[] {0, 9, 0, 9})
                .putLong(54, 0xDB4775248B80FB57L)
                .array();
        Files.write(index(), file);
        assertFails("ends within an entry");
        Files.write(index(), TensorFlowFiles.table(new TreeMap<>(Map.of("a", new byte[] {8, 1})), 0));
        assertFails("has no bundle header");
    }

    @Test
    void readsTheIndexThatTensorFlowItselfWrote() throws Exception {
        Path real = Path.of(Objects.requireNonNull(getClass().getResource("/fixtures/bert-base/variables.index"))
                .toURI());
        try (MappedFile file = MappedFile.open(real)) {
            var entries = SortedTable.read(real.toString(), file.bytes());
            // A header, 5 embedding tensors, 12 layers of 16, a pooler of 2 and a masked-LM head of 5.
            assertThat(entries).hasSize(1 + 5 + 12 * 16 + 2 + 5);
            long end = 0;
            for (Map.Entry<String, MemorySegment> entry : entries.entrySet()) {
                if (!entry.getKey().isEmpty()) {
                    BundleEntry tensor = BundleEntry.read(new ProtobufReader("real", entry.getValue()));
                    assertThat(tensor.offset()).as(entry.getKey()).isEqualTo(end);
                    end += tensor.size();
                }
            }
            assertThat(end).as("the size of the data file").isEqualTo(440_419_560L);
            BundleEntry words = BundleEntry.read(new ProtobufReader(
                    "real", Objects.requireNonNull(entries.get("module/bert/embeddings/word_embeddings"))));
            assertThat(words.shape()).isEqualTo(Shape.of(30522, 768));
            assertThat(words.crc()).isEqualTo((int) 2598764621L);
        }
    }

    @ParameterizedTest
    @CsvSource({
        "bert/encoder/layer_11/output/dense/kernel, bert.encoder.layer.11.output.dense.weight",
        "module/bert/embeddings/LayerNorm/gamma, bert.embeddings.LayerNorm.weight",
        "module/cls/predictions/output_bias, cls.predictions.bias",
        "cls/seq_relationship/output_weights, cls.seq_relationship.weight",
        "bert/pooler/dense/bias/adam_v,",
        "global_step,",
        "a/b/bert/pooler/dense/bias,",
    })
    void namesFollowHuggingFace(String variable, String name) {
        assertThat(TensorFlowWeights.huggingFaceName(variable)).isEqualTo(name);
    }

    @Test
    void theChecksumIsThatOfThePublishedExample() {
        // CRC-32C of "123456789" is 0xE3069283 (RFC 3720's polynomial).
        byte[] digits = "123456789".getBytes(StandardCharsets.US_ASCII);
        int crc = 0xE3069283;
        assertThat(MaskedCrc32c.of(MemorySegment.ofArray(digits))).isEqualTo((crc >>> 15 | crc << 17) + 0xA282EAD8);
    }

    private Path index() {
        return folder.resolve("variables").resolve(NAME + ".index");
    }

    private Path data() {
        return folder.resolve("variables").resolve(NAME + ".data-00000-of-00001");
    }

    private void assertFails(String problem) {
        assertThatThrownBy(() -> ModelFiles.openFolder(folder).close())
                .isInstanceOf(WeightFormatException.class)
                .hasMessageContaining(problem);
    }
}
