package org.infoprompt.weights;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.SequencedMap;
import java.util.TreeSet;
import org.infoprompt.tensor.DType;
import org.infoprompt.tensor.Shape;
import org.infoprompt.tensor.Tensor;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ModelFilesTest {
    private static final String BERT_JSON = """
            {"model_type": "bert", "vocab_size": 11, "hidden_size": 8, "num_hidden_layers": 2, "num_attention_heads": 2,
             "intermediate_size": 12, "max_position_embeddings": 6, "type_vocab_size": 2, "layer_norm_eps": 1e-12,
             "hidden_act": "gelu", "pad_token_id": 0}""";

    @TempDir
    Path folder;

    @Test
    void opensAFolderAndKeepsItsNumbers() throws Exception {
        SequencedMap<String, Tensor> tensors = Tensors.encoder(Tensors.tinyBert(), 3);
        save(BERT_JSON, tensors);
        try (ModelFiles model = ModelFiles.openFolder(folder)) {
            assertThat(model.identity()).isEqualTo(folder.getFileName().toString());
            assertThat(model.config()).isEqualTo(Tensors.tinyBert());
            assertThat(model.tokenizerFolder()).isEqualTo(folder);
            byte[] file = Files.readAllBytes(folder.resolve("model.safetensors"));
            assertThat(model.sha256())
                    .isEqualTo(HexFormat.of()
                            .formatHex(MessageDigest.getInstance("SHA-256").digest(file)));
            for (Map.Entry<String, Tensor> entry : tensors.entrySet()) {
                assertThat(Tensors.values(model.weights().tensor(entry.getKey())))
                        .containsExactly(Tensors.values(entry.getValue()));
            }
        }
    }

    @Test
    void readsShardsAndOldNames() throws IOException {
        SequencedMap<String, Tensor> tensors = Tensors.encoder(Tensors.tinyBert(), 4);
        SequencedMap<String, Tensor> first = new LinkedHashMap<>();
        SequencedMap<String, Tensor> second = new LinkedHashMap<>();
        StringBuilder map = new StringBuilder();
        tensors.forEach((name, tensor) -> {
            String old = "bert."
                    + name.replace("LayerNorm.weight", "LayerNorm.gamma").replace("LayerNorm.bias", "LayerNorm.beta");
            boolean early = name.contains("embeddings");
            (early ? first : second).put(old, tensor);
            map.append(map.isEmpty() ? "" : ",")
                    .append('"')
                    .append(old)
                    .append("\":\"")
                    .append(early ? "a" : "b")
                    .append(".safetensors\"");
        });
        SafetensorsWriter.write(folder.resolve("a.safetensors"), Map.of(), first);
        SafetensorsWriter.write(folder.resolve("b.safetensors"), Map.of(), second);
        Files.writeString(folder.resolve("config.json"), BERT_JSON);
        Path index = folder.resolve("model.safetensors.index.json");
        Files.writeString(index, "{\"weight_map\":{" + map + "}}");
        try (ModelFiles model = ModelFiles.openFolder(folder)) {
            assertThat(model.weights().tensorNames()).containsExactlyElementsOf(new TreeSet<>(tensors.keySet()));
            assertThat(Tensors.values(model.weights().tensor("encoder.layer.1.output.LayerNorm.bias")))
                    .containsExactly(Tensors.values(
                            Objects.requireNonNull(tensors.get("encoder.layer.1.output.LayerNorm.bias"))));
        }
        Files.writeString(index, "{\"weight_map\":{\"x\":\"../a.safetensors\"}}");
        assertRefused("tensor x", "plain name");
        Files.writeString(index, "{\"weight_map\":{\"x\":\"a.safetensors\"}}");
        assertRefused("tensor x", "not in its shard");
        Files.writeString(index, "{\"weight_map\":{\"x\":\"c.safetensors\"}}");
        assertRefused("c.safetensors", "no such file");
        Files.writeString(index, "[]");
        assertRefused("index.json", "not a JSON object");
    }

    @ParameterizedTest
    @CsvSource({
        "transformer.layer.3.attention.q_lin.weight, encoder.layer.3.attention.self.query.weight",
        "distilbert.transformer.layer.3.attention.out_lin.bias, encoder.layer.3.attention.output.dense.bias",
        "transformer.layer.0.sa_layer_norm.weight, encoder.layer.0.attention.output.LayerNorm.weight",
        "transformer.layer.0.ffn.lin1.weight, encoder.layer.0.intermediate.dense.weight",
        "transformer.layer.0.ffn.lin2.weight, encoder.layer.0.output.dense.weight",
        "transformer.layer.0.output_layer_norm.bias, encoder.layer.0.output.LayerNorm.bias",
        "roberta.embeddings.LayerNorm.gamma, embeddings.LayerNorm.weight",
        "bert.encoder.layer.11.output.LayerNorm.beta, encoder.layer.11.output.LayerNorm.bias",
        "bert.pooler.dense.weight, bert.pooler.dense.weight",
        "cls.predictions.bias, cls.predictions.bias",
        "lm_head.layer_norm.weight, cls.predictions.transform.LayerNorm.weight",
    })
    void bringsNamesIntoOneForm(String original, String canonical) {
        assertThat(CanonicalNames.of(original)).isEqualTo(canonical);
    }

    @Test
    void convertsHalfAndDoublePrecisionOnce() throws IOException {
        short[] half = {Float.floatToFloat16(1.5f), Float.floatToFloat16(-0.25f)};
        short[] brain = {(short) (Float.floatToIntBits(1.5f) >>> 16), (short) (Float.floatToIntBits(-0.25f) >>> 16)};
        SequencedMap<String, Tensor> tensors = new LinkedHashMap<>();
        tensors.put("f16", shorts(half, DType.F16));
        tensors.put("bf16", shorts(brain, DType.BF16));
        MemorySegment doubles = Arena.ofAuto().allocate(16, 8);
        MemorySegment.copy(new double[] {1.5, -0.25}, 0, doubles, ValueLayout.JAVA_DOUBLE, 0, 2);
        tensors.put("f64", new Tensor(doubles, DType.F64, Shape.of(2)));
        Path file = folder.resolve("m.safetensors");
        SafetensorsWriter.write(file, Map.of(), tensors);
        try (TensorSource weights = CanonicalWeights.of(SafetensorsFile.open(file))) {
            for (String name : tensors.keySet()) {
                Tensor tensor = weights.tensor(name);
                assertThat(tensor.dtype()).isEqualTo(DType.F32);
                assertThat(Tensors.values(tensor)).containsExactly(1.5f, -0.25f);
                assertThat(weights.tensor(name).segment().address())
                        .isEqualTo(tensor.segment().address());
            }
        }
    }

    @Test
    void namesTheTensorThatIsMissingMisshapenOrNotFinite() throws IOException {
        SequencedMap<String, Tensor> tensors = Tensors.encoder(Tensors.tinyBert(), 5);
        String name = "encoder.layer.1.intermediate.dense.bias";
        Tensor good = Objects.requireNonNull(tensors.get(name));

        tensors.remove(name);
        save(BERT_JSON, tensors);
        assertRefused("model.safetensors, tensor " + name, "missing, expected with shape [12]");

        tensors.put(name, Tensors.floats(Shape.of(1), 1f));
        save(BERT_JSON, tensors);
        assertRefused("model.safetensors, tensor " + name, "expected shape [12], found [1]");

        float[] values = Tensors.values(good);
        values[7] = Float.NaN;
        tensors.put(name, Tensors.floats(Shape.of(12), values));
        save(BERT_JSON, tensors);
        assertRefused("model.safetensors, tensor " + name, "element 7 is NaN");

        values[7] = Float.NEGATIVE_INFINITY;
        tensors.put(name, Tensors.floats(Shape.of(12), values));
        save(BERT_JSON, tensors);
        assertRefused("model.safetensors, tensor " + name, "element 7 is -Infinity");

        tensors.put(name, good);
        save(BERT_JSON.replace("\"num_hidden_layers\": 2", "\"num_hidden_layers\": 1"), tensors);
        assertRefused("model.safetensors, tensor encoder.layer.1.output.dense.weight", "a layer more than the 1");
    }

    @Test
    void findsTheOneBadNumberWhereverItIs() {
        for (int bad : new int[] {0, 4095, 4096, 9999}) {
            float[] values = new float[10_000];
            values[bad] = Float.POSITIVE_INFINITY;
            assertThat(FiniteCheck.firstNotFinite(MemorySegment.ofArray(values)))
                    .isEqualTo(bad);
            values[bad] = -Float.MAX_VALUE;
            assertThat(FiniteCheck.firstNotFinite(MemorySegment.ofArray(values)))
                    .isEqualTo(-1);
        }
    }

    @Test
    void namesWhatAFolderLacks() throws IOException {
        assertRefused("config.json", "no such file");
        Files.writeString(folder.resolve("config.json"), BERT_JSON);
        assertRefused(folder.toString(), "neither model.safetensors nor");
        Files.write(folder.resolve("pytorch_model.bin"), new byte[] {(byte) 0x80, 2});
        assertRefused("pytorch_model.bin", "pickle");
        assertThatThrownBy(() -> ModelFiles.openFolder(folder.resolve("none")))
                .isInstanceOf(WeightFormatException.class)
                .hasMessageContaining("no such folder");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '~',
            value = {
                "\"model_type\": \"bert\"     | \"model_type\": \"gpt2\"     | model_type \"gpt2\" is not supported",
                "\"vocab_size\": 11         | \"vocab\": 11              | has no vocab_size",
                "\"vocab_size\": 11         | \"vocab_size\": \"many\"     | is not an integer",
                "\"vocab_size\": 11         | \"vocab_size\": 4294967297 | is not an integer",
                "\"num_attention_heads\": 2 | \"num_attention_heads\": 3 | not a multiple of numHeads 3",
                "\"hidden_act\": \"gelu\"     | \"hidden_act\": \"silu\"     | hidden_act \"silu\" is not supported",
                "\"layer_norm_eps\": 1e-12  | \"layer_norm_eps\": 0      | layerNormEps 0.0 must be in (0, 1)",
                "\"layer_norm_eps\": 1e-12  | \"layer_norm_eps\": \"a\"    | is not a number",
                "\"pad_token_id\": 0        | \"pad_token_id\": 11       | padTokenId 11 must be in [0, 11)",
                "\"pad_token_id\": 0        | \"position_embedding_type\": \"relative_key\" | only absolute is supported",
                "\"pad_token_id\": 0        | \"is_decoder\": true       | is_decoder is true",
                "\"pad_token_id\": 0        | \"pad_token_id\":          | not valid JSON",
            })
    void refusesAConfigurationItCannotServe(String part, String other, String problem) throws IOException {
        assertThat(BERT_JSON).contains(part);
        Path config = Files.writeString(folder.resolve("config.json"), BERT_JSON.replace(part, other));
        assertThatThrownBy(() -> EncoderConfig.fromJson(config))
                .isInstanceOf(WeightFormatException.class)
                .hasMessageStartingWith(config.toString())
                .hasMessageContaining(problem);
    }

    @Test
    void robertaPositionsStartAfterThePadding() throws IOException {
        Path config = Files.writeString(
                folder.resolve("config.json"),
                BERT_JSON
                        .replace("\"bert\"", "\"roberta\"")
                        .replace("\"pad_token_id\": 0", "\"pad_token_id\": 1")
                        .replace("\"gelu\"", "\"gelu_new\""));
        EncoderConfig read = EncoderConfig.fromJson(config);
        assertThat(read.positionOffset()).isEqualTo(2);
        assertThat(read.maxPositions()).isEqualTo(4);
        assertThat(read.positionRows()).isEqualTo(6);
        assertThat(read.activation()).isEqualTo(EncoderConfig.Activation.GELU_TANH);
    }

    private static Tensor shorts(short[] values, DType dtype) {
        MemorySegment segment = Arena.ofAuto().allocate(2L * values.length, 2);
        MemorySegment.copy(values, 0, segment, ValueLayout.JAVA_SHORT, 0, values.length);
        return new Tensor(segment, dtype, Shape.of(values.length));
    }

    private void save(String config, SequencedMap<String, Tensor> tensors) throws IOException {
        Files.writeString(folder.resolve("config.json"), config);
        SafetensorsWriter.write(folder.resolve("model.safetensors"), Map.of("format", "pt"), tensors);
    }

    private void assertRefused(String place, String problem) {
        assertThatThrownBy(() -> ModelFiles.openFolder(folder))
                .isInstanceOf(org.infoprompt.io.InputException.class)
                .hasMessageContaining(place)
                .hasMessageContaining(problem);
    }
}
