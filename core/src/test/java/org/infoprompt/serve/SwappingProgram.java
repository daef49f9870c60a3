package org.infoprompt.serve;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import org.infoprompt.io.InputException;
import org.infoprompt.ops.Backends;
import org.infoprompt.session.LoadedBackbone;
import org.infoprompt.session.PromptModel;
import org.infoprompt.session.RandomModels;

/** Writes and swaps two versions of a prompt again and again until somebody kills it; tells of each swap. */
public final class SwappingProgram {
    private SwappingProgram() {}

    /**
     * Runs until it is killed.
     *
     * @param arguments the folder that holds the prompt's folder "p"
     * @throws IOException if a swap fails
     */
    public static void main(String[] arguments) throws IOException {
        Path root = Path.of(arguments[0]);
        Path folder = root.resolve("p");
        try (LoadedBackbone backbone = RandomModels.backbone("bert", Backends.active());
                PromptModel first = KilledSwapTest.version(backbone, 0);
                PromptModel second = KilledSwapTest.version(backbone, 1);
                PromptRegistry registry = new PromptRegistry(backbone)) {
            first.save(folder);
            registry.watch(root, Duration.ofMillis(10));
            for (int i = 1; ; i++) {
                (i % 2 == 0 ? first : second).save(folder);
                registry.publish("p", folder);
                if (i % 3 == 0) {
                    try {
                        registry.rollBack("p");
                    } catch (InputException e) {
                        // The watcher published the same files meanwhile, and those of the version before are gone.
                        System.err.println(e.getMessage());
                    }
                }
                if (i % 5 == 0) {
                    registry.unregister("p");
                    registry.register("p", folder);
                }
                System.out.println(i);
            }
        }
    }
}
