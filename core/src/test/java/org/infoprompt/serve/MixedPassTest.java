package org.infoprompt.serve;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.concurrent.atomic.AtomicLong;
import org.infoprompt.model.EncoderTeam;
import org.infoprompt.model.RowDraft;
import org.infoprompt.objective.Classification;
import org.infoprompt.ops.Backends;
import org.infoprompt.peft.PeftAdapter;
import org.infoprompt.session.ClassifierSession;
import org.infoprompt.session.HeapBytes;
import org.infoprompt.session.LoadedBackbone;
import org.infoprompt.session.PromptModel;
import org.infoprompt.session.PromptSession;
import org.infoprompt.session.RandomModels;
import org.infoprompt.session.TextClassifier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Rows of all methods and both formats in one pass against each alone. */
class MixedPassTest {
    @TempDir
    Path root;

    @Test
    void mixedBatchGivesWhatEachGivesAlone() throws Exception {
        try (LoadedBackbone backbone = RandomModels.backbone("bert", Backends.active())) {
            List<String> names = ServedFolders.all(backbone, root);
            Map<String, double[]> expected = new HashMap<>();
            Map<String, float[]> states = new HashMap<>();
            for (String name : names) {
                try (TextClassifier model = open(backbone, name);
                        ClassifierSession session = model.openSession()) {
                    for (String text : ServedFolders.TEXTS) {
                        double[] logits = new double[model.labels().size()];
                        session.logits(text, null, logits);
                        expected.put(name + "|" + text, logits);
                        if (session instanceof PromptSession prompts) {
                            states.put(name + "|" + text, prompts.embed(text));
                        }
                    }
                }
            }
            Random random = new Random(3);
            try (PromptRegistry registry = new PromptRegistry(backbone);
                    MixedPass alone = pass(backbone, 256, 32, 0);
                    MixedPass mixed = pass(backbone, 1024, 32, 1 << 16)) {
                registry.registerAll(root);
                boolean cached = false;
                for (int trial = 0; trial < 30; trial++) {
                    List<PromptCall> calls = new ArrayList<>();
                    for (int i = 0; i < 2 + random.nextInt(30); i++) {
                        String name = names.get(random.nextInt(names.size()));
                        String text = ServedFolders.TEXTS.get(random.nextInt(ServedFolders.TEXTS.size()));
                        PromptCall call = call(backbone, registry, name, text);
                        if (mixed.fits(call)) {
                            mixed.add(call);
                            calls.add(call);
                        } else {
                            call.letGo();
                        }
                    }
                    mixed.run();
                    cached |= trial > 5 && mixed.passes() == 1 + weightChanges(calls) && readSentence(calls);
                    assertThat(mixed.passes()).isLessThanOrEqualTo(2 + weightChanges(calls));
                    for (PromptCall call : calls) {
                        double[] together =
                                Arrays.copyOf(call.logits, call.held().parts().numClasses());
                        float[] state = call.state.clone();
                        Arrays.fill(call.logits, Double.NaN);
                        alone.clear();
                        alone.add(call);
                        alone.run();
                        String name = call.held().name();
                        assertThat(Arrays.copyOf(call.logits, together.length))
                                .as("%s alone, bit by bit", name)
                                .isEqualTo(together);
                        assertThat(call.state).isEqualTo(state);
                        assertThat(together)
                                .as("%s in a session", name)
                                .containsExactly(
                                        Objects.requireNonNull(expected.get(name + "|" + call.tenant)), within(1e-5));
                        float[] embedding = states.get(name + "|" + call.tenant);
                        if (embedding != null) {
                            assertThat(state)
                                    .as("%s embedded by a session", name)
                                    .containsExactly(embedding, within(1e-5f));
                        }
                        call.letGo();
                    }
                    mixed.clear();
                    alone.clear();
                }
                assertThat(cached).as("the cache spared a pass").isTrue();
            }
        }
    }

