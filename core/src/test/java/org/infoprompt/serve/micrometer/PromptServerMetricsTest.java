package org.infoprompt.serve.micrometer;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.infoprompt.ops.Backends;
import org.infoprompt.serve.PromptRegistry;
import org.infoprompt.serve.PromptServer;
import org.infoprompt.serve.ServerOptions;
import org.infoprompt.session.LoadedBackbone;
import org.infoprompt.session.PromptModel;
import org.infoprompt.session.RandomModels;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PromptServerMetricsTest {
    @TempDir
    Path root;

    @Test
    void metersTellWhatTheServerDid() throws Exception {
        try (LoadedBackbone backbone = RandomModels.backbone("bert", Backends.active());
                PromptRegistry registry = new PromptRegistry(backbone)) {
            try (PromptModel model = RandomModels.model(backbone, RandomModels.spec("p-tuning-v2"), 2, 4)) {
                model.save(root.resolve("p"));
            }
            registry.registerAll(root);
            SimpleMeterRegistry meters = new SimpleMeterRegistry();
            try (PromptServer server = new PromptServer(registry, ServerOptions.defaults())) {
                new PromptServerMetrics(server).bindTo(meters);
                for (int i = 0; i < 5; i++) {
                    server.predict("p", "the cat");
                }
                assertThat(meters.get("infoprompt.requests")
                                .tag("outcome", "answered")
                                .functionCounter()
                                .count())
                        .isEqualTo(5);
                assertThat(meters.get("infoprompt.encode").functionTimer().count())
                        .isEqualTo(5);
                assertThat(meters.get("infoprompt.queue").functionTimer().totalTime(TimeUnit.NANOSECONDS))
                        .isPositive();
                assertThat(meters.get("infoprompt.prompt.load").functionTimer().count())
                        .isEqualTo(1);
                assertThat(meters.get("infoprompt.request.quantile")
                                .tag("quantile", "0.99")
                                .timeGauge()
                                .value())
                        .isPositive();
                assertThat(meters.get("infoprompt.prompts.loaded").gauge().value())
                        .isEqualTo((double) registry.loadedBytes());
            }
        }
    }
}
