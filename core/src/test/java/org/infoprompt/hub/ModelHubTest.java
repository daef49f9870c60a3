package org.infoprompt.hub;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.InputStream;
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
import java.util.Random;
import java.util.SequencedMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.infoprompt.io.InputException;
import org.infoprompt.tensor.DType;
import org.infoprompt.tensor.Tensor;
import org.infoprompt.weights.EncoderConfig;
import org.infoprompt.weights.EncoderTensors;
import org.infoprompt.weights.ModelFiles;
import org.infoprompt.weights.SafetensorsWriter;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ModelHubTest {
    private static final String COORDINATES = "org.example:tiny-bert:1.0";
    private static final String CONFIG_JSON = """
            {"model_type": "bert", "vocab_size": 5, "hidden_size": 4, "num_hidden_layers": 1, "num_attention_heads": 2,
             "intermediate_size": 6, "max_position_embeddings": 3, "type_vocab_size": 2, "hidden_act": "gelu"}""";

    @TempDir
    Path folder;

    private Path modelFolder = Path.of("");
    private Path cache = Path.of("");
    private ResolverConfig config = new ResolverConfig(null, null, null, true, Map.of());
    private FakeRepository repository = new FakeRepository(Path.of(""));

    @BeforeEach
    void makeModel() throws IOException {
        modelFolder = Files.createDirectories(folder.resolve("model"));
        cache = folder.resolve("cache");
        repository = new FakeRepository(folder.resolve("remote"));
        config = repository.settings(folder);
        Files.writeString(modelFolder.resolve("config.json"), CONFIG_JSON);
        Files.writeString(modelFolder.resolve("vocab.txt"), "[PAD]\n[UNK]\n[CLS]\n[SEP]\na\n");
        EncoderConfig encoder = EncoderConfig.fromJson(modelFolder.resolve("config.json"));
        SequencedMap<String, Tensor> tensors = new LinkedHashMap<>();
        Random random = new Random(1);
        EncoderTensors.expected(encoder).forEach((name, shape) -> {
            MemorySegment segment = Arena.ofAuto().allocate(4 * shape.numElements(), 4);
            for (long i = 0; i < shape.numElements(); i++) {
                segment.setAtIndex(ValueLayout.JAVA_FLOAT, i, random.nextFloat());
            }
            tensors.put(name, new Tensor(segment, DType.F32, shape));
        });
        SafetensorsWriter.write(modelFolder.resolve("model.safetensors"), Map.of(), tensors);
    }

    @Test
    void opensAFolderWithoutMaven() throws IOException {
        try (ModelHub hub = new ModelHub(config, cache);
                ModelFiles model = hub.open(modelFolder.toString(), ProgressListener.none())) {
            assertThat(model.identity()).isEqualTo("model");
            assertThat(model.tokenizerFolder()).isEqualTo(modelFolder);
        }
        assertThat(folder.resolve("local")).doesNotExist();
    }

    @Test
    void unpacksAnArtifactOnceAndThenNeedsNoNetwork() throws IOException {
        Path jar = repository.publish(COORDINATES, FakeRepository.zip(modelEntries()));
        List<String> heard = new ArrayList<>();
        String sha256;
        try (ModelHub hub = new ModelHub(config, cache);
                ModelFiles model = hub.open(COORDINATES, (resource, done, total) -> heard.add(resource))) {
            assertThat(model.identity()).isEqualTo(COORDINATES);
            assertThat(model.tokenizerFolder().resolve("vocab.txt"))
                    .hasSameBinaryContentAs(modelFolder.resolve("vocab.txt"));
            sha256 = model.sha256();
        }
        try (ModelFiles direct = ModelFiles.openFolder(modelFolder)) {
            assertThat(direct.sha256()).isEqualTo(sha256);
        }
        assertThat(heard).contains("tiny-bert-1.0.jar", "model.safetensors");
        heard.clear();
        Files.delete(jar);
        try (ModelHub hub = new ModelHub(offline(), cache);
                ModelFiles model = hub.open(COORDINATES, (resource, done, total) -> heard.add(resource))) {
            assertThat(model.sha256()).isEqualTo(sha256);
        }
        ResolverConfig empty = new ResolverConfig(config.userSettings(), null, folder.resolve("empty"), true, Map.of());
        try (ModelHub hub = new ModelHub(empty, cache);
                ModelFiles model = hub.open(COORDINATES, ProgressListener.none())) {
            assertThat(model.sha256()).isEqualTo(sha256);
        }
        assertThat(heard).isEmpty();
        assertThat(folder.resolve("empty")).doesNotExist();
    }

    @Test
    void unpacksAgainWhatIsMissingOrChanged() throws IOException {
        repository.publish(COORDINATES, FakeRepository.zip(modelEntries()));
        try (ModelHub hub = new ModelHub(config, cache)) {
            hub.open(COORDINATES, ProgressListener.none()).close();
            Path unpacked = onlyModelFolder();
            Path weights = unpacked.resolve("model.safetensors");
            byte[] bytes = Files.readAllBytes(weights);
            byte[] changed = bytes.clone();
            changed[changed.length - 1] ^= 1;
            for (byte[] bad : List.of(changed, new byte[0])) {
                Files.write(weights, bad);
                hub.open(COORDINATES, ProgressListener.none()).close();
                assertThat(weights).hasBinaryContent(bytes);
            }
            Files.delete(unpacked.resolve("vocab.txt"));
            Files.writeString(unpacked.resolve("files.sha256"), "nonsense\n\u0000");
            hub.open(COORDINATES, ProgressListener.none()).close();
            assertThat(unpacked.resolve("vocab.txt")).exists();
        }
    }

    @Test
    void threadsThatUnpackTheSameModelShareOneResult() throws Exception {
        repository.publish(COORDINATES, FakeRepository.zip(modelEntries()));
        try (ModelHub hub = new ModelHub(config, cache);
                ExecutorService threads = Executors.newFixedThreadPool(4)) {
            List<Future<String>> hashes = new ArrayList<>();
            for (int i = 0; i < 8; i++) {
                hashes.add(threads.submit(() -> {
                    try (ModelFiles model = hub.open(COORDINATES, ProgressListener.none())) {
                        return model.sha256();
                    }
                }));
            }
            for (Future<String> hash : hashes) {
                assertThat(hash.get()).isEqualTo(hashes.getFirst().get());
            }
        }
        try (Stream<Path> files = Files.list(onlyModelFolder())) {
            assertThat(files.map(file -> file.getFileName().toString()).filter(name -> !name.equals(CheckedFiles.NAME)))
                    .containsExactlyInAnyOrder(
                            ".lock", "config.json", "files.sha256", "model.safetensors", "vocab.txt");
        }
    }

    @Test
    void processesThatUnpackTheSameModelShareOneResult() throws Exception {
        Path jar = folder.resolve("m.jar");
        Files.write(jar, FakeRepository.zip(modelEntries()));
        Path target = folder.resolve("unpacked");
        List<Process> processes = new ArrayList<>();
        for (int i = 0; i < 2; i++) {
            processes.add(new ProcessBuilder(
                            Path.of(System.getProperty("java.home"), "bin", "java")
                                    .toString(),
                            "-cp",
                            classPath(),
                            Unpack.class.getName(),
                            jar.toString(),
                            target.toString())
                    .redirectErrorStream(true)
                    .start());
        }
        for (Process process : processes) {
            try (InputStream out = process.getInputStream()) {
                String text = new String(out.readAllBytes(), StandardCharsets.UTF_8);
                assertThat(process.waitFor()).as(text).isZero();
                assertThat(text).contains("model.safetensors");
            }
        }
        assertThat(target.resolve("model.safetensors"))
                .hasSameBinaryContentAs(modelFolder.resolve("model.safetensors"));
    }

    /** Run in a process of its own. */
    static final class Unpack {
        private Unpack() {}

        public static void main(String[] args) throws IOException {
            System.out.println(ExtractedModel.of(Path.of(args[0]), Path.of(args[1]), ProgressListener.none()));
        }
    }

    private static String classPath() {
        String modules = System.getProperty("jdk.module.path", "");
        String classes = System.getProperty("java.class.path", "");
        String own = Path.of(Objects.requireNonNull(
                                ModelHubTest.class.getProtectionDomain().getCodeSource())
                        .getLocation()
                        .getPath())
                .toString();
        String tests = Path.of("target", "test-classes").toAbsolutePath().toString();
        return String.join(java.io.File.pathSeparator, own, tests, modules, classes);
    }

    @Test
    void noEntryOfAJarChoosesWhereItIsWritten() throws IOException {
        SequencedMap<String, byte[]> entries = new LinkedHashMap<>();
        modelEntries().forEach((name, bytes) -> entries.put("../../../" + name, bytes));
        entries.put("../../evil.txt", new byte[1]);
        entries.put("/etc/evil", new byte[1]);
        repository.publish(COORDINATES, FakeRepository.zip(entries));
        try (ModelHub hub = new ModelHub(config, cache);
                ModelFiles model = hub.open(COORDINATES, ProgressListener.none())) {
            assertThat(model.tokenizerFolder()).startsWith(cache);
        }
        try (Stream<Path> files = Files.walk(folder)) {
            assertThat(files.filter(file -> file.toString().contains("evil"))).isEmpty();
        }
        assertThat(folder.resolve("config.json")).doesNotExist();
    }

    @Test
    void unpacksAnArchiveInsideAJar() throws IOException {
        Map<String, byte[]> inner = new LinkedHashMap<>();
        modelEntries().forEach((name, bytes) -> inner.put("assets/" + name, bytes));
        byte[] archive = FakeRepository.zip(inner);
        Map<String, byte[]> outer = new LinkedHashMap<>();
        outer.put("THIRD-PARTY.txt", new byte[3]);
        outer.put("org/example/model-without-ending", archive);
        repository.publish(COORDINATES, FakeRepository.zip(outer));
        try (ModelHub hub = new ModelHub(config, cache);
                ModelFiles model = hub.open(COORDINATES, ProgressListener.none())) {
            assertThat(model.tokenizerFolder().resolve("model.safetensors"))
                    .hasSameBinaryContentAs(modelFolder.resolve("model.safetensors"));
        }
        byte[] damaged = archive.clone();
        damaged[damaged.length / 2] ^= 1;
        for (byte[] bad : List.of(damaged, Arrays.copyOf(archive, archive.length / 2))) {
            outer.put("org/example/model-without-ending", bad);
            String coordinates = "org.example:nested:" + bad.length;
            repository.publish(coordinates, FakeRepository.zip(outer));
            assertFails(coordinates, "is damaged");
        }
        outer.put("second", archive);
        repository.publish("org.example:nested:2", FakeRepository.zip(outer));
        assertFails("org.example:nested:2", "more than one archive");
        outer.clear();
        inner.remove("assets/vocab.txt");
        outer.put("a", FakeRepository.zip(inner));
        repository.publish("org.example:nested:3", FakeRepository.zip(outer));
        assertFails("org.example:nested:3", "holds no tokenizer");
    }

    @Test
    void refusesAJarThatCarriesNoModelOrTwo() throws IOException {
        repository.publish(COORDINATES, FakeRepository.zip(Map.of("readme.txt", new byte[1])));
        assertFails(COORDINATES, "holds no model.onnx");
        repository.publish(
                "org.example:two:1.0", FakeRepository.zip(Map.of("a.onnx", new byte[1], "b.onnx", new byte[1])));
        assertFails("org.example:two:1.0", "more than one model.onnx");
        repository.publish("org.example:text:1.0", "not a jar".getBytes(StandardCharsets.UTF_8));
        assertFails("org.example:text:1.0", "is damaged");
        Map<String, byte[]> untokenized = modelEntries();
        untokenized.remove("vocab.txt");
        repository.publish("org.example:untokenized:1.0", FakeRepository.zip(untokenized));
        assertFails("org.example:untokenized:1.0", "holds no tokenizer");
    }

    @Test
    void refusesAJarWhoseBytesWereChanged() throws IOException {
        byte[] jar = FakeRepository.zip(modelEntries());
        int damaged = 0;
        Random random = new Random(1);
        for (int i = 0; i < 40; i++) {
            byte[] mutant = jar.clone();
            mutant[random.nextInt(mutant.length)] ^= (byte) (1 + random.nextInt(255));
            String coordinates = "org.example:mutant:" + i;
            repository.publish(coordinates, mutant);
            try (ModelHub hub = new ModelHub(config, cache);
                    ModelFiles model = hub.open(coordinates, ProgressListener.none())) {
                assertThat(model.tokenizerFolder().resolve("model.safetensors"))
                        .hasSameBinaryContentAs(modelFolder.resolve("model.safetensors"));
            } catch (InputException e) {
                damaged++;
            }
        }
        assertThat(damaged).isGreaterThan(20);
    }

    @ParameterizedTest
    @ValueSource(strings = {"nonsense", "a:b", "minilm2", "no/such/folder"})
    void namesWhatItKnows(String name) throws IOException {
        assertFails(name, "minilm, bge-small, e5-small, bert-base");
    }

    @Test
    void saysWhenTheCacheCannotBeWritten() throws IOException {
        repository.publish(COORDINATES, FakeRepository.zip(modelEntries()));
        cache = Files.writeString(folder.resolve("file"), "").resolve("cache");
        assertFails(COORDINATES, "INFOPROMPT_CACHE");
    }

    @Test
    void theCacheFolderFollowsTheSystem() {
        assertThat(CacheFolder.path(Map.of("INFOPROMPT_CACHE", "/c"), "Linux", "/h"))
                .isEqualTo(Path.of("/c"));
        assertThat(CacheFolder.path(Map.of("XDG_CACHE_HOME", "/x"), "Linux", "/h"))
                .isEqualTo(Path.of("/x/infoprompt"));
        assertThat(CacheFolder.path(Map.of("XDG_CACHE_HOME", "x"), "Linux", "/h"))
                .isEqualTo(Path.of("/h/.cache/infoprompt"));
        assertThat(CacheFolder.path(Map.of(), "Mac OS X", "/h")).isEqualTo(Path.of("/h/Library/Caches/infoprompt"));
        assertThat(CacheFolder.path(Map.of("LOCALAPPDATA", "/l"), "Windows 11", "/h"))
                .isEqualTo(Path.of("/l/infoprompt/cache"));
    }

    private ResolverConfig offline() {
        return new ResolverConfig(config.userSettings(), null, config.localRepository(), true, Map.of());
    }

    private Path onlyModelFolder() throws IOException {
        try (Stream<Path> folders = Files.list(cache.resolve("models"))) {
            List<Path> all = folders.toList();
            assertThat(all).hasSize(1);
            return all.getFirst();
        }
    }

    private Map<String, byte[]> modelEntries() throws IOException {
        Map<String, byte[]> entries = new LinkedHashMap<>();
        for (String name : List.of("config.json", "vocab.txt", "model.safetensors")) {
            entries.put(name, Files.readAllBytes(modelFolder.resolve(name)));
        }
        return entries;
    }

    private void assertFails(String model, String problem) {
        try (ModelHub hub = new ModelHub(config, cache)) {
            assertThatThrownBy(() -> hub.open(model, ProgressListener.none()))
                    .isInstanceOf(InputException.class)
                    .hasMessageContaining(problem);
        }
    }
}
