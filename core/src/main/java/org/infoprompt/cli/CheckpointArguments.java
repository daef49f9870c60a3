package org.infoprompt.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.infoprompt.checkpoint.Checkpoint;
import org.infoprompt.checkpoint.CheckpointInfo;
import org.infoprompt.io.InputException;
import org.infoprompt.ops.Backend;
import org.infoprompt.ops.Precision;
import org.infoprompt.ops.PrecisionChoice;
import org.infoprompt.peft.PeftAdapter;
import org.infoprompt.peft.PeftOptions;
import org.infoprompt.session.LoadedBackbone;
import org.infoprompt.session.PromptModel;
import org.infoprompt.session.TextClassifier;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Options that name a checkpoint or a PEFT adapter, and where its backbone is. */
final class CheckpointArguments {
    @Option(names = "--checkpoint", paramLabel = "DIR", description = "Folder of a training run.")
    private @Nullable Path checkpoint;

    @Option(
            names = "--adapter",
            paramLabel = "DIR",
            description = "Folder of a Hugging Face PEFT adapter with task type SEQ_CLS, instead of a checkpoint.")
    private @Nullable Path adapter;

    @Option(
            names = "--model",
            paramLabel = "MODEL",
            description = "The backbone it was trained on. Default: as the checkpoint or the adapter says.")
    private @Nullable String model;

    @Option(
            names = "--adapter-task",
            paramLabel = "K",
            description = "Task of a multitask adapter, from 0. Default: the only one.")
    private @Nullable Integer task;

    @Option(
            names = "--labels",
            paramLabel = "NAMES",
            split = ",",
            description =
                    "Class names of an adapter in class order, separated by commas. Default: those of its base model.")
    private @Nullable List<String> labels;

    @Option(
            names = "--any-base",
            description = "Use an adapter although its base model has another name than the backbone.")
    private boolean anyBase;

    /** What a command does with an opened model. */
    @FunctionalInterface
    interface Body {
        /**
         * Runs.
         *
         * @param trained the model, open during the call
         * @throws IOException if input cannot be used or output not be written
         */
        void run(TextClassifier trained) throws IOException;
    }

    /** Returns what the checkpoint says about itself; null where an adapter was named. */
    @Nullable
    CheckpointInfo info() throws IOException {
        if (checkpoint != null && adapter != null) {
            throw new InputException("--adapter", "", "stands beside --checkpoint", "name one of them");
        }
        if (adapter != null) {
            return null;
        }
        if (checkpoint == null) {
            throw new InputException(
                    "--checkpoint", "", "is missing", "name a checkpoint, or an adapter with --adapter");
        }
        if (task != null || labels != null || anyBase) {
            throw new InputException(
                    task != null ? "--adapter-task" : labels != null ? "--labels" : "--any-base",
                    "",
                    "belongs to --adapter",
                    "a checkpoint knows its own");
        }
        if (!Files.isDirectory(checkpoint)) {
            throw new InputException(
                    checkpoint.toString(),
                    "",
                    Files.exists(checkpoint) ? "is no folder" : "no such folder",
                    "name the folder that infoprompt train wrote");
        }
        return Checkpoint.info(checkpoint);
    }

    /** Opens the checkpoint or the adapter over its backbone. */
    void open(CommonOptions common, Console console, Body body) throws IOException {
        CheckpointInfo info = info();
        if (info != null && checkpoint != null) {
            Path folder = checkpoint;
            openBackbone(
                    info.backbone(),
                    PrecisionChoice.AUTO,
                    common,
                    console,
                    backbone -> PromptModel.load(folder, backbone),
                    body);
        } else if (adapter != null) {
            Path folder = adapter;
            String base = model == null ? PeftAdapter.baseModel(folder) : model;
            PeftOptions options = new PeftOptions(task, labels, anyBase);
            // PEFT computes in float32; bfloat16 would move its scores by more than the 1e-4 that is promised.
            openBackbone(
                    base,
                    Precision.FP32.text(),
                    common,
                    console,
                    backbone -> PeftAdapter.load(folder, backbone, options),
                    body);
        }
    }

    @FunctionalInterface
    private interface Loader {
        TextClassifier load(LoadedBackbone backbone) throws IOException;
    }

    private void openBackbone(
            String known, String precision, CommonOptions common, Console console, Loader loader, Body body)
            throws IOException {
        String reference = model == null ? known : model;
        Backend backend = common.backend(console, precision, false);
        try (LoadedBackbone backbone = common.openBackbone(reference, backend, false, console);
                TextClassifier trained = loader.load(backbone)) {
            body.run(trained);
        }
    }
}
