package org.infoprompt.session;

import java.io.IOException;
import java.nio.file.Path;
import org.infoprompt.ops.Backends;

/** Loads a model, opens a session and warms it up, nothing else. */
public final class WarmedUpProgram {
    private WarmedUpProgram() {}

    /**
     * Runs the program.
     *
     * @param arguments folder of the model
     */
    public static void main(String[] arguments) throws IOException {
        try (LoadedBackbone backbone = RandomModels.backbone("bert", Backends.active());
                PromptModel model = PromptModel.load(Path.of(arguments[0]), backbone);
                PromptSession session = model.openSession()) {
            session.warmUp();
        }
    }
}
