package org.infoprompt.serve;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import jdk.jfr.Recording;
import jdk.jfr.consumer.RecordedEvent;
import jdk.jfr.consumer.RecordingFile;
import org.infoprompt.ops.Backends;
import org.infoprompt.session.LoadedBackbone;
import org.infoprompt.session.RandomModels;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EventsTest {
    @TempDir
    Path root;

    @Test
    void flightRecorderSeesBatchesLoadsAndSwaps() throws Exception {
        Path file = root.resolve("recording.jfr");
        try (LoadedBackbone backbone = RandomModels.backbone("bert", Backends.active());
                PromptRegistry registry = new PromptRegistry(backbone);
                Recording recording = new Recording()) {
            for (String name :
                    List.of("org.infoprompt.Batch", "org.infoprompt.PromptLoad", "org.infoprompt.PromptSwap")) {
                recording.enable(name);
            }
            recording.start();
            registry.register("p", ServedFolders.save(backbone, "prompt-tuning", 2, 1, root.resolve("a")));
            try (PromptServer server = new PromptServer(registry, ServerOptions.defaults())) {
                for (int i = 0; i < 3; i++) {
                    server.predict("p", "the cat sat");
                }
                registry.publish("p", ServedFolders.save(backbone, "prompt-tuning", 2, 2, root.resolve("b")));
            }
            recording.stop();
            recording.dump(file);
        }
        var byName = RecordingFile.readAllEvents(file).stream()
                .collect(Collectors.groupingBy(event -> event.getEventType().getName()));
        List<RecordedEvent> batches = byName.getOrDefault("org.infoprompt.Batch", List.of());
        assertThat(batches).hasSize(3);
        assertThat(batches.getFirst().getInt("texts")).isEqualTo(1);
        assertThat(batches.getFirst().getInt("rows")).isEqualTo(3 + 2 + 3);
        assertThat(batches.getFirst().getInt("threads")).isEqualTo(1);
        assertThat(batches.getFirst().getDuration()).isPositive();
        assertThat(byName.getOrDefault("org.infoprompt.PromptLoad", List.of())).hasSize(2);
        assertThat(byName.getOrDefault("org.infoprompt.PromptLoad", List.of())
                        .getFirst()
                        .getString("prompt"))
                .isEqualTo("p");
        assertThat(byName.get("org.infoprompt.PromptSwap")).hasSize(1);
    }
}
