package org.infoprompt.weights;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Random;
import java.util.SequencedMap;
import org.infoprompt.tensor.DType;
import org.infoprompt.tensor.Shape;
import org.infoprompt.tensor.Tensor;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SafetensorsFileTest {
    private static final int MUTATIONS_PER_SEED = 400;

    @TempDir
    Path folder;

    @Test
    void writesAndReadsEveryTypeAlignedAndInOrder() throws IOException {
        Path file = folder.resolve("all.safetensors");
        SequencedMap<String, Tensor> tensors = new LinkedHashMap<>();
        for (DType dtype : DType.values()) {
            byte[] bytes = new byte[3 * dtype.bytes()];
            new Random(dtype.bytes()).nextBytes(bytes);
            tensors.put("t." + dtype, new Tensor(MemorySegment.ofArray(bytes), dtype, Shape.of(3)));
        }
        tensors.put("scalar", Tensors.floats(Shape.of(), 2.5f));
        tensors.put("empty \"ü\" \n", Tensors.floats(Shape.of(0, 4)));
        SafetensorsWriter.write(file, Map.of("format", "pt", "a", "\u0001"), tensors);

        try (SafetensorsFile read = SafetensorsFile.open(file)) {
            assertThat(read.metadata()).containsEntry("format", "pt").containsEntry("a", "\u0001");
            assertThat(read.tensorNames()).isSorted().containsExactlyInAnyOrderElementsOf(tensors.keySet());
            for (Map.Entry<String, Tensor> entry : tensors.entrySet()) {
                Tensor found = read.tensor(entry.getKey());
                assertThat(found.dtype()).isEqualTo(entry.getValue().dtype());
                assertThat(found.shape()).isEqualTo(entry.getValue().shape());
                assertThat(found.segment().mismatch(entry.getValue().segment())).isEqualTo(-1);
                assertThat(found.segment().address() % found.dtype().bytes()).isZero();
                assertThat(found.segment().isReadOnly()).isTrue();
            }
            assertThat(Tensors.values(read.tensor("scalar"))).containsExactly(2.5f);
        }
    }

    @Test
    void tensorsAreViewsOfTheMappingUnlessMisaligned() throws IOException {
        String header = "{\"a\":{\"dtype\":\"U8\",\"shape\":[1],\"data_offsets\":[0,1]},"
                + "\"b\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[1,5]}} ";
        byte[] bytes = Tensors.file(header, 5);
        ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).putFloat(bytes.length - 4, 1.5f);
        Path file = write(bytes);
        try (SafetensorsFile read = SafetensorsFile.open(file)) {
            Tensor b = read.tensor("b");
            assertThat(b.segment().get(ValueLayout.JAVA_FLOAT, 0)).isEqualTo(1.5f);
            assertThat(read.tensor("b").segment().address())
                    .isEqualTo(b.segment().address());
        }
    }

    @Test
    void theSameContentIsTheSameBytes() throws IOException {
        SequencedMap<String, Tensor> tensors = Tensors.encoder(Tensors.tinyBert(), 1);
        SafetensorsWriter.write(folder.resolve("1"), Map.of("x", "1", "y", "2", "z", "3"), tensors);
        SafetensorsWriter.write(folder.resolve("2"), Map.of("z", "3", "y", "2", "x", "1"), tensors);
        assertThat(folder.resolve("1")).hasSameBinaryContentAs(folder.resolve("2"));
    }

    @Test
    void viewsDieWithTheFile() throws IOException {
        Path file = folder.resolve("m.safetensors");
        SafetensorsWriter.write(file, Map.of(), new LinkedHashMap<>(Map.of("w", Tensors.floats(Shape.of(1), 1f))));
        SafetensorsFile read = SafetensorsFile.open(file);
        Tensor tensor = read.tensor("w");
        read.close();
        read.close();
        assertThatThrownBy(() -> tensor.segment().get(ValueLayout.JAVA_FLOAT, 0))
                .isInstanceOf(IllegalStateException.class);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '~',
            value = {
                "[]                                                                        | 0 | not a JSON object",
                "\"x\"                                                                     | 0 | not a JSON object",
                "{\"w\"                                                                    | 0 | not usable JSON",
                "{} {}                                                                     | 0 | text follows",
                "{}                                                                        | 1 | end at data byte 0",
                "{\"w\":1}                                                                 | 0 | tensor w: its header entry",
                "{\"w\":{}}                                                                | 0 | tensor w: its header entry has no dtype",
                "{\"w\":{\"dtype\":\"F32\",\"shape\":[1]}}                                 | 0 | has no data_offsets",
                "{\"w\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[0,4]}}          | 3 | truncated",
                "{\"w\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[0,4]}}          | 5 | end at data byte 4",
                "{\"w\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[0,4]}}          | 4 | needs 8 bytes",
                "{\"w\":{\"dtype\":\"F31\",\"shape\":[1],\"data_offsets\":[0,4]}}          | 4 | dtype F31 is not supported",
                "{\"w\":{\"dtype\":4,\"shape\":[1],\"data_offsets\":[0,4]}}                | 4 | dtype is not a string",
                "{\"w\":{\"dtype\":\"F32\",\"shape\":1,\"data_offsets\":[0,4]}}            | 4 | shape is not an array",
                "{\"w\":{\"dtype\":\"F32\",\"shape\":[1.5],\"data_offsets\":[0,4]}}        | 4 | not an integer",
                "{\"w\":{\"dtype\":\"F32\",\"shape\":[-1],\"data_offsets\":[0,4]}}         | 4 | outside 0 to",
                "{\"w\":{\"dtype\":\"F32\",\"shape\":[99999999999999999999],\"data_offsets\":[0,4]}} | 4 | outside 0 to",
                "{\"w\":{\"dtype\":\"F32\",\"shape\":[4611686018427387904,4],\"data_offsets\":[0,4]}} | 4 | more elements",
                "{\"w\":{\"dtype\":\"F32\",\"shape\":[4611686018427387904],\"data_offsets\":[0,4]}} | 4 | more elements",
                "{\"w\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[0,4,8]}}        | 4 | not [begin, end]",
                "{\"w\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[4,0]}}          | 4 | not [begin, end]",
                "{\"w\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[4,8]}}          | 8 | gap",
                "{\"w\":{\"dtype\":\"U8\",\"shape\":[2],\"data_offsets\":[0,2]},\"v\":{\"dtype\":\"U8\",\"shape\":[2],\"data_offsets\":[1,3]}} | 3 | overlaps",
                "{\"w\":{\"dtype\":\"U8\",\"shape\":[1],\"data_offsets\":[0,1]},\"w\":{\"dtype\":\"U8\",\"shape\":[1],\"data_offsets\":[1,2]}} | 2 | uplicate",
                "{\"__metadata__\":1}                                                      | 0 | tensor __metadata__: is not a JSON object",
                "{\"__metadata__\":{\"a\":1}}                                              | 0 | key a is not a string",
            })
    void refusesAHeaderThatLies(String header, int dataBytes, String problem) throws IOException {
        assertRefused(Tensors.file(header, dataBytes), problem);
    }

    @Test
    void refusesALengthThatLies() throws IOException {
        byte[] json = "{}".getBytes(StandardCharsets.UTF_8);
        assertRefused(new byte[0], "less than the 8");
        assertRefused(new byte[7], "less than the 8");
        assertRefused(new byte[8], "header of 0 bytes");
        assertRefused(Tensors.file(3, json, 0), "truncated");
        assertRefused(Tensors.file(100_000_001, json, 0), "header of 100000001 bytes");
        assertRefused(Tensors.file(Long.MAX_VALUE, json, 0), "not a safetensors file");
        assertRefused(Tensors.file(-1, json, 0), "header of 18446744073709551615 bytes");
        assertRefused(Tensors.file(2, new byte[] {'{', (byte) 0xFF}, 0), "UTF-8");
    }

    @Test
    void refusesAPickleByNameAndByContent() throws IOException {
        Path bin = folder.resolve("pytorch_model.bin");
        assertThatThrownBy(() -> SafetensorsFile.open(bin))
                .isInstanceOf(WeightFormatException.class)
                .hasMessageContaining("pytorch_model.bin")
                .hasMessageContaining("pickle")
                .hasMessageContaining("convert");
        assertRefused(new byte[] {'P', 'K', 3, 4, 0, 0, 0, 0}, "pickle");
        assertThatThrownBy(() -> SafetensorsFile.open(folder.resolve("none.safetensors")))
                .isInstanceOf(WeightFormatException.class)
                .hasMessageContaining("no such file");
        assertThatThrownBy(() -> SafetensorsFile.open(folder)).isInstanceOf(WeightFormatException.class);
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5})
    void aMutatedFileIsReadOrRefusedNeverWorse(long seed) throws IOException {
        Path original = folder.resolve("original.safetensors");
        SafetensorsWriter.write(original, Map.of("format", "pt"), Tensors.encoder(Tensors.tinyBert(), 7));
        byte[] bytes = Files.readAllBytes(original);
        long headerEnd =
                8 + ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).getLong(0);
        Random random = new Random(seed);
        int refused = 0;
        for (int i = 0; i < MUTATIONS_PER_SEED; i++) {
            byte[] mutant = mutate(bytes, (int) headerEnd, random);
            Path file = write(mutant);
            try (SafetensorsFile read = SafetensorsFile.open(file)) {
                for (String name : read.tensorNames()) {
                    Tensor tensor = read.tensor(name);
                    assertThat(tensor.byteSize())
                            .isEqualTo(tensor.shape().numElements()
                                    * tensor.dtype().bytes());
                }
            } catch (WeightFormatException e) {
                refused++;
                assertThat(e.getMessage()).startsWith(file.toString()).doesNotContain("\n");
            }
        }
        assertThat(refused).as("seed %d", seed).isGreaterThan(MUTATIONS_PER_SEED / 2);
    }

    private static byte[] mutate(byte[] bytes, int headerEnd, Random random) {
        byte[] mutant = bytes.clone();
        int edits = 1 + random.nextInt(3);
        for (int e = 0; e < edits; e++) {
            int at = random.nextInt(headerEnd);
            switch (random.nextInt(4)) {
                case 0 -> mutant[at] = (byte) random.nextInt(256);
                case 1 -> mutant[at] = (byte) "0123456789-[]{}\",:eE.".charAt(random.nextInt(21));
                case 2 -> {
                    int from = random.nextInt(headerEnd);
                    int length = Math.min(random.nextInt(24), headerEnd - Math.max(at, from));
                    System.arraycopy(bytes, from, mutant, at, length);
                }
                default -> mutant = Arrays.copyOf(mutant, Math.max(headerEnd, random.nextInt(mutant.length + 1)));
            }
        }
        return mutant;
    }

    private void assertRefused(byte[] bytes, String problem) throws IOException {
        Path file = write(bytes);
        assertThatThrownBy(() -> SafetensorsFile.open(file))
                .isInstanceOf(WeightFormatException.class)
                .hasMessageStartingWith(file.toString())
                .hasMessageContaining(problem)
                .hasMessageContaining("; ");
    }

    private Path write(byte[] bytes) throws IOException {
        return Files.write(folder.resolve("m.safetensors"), bytes);
    }
}
