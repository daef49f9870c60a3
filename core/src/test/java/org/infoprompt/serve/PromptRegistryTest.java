package org.infoprompt.serve;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BooleanSupplier;
import org.infoprompt.checkpoint.Checkpoint;
import org.infoprompt.ops.Backends;
import org.infoprompt.peft.PeftAdapter;
import org.infoprompt.session.HeapBytes;
import org.infoprompt.session.LoadedBackbone;
import org.infoprompt.session.RandomModels;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

class PromptRegistryTest {
    @TempDir
    Path root;

    @TempDir
    Path work;

    private LoadedBackbone backbone;

    @BeforeEach
    void open() throws IOException {
        backbone = RandomModels.backbone("bert", Backends.active());
    }

    @AfterEach
    void close() {
        backbone.close();
    }

    private static PromptRegistry.PromptInfo info(PromptRegistry registry, String name) {
        return Objects.requireNonNull(registry.info(name), name);
    }

    private Path prompt(String name, long seed) throws IOException {
        return ServedFolders.save(backbone, "prompt-tuning", 2, seed, root.resolve(name));
    }

    @Test
    void countsOfAnAdapterWhatTheBaseModelHasNot() throws Exception {
        ServedFolders.adapter("prompt-tuning", root.resolve("tuned"));
        PromptRegistry registry = new PromptRegistry(backbone);
        registry.registerAll(root);
        int numClasses = registry.load("tuned").size();
        int virtualTokens;
        try (PeftAdapter adapter = PeftAdapter.load(root.resolve("tuned"), backbone)) {
            virtualTokens = adapter.numVirtualTokens();
        }
        long d = backbone.config().hiddenSize();
        // The pooler, [D, D] and [D], is the base model's.
        assertThat(info(registry, "tuned").bytes())
                .isEqualTo((virtualTokens * d + numClasses * d + numClasses)
                        * Backends.active().dtype().bytes());
        registry.close();
    }

    @Test
    void loadsWhenAskedAndCountsWhatItKeeps() throws Exception {
        List<String> names = ServedFolders.all(backbone, root);
        PromptRegistry registry = new PromptRegistry(backbone);
        assertThat(registry.registerAll(root)).isEqualTo(names.size());
        assertThat(registry.loadedBytes()).isZero();
        assertThat(registry.names()).containsExactlyInAnyOrderElementsOf(names);
        long sum = 0;
        for (String name : names) {
            assertThat(registry.isLoaded(name)).isFalse();
            assertThat(registry.load(name)).hasSizeGreaterThan(1);
            PromptRegistry.PromptInfo info = info(registry, name);
            assertThat(info.loaded()).isTrue();
            assertThat(info.bytes()).isPositive();
            sum += info.bytes();
        }
        assertThat(registry.loadedBytes()).isEqualTo(sum);
        // 3 slots and 2 classes of 32 elements, 2 biases.
        Path small = prompt("small", 1);
        registry.register("small", small);
        registry.load("small");
        assertThat(info(registry, "small").bytes()).isEqualTo((3 * 32 + 2 * 32 + 2) * 4);
        registry.close();
        assertThat(registry.loadedBytes()).isZero();
    }

    @Test
    void promptsNotUsedForLongMakeRoomAndComeBack() throws Exception {
        int each = (3 * 32 + 2 * 32 + 2) * 4;
        try (PromptRegistry registry =
                new PromptRegistry(backbone, RegistryOptions.defaults().withMaxBytes(10L * each))) {
            for (int i = 0; i < 30; i++) {
                registry.register("p" + i, prompt("p" + i, i));
            }
            for (int i = 0; i < 30; i++) {
                registry.load("p" + i);
                registry.load("p0");
                assertThat(registry.loadedBytes()).isLessThanOrEqualTo(10L * each);
            }
            assertThat(registry.isLoaded("p0")).as("used all the time").isTrue();
            assertThat(registry.isLoaded("p1")).isFalse();
            assertThat(registry.metrics().evictions()).isGreaterThanOrEqualTo(20);
            LoadedPrompt held = registry.acquire("p1");
            for (int i = 2; i < 30; i++) {
                registry.load("p" + i);
            }
            assertThat(held.isFreed()).as("held by a request").isFalse();
            held.release();
        }
    }

