package org.infoprompt.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.infoprompt.checkpoint.Checkpoint;
import org.infoprompt.checkpoint.CheckpointInfo;
import org.infoprompt.io.InputException;
import org.infoprompt.session.LoadedBackbone;
import org.infoprompt.session.PromptModel;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Options that name a checkpoint and where its backbone is. */
final class CheckpointArguments {
    @Option(names = "--checkpoint", paramLabel = "DIR", required = true, description = "Folder of a training run.")
    private Path checkpoint = Path.of("");

    @Option(
            names = "--model",
            paramLabel = "MODEL",
            description = "The backbone it was trained on. Default: as the checkpoint says.")
    private @Nullable String model;

    /** What a command does with an opened checkpoint. */
    @FunctionalInterface
    interface Body {
        /**
         * Runs.
         *
         * @param trained the model, open during the call
         * @throws IOException if input cannot be used or output not be written
         */
        void run(PromptModel trained) throws IOException;
    }

    CheckpointInfo info() throws IOException {
        if (!Files.isDirectory(checkpoint)) {
            throw new InputException(
                    checkpoint.toString(),
                    "",
                    Files.exists(checkpoint) ? "is no folder" : "no such folder",
                    "name the folder that infoprompt train wrote");
        }
        return Checkpoint.info(checkpoint);
    }

    void open(CheckpointInfo info, CommonOptions common, Console console, Body body) throws IOException {
        String reference = model == null ? info.backbone() : model;
        try (LoadedBackbone backbone = common.openBackbone(reference, common.backend(console, false), false, console);
                PromptModel trained = PromptModel.load(checkpoint, backbone)) {
            body.run(trained);
        }
    }
}
