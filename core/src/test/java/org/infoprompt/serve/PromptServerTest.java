package org.infoprompt.serve;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Queue;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import jdk.jfr.Recording;
import jdk.jfr.consumer.RecordingFile;
import org.infoprompt.ops.Backends;
import org.infoprompt.serve.ServingException.Reason;
import org.infoprompt.session.HeapBytes;
import org.infoprompt.session.LoadedBackbone;
import org.infoprompt.session.Prediction;
import org.infoprompt.session.PromptModel;
import org.infoprompt.session.PromptSession;
import org.infoprompt.session.RandomModels;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(120)
class PromptServerTest {
    /** Calls wait this long for a batch to fill, so that a test can look at them. */
    private static final ServerOptions WAITING = ServerOptions.defaults().withBatches(64, 512, Duration.ofSeconds(9));

    @TempDir
    Path root;

    private LoadedBackbone backbone;
    private PromptRegistry registry;

    @BeforeEach
    void open() throws IOException {
        backbone = RandomModels.backbone("bert", Backends.active());
        registry = new PromptRegistry(backbone);
    }

    @AfterEach
    void close() {
        registry.close();
        assertThat(registry.loadedBytes()).as("every lease was returned").isZero();
        backbone.close();
    }

    private void simple(String name, long seed) throws IOException {
        registry.register(name, ServedFolders.save(backbone, "prompt-tuning", 2, seed, root.resolve(name + seed)));
    }

    @Test
    void answersOfManyThreadsAreNeitherLostNorMixed() throws Exception {
        List<String> names = ServedFolders.all(backbone, root);
        names.removeIf(name -> name.startsWith("peft-"));
        Map<String, List<Double>> expected = new HashMap<>();
        for (String name : names) {
            try (PromptModel model = PromptModel.load(root.resolve(name), backbone);
                    PromptSession session = model.openSession()) {
                for (String text : ServedFolders.TEXTS) {
                    expected.put(name + "|" + text, session.predict(text).probabilities());
                }
            }
        }
        registry.registerAll(root);
        ServerOptions options = ServerOptions.defaults().withWorkers(2).withBatches(16, 256, Duration.ofNanos(200_000));
        Queue<Throwable> failures = new ConcurrentLinkedQueue<>();
        List<Thread> threads = new ArrayList<>();
        try (PromptServer server = new PromptServer(registry, options.withCache(1 << 16))) {
            for (int t = 0; t < 24; t++) {
                Random random = new Random(t);
                String tenant = "tenant " + t % 3;
                Runnable work = () -> {
                    try {
                        PromptClient client = server.newClient().tenant(tenant);
                        double[] probabilities = new double[5];
                        for (int i = 0; i < 60; i++) {
                            String name = names.get(random.nextInt(names.size()));
                            String text = ServedFolders.TEXTS.get(random.nextInt(ServedFolders.TEXTS.size()));
                            List<Double> right = Objects.requireNonNull(expected.get(name + "|" + text));
                            client.predict(name, text, probabilities);
                            for (int k = 0; k < right.size(); k++) {
                                assertThat(probabilities[k]).isCloseTo(right.get(k), within(1e-5));
                            }
                        }
                    } catch (Throwable e) {
                        failures.add(e);
                    }
                };
                threads.add(
                        t % 2 == 0
                                ? Thread.ofPlatform().start(work)
                                : Thread.ofVirtual().start(work));
            }
            for (Thread thread : threads) {
                thread.join();
            }
            assertThat(failures).isEmpty();
            assertThat(server.metrics().completed()).isEqualTo(24 * 60);
            assertThat(server.metrics().batches()).isLessThan(24 * 60);
            assertThat(server.metrics().total().quantileNanos(.5)).isPositive();
        }
    }