    @Test
    @Timeout(60)
    void aBudgetTooSmallForBothVersionsServesTheNewOne() throws Exception {
        int each = (3 * 32 + 2 * 32 + 2) * 4;
        try (PromptRegistry registry =
                new PromptRegistry(backbone, RegistryOptions.defaults().withMaxBytes(each + each / 2))) {
            Path folder = prompt("p", 1);
            registry.register("p", folder);
            registry.load("p");
            prompt("p", 2);
            long second = registry.publish("p", folder);
            for (int i = 0; i < 3; i++) {
                LoadedPrompt held = registry.acquire("p");
                assertThat(held.version()).isEqualTo(second);
                held.release();
            }
        }
    }

    @Test
    @Timeout(120)
    void forgettingWhileLoadingLeavesNothing() throws Exception {
        try (PromptRegistry registry = new PromptRegistry(backbone)) {
            Path folder = prompt("p", 1);
            Queue<Throwable> failures = new ConcurrentLinkedQueue<>();
            for (int i = 0; i < 100; i++) {
                registry.register("p", folder);
                Thread loading = Thread.ofVirtual().start(() -> {
                    try {
                        registry.load("p");
                    } catch (ServingException e) {
                        if (e.reason() != ServingException.Reason.UNKNOWN_PROMPT) {
                            failures.add(e);
                        }
                    } catch (RuntimeException | Error e) {
                        failures.add(e);
                    }
                });
                registry.unregister("p");
                loading.join();
            }
            assertThat(failures).isEmpty();
            assertThat(registry.loadedBytes()).isZero();
        }
    }

    @Test
    void versionsAreSwappedAndRolledBackWhileRequestsKeepTheirs() throws Exception {
        try (PromptRegistry registry = new PromptRegistry(backbone)) {
            long first = registry.register("p", prompt("a", 1));
            LoadedPrompt old = registry.acquire("p");
            long second = registry.publish("p", prompt("b", 2));
            assertThat(second).isGreaterThan(first);
            assertThat(old.version()).isEqualTo(first);
            assertThat(old.isFreed()).isFalse();
            LoadedPrompt now = registry.acquire("p");
            assertThat(now.version()).isEqualTo(second);
            assertThat(registry.rollBack("p")).isEqualTo(first);
            assertThat(info(registry, "p").version()).isEqualTo(first);
            assertThat(registry.rollBack("p")).isEqualTo(second);
            long third = registry.publish("p", prompt("c", 3));
            registry.unregister("p");
            assertThat(third).isGreaterThan(second);
            assertThat(old.isFreed()).isFalse();
            old.release();
            now.release();
            assertThat(old.isFreed()).isTrue();
            assertThat(now.isFreed()).isTrue();
            assertThat(registry.loadedBytes()).isZero();
            assertThatThrownBy(() -> registry.acquire("p"))
                    .isInstanceOf(ServingException.class)
                    .hasMessageContaining("no prompt named 'p'");
        }
    }

    @Test
    void aRollBackInOneFolderOutlivesEviction() throws Exception {
        int each = (3 * 32 + 2 * 32 + 2) * 4;
        try (PromptRegistry registry =
                new PromptRegistry(backbone, RegistryOptions.defaults().withMaxBytes(2 * each + each / 2))) {
            Path folder = prompt("p", 1);
            long first = registry.register("p", folder);
            registry.load("p");
            prompt("p", 2);
            registry.publish("p", folder);
            assertThat(registry.rollBack("p")).isEqualTo(first);
            for (String other : List.of("q", "r")) {
                registry.register(other, prompt(other, 3));
                registry.load(other);
            }
            assertThat(registry.metrics().evictions()).isPositive();
            LoadedPrompt held = registry.acquire("p");
            assertThat(held.version()).isEqualTo(first);
            held.release();
        }
    }