    @Test
    void threadsThatShareATextChangeNothing() throws Exception {
        String text = "the cat sat on the mat in the red sun";
        try (LoadedBackbone backbone = RandomModels.backbone("bert", Backends.active());
                EncoderTeam team = new EncoderTeam(backbone.weights(), 256, 16, 2);
                PromptRegistry registry = new PromptRegistry(backbone);
                MixedPass alone = pass(backbone, 256, 32, 0);
                MixedPass shared = pass(backbone, 256, 32, 0)) {
            List<String> names = ServedFolders.all(backbone, root);
            registry.registerAll(root);
            shared.workWith(team);
            List<String> byTwo = new ArrayList<>();
            for (String name : names) {
                double[][] logits = new double[2][];
                float[][] states = new float[2][];
                for (int i = 0; i < 2; i++) {
                    MixedPass pass = i == 0 ? alone : shared;
                    PromptCall call = call(backbone, registry, name, text);
                    pass.clear();
                    pass.add(call);
                    pass.share(true);
                    pass.run();
                    logits[i] = call.logits;
                    states[i] = call.state;
                    call.letGo();
                }
                assertThat(logits[1]).as(name).isEqualTo(logits[0]);
                assertThat(states[1]).as(name).isEqualTo(states[0]);
                if (shared.numThreads() == 2) {
                    byTwo.add(name);
                }
                assertThat(alone.numThreads()).isEqualTo(1);
            }
            assertThat(byTwo)
                    .contains("head-only", "prompt-tuning", "prefix-tuning", "p-tuning-v2", "infoprompt-instance")
                    .doesNotContain("lora", "ia3");
            PromptCall call = call(backbone, registry, "prompt-tuning", text);
            shared.clear();
            shared.add(call);
            shared.share(false);
            shared.run();
            assertThat(shared.numThreads()).isEqualTo(1);
            shared.clear();
            shared.add(call);
            shared.add(call);
            shared.share(true);
            shared.run();
            assertThat(shared.numThreads()).as("two texts").isEqualTo(1);
            call.letGo();
        }
    }

    @Test
    void buffersOfOwnPromptsStayInTheirBudget() throws Exception {
        try (LoadedBackbone backbone = RandomModels.backbone("bert", Backends.active())) {
            List<String> names = new ArrayList<>();
            for (int i = 0; i < 12; i++) {
                names.add("p" + i);
                ServedFolders.save(backbone, "infoprompt-instance", 2, i, root.resolve("p" + i));
            }
            long budget = 5_000;
            AtomicLong counted = new AtomicLong();
            try (PromptRegistry registry = new PromptRegistry(backbone);
                    MixedPass bounded = new MixedPass(backbone, 512, 16, 0, budget, counted::addAndGet);
                    MixedPass free = pass(backbone, 512, 16, 0)) {
                registry.registerAll(root);
                for (String name : names) {
                    double[][] scores = new double[2][];
                    for (int i = 0; i < 2; i++) {
                        MixedPass pass = i == 0 ? bounded : free;
                        PromptCall call = call(backbone, registry, name, "the cat sat on the mat");
                        pass.add(call);
                        pass.run();
                        scores[i] = call.logits.clone();
                        pass.clear();
                        call.letGo();
                    }
                    assertThat(scores[0]).isEqualTo(scores[1]);
                    assertThat(bounded.ownBytes()).isLessThanOrEqualTo(budget).isEqualTo(counted.get());
                }
                assertThat(free.ownBytes())
                        .as("what would be kept without a budget")
                        .isGreaterThan(budget);
                List<PromptCall> all = new ArrayList<>();
                for (String name : names) {
                    all.add(call(backbone, registry, name, "a good film"));
                    bounded.add(all.getLast());
                }
                bounded.run();
                assertThat(bounded.ownBytes())
                        .as("the running batch keeps what it needs")
                        .isGreaterThan(budget);
                bounded.clear();
                bounded.endBatch();
                assertThat(bounded.ownBytes())
                        .as("no longer than it runs")
                        .isLessThanOrEqualTo(budget)
                        .isEqualTo(counted.get());
                all.forEach(PromptCall::letGo);
            }
            assertThat(counted.get()).isZero();
        }
    }

    private static MixedPass pass(LoadedBackbone backbone, int maxRows, int maxTexts, long cacheBytes) {
        return new MixedPass(backbone, maxRows, maxTexts, cacheBytes, Long.MAX_VALUE, bytes -> {});
    }

    private static int weightChanges(List<PromptCall> calls) {
        return (int) calls.stream()
                .map(call -> call.held().name())
                .filter(ServedFolders::changesWeights)
                .distinct()
                .count();
    }

    private static boolean readSentence(List<PromptCall> calls) {
        return calls.stream().anyMatch(call -> {
            LoadedPrompt.Own own = call.held().parts().own();
            return own != null && own.readsSentence();
        });
    }