    @Test
    void thousandSwapsUnderLoadAnswerEveryRequestByItsVersion() throws Exception {
        Path[] folders = new Path[2];
        List<List<Double>> expected = new ArrayList<>();
        for (int i = 0; i < 2; i++) {
            folders[i] = ServedFolders.save(backbone, "infoprompt-task", 2, i, root.resolve("v" + i));
            try (PromptModel model = PromptModel.load(folders[i], backbone);
                    PromptSession session = model.openSession()) {
                expected.add(session.predict("the cat sat").probabilities());
            }
        }
        assertThat(expected.get(0).get(0)).isNotCloseTo(expected.get(1).get(0), within(1e-3));
        Map<Long, Integer> folderOf = new HashMap<>();
        folderOf.put(registry.register("p", folders[0]), 0);
        AtomicBoolean stop = new AtomicBoolean();
        Queue<Throwable> failures = new ConcurrentLinkedQueue<>();
        Queue<double[]> answers = new ConcurrentLinkedQueue<>();
        List<Thread> threads = new ArrayList<>();
        try (PromptServer server = new PromptServer(registry, ServerOptions.defaults())) {
            for (int t = 0; t < 4; t++) {
                threads.add(Thread.ofVirtual().start(() -> {
                    PromptClient client = server.newClient();
                    double[] probabilities = new double[2];
                    while (!stop.get()) {
                        try {
                            client.predict("p", "the cat sat", probabilities);
                            answers.add(new double[] {client.version(), probabilities[0]});
                        } catch (ServingException | InterruptedException | RuntimeException e) {
                            failures.add(e);
                            return;
                        }
                    }
                }));
            }
            for (int swap = 1; swap <= 1000; swap++) {
                if (swap % 10 == 0) {
                    registry.rollBack("p");
                } else {
                    folderOf.put(registry.publish("p", folders[swap % 2]), swap % 2);
                }
            }
            stop.set(true);
            for (Thread thread : threads) {
                thread.join();
            }
        }
        assertThat(failures).isEmpty();
        assertThat(answers).hasSizeGreaterThan(100);
        for (double[] answer : answers) {
            double right = expected.get(Objects.requireNonNull(folderOf.get((long) answer[0])))
                    .get(0);
            assertThat(answer[1]).isCloseTo(right, within(1e-6));
        }
        assertThat(answers.stream().map(answer -> answer[0]).distinct().count()).isGreaterThan(10);
        assertThat(registry.metrics().swaps()).isEqualTo(1000);
    }

    @Test
    @SuppressWarnings("try") // Closing answers what waits, which is looked at.
    void fullQueueTurnsAwayAtOnceAndSaysSo() throws Exception {
        simple("p", 1);
        try (PromptServer server = new PromptServer(registry, WAITING.withQueue(3, 1000))) {
            List<CompletableFuture<PromptReply>> waiting = new ArrayList<>();
            for (int i = 0; i < 3; i++) {
                waiting.add(server.submit(PromptRequest.of("p", "the cat").withTenant("greedy")));
            }
            assertThat(server.queuedCalls()).isEqualTo(3);
            assertThatThrownBy(() -> server.ask(PromptRequest.of("p", "a film").withTenant("greedy")))
                    .isInstanceOfSatisfying(
                            ServingException.class, e -> assertThat(e.reason()).isEqualTo(Reason.OVERLOADED))
                    .hasMessageContaining("3 requests");
            waiting.add(server.submit(PromptRequest.of("p", "a film").withTenant("modest")));
            assertThatThrownBy(() -> waiting.get(2).get(5, TimeUnit.SECONDS))
                    .hasCauseInstanceOf(ServingException.class)
                    .hasMessageContaining("made room");
            server.close();
            for (int i : new int[] {0, 1, 3}) {
                assertThat(waiting.get(i).get(5, TimeUnit.SECONDS).prediction().probabilities())
                        .hasSize(2);
            }
            assertThatThrownBy(() -> server.predict("p", "the cat"))
                    .isInstanceOfSatisfying(
                            ServingException.class, e -> assertThat(e.reason()).isEqualTo(Reason.CLOSED));
        }
    }