    @Test
    void versionReplacedInItsFolderRollsBackFromMemoryOnly() throws Exception {
        try (PromptRegistry registry = new PromptRegistry(backbone)) {
            Path folder = prompt("p", 1);
            long first = registry.register("p", folder);
            registry.load("p");
            prompt("p", 2);
            registry.publish("p", folder);
            assertThat(registry.rollBack("p")).isEqualTo(first);
        }
        try (PromptRegistry registry = new PromptRegistry(backbone)) {
            Path folder = prompt("q", 1);
            registry.register("q", folder);
            prompt("q", 2);
            registry.publish("q", folder);
            assertThatThrownBy(() -> registry.rollBack("q"))
                    .hasMessageContaining("have been replaced")
                    .hasMessageContaining("publish");
        }
    }

    @Test
    void badFilesAreRefusedInOneLineAndTheOldVersionStays() throws Exception {
        try (PromptRegistry registry = new PromptRegistry(backbone)) {
            assertThatThrownBy(() -> registry.register("none", root.resolve("none")))
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining("holds no checkpoint.json");
            long version = registry.register("p", prompt("p", 1));
            registry.load("p");
            Path bad = prompt("bad", 2);
            Files.writeString(bad.resolve(Checkpoint.FILE), "{\"format\":");
            assertThatThrownBy(() -> registry.publish("p", bad)).isInstanceOf(IOException.class);
            assertThat(info(registry, "p").version()).isEqualTo(version);
            registry.register("bad", bad);
            assertThatThrownBy(() -> registry.load("bad"))
                    .isInstanceOf(ServingException.class)
                    .hasMessageContaining("prompt 'bad' cannot be used")
                    .hasMessageContaining(Checkpoint.FILE);
            ServedFolders.save(backbone, "prompt-tuning", 2, 4, bad);
            assertThat(registry.load("bad")).hasSize(2);
        }
    }

    @Test
    void watchedFolderIsFollowed() throws Exception {
        try (PromptRegistry registry = new PromptRegistry(backbone)) {
            prompt("first", 1);
            registry.watch(root, Duration.ofMillis(20));
            long version = info(registry, "first").version();
            registry.load("first");
            prompt("second", 2);
            await(() -> registry.info("second") != null);
            prompt("first", 3);
            await(() -> info(registry, "first").version() > version);
            long good = info(registry, "first").version();
            Path folder = root.resolve("first");
            // At once: a file that is seen before it is written has two states that cannot be used.
            Path nonsense = Files.writeString(work.resolve("nonsense"), "nonsense");
            Files.move(nonsense, folder.resolve(Checkpoint.FILE), StandardCopyOption.REPLACE_EXISTING);
            await(() -> registry.metrics().refusals() == 1);
            Thread.sleep(100);
            assertThat(registry.metrics().refusals()).as("refused once").isEqualTo(1);
            assertThat(info(registry, "first").version()).isEqualTo(good);
            assertThat(registry.load("first")).hasSize(2);
            prompt("first", 5);
            await(() -> info(registry, "first").version() > good);
            try (var files = Files.list(root.resolve("second"))) {
                for (Path file : files.toList()) {
                    Files.delete(file);
                }
            }
            Files.delete(root.resolve("second"));
            await(() -> registry.info("second") == null);
        }
    }

    @Test
    void lookupAllocatesNothing() throws Exception {
        try (PromptRegistry registry = new PromptRegistry(backbone)) {
            registry.register("p", prompt("p", 1));
            AtomicReference<@Nullable ServingException> failed = new AtomicReference<>();
            long bytes = HeapBytes.leastOf(20_000, () -> {
                try {
                    registry.acquire("p").release();
                } catch (ServingException e) {
                    failed.set(e);
                }
            });
            assertThat(failed.get()).isNull();
            assertThat(bytes).isZero();
        }
    }

    static void await(BooleanSupplier condition) throws InterruptedException {
        long end = System.nanoTime() + Duration.ofSeconds(20).toNanos();
        while (!condition.getAsBoolean()) {
            assertThat(System.nanoTime()).as("waited long enough").isLessThan(end);
            Thread.sleep(5);
        }
    }
}
