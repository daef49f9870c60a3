package org.infoprompt.peft;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SequencedMap;
import java.util.function.Consumer;
import org.infoprompt.io.InputException;
import org.infoprompt.ops.Backends;
import org.infoprompt.session.LoadedBackbone;
import org.infoprompt.tensor.DType;
import org.infoprompt.tensor.Shape;
import org.infoprompt.tensor.Tensor;
import org.infoprompt.weights.ModelFiles;
import org.infoprompt.weights.SafetensorsFile;
import org.infoprompt.weights.SafetensorsWriter;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** Adapters that cannot be used: one line that names the file, the place and the remedy. */
class BadAdapterTest {
    private static final JsonMapper MAPPER = new JsonMapper();

    @TempDir
    Path work;

    private static @Nullable LoadedBackbone bert;

    @BeforeAll
    static void open() throws IOException {
        bert = PeftFixtures.backbone("bert", Backends.active());
    }

    @AfterAll
    static void close() {
        backbone().close();
    }

    private static LoadedBackbone backbone() {
        return Objects.requireNonNull(bert);
    }

    private Path copy(String kind) throws IOException {
        return PeftFixtures.copy(PeftFixtures.adapter("bert", kind), work.resolve(kind));
    }

    private static void edit(Path adapter, Consumer<ObjectNode> change) throws IOException {
        Path file = adapter.resolve(AdapterConfig.FILE);
        ObjectNode root = (ObjectNode) MAPPER.readTree(file.toFile());
        change.accept(root);
        Files.writeString(file, MAPPER.writeValueAsString(root));
    }

    /** Writes the adapter's tensors anew, after a change. */
    private static void editTensors(Path adapter, Consumer<SequencedMap<String, Tensor>> change) throws IOException {
        Path file = adapter.resolve(AdapterFiles.WEIGHTS);
        try (SafetensorsFile opened = SafetensorsFile.open(file);
                Arena arena = Arena.ofConfined()) {
            SequencedMap<String, Tensor> tensors = new LinkedHashMap<>();
            for (String name : opened.tensorNames()) {
                Tensor tensor = opened.tensor(name);
                MemorySegment bytes = arena.allocate(tensor.byteSize(), 64).copyFrom(tensor.segment());
                tensors.put(name, new Tensor(bytes, tensor.dtype(), tensor.shape()));
            }
            change.accept(tensors);
            SafetensorsWriter.write(file, Map.of("format", "pt"), tensors);
        }
    }

    private static Tensor zeros(long... sizes) {
        Shape shape = Shape.of(sizes);
        return new Tensor(Arena.ofAuto().allocate(shape.numElements() * 4, 64), DType.F32, shape);
    }

    private static String refused(Path adapter) {
        return refused(adapter, backbone(), PeftOptions.defaults());
    }

    /** Returns the one line that says why an adapter cannot be loaded. */
    private static String refused(Path adapter, LoadedBackbone over, PeftOptions options) {
        try (PeftAdapter loaded = PeftAdapter.load(adapter, over, options)) {
            throw new AssertionError("was loaded as " + loaded.type());
        } catch (InputException e) {
            String line = String.valueOf(e.getMessage());
            assertThat(line).doesNotContain("\n").contains("; ");
            return line;
        } catch (IOException e) {
            throw new AssertionError("has no message of its own", e);
        }
    }

    @Test
    void intactCopyLoads() throws IOException {
        try (PeftAdapter loaded = PeftAdapter.load(copy("lora"), backbone())) {
            assertThat(loaded.type()).isEqualTo(PeftType.LORA);
        }
    }

