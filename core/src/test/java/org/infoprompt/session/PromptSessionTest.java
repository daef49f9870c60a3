package org.infoprompt.session;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.infoprompt.model.RowDraft;
import org.infoprompt.ops.Backends;
import org.infoprompt.prompt.PromptPlacement;
import org.infoprompt.prompt.Reading;
import org.infoprompt.prompt.SlotLayout;
import org.infoprompt.text.SpecialTokens;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class PromptSessionTest {
    private static final List<String> TEXTS =
            List.of("the cat sat on the mat", "a good film", "", "red sun and rain " + "the cat ".repeat(40), "x");

    static Stream<String> methods() {
        return RandomModels.specs().keySet().stream();
    }

    @ParameterizedTest
    @MethodSource("methods")
    void everyWayOfAskingGivesTheSame(String name) throws Exception {
        try (LoadedBackbone backbone = RandomModels.backbone("bert", Backends.active());
                PromptModel model = RandomModels.model(backbone, RandomModels.spec(name), 3, 5);
                PromptSession session = model.openSession();
                Arena arena = Arena.ofConfined()) {
            MemorySegment outside = arena.allocate(ValueLayout.JAVA_DOUBLE, 3);
            List<String> many = new ArrayList<>();
            for (int i = 0; i < 40; i++) {
                many.add(TEXTS.get(i % TEXTS.size()));
            }
            List<Prediction> batch = session.predict(many);
            assertThat(batch).hasSize(many.size());
            for (int i = 0; i < many.size(); i++) {
                double[] inside = new double[3];
                int best = session.predict(many.get(i), inside);
                assertThat(session.predict(many.get(i), outside)).isEqualTo(best);
                Prediction alone = session.predict(many.get(i));
                assertThat(alone.index()).isEqualTo(best);
                for (int k = 0; k < 3; k++) {
                    assertThat(inside[k]).isEqualTo(alone.probabilities().get(k));
                    assertThat(outside.getAtIndex(ValueLayout.JAVA_DOUBLE, k)).isEqualTo(inside[k]);
                    assertThat(batch.get(i).probabilities().get(k)).isCloseTo(inside[k], within(1e-6));
                }
            }
            assertThat(session.embed("the cat")).isNotEqualTo(session.embed("a film"));
            float[] embedding = new float[session.embeddingSize()];
            session.embed("the cat", embedding);
            assertThat(embedding).isEqualTo(session.embed("the cat"));
        }
    }

    @ParameterizedTest
    @MethodSource("methods")
    void steadyCallsAllocateNothing(String name) throws Exception {
        try (LoadedBackbone backbone = RandomModels.backbone("bert", Backends.active());
                PromptModel model = RandomModels.model(backbone, RandomModels.spec(name), 3, 5);
                PromptSession session = model.openSession();
                Arena arena = Arena.ofConfined()) {
            double[] inside = new double[3];
            float[] embedding = new float[session.embeddingSize()];
            MemorySegment outside = arena.allocate(ValueLayout.JAVA_DOUBLE, 3);
            assertThat(session.warmUp()).isBetween(Duration.ZERO, ClassifierSession.WARM_UP_LIMIT.plusSeconds(5));
            long bytes = HeapBytes.leastOf(50, () -> {
                session.predict("the cat sat on the mat", inside);
                session.predict("a good film", outside);
                session.embed("red sun and rain", embedding);
            });
            assertThat(bytes).as("heap bytes of 150 calls").isZero();
        }
    }

    /** In a process of its own, because other tests load everything. */
    @Test
    void warmUpLoadsWhatCompiledCodeNamesAndAStartNoMore(@TempDir Path work) throws Exception {
        Path log = work.resolve("classes");
        Path folder = work.resolve("model");
        try (LoadedBackbone backbone = RandomModels.backbone("bert", Backends.active());
                PromptModel model = RandomModels.model(backbone, RandomModels.spec("head-only-mean"), 3, 5)) {
            model.save(folder);
        }
        List<String> command = ForkedJava.command(WarmedUpProgram.class, List.of(folder));
        command.add(1, "-Xlog:class+load:file=" + log);
        Process process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(work.resolve("out").toFile())
                .start();
        assertThat(process.waitFor()).as(Files.readString(work.resolve("out"))).isZero();
        String loaded = Files.readString(log);
        for (String name : List.of("LayerInserts", "LinearAdapters", "KeyValueExchange")) {
            assertThat(loaded).contains("org.infoprompt.model." + name + " ");
        }
        assertThat(loaded)
                .as("a mapper takes long to start")
                .contains("tools.jackson.core.JsonParser ")
                .doesNotContain("tools.jackson.databind.ObjectMapper ");
        assertThat(loaded)
                .as("linking functions of the backward pass takes long too")
                .doesNotContain("org.infoprompt.ffi.kernels.LinearFunctions$Backward ")
                .doesNotContain("org.infoprompt.ffi.kernels.NormFunctions$Backward ");
    }

    @ParameterizedTest
    @MethodSource("methods")
    void threadsOfATextChangeNothing(String name) throws Exception {
        try (LoadedBackbone backbone = RandomModels.backbone("bert", Backends.active());
                PromptModel model = RandomModels.model(backbone, RandomModels.spec(name), 3, 5);
                PromptSession one = model.openSession();
                PromptSession two = model.openSession(2)) {
            for (String text : TEXTS) {
                assertThat(two.predict(text)).isEqualTo(one.predict(text));
                assertThat(two.embed(text)).isEqualTo(one.embed(text));
            }
            assertThatThrownBy(() -> model.openSession(0)).isInstanceOf(IllegalArgumentException.class);
        }
    }

    @Test
    void buffersThatAreTooSmallAreRefused() throws Exception {
        try (LoadedBackbone backbone = RandomModels.backbone("bert", Backends.active());
                PromptModel model = RandomModels.model(backbone, RandomModels.spec("prompt-tuning"), 3, 5);
                PromptSession session = model.openSession();
                Arena arena = Arena.ofConfined()) {
            assertThatThrownBy(() -> session.predict("a", new double[2])).isInstanceOf(IndexOutOfBoundsException.class);
            assertThatThrownBy(() -> session.predict("a", arena.allocate(23)))
                    .isInstanceOf(IndexOutOfBoundsException.class);
            assertThatThrownBy(() -> session.embed("a", new float[1])).isInstanceOf(IndexOutOfBoundsException.class);
        }
    }

    @Test
    void roomAndOneWordsTellWhatIsCutOff() {
        Random random = new Random(3);
        RowDraft draft = new RowDraft();
        for (int trial = 0; trial < 3000; trial++) {
            SpecialTokens tokens = new SpecialTokens(2, 3, 4, 0, 1, random.nextBoolean());
            SlotLayout layout = random.nextBoolean()
                    ? SlotLayout.aroundMask(1)
                    : new SlotLayout(SlotLayout.Where.AFTER_CLS, random.nextInt(3), random.nextInt(2));
            PromptPlacement placement = new PromptPlacement(tokens, layout, Reading.MASK, 14 + random.nextInt(20));
            int[] text = random.ints(random.nextInt(40), 5, 99).toArray();
            int[] pair = random.nextBoolean()
                    ? random.ints(random.nextInt(40), 5, 99).toArray()
                    : null;
            int limit = placement.room(pair != null) + 1;
            placement.place(
                    text, Math.min(text.length, limit), pair, pair == null ? 0 : Math.min(pair.length, limit), draft);
            assertThat(draft.toTemplate()).isEqualTo(placement.place(text, pair));
            assertThat(draft.length()).isLessThanOrEqualTo(placement.maxLength() - layout.numPrefixes());
        }
    }
}