    @Test
    void deadlinesCancellationAndInterruptsTakeRequestsBack() throws Exception {
        simple("p", 1);
        try (PromptServer server = new PromptServer(registry, WAITING)) {
            assertThatThrownBy(() -> server.ask(PromptRequest.of("p", "the cat").withTimeout(Duration.ofMillis(20))))
                    .isInstanceOfSatisfying(
                            ServingException.class, e -> assertThat(e.reason()).isEqualTo(Reason.DEADLINE));
            CompletableFuture<PromptReply> future = server.submit(PromptRequest.of("p", "the cat"));
            assertThat(server.queuedCalls()).isEqualTo(1);
            future.cancel(false);
            assertThat(server.queuedCalls()).isZero();
            AtomicReference<@Nullable Throwable> thrown = new AtomicReference<>();
            for (Thread.Builder builder : List.of(Thread.ofPlatform(), Thread.ofVirtual())) {
                Thread thread = builder.start(() -> {
                    try {
                        server.predict("p", "the cat");
                    } catch (ServingException | InterruptedException e) {
                        thrown.set(e);
                    }
                });
                PromptRegistryTest.await(() -> server.queuedCalls() == 1);
                thread.interrupt();
                thread.join();
                assertThat(thrown.getAndSet(null)).isInstanceOf(InterruptedException.class);
                assertThat(server.queuedCalls()).isZero();
            }
            assertThat(server.metrics().expired()).isEqualTo(1);
            assertThat(server.metrics().cancelled()).isEqualTo(3);
        }
    }

    @Test
    void manyRequestsAreAskedInWavesAndGivenUpTogether() throws Exception {
        simple("p", 1);
        try (PromptServer server =
                new PromptServer(registry, ServerOptions.defaults().withQueue(5, 1000))) {
            List<String> texts = new ArrayList<>();
            for (int i = 0; i < 30; i++) {
                texts.add("the cat " + "sat on ".repeat(i));
            }
            List<Prediction> all = server.predict("p", texts);
            for (int i = 0; i < texts.size(); i++) {
                assertThat(all.get(i).label())
                        .isEqualTo(server.predict("p", texts.get(i)).label());
            }
            List<PromptRequest> requests = new ArrayList<>(Collections.nCopies(20, PromptRequest.of("p", "the cat")));
            requests.set(12, PromptRequest.of("nobody", "the cat"));
            assertThatThrownBy(() -> server.embedAll(requests)).hasMessageContaining("no prompt named 'nobody'");
            assertThat(server.metrics().rejected()).isZero();
        }
        try (PromptServer server = new PromptServer(registry, WAITING.withQueue(8, 1000))) {
            List<CompletableFuture<PromptReply>> others = new ArrayList<>();
            for (int i = 0; i < 8; i++) {
                others.add(server.submit(PromptRequest.of("p", "the cat")));
            }
            assertThatThrownBy(() -> server.askAll(List.of(PromptRequest.of("p", "the cat"))))
                    .hasMessageContaining("8 requests");
            others.subList(0, 2).forEach(each -> each.cancel(false));
            Thread asking = Thread.currentThread();
            Thread interrupting = Thread.startVirtualThread(() -> {
                try {
                    PromptRegistryTest.await(() -> server.queuedCalls() == 8);
                } catch (InterruptedException e) {
                    return;
                }
                asking.interrupt();
            });
            assertThatThrownBy(() -> server.askAll(Collections.nCopies(5, PromptRequest.of("p", "the cat"))))
                    .isInstanceOf(InterruptedException.class);
            interrupting.join();
            assertThat(server.queuedCalls()).as("what the others asked").isEqualTo(6);
            assertThatThrownBy(() -> server.askAll(Collections.nCopies(
                            5, PromptRequest.of("p", "the cat").withTimeout(Duration.ofMillis(50)))))
                    .isInstanceOfSatisfying(
                            ServingException.class, e -> assertThat(e.reason()).isEqualTo(Reason.DEADLINE));
        }
    }

