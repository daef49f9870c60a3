package org.infoprompt.bench.gpu;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Random;
import java.util.SequencedMap;
import org.infoprompt.tensor.DType;
import org.infoprompt.tensor.Shape;
import org.infoprompt.tensor.Tensor;
import org.infoprompt.weights.SafetensorsWriter;

/** A BERT of any size with random weights, as a Hugging Face folder: its arithmetic is a trained one's, and nothing is fetched. */
final class RandomModel {
    private static final int POSITIONS = 512;

    private final Sizes sizes;
    private final Random random = new Random(7);
    private final SequencedMap<String, Tensor> tensors = new LinkedHashMap<>();
    private final Arena arena;

    private RandomModel(Sizes sizes, Arena arena) {
        this.sizes = sizes;
        this.arena = arena;
    }

    static void write(Sizes sizes, Path folder) throws IOException {
        Files.createDirectories(folder);
        int d = sizes.hidden();
        Files.writeString(folder.resolve("config.json"), """
                {"architectures": ["BertModel"], "model_type": "bert", "hidden_act": "gelu", "hidden_size": %d,
                 "intermediate_size": %d, "num_hidden_layers": %d, "num_attention_heads": %d, "vocab_size": %d,
                 "max_position_embeddings": %d, "type_vocab_size": 2, "layer_norm_eps": 1e-12, "pad_token_id": 0,
                 "hidden_dropout_prob": 0.0, "attention_probs_dropout_prob": 0.0}
                """.formatted(
                        d, 4 * d, sizes.layers(), sizes.heads(), sizes.vocabulary(), POSITIONS));
        try (Arena arena = Arena.ofConfined()) {
            RandomModel model = new RandomModel(sizes, arena);
            model.fill();
            SafetensorsWriter.write(folder.resolve("model.safetensors"), Map.of("format", "pt"), model.tensors);
        }
    }

    private void fill() {
        int d = sizes.hidden();
        weight("embeddings.word_embeddings.weight", sizes.vocabulary(), d, 0.05);
        weight("embeddings.position_embeddings.weight", POSITIONS, d, 0.05);
        weight("embeddings.token_type_embeddings.weight", 2, d, 0.05);
        norm("embeddings.LayerNorm");
        for (int l = 0; l < sizes.layers(); l++) {
            String layer = "encoder.layer." + l + ".";
            for (String part : new String[] {"query", "key", "value"}) {
                linear(layer + "attention.self." + part, d, d);
            }
            linear(layer + "attention.output.dense", d, d);
            norm(layer + "attention.output.LayerNorm");
            linear(layer + "intermediate.dense", 4 * d, d);
            linear(layer + "output.dense", d, 4 * d);
            norm(layer + "output.LayerNorm");
        }
    }

    private void linear(String name, int out, int in) {
        weight(name + ".weight", out, in, 1 / Math.sqrt(in));
        vector(name + ".bias", out, 0, 0.02);
    }

    private void norm(String name) {
        vector(name + ".weight", sizes.hidden(), 1, 0.02);
        vector(name + ".bias", sizes.hidden(), 0, 0.02);
    }

    private void weight(String name, int rows, int columns, double scale) {
        tensors.put(name, new Tensor(normals((long) rows * columns, 0, scale), DType.F32, Shape.of(rows, columns)));
    }

    private void vector(String name, int n, double mean, double scale) {
        tensors.put(name, new Tensor(normals(n, mean, scale), DType.F32, Shape.of(n)));
    }

    private MemorySegment normals(long n, double mean, double scale) {
        MemorySegment segment = arena.allocate(n * Float.BYTES, 64);
        for (long i = 0; i < n; i++) {
            segment.setAtIndex(ValueLayout.JAVA_FLOAT, i, (float) (mean + scale * random.nextGaussian()));
        }
        return segment;
    }
}
