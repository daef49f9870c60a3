package org.infoprompt.cli;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.infoprompt.checkpoint.Checkpoint;
import org.infoprompt.ops.Precision;
import org.infoprompt.peft.PeftExport;
import org.infoprompt.session.LoadedBackbone;
import org.infoprompt.session.PromptModel;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code infoprompt export}: writes a checkpoint in another library's format. */
@Command(
        name = "export",
        mixinStandardHelpOptions = true,
        versionProvider = Main.Version.class,
        sortOptions = false,
        abbreviateSynopsis = true,
        description =
                "Writes a checkpoint as an adapter that Hugging Face PEFT loads. Methods that PEFT has no form for are"
                        + " refused with the reason.",
        footer = {
            "",
            "Examples:",
            "  infoprompt export --checkpoint runs/cola --output adapters/cola",
            "  infoprompt export --checkpoint runs/cola --base-name bert-base-uncased --output adapters/cola",
        })
final class ExportCommand implements Callable<Integer> {
    private enum Format {
        PEFT
    }

    private final Console console;

    @Option(names = "--checkpoint", paramLabel = "DIR", required = true, description = "Folder of a training run.")
    private Path checkpoint = Path.of("");

    @Option(
            names = "--model",
            paramLabel = "MODEL",
            description = "The backbone it was trained on. Default: as the checkpoint says.")
    private @Nullable String model;

    @Option(
            names = "--format",
            paramLabel = "NAME",
            defaultValue = "peft",
            description = "The format: ${COMPLETION-CANDIDATES}. Default: ${DEFAULT-VALUE}.")
    private Format format = Format.PEFT;

    @Option(names = "--output", paramLabel = "DIR", required = true, description = "Folder to write.")
    private Path output = Path.of("");

    @Option(
            names = "--base-name",
            paramLabel = "NAME",
            description =
                    "What the adapter calls its base model. Default: the backbone's name on the Hugging Face hub, or its"
                            + " folder.")
    private @Nullable String baseName;

    @Mixin
    private final CommonOptions common = new CommonOptions();

    ExportCommand(Console console) {
        this.console = console;
    }

    @Override
    public Integer call() throws IOException {
        common.configure(console);
        String reference = model == null ? Checkpoint.info(checkpoint).backbone() : model;
        try (LoadedBackbone backbone = common.openBackbone(
                        reference, common.backend(console, Precision.FP32.text(), false), false, console);
                PromptModel trained = PromptModel.load(checkpoint, backbone)) {
            PeftExport written = switch (format) {
                case PEFT -> PeftExport.write(trained, output, baseName);
            };
            console.note(String.format(
                    Locale.ROOT,
                    "%s adapter%s is in %s",
                    written.type(),
                    written.type().changesWeights() ? "" : " of " + written.numVirtualTokens() + " virtual tokens",
                    output));
            if (written.needsHook()) {
                console.warn("PEFT reads the first virtual token where this model reads [CLS]; "
                        + output.resolve("README.md") + " has the line that makes it read [CLS]");
            }
        }
        return Failures.OK;
    }
}