    @Test
    void buffersOfForgottenPromptsAreFreedWithoutAnotherRequest() throws Exception {
        registry.register("p", ServedFolders.save(backbone, "infoprompt-instance", 2, 1, root.resolve("p")));
        try (PromptServer server =
                new PromptServer(registry, ServerOptions.defaults().withWorkers(2))) {
            server.predict("p", Collections.nCopies(40, "the cat"));
            assertThat(registry.workersBytes()).isPositive();
            registry.unregister("p");
            PromptRegistryTest.await(() -> registry.workersBytes() == 0);
            assertThat(registry.loadedBytes()).isZero();
        }
    }

    @Test
    void promptsAndBuffersTogetherStayInTheBudget() throws Exception {
        for (int i = 0; i < 12; i++) {
            ServedFolders.save(backbone, "infoprompt-instance", 2, i, root.resolve("p" + i));
        }
        registry.registerAll(root);
        registry.load("p0");
        long each = Objects.requireNonNull(registry.info("p0")).bytes();
        long budget = 8 * each;
        try (PromptRegistry small =
                        new PromptRegistry(backbone, RegistryOptions.defaults().withMaxBytes(budget));
                PromptServer server = new PromptServer(small, ServerOptions.defaults())) {
            small.registerAll(root);
            boolean buffered = false;
            for (int i = 0; i < 36; i++) {
                server.predict("p" + i % 12, "the cat sat");
                buffered |= small.workersBytes() > 0;
                PromptRegistryTest.await(() -> small.loadedBytes() + small.workersBytes() <= budget);
            }
            assertThat(buffered).isTrue();
        }
    }

    @Test
    @SuppressWarnings("try") // Closing is a part of it.
    void futuresEndAtTheirDeadlineWhileABatchIsCollected() throws Exception {
        simple("p", 1);
        long start = System.nanoTime();
        try (PromptServer server = new PromptServer(registry, WAITING)) {
            CompletableFuture<PromptReply> late =
                    server.submit(PromptRequest.of("p", "the cat").withTimeout(Duration.ofMillis(30)));
            CompletableFuture<PromptReply> early =
                    server.submit(PromptRequest.of("p", "the cat").withTimeout(Duration.ofMinutes(5)));
            assertThatThrownBy(late::get)
                    .hasCauseInstanceOf(ServingException.class)
                    .hasMessageContaining("the deadline passed while");
            assertThat(System.nanoTime() - start)
                    .as("long before the batch is taken")
                    .isLessThan(Duration.ofSeconds(8).toNanos());
            assertThat(server.queuedCalls()).isEqualTo(1);
            assertThat(server.metrics().expired()).isEqualTo(1);
            server.close();
            assertThat(early.get().prediction().probabilities()).hasSize(2);
        }
    }

    @Test
    void requestsThatAreAskedTogetherGetOneVersion() throws Exception {
        Path[] folders = new Path[2];
        for (int i = 0; i < 2; i++) {
            folders[i] = ServedFolders.save(backbone, "prompt-tuning", 2, i, root.resolve("v" + i));
        }
        registry.register("p", folders[0]);
        try (PromptServer server =
                new PromptServer(registry, ServerOptions.defaults().withQueue(2, 1000))) {
            AtomicBoolean stop = new AtomicBoolean();
            Queue<Throwable> failures = new ConcurrentLinkedQueue<>();
            Thread swapping = Thread.ofPlatform().start(() -> {
                try {
                    for (int i = 0; !stop.get(); i++) {
                        registry.publish("p", folders[i % 2]);
                    }
                } catch (IOException | RuntimeException e) {
                    failures.add(e);
                }
            });
            long before = registry.metrics().swaps();
            while (registry.metrics().swaps() - before < 20) {
                List<PromptEmbedding> all =
                        server.embedAll(Collections.nCopies(30, PromptRequest.of("p", "the cat sat on the mat")));
                assertThat(all.stream().map(PromptEmbedding::version).distinct().count())
                        .isEqualTo(1);
            }
            stop.set(true);
            swapping.join();
            assertThat(failures).isEmpty();
        }
    }

