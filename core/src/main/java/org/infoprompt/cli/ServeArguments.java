package org.infoprompt.cli;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.infoprompt.checkpoint.Checkpoint;
import org.infoprompt.io.InputException;
import org.infoprompt.ops.Backend;
import org.infoprompt.ops.PrecisionChoice;
import org.infoprompt.peft.PeftAdapter;
import org.infoprompt.serve.PromptRegistry;
import org.infoprompt.serve.PromptServer;
import org.infoprompt.serve.RegistryOptions;
import org.infoprompt.serve.ServerOptions;
import org.infoprompt.session.LoadedBackbone;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Which prompts are served over which backbone, and how requests are collected. */
final class ServeArguments {
    private static final String ADAPTER = "adapter_config.json";

    @Option(
            names = "--prompts",
            paramLabel = "DIR",
            description = "Serve every checkpoint and adapter in this folder, each under its folder's name.")
    private @Nullable Path prompts;

    @Option(
            names = "--prompt",
            paramLabel = "NAME=DIR",
            description = "Serve this checkpoint or adapter under this name; can be repeated.")
    private Map<String, Path> named = new LinkedHashMap<>();

    @Option(
            names = "--model",
            paramLabel = "M",
            description = "The backbone: a known name, coordinates or a folder. Default: that of the first prompt.")
    private @Nullable String model;

    @Option(names = "--any-base", description = "Adapters may name another base model than the backbone.")
    private boolean anyBase;

    @Option(
            names = "--memory",
            paramLabel = "MB",
            defaultValue = "1024",
            description = "The most megabytes of loaded prompts. Default: ${DEFAULT-VALUE}.")
    private long megabytes = 1024;

    @Option(
            names = "--batch-texts",
            paramLabel = "N",
            defaultValue = "32",
            description = "The most texts of a batch. Default: ${DEFAULT-VALUE}.")
    private int batchTexts = 32;

    @Option(
            names = "--batch-rows",
            paramLabel = "N",
            defaultValue = "512",
            description = "The most tokens and prompt slots of a batch. Default: ${DEFAULT-VALUE}.")
    private int batchRows = 512;

    @Option(
            names = "--collect",
            paramLabel = "MICROS",
            defaultValue = "0",
            description =
                    "For how many microseconds a text waits for others at most. Default: ${DEFAULT-VALUE}, a batch is"
                            + " what waits while the one before is computed.")
    private long collectMicros;

    @Option(
            names = "--queue",
            paramLabel = "N",
            defaultValue = "1024",
            description = "The most requests that wait; more are turned away. Default: ${DEFAULT-VALUE}.")
    private int queue = 1024;

    @Option(
            names = "--threads-per-text",
            paramLabel = "N",
            defaultValue = "1",
            description =
                    "How many of the threads compute a text together while no other waits: answers come sooner, and fewer"
                            + " batches run side by side. Default: ${DEFAULT-VALUE}.")
    private int threadsPerText = 1;

    @Option(
            names = "--cache",
            paramLabel = "MB",
            defaultValue = "0",
            description =
                    "Megabytes a worker keeps of texts it has seen, for prompts that are made from the text. Default:"
                            + " ${DEFAULT-VALUE}.")
    private long cacheMegabytes;

    /** What a command does with a server. */
    @FunctionalInterface
    interface Body {
        void run(PromptServer server) throws IOException;
    }

    /** Returns the folder that is served as a whole, or null. */
    @Nullable
    Path folder() {
        return prompts;
    }

    /** Opens backbone, registry and server, which share the threads out among workers. */
    void open(CommonOptions common, Console console, int numThreads, Body body) throws IOException {
        if (threadsPerText < 1 || threadsPerText > numThreads) {
            throw new InputException(
                    "--threads-per-text",
                    "",
                    threadsPerText + " must be in [1, " + numThreads + "], the number of threads",
                    "raise --threads");
        }
        List<Path> folders = folders();
        String reference = model == null ? backbone(folders, console) : model;
        Backend backend = common.backend(console, PrecisionChoice.AUTO, true);
        if (backend.maxWorkers() < Integer.MAX_VALUE) {
            throw new InputException(
                    "--device", "", "prompts are served on the processor, not by " + backend.name(), "leave it out");
        }
        bounded("--collect", collectMicros, 10_000_000);
        bounded("--cache", cacheMegabytes, 1 << 20);
        bounded("--memory", megabytes, 1 << 20);
        ServerOptions options;
        RegistryOptions budget;
        try {
            options = ServerOptions.defaults()
                    .withWorkers(numThreads / threadsPerText)
                    .withThreadsPerWorker(threadsPerText)
                    .withBatches(batchTexts, batchRows, Duration.ofNanos(collectMicros * 1000))
                    .withQueue(queue, 512L * queue)
                    .withCache(cacheMegabytes << 20);
            budget = RegistryOptions.defaults().withMaxBytes(megabytes << 20);
        } catch (IllegalArgumentException e) {
            throw new InputException("options", "", String.valueOf(e.getMessage()), "", e);
        }
        try (LoadedBackbone opened = common.openBackbone(reference, backend, false, console);
                PromptRegistry registry = new PromptRegistry(opened, anyBase ? budget.withAnyBase() : budget)) {
            if (prompts != null) {
                registry.registerAll(prompts);
            }
            for (Map.Entry<String, Path> each : named.entrySet()) {
                try {
                    registry.register(each.getKey(), each.getValue());
                } catch (IllegalArgumentException e) {
                    throw new InputException("--prompt", "", String.valueOf(e.getMessage()), "give NAME=DIR", e);
                }
            }
            try (PromptServer server = new PromptServer(registry, options)) {
                body.run(server);
            }
        }
    }

    private static void bounded(String option, long value, long most) throws InputException {
        if (value < 0 || value > most) {
            throw new InputException(option, "", value + " must be in [0, " + most + "]", "");
        }
    }

    private List<Path> folders() throws IOException {
        List<Path> folders = new ArrayList<>(named.values());
        if (prompts != null) {
            if (!Files.isDirectory(prompts)) {
                throw new InputException(prompts.toString(), "", "is no folder", "name a folder of prompts");
            }
            try (DirectoryStream<Path> inside = Files.newDirectoryStream(prompts, Files::isDirectory)) {
                for (Path folder : inside) {
                    if (holdsPrompt(folder)) {
                        folders.add(folder);
                    }
                }
            }
        }
        Collections.sort(folders); // folders are listed in no order
        if (folders.isEmpty() && model == null) {
            throw new InputException(
                    prompts == null ? "--prompts" : prompts.toString(),
                    "",
                    prompts == null ? "is missing" : "holds no prompts",
                    "name a folder of checkpoints with --prompts, or one with --prompt NAME=DIR, or the encoder with --model");
        }
        return folders;
    }

    private static boolean holdsPrompt(Path folder) {
        return Files.isRegularFile(folder.resolve(Checkpoint.FILE)) || Files.isRegularFile(folder.resolve(ADAPTER));
    }

    /** The encoder of the first prompt that can be read. */
    private static String backbone(List<Path> folders, Console console) throws IOException {
        InputException first = null;
        for (Path folder : folders) {
            try {
                return Files.isRegularFile(folder.resolve(Checkpoint.FILE))
                        ? Checkpoint.info(folder).backbone()
                        : PeftAdapter.baseModel(folder);
            } catch (InputException e) {
                console.note("skipped for now: " + e.getMessage());
                first = first == null ? e : first;
            }
        }
        throw Objects.requireNonNull(first, "there is a folder if no encoder is named");
    }
}
