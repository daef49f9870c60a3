package org.infoprompt.serve;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import org.infoprompt.session.RandomModels;
import org.infoprompt.text.Tokenizer;
import org.infoprompt.text.Tokenizers;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class FairQueueTest {
    private static Tokenizer tokenizer;

    @BeforeAll
    static void load() throws Exception {
        Path folder = RandomModels.encoder("bert");
        tokenizer = Tokenizers.load(folder);
    }

    private static PromptCall call(String tenant, int cost) {
        PromptCall call = new PromptCall(tokenizer);
        call.tenant = tenant;
        call.cost = cost;
        return call;
    }

    private static List<PromptCall> drain(FairQueue queue) {
        List<PromptCall> taken = new ArrayList<>();
        for (PromptCall call = queue.peek(); call != null; call = queue.peek()) {
            queue.take(call);
            taken.add(call);
        }
        return taken;
    }

    @Test
    void oneTenantCannotHoldUpAnother() {
        FairQueue queue = new FairQueue(1000, 1_000_000);
        for (int i = 0; i < 500; i++) {
            queue.add(call("greedy", 64));
        }
        PromptCall modest = call("modest", 64);
        queue.add(modest);
        assertThat(drain(queue).indexOf(modest)).isLessThan(5);
        assertThat(queue.size()).isZero();
        assertThat(queue.rows()).isZero();
    }

    @Test
    void longTextsGetNoMoreRowsThanShortOnes() {
        FairQueue queue = new FairQueue(10_000, 10_000_000);
        for (int i = 0; i < 100; i++) {
            queue.add(call("long", 400));
        }
        for (int i = 0; i < 4000; i++) {
            queue.add(call("short", 10));
        }
        Map<String, Integer> rows = new HashMap<>();
        for (PromptCall call : drain(queue).subList(0, 1000)) {
            rows.merge(call.tenant, call.cost, Integer::sum);
        }
        assertThat(rows.getOrDefault("long", 0) / (double) rows.getOrDefault("short", 0))
                .isBetween(.85, 1.15);
    }

    @Test
    void tenantWithLessPushesOutTheNewestOfTheOneWithMost() {
        FairQueue queue = new FairQueue(4, 1_000_000);
        List<PromptCall> greedy = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            greedy.add(call("greedy", 10));
            queue.add(greedy.get(i));
        }
        assertThat(queue.hasRoom(10)).isFalse();
        assertThat(queue.victim("greedy")).isNull();
        assertThat(queue.victim("modest")).isSameAs(greedy.get(3));
        queue.remove(greedy.get(3));
        queue.add(call("modest", 10));
        queue.remove(greedy.get(2));
        queue.add(call("modest", 10));
        assertThat(queue.victim("modest")).as("has its share").isNull();
        assertThat(queue.victim("third")).isNotNull();
    }

    @Test
    void keepsOrderWithinATenantAndCountsWhateverIsRemoved() {
        Random random = new Random(5);
        FairQueue queue = new FairQueue(1000, 1_000_000);
        Map<String, Deque<PromptCall>> expected = new HashMap<>();
        List<PromptCall> waiting = new ArrayList<>();
        for (int step = 0; step < 20_000; step++) {
            int what = random.nextInt(5);
            if (what < 2 || waiting.isEmpty()) {
                PromptCall call = call("t" + random.nextInt(6), 1 + random.nextInt(300));
                queue.add(call);
                waiting.add(call);
                expected.computeIfAbsent(call.tenant, t -> new ArrayDeque<>()).add(call);
            } else if (what == 2) {
                PromptCall call = waiting.remove(random.nextInt(waiting.size()));
                queue.remove(call);
                Objects.requireNonNull(expected.get(call.tenant)).remove(call);
            } else {
                PromptCall call = Objects.requireNonNull(queue.peek());
                assertThat(call)
                        .isSameAs(Objects.requireNonNull(expected.get(call.tenant))
                                .poll());
                queue.take(call);
                waiting.remove(call);
            }
            assertThat(queue.size()).isEqualTo(waiting.size());
            assertThat(queue.rows())
                    .isEqualTo(waiting.stream().mapToLong(c -> c.cost).sum());
            assertThat(queue.oldest()).isSameAs(waiting.isEmpty() ? null : waiting.getFirst());
        }
    }
}