    @Test
    @SuppressWarnings("try") // Closing is a part of it.
    void futuresThatOthersEndLeaveTheQueue() throws Exception {
        simple("p", 1);
        try (PromptServer server = new PromptServer(registry, WAITING)) {
            CompletableFuture<PromptReply> ended =
                    server.submit(PromptRequest.of("p", "the cat")).orTimeout(20, TimeUnit.MILLISECONDS);
            assertThatThrownBy(ended::get).hasCauseInstanceOf(java.util.concurrent.TimeoutException.class);
            PromptRegistryTest.await(() -> server.queuedCalls() == 0);
            assertThat(server.isClosed()).isFalse();
            registry.close();
            assertThatThrownBy(() -> server.predict("p", "the cat"))
                    .isInstanceOfSatisfying(
                            ServingException.class, e -> assertThat(e.reason()).isEqualTo(Reason.CLOSED));
            server.close();
            assertThat(server.isClosed()).isTrue();
        }
    }

    @Test
    void badRequestsSayWhatIsWrong() throws Exception {
        simple("p", 1);
        try (PromptServer server = new PromptServer(registry, ServerOptions.defaults())) {
            assertThatThrownBy(() -> server.predict("q", "the cat")).hasMessageContaining("no prompt named 'q'");
            assertThatThrownBy(() -> server.ask(PromptRequest.of("p", "the cat").withPair("a film")))
                    .hasMessageContaining("takes single texts");
            assertThatThrownBy(() -> server.newClient().predict("p", "the cat", new double[1]))
                    .hasMessageContaining("has 2 classes, there is room for 1");
            assertThat(server.predict("p", "the cat").probabilities()).hasSize(2);
        }
    }

    @Test
    void failureOfOneRequestLeavesTheOthersAlone() throws Exception {
        simple("good", 1);
        simple("bad", 2);
        LoadedPrompt held = registry.acquire("bad");
        LoadedPrompt.Parts good = held.parts();
        LoadedPrompt.Parts broken = new LoadedPrompt.Parts(
                good.labels(),
                good.inputs(),
                good.weights(),
                good.placement(),
                good.prompts(),
                null,
                (kernels, m, states, hidden, logits) -> {
                    throw new OutOfMemoryError("as a test");
                },
                false,
                false,
                null);
        Path folder = root.resolve("bad2");
        Versions.Signature signature = Objects.requireNonNull(Versions.Signature.of(folder));
        registry.swap(
                "bad", new Versions.Version(99, folder, signature), new LoadedPrompt("bad", 99, broken, 0, () -> {}));
        Prediction expected;
        try (PromptServer server = new PromptServer(registry, ServerOptions.defaults())) {
            expected = server.predict("good", "the cat");
        }
        try (PromptServer server =
                new PromptServer(registry, ServerOptions.defaults().withBatches(5, 512, Duration.ofSeconds(9)))) {
            List<CompletableFuture<PromptReply>> replies = new ArrayList<>();
            for (int i = 0; i < 5; i++) {
                replies.add(server.submit(PromptRequest.of(i == 2 ? "bad" : "good", "the cat")));
            }
            for (int i = 0; i < 5; i++) {
                if (i == 2) {
                    assertThatThrownBy(replies.get(i)::get)
                            .isInstanceOf(ExecutionException.class)
                            .hasMessageContaining("as a test");
                } else {
                    assertThat(replies.get(i).get().prediction()).isEqualTo(expected);
                }
            }
            assertThat(server.metrics().failed()).isEqualTo(1);
        }
        held.release();
    }

