package org.infoprompt.serve;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.infoprompt.ops.Backends;
import org.infoprompt.session.ForkedJava;
import org.infoprompt.session.LoadedBackbone;
import org.infoprompt.session.Prediction;
import org.infoprompt.session.PromptModel;
import org.infoprompt.session.PromptSession;
import org.infoprompt.session.RandomModels;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Real processes that are killed while they write and swap prompts. */
@Timeout(value = 120, threadMode = Timeout.ThreadMode.SEPARATE_THREAD) // reading a pipe hears of no interrupt
class KilledSwapTest {
    private static final String TEXT = "the cat sat on the mat";
    private static final int KILLS = 4;

    @TempDir
    Path root;

    /** The two versions that are swapped: of different methods and class counts, so that a mixture cannot pass for either. */
    static PromptModel version(LoadedBackbone backbone, int which) throws IOException {
        return which == 0
                ? RandomModels.model(backbone, RandomModels.spec("prompt-tuning"), 3, 21)
                : RandomModels.model(backbone, RandomModels.spec("infoprompt-task"), 4, 22);
    }

    @Test
    void whatIsServedAfterwardsIsOneVersionAsAWhole() throws Exception {
        List<String> log = new ArrayList<>();
        Random random = new Random(9);
        try (LoadedBackbone backbone = RandomModels.backbone("bert", Backends.active())) {
            List<List<Double>> whole = new ArrayList<>();
            for (int i = 0; i < 2; i++) {
                try (PromptModel model = version(backbone, i);
                        PromptSession session = model.openSession()) {
                    whole.add(session.predict(TEXT).probabilities());
                }
            }
            for (int kill = 0; kill < KILLS; kill++) {
                int wanted = 5 + random.nextInt(20);
                int swaps = swapUntilKilled(wanted, random.nextInt(8_000_000));
                assertThat(swaps).as("it was killed in the middle of swaps").isEqualTo(wanted);
                try (PromptRegistry registry = new PromptRegistry(backbone);
                        PromptServer server = new PromptServer(registry, ServerOptions.defaults())) {
                    assertThat(registry.registerAll(root)).isEqualTo(1);
                    Prediction served = server.predict("p", TEXT);
                    int which = served.probabilities().size() - 3;
                    assertThat(which).isBetween(0, 1);
                    for (int k = 0; k < served.probabilities().size(); k++) {
                        assertThat(served.probabilities().get(k))
                                .isCloseTo(whole.get(which).get(k), within(1e-6));
                    }
                    log.add(swaps + " swaps, version " + which);
                }
            }
            try (PromptModel model = version(backbone, 0)) {
                model.save(root.resolve("p"));
            }
        }
        assertThat(log).hasSize(KILLS);
        try (var files = Files.newDirectoryStream(root.resolve("p"), "parameters-*")) {
            assertThat(files)
                    .as("tensors of killed writers are removed by the next")
                    .hasSize(1);
        }
    }

    /** Runs the program until it has told of enough swaps and some time more; returns how many it told of. */
    private int swapUntilKilled(int swaps, int moreNanos) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(ForkedJava.command(SwappingProgram.class, List.of(root)))
                .redirectError(root.resolve("errors").toFile())
                .start();
        int told = 0;
        try (BufferedReader out =
                new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
            while (told < swaps && out.readLine() != null) {
                told++;
            }
            long end = System.nanoTime() + moreNanos;
            while (System.nanoTime() < end) {
                Thread.onSpinWait();
            }
            assertThat(process.isAlive()).as("it was this test that ended it").isTrue();
        } finally {
            process.destroyForcibly();
        }
        assertThat(process.waitFor(1, TimeUnit.MINUTES)).isTrue();
        assertThat(process.exitValue())
                .as(Files.readString(root.resolve("errors")))
                .isNotZero();
        return told;
    }
}