    @Test
    void noFolderNoConfiguration() throws IOException {
        assertThat(refused(work.resolve("none"))).contains("none: no such folder");
        assertThat(refused(work)).contains("has no adapter_config.json");
        Path adapter = copy("lora");
        Files.writeString(adapter.resolve(AdapterConfig.FILE), "{\"peft_type\": ");
        assertThat(refused(adapter)).contains("adapter_config.json", "line 1", "is not valid JSON");
        Files.writeString(adapter.resolve(AdapterConfig.FILE), "[]");
        assertThat(refused(adapter)).contains("is not a JSON object");
        Files.writeString(adapter.resolve(AdapterConfig.FILE), "{\"peft_type\": \"LORA\", \"peft_type\": \"IA3\"}");
        assertThat(refused(adapter)).contains("is not valid JSON", "peft_type");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            nullValues = "null",
            value = {
                "peft_type | ADALORA | key peft_type: ADALORA is not supported; supported are PROMPT_TUNING, P_TUNING",
                "peft_type | null | key peft_type: is missing; supported are",
                "task_type | TOKEN_CLS | key task_type: TOKEN_CLS is not supported, only SEQ_CLS is",
                "task_type | null | key task_type: is null or missing, so the adapter has no class head",
                "bias | all | key bias: is all, only none is supported",
                "base_model_name_or_path | bert-base-uncased | is bert-base-uncased, the backbone is bert",
            })
    void configurationOfAnotherKind(String key, @Nullable String value, String said) throws IOException {
        Path adapter = copy("lora");
        edit(adapter, root -> root.put(key, value));
        assertThat(refused(adapter)).contains("adapter_config.json", said);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "use_dora | true",
                "lora_bias | true",
                "fan_in_fan_out | true",
                "layer_replication | [[0, 1]]",
                "trainable_token_indices | [3]",
                "target_parameters | [\"x\"]",
            })
    void switchThatWouldChangeTheResult(String key, String json) throws IOException {
        Path adapter = copy("lora");
        edit(adapter, root -> root.set(key, MAPPER.readTree(json)));
        assertThat(refused(adapter)).contains("key " + key + ": is", "not supported", "merge_and_unload");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "token_dim | 64 | is 64, the backbone bert has hidden size 32",
                "num_layers | 12 | is 12, the backbone bert has number of layers 3",
                "num_attention_heads | 12 | is 12, the backbone bert has number of attention heads 4",
                "num_transformer_submodules | 2 | is 2, an encoder has 1",
                "num_virtual_tokens | 9 | tensor prompt_embeddings: has shape [4, 32], not [9, 32]",
                "num_virtual_tokens | 0 | 0 is not a positive integer",
                "num_virtual_tokens | 62 | leaves no room for text among 64 positions",
            })
    void sizesOfAnotherBackbone(String key, int value, String said) throws IOException {
        Path adapter = copy("prompt-tuning");
        edit(adapter, root -> root.put(key, value));
        assertThat(refused(adapter)).contains(said);
    }

    @Test
    void baseUnderAnotherNameIsAcceptedOnRequest() throws IOException {
        Path adapter = copy("ia3");
        edit(adapter, root -> root.put("base_model_name_or_path", "hub/other"));
        assertThat(refused(adapter)).contains("is hub/other, the backbone is bert", "--any-base");
        try (PeftAdapter loaded =
                PeftAdapter.load(adapter, backbone(), PeftOptions.defaults().withAnyBase())) {
            assertThat(loaded.type()).isEqualTo(PeftType.IA3);
        }
    }

    @Test
    void adapterOfAnotherFamily() throws IOException {
        try (LoadedBackbone roberta = PeftFixtures.backbone("roberta", Backends.active())) {
            assertThat(refused(
                            copy("prompt-tuning"),
                            roberta,
                            PeftOptions.defaults().withAnyBase()))
                    .contains("tensor classifier.out_proj.weight: is missing");
        }
    }

    @Test
    void weightsOfAnotherSize() throws IOException {
        Path lora = copy("lora");
        editTensors(
                lora,
                t -> t.put("base_model.model.bert.encoder.layer.0.attention.self.query.lora_A.weight", zeros(4, 48)));
        assertThat(refused(lora)).contains("query.lora_A.weight", "[4, 48]", "do not fit the weight [32, 32]");
        Path ia3 = copy("ia3");
        editTensors(ia3, t -> t.put("base_model.model.bert.encoder.layer.2.output.dense.ia3_l", zeros(1, 3)));
        assertThat(refused(ia3)).contains("layer.2.output.dense.ia3_l", "[1, 3]", "does not fit the weight [32, 64]");
        Path prefix = copy("prefix-tuning");
        editTensors(prefix, t -> t.put("prompt_embeddings", zeros(5, 4 * 32)));
        assertThat(refused(prefix)).contains("tensor prompt_embeddings: has shape [5, 128], not [5, 192]");
        Path deeper = work.resolve("deeper");
        PeftFixtures.copy(PeftFixtures.adapter("bert", "lora"), deeper);
        editTensors(deeper, t -> {
            t.put("base_model.model.bert.encoder.layer.3.attention.self.query.lora_A.weight", zeros(4, 32));
            t.put("base_model.model.bert.encoder.layer.3.attention.self.query.lora_B.weight", zeros(32, 4));
        });
        assertThat(refused(deeper)).contains("changes bert.encoder.layer.3.attention.self.query", "does not have");
    }

    @Test
    void rankOfAnotherConfiguration() throws IOException {
        Path adapter = copy("lora");
        edit(adapter, root -> root.put("r", 8));
        assertThat(refused(adapter)).contains("key r: gives bert.encoder.layer.0", "rank 8, its matrices have 4");
        edit(adapter, root -> {
            root.put("r", 4);
            root.putObject("alpha_pattern").put("que(ry", 3);
        });
        assertThat(refused(adapter)).contains("key alpha_pattern.que(ry: is no regular expression");
    }

    @Test
    void partOfAnAdapterThatIsNotSupported() throws IOException {
        Path adapter = copy("lora");
        editTensors(
                adapter,
                t -> t.put(
                        "base_model.model.bert.encoder.layer.0.attention.self.query.lora_magnitude_vector", zeros(32)));
        assertThat(refused(adapter)).contains("lora_magnitude_vector", "not supported");
    }

    @Test
    void missingHead() throws IOException {
        Path adapter = copy("prompt-tuning");
        editTensors(adapter, t -> t.remove("base_model.classifier.weight"));
        assertThat(refused(adapter)).contains("tensor classifier.weight: is missing", "task_type SEQ_CLS");
        Path bias = work.resolve("bias");
        PeftFixtures.copy(PeftFixtures.adapter("bert", "prompt-tuning"), bias);
        editTensors(bias, t -> t.remove("base_model.classifier.bias"));
        assertThat(refused(bias)).contains("tensor classifier.bias: is missing");
    }

    @Test
    void otherNumberOfClasses() throws IOException {
        Path regression = copy("prompt-tuning");
        editTensors(regression, t -> {
            t.put("base_model.classifier.weight", zeros(1, 32));
            t.put("base_model.classifier.bias", zeros(1));
        });
        assertThat(refused(regression)).contains("classifier.weight", "at least two classes");
        Path uneven = copy("p-tuning");
        editTensors(uneven, t -> t.put("base_model.classifier.bias", zeros(4)));
        assertThat(refused(uneven)).contains("classifier.bias", "has shape [4], not [3]");
        Path labels = copy("ia3");
        assertThat(refused(labels, backbone(), PeftOptions.defaults().withLabels(List.of("a", "b"))))
                .contains("is of a classifier of 3 classes, 2 labels were given");
        edit(labels, root -> root.putObject("id2label").put("0", "bad").put("1", "good"));
        assertThat(refused(labels)).contains("key id2label: names 2 classes, the adapter's classifier has 3");
        edit(
                labels,
                root -> root.putObject("id2label")
                        .put("0", "bad")
                        .put("1", "good")
                        .put("2", "bad"));
        assertThat(refused(labels)).contains("gives two classes the same name");
    }

    @Test
    void labelsOfTheBaseModel() throws IOException {
        Path model = work.resolve("bert");
        Files.createDirectories(model);
        for (String name : List.of("model.safetensors", "vocab.txt", "tokenizer_config.json")) {
            Files.copy(PeftFixtures.folder("encoder/bert").resolve(name), model.resolve(name));
        }
        ObjectNode config = (ObjectNode)
                MAPPER.readTree(PeftFixtures.folder("encoder/bert/config.json").toFile());
        config.putObject("id2label").put("0", "entailment").put("1", "neutral").put("2", "contradiction");
        Files.writeString(model.resolve("config.json"), MAPPER.writeValueAsString(config));
        try (LoadedBackbone named =
                        LoadedBackbone.load(model.toString(), ModelFiles.openFolder(model), Backends.active(), false);
                PeftAdapter loaded = PeftAdapter.load(copy("lora"), named)) {
            assertThat(loaded.labels()).containsExactly("entailment", "neutral", "contradiction");
        }
        config.putObject("id2label").put("0", "no").put("1", "yes");
        Files.writeString(model.resolve("config.json"), MAPPER.writeValueAsString(config));
        try (LoadedBackbone named =
                LoadedBackbone.load(model.toString(), ModelFiles.openFolder(model), Backends.active(), false)) {
            assertThat(refused(work.resolve("lora"), named, PeftOptions.defaults()))
                    .contains("config.json, key id2label: names 2 classes, the adapter's classifier has 3");
        }
    }

    @Test
    void pickleIsNeverOpened() throws IOException {
        Path trace = work.resolve("executed");
        byte[] pickle = ("cos\nsystem\n(S'touch " + trace + "'\ntR.").getBytes(StandardCharsets.UTF_8);
        Path adapter = copy("lora");
        Files.write(adapter.resolve(AdapterFiles.PICKLE), pickle);
        Files.delete(adapter.resolve(AdapterFiles.WEIGHTS));
        assertThat(refused(adapter)).contains("adapter_model.bin: is a pickle", "save_pretrained");
        Files.write(adapter.resolve(AdapterFiles.WEIGHTS), pickle);
        assertThat(refused(adapter)).contains("adapter_model.safetensors", "not a safetensors file");
        Files.write(adapter.resolve(AdapterFiles.WEIGHTS), new byte[] {'P', 'K', 3, 4, 0, 0, 0, 0, 0, 0});
        assertThat(refused(adapter)).contains("adapter_model.safetensors", "a PyTorch pickle");
        Files.delete(adapter.resolve(AdapterFiles.WEIGHTS));
        Files.delete(adapter.resolve(AdapterFiles.PICKLE));
        assertThat(refused(adapter)).contains("adapter_model.safetensors: no such file");
        assertThat(trace).doesNotExist();
    }

    @Test
    void damagedWeights() throws IOException {
        Path adapter = copy("ia3");
        Path file = adapter.resolve(AdapterFiles.WEIGHTS);
        byte[] bytes = Files.readAllBytes(file);
        Files.write(file, Arrays.copyOf(bytes, bytes.length - 4));
        assertThat(refused(adapter)).contains("adapter_model.safetensors");
        Files.write(file, Arrays.copyOf(bytes, 100));
        assertThat(refused(adapter)).contains("adapter_model.safetensors", "truncated");
        byte[] lying = bytes.clone();
        lying[7] = 1;
        Files.write(file, lying);
        assertThat(refused(adapter)).contains("adapter_model.safetensors", "claims a header");
        Files.write(file, bytes);
        editTensors(
                adapter,
                t -> Objects.requireNonNull(t.get("base_model.model.classifier.bias"))
                        .segment()
                        .set(ValueLayout.JAVA_FLOAT, 0, Float.NaN));
        assertThat(refused(adapter)).contains("classifier.bias", "NaN", "must be finite");
    }

    @Test
    void unknownTensorsAreNamedInOneWarning() throws IOException {
        Path adapter = copy("prompt-tuning");
        editTensors(adapter, t -> {
            for (int i = 0; i < 5; i++) {
                t.put("extra." + i, zeros(2));
            }
        });
        List<String> warnings = new ArrayList<>();
        try (AdaptedEncoder loaded =
                AdaptedEncoder.load(adapter, backbone().files(), backbone().weights(), null, warnings)) {
            assertThat(loaded.numVirtualTokens()).isEqualTo(4);
            assertThat(warnings).hasSize(1);
            assertThat(warnings.getFirst())
                    .contains("adapter_model.safetensors: ignores extra.0, extra.1, extra.2 and 2 more tensors");
        }
    }

    @Test
    void configurationOfTheFewestKeysLoads() throws IOException {
        Path adapter = copy("prompt-tuning");
        Files.writeString(
                adapter.resolve(AdapterConfig.FILE),
                "{\"peft_type\": \"PROMPT_TUNING\", \"task_type\": \"SEQ_CLS\", \"num_virtual_tokens\": 4}");
        try (PeftAdapter loaded = PeftAdapter.load(adapter, backbone())) {
            assertThat(loaded.labels()).containsExactly("LABEL_0", "LABEL_1", "LABEL_2");
            assertThat(loaded.numVirtualTokens()).isEqualTo(4);
        }
    }

    @Test
    void taskOfAnAdapterWithoutTasks() {
        assertThat(refused(
                        PeftFixtures.adapter("bert", "p-tuning"),
                        backbone(),
                        PeftOptions.defaults().withTask(0)))
                .contains("is an adapter of one task");
        assertThat(refused(
                        PeftFixtures.adapter("bert", "multitask-prompt-tuning"),
                        backbone(),
                        PeftOptions.defaults().withTask(3)))
                .contains("num_tasks: is 3, task 3 was asked for; choose 0 to 2");
    }
}