    private static List<Thread> serverThreads() {
        return Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> thread.getName().startsWith("infoprompt-serve-"))
                .sorted(Comparator.comparing(Thread::getName))
                .toList();
    }

    @Test
    void threadsOfAWorkerAnswerAsOneAndEndWithIt() throws Exception {
        String text = "the cat sat on the mat in the red sun";
        simple("p", 1);
        Prediction expected;
        try (PromptServer server = new PromptServer(registry, ServerOptions.defaults())) {
            expected = server.predict("p", text);
        }
        try (Recording recording = new Recording();
                PromptServer server = new PromptServer(
                        registry, ServerOptions.defaults().withWorkers(2).withThreadsPerWorker(2))) {
            recording.enable("org.infoprompt.Batch");
            recording.start();
            assertThat(serverThreads().stream().map(Thread::getName))
                    .containsExactly(
                            "infoprompt-serve-0", "infoprompt-serve-0-1", "infoprompt-serve-1", "infoprompt-serve-1-1");
            assertThat(server.predict("p", text)).isEqualTo(expected);
            serverThreads().forEach(Thread::interrupt);
            assertThat(server.predict("p", text)).isEqualTo(expected);
            for (Prediction each : server.predict("p", Collections.nCopies(20, text))) {
                assertThat(each.label()).isEqualTo(expected.label());
            }
            recording.stop();
            Path file = root.resolve("batches.jfr");
            recording.dump(file);
            assertThat(RecordingFile.readAllEvents(file).stream().map(batch -> batch.getInt("threads")))
                    .contains(2);
        }
        PromptRegistryTest.await(() -> serverThreads().isEmpty());
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2})
    void steadyCallsAllocateNothingOnEitherSide(int threadsPerWorker) throws Exception {
        List<String> names = ServedFolders.all(backbone, root);
        registry.registerAll(root);
        try (PromptServer server =
                new PromptServer(registry, ServerOptions.defaults().withThreadsPerWorker(threadsPerWorker))) {
            assertThat(server.warmUp(names)).isPositive();
            List<Thread> working = new ArrayList<>(serverThreads());
            working.add(Thread.currentThread());
            PromptClient client = server.newClient();
            double[] probabilities = new double[5];
            Exception failed = null;
            long least = Long.MAX_VALUE;
            for (int round = 0; round < 40 && least > 0; round++) {
                long before = HeapBytes.of(working);
                for (int i = 0; i < 200; i++) {
                    try {
                        client.predict(names.get(i % names.size()), "the cat sat on the red mat", probabilities);
                    } catch (ServingException | InterruptedException e) {
                        failed = e;
                    }
                }
                least = Math.min(least, HeapBytes.of(working) - before);
            }
            assertThat(failed).isNull();
            assertThat(least).as("heap bytes of 200 calls, caller and workers").isZero();
        }
    }

    @Test
    void waitingThreadsDoNotSpin() throws Exception {
        simple("p", 1);
        var threads = java.lang.management.ManagementFactory.getThreadMXBean();
        try (PromptServer server =
                new PromptServer(registry, WAITING.withWorkers(3).withThreadsPerWorker(2))) {
            CountDownLatch asked = new CountDownLatch(1);
            Thread caller = Thread.ofPlatform().start(() -> {
                asked.countDown();
                try {
                    server.predict("p", "the cat");
                } catch (ServingException | InterruptedException e) {
                    // Interrupted below.
                }
            });
            asked.await();
            PromptRegistryTest.await(() -> server.queuedCalls() == 1);
            List<Thread> parked = new ArrayList<>(List.of(caller));
            parked.addAll(serverThreads());
            assertThat(parked).hasSize(7);
            Thread.sleep(50);
            long before = parked.stream()
                    .mapToLong(t -> threads.getThreadCpuTime(t.threadId()))
                    .sum();
            Thread.sleep(400);
            long used = parked.stream()
                            .mapToLong(t -> threads.getThreadCpuTime(t.threadId()))
                            .sum()
                    - before;
            assertThat(used).as("processor nanoseconds of 2.8 s of waiting").isLessThan(50_000_000);
            caller.interrupt();
            caller.join();
        }
    }
}
