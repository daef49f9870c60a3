package org.infoprompt.weights;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.SequencedMap;
import java.util.function.Consumer;
import org.infoprompt.tensor.Shape;
import org.infoprompt.tensor.Tensor;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class OnnxWeightsTest {
    private static final int MUTATIONS_PER_SEED = 300;

    @TempDir
    Path folder;

    @Test
    void findsEveryLinearAndTheConfiguration() throws IOException {
        SequencedMap<String, Tensor> tensors = Tensors.encoder(Tensors.tinyBert(), 1);
        Path file = write(model(graph -> encoder(graph, tensors)));
        try (ModelFiles model = ModelFiles.openFolder("g:a:v", folder, Map.of())) {
            assertThat(model.identity()).isEqualTo("g:a:v");
            assertThat(model.config()).isEqualTo(Tensors.tinyBert());
            assertThat(model.sha256()).isEqualTo(FileHashes.sha256(java.util.List.of(file)));
            assertThat(model.weights().tensorNames()).containsExactlyInAnyOrderElementsOf(tensors.keySet());
            for (Map.Entry<String, Tensor> entry : tensors.entrySet()) {
                Tensor found = model.weights().tensor(entry.getKey());
                assertThat(found.shape())
                        .as(entry.getKey())
                        .isEqualTo(entry.getValue().shape());
                assertThat(Tensors.values(found)).as(entry.getKey()).containsExactly(Tensors.values(entry.getValue()));
                assertThat(found.segment().address() % 4).isZero();
            }
        }
    }

    @Test
    void aFolderMayHoldOnnxWithoutConfigJson() throws IOException {
        Files.write(
                folder.resolve("model.onnx"), model(graph -> encoder(graph, Tensors.encoder(Tensors.tinyBert(), 2))));
        try (ModelFiles model = ModelFiles.openFolder(folder)) {
            assertThat(model.config()).isEqualTo(Tensors.tinyBert());
        }
    }

    @Test
    void transposesMatricesOfAwkwardSizes() throws IOException {
        for (long[] size : new long[][] {{1, 1}, {1, 33}, {33, 1}, {31, 65}, {64, 32}}) {
            Tensor weight = Tensors.floats(Shape.of(size), new Random(size[0]));
            Path file = write(model(graph -> graph.tensor(5, "onnx::MatMul_1", transposed(weight))
                    .tensor(5, "a.bias", Tensors.floats(Shape.of(size[0]), new Random(1)))
                    .node("MatMul", "", "y", "x", "onnx::MatMul_1")
                    .node("Add", "", "z", "a.bias", "y")));
            try (OnnxWeights weights = OnnxWeights.open(file)) {
                assertThat(Tensors.values(weights.tensor("a.weight"))).containsExactly(Tensors.values(weight));
            }
        }
    }

    @Test
    void namesAProductWithoutBiasAfterItsNode() throws IOException {
        Tensor weight = Tensors.floats(Shape.of(2, 3), new Random(1));
        Path file = write(model(graph -> graph.tensor(5, "onnx::MatMul_1", transposed(weight))
                .node("MatMul", "/encoder/layer.0/x/MatMul", "y", "x", "onnx::MatMul_1")));
        try (OnnxWeights weights = OnnxWeights.open(file)) {
            assertThat(weights.tensorNames()).containsExactly("encoder.layer.0.x.weight");
            assertThat(weights.tensor("encoder.layer.0.x.weight").shape()).isEqualTo(Shape.of(2, 3));
        }
    }

    @Test
    void namesWhatTheGraphDoesNotShow() throws IOException {
        SequencedMap<String, Tensor> tensors = Tensors.encoder(Tensors.tinyBert(), 1);
        assertRefused(model(graph -> {}), "the tensor embeddings.word_embeddings.weight");
        assertRefused(model(graph -> tensors.forEach((n, t) -> graph.tensor(5, n, t))), "key.bias is added");
        assertRefused(model(graph -> encoder(graph, tensors).node("MatMulInteger", "", "q", "r", "s")), "is quantised");
        Tensor first = Objects.requireNonNull(tensors.get("embeddings.LayerNorm.bias"));
        assertRefused(model(graph -> graph.tensor(5, "a", first).tensor(5, "a", first)), "tensor a: is there twice");
        assertRefused(
                model(graph -> encoder(graph, tensors)
                        .constantFloat("otherEps", 1e-3f)
                        .node("Add", "", "v2", "v", "otherEps")
                        .node("Sqrt", "", "s2", "v2")),
                "one LayerNorm constant");
        assertRefused(
                model(graph -> graph.nested(5, t -> t.text(8, "w").integer(2, 1).integer(14, 1))),
                "tensor w: is stored in another file");
        assertRefused(
                model(graph -> graph.nested(
                        5, t -> t.text(8, "w").integer(2, 1).integer(1, 3).bytes(9, new byte[8]))),
                "tensor w: F32 [3] does not fit its 8 bytes");
        assertRefused(
                model(graph -> graph.nested(
                        5, t -> t.text(8, "w").integer(2, 1).integer(1, -1).bytes(9, new byte[8]))),
                "impossible shape");
        assertRefused(
                model(graph -> graph.nested(
                        5,
                        t -> t.text(8, "w").integer(2, 1).integer(1, 1L << 40).integer(1, 1L << 40))),
                "impossible shape");
    }

    @Test
    void refusesHostileProtobuf() throws IOException {
        assertRefused(new byte[0], "no graph");
        assertRefused("<html>".getBytes(java.nio.charset.StandardCharsets.UTF_8), "not a usable protobuf");
        assertRefused(
                OnnxFile.message(m -> m.varint((7 << 3) | 2).varint(Long.MAX_VALUE))
                        .toByteArray(),
                "a length of");
        assertRefused(OnnxFile.message(m -> m.varint((7 << 3) | 2).varint(-1)).toByteArray(), "a length of");
        byte[] endless = new byte[20];
        Arrays.fill(endless, (byte) 0xFF);
        assertRefused(endless, "more than 10 bytes");
        assertRefused(new byte[] {(7 << 3) | 2, (byte) 0x80}, "truncated");
        assertRefused(new byte[] {(7 << 3) | 3}, "wire type 3");
        assertRefused(
                model(graph -> graph.nested(1, node -> node.text(3, "x".repeat(70_000)))), "a name of 70000 bytes");
        OnnxFile deep = new OnnxFile();
        for (int i = 0; i < 10_000; i++) {
            byte[] inner = deep.toByteArray();
            deep = OnnxFile.message(m -> m.nested(1, node -> node.nested(5, a -> a.bytes(6, inner))));
            if (inner.length > 1 << 20) {
                break;
            }
        }
        byte[] nested = deep.toByteArray();
        assertRefused(
                OnnxFile.message(m -> m.bytes(7, nested)).toByteArray(),
                "the tensor embeddings.word_embeddings.weight");
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4})
    void aMutatedModelIsReadOrRefusedNeverWorse(long seed) throws IOException {
        byte[] bytes = model(graph -> encoder(graph, Tensors.encoder(Tensors.tinyBert(), 1)));
        Random random = new Random(seed);
        int refused = 0;
        for (int i = 0; i < MUTATIONS_PER_SEED; i++) {
            byte[] mutant = bytes.clone();
            for (int e = 0; e <= random.nextInt(6); e++) {
                int at = random.nextInt(mutant.length);
                switch (random.nextInt(3)) {
                    case 0 -> mutant[at] = (byte) random.nextInt(256);
                    case 1 -> mutant[at] = (byte) (mutant[at] ^ (1 << random.nextInt(8)));
                    default -> ByteBuffer.wrap(mutant).put(at, (byte) 0xFF);
                }
            }
            if (random.nextInt(4) == 0) {
                mutant = Arrays.copyOf(mutant, random.nextInt(mutant.length));
            }
            Path file = write(mutant);
            try (ModelFiles model = ModelFiles.openFolder(folder)) {
                assertThat(model.config().hiddenSize()).isPositive();
            } catch (WeightFormatException e) {
                refused++;
                assertThat(e.getMessage()).startsWith(file.toString()).doesNotContain("\n");
            }
        }
        assertThat(refused).as("seed %d", seed).isGreaterThan(MUTATIONS_PER_SEED / 4);
    }

    /** A graph with the shape of an exported encoder: linear weights folded to [in,out] behind numbers. */
    private static OnnxFile encoder(OnnxFile graph, SequencedMap<String, Tensor> tensors) {
        int number = 0;
        for (Map.Entry<String, Tensor> entry : tensors.entrySet()) {
            String name = entry.getKey();
            boolean linear =
                    name.endsWith(".weight") && entry.getValue().shape().rank() == 2 && !name.startsWith("emb");
            if (!linear) {
                graph.tensor(5, name, entry.getValue());
                continue;
            }
            String module = name.substring(0, name.length() - ".weight".length());
            String stored = "onnx::MatMul_" + number++;
            graph.tensor(5, stored, transposed(entry.getValue()));
            graph.node("MatMul", "/" + module.replace('.', '/') + "/MatMul", module + "/product", "x", stored);
            graph.node("Add", "", module + "/sum", module + ".bias", module + "/product");
        }
        String layer = "encoder.layer.0.";
        graph.constantLong("heads", 2)
                .constantLong("headSize", 4)
                .node("Concat", "", "sizes", "batch", "length", "heads", "headSize")
                .node("Reshape", "", "split", layer + "attention.self.key/sum", "sizes")
                .constantFloat("root2", 1.4142135f)
                .node("Div", "", "scaled", layer + "intermediate.dense/sum", "root2")
                .node("Erf", "", "erf", "scaled")
                .constantFloat("eps", 1e-12f)
                .node("Add", "", "v", "variance", "eps")
                .node("Sqrt", "", "sd", "v");
        return graph;
    }

    private static Tensor transposed(Tensor tensor) {
        int rows = (int) tensor.shape().size(0);
        int columns = (int) tensor.shape().size(1);
        float[] values = Tensors.values(tensor);
        float[] flipped = new float[values.length];
        for (int i = 0; i < values.length; i++) {
            flipped[(i % columns) * rows + i / columns] = values[i];
        }
        return Tensors.floats(Shape.of(columns, rows), flipped);
    }

    private static byte[] model(Consumer<OnnxFile> graph) {
        return OnnxFile.message(model -> model.integer(1, 6).text(2, "pytorch").nested(7, graph))
                .toByteArray();
    }

    private void assertRefused(byte[] bytes, String problem) throws IOException {
        Path file = write(bytes);
        assertThatThrownBy(() -> ModelFiles.openFolder(folder))
                .isInstanceOf(WeightFormatException.class)
                .hasMessageStartingWith(file.toString())
                .hasMessageContaining(problem);
    }

    private Path write(byte[] bytes) throws IOException {
        return Files.write(folder.resolve("model.onnx"), bytes);
    }
}