    @Test
    void readsBehindTheMaskedLmHead() throws Exception {
        RandomModels.Spec warp = new RandomModels.Spec("warp", Map.of("length", "4"), Classification.DIRECT);
        try (LoadedBackbone backbone = RandomModels.backbone("bert-tanh", Backends.active())) {
            double[] expected = new double[3];
            try (PromptModel model = RandomModels.model(backbone, warp, 3, 2)) {
                model.save(root.resolve("warp"));
                try (ClassifierSession session = model.openSession()) {
                    session.logits("the cat sat", null, expected);
                }
            }
            try (PromptRegistry registry = new PromptRegistry(backbone);
                    MixedPass pass = pass(backbone, 128, 4, 0)) {
                registry.register("warp", root.resolve("warp"));
                PromptCall call = call(backbone, registry, "warp", "the cat sat");
                pass.add(call);
                pass.run();
                assertThat(Arrays.copyOf(call.logits, 3)).containsExactly(expected, within(1e-5));
                call.letGo();
            }
        }
    }

    @Test
    void steadyMixedBatchesAllocateNothing() throws Exception {
        try (LoadedBackbone backbone = RandomModels.backbone("bert", Backends.active())) {
            List<String> names = ServedFolders.all(backbone, root);
            // Behind others in a batch, changes of linear layers see the rows through views, which are made anew.
            names.removeIf(name -> name.equals("ia3"));
            Collections.swap(names, 0, names.indexOf("lora"));
            try (PromptRegistry registry = new PromptRegistry(backbone);
                    MixedPass pass = pass(backbone, 1024, 32, 0)) {
                registry.registerAll(root);
                List<PromptCall> calls = new ArrayList<>();
                for (String name : names) {
                    calls.add(call(backbone, registry, name, "the cat sat on the mat"));
                }
                long bytes = HeapBytes.leastOf(300, () -> {
                    pass.clear();
                    for (int i = 0; i < calls.size(); i++) {
                        pass.add(calls.get(i));
                    }
                    pass.run();
                });
                assertThat(bytes).as("heap bytes of 300 batches").isZero();
                calls.forEach(PromptCall::letGo);
            }
        }
    }

    @Test
    void cacheKeepsWhatWasUsedAndForgetsTheRest() {
        try (PlainCache cache = new PlainCache(16 * 4, 4);
                Arena arena = Arena.ofConfined()) {
            var value = arena.allocate(4);
            RowDraft kept = draft(7);
            for (int i = 0; i < 500; i++) {
                value.set(ValueLayout.JAVA_INT, 0, i);
                cache.keep(draft(1000 + i), value, 0);
                value.set(ValueLayout.JAVA_INT, 0, -7);
                if (i == 0) {
                    cache.keep(kept, value, 0);
                }
                value.set(ValueLayout.JAVA_INT, 0, 0);
                assertThat(cache.find(kept, value, 0)).isTrue();
                assertThat(value.get(ValueLayout.JAVA_INT, 0)).isEqualTo(-7);
            }
            int found = 0;
            for (int i = 0; i < 500; i++) {
                found += cache.find(draft(1000 + i), value, 0) ? 1 : 0;
            }
            assertThat(found).isBetween(1, 15);
        }
        try (PlainCache none = new PlainCache(0, 4)) {
            none.keep(draft(1), MemorySegment.NULL, 0);
            assertThat(none.find(draft(1), MemorySegment.NULL, 0)).isFalse();
        }
    }

    private static RowDraft draft(int id) {
        RowDraft draft = new RowDraft();
        draft.begin(0);
        draft.word(2);
        draft.word(id);
        return draft;
    }

    /** The tenant carries the text, so that it can be told again. */
    private static PromptCall call(LoadedBackbone backbone, PromptRegistry registry, String name, String text)
            throws ServingException {
        PromptCall call = new PromptCall(backbone.tokenizer());
        call.state = new float[backbone.config().hiddenSize()];
        call.wantsState = true;
        call.tenant = text;
        call.layOut(registry.acquire(name), text, null);
        return call;
    }

    private TextClassifier open(LoadedBackbone backbone, String name) throws Exception {
        Path folder = root.resolve(name);
        return name.startsWith("peft-") ? PeftAdapter.load(folder, backbone) : PromptModel.load(folder, backbone);
    }
}
