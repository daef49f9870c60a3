package org.infoprompt.cli;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.infoprompt.data.TaskInfo;
import org.infoprompt.data.Tasks;
import org.infoprompt.hub.ArtifactResolver;
import org.infoprompt.hub.Backbone;
import org.infoprompt.hub.Backbones;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code infoprompt models}: which backbones, and with {@code --data} which tasks, are known by name. */
@Command(
        name = "models",
        mixinStandardHelpOptions = true,
        versionProvider = Main.Version.class,
        sortOptions = false,
        abbreviateSynopsis = true,
        description = "Lists the encoders known by name, where they are cached, and with --data the built-in tasks.",
        footer = {"", "Examples:", "  infoprompt models", "  infoprompt models --data"})
final class ModelsCommand implements Callable<Integer> {
    private final Console console;

    @Option(names = "--data", description = "List the built-in tasks too.")
    private boolean tasks;

    @Mixin
    private final CommonOptions common = new CommonOptions();

    ModelsCommand(Console console) {
        this.console = console;
    }

    @Override
    public Integer call() throws IOException {
        common.configure(console);
        List<List<String>> rows = new ArrayList<>();
        rows.add(List.of("model", "size", "licence"));
        List<List<String>> details = new ArrayList<>();
        try (ArtifactResolver resolver = ArtifactResolver.create(common.resolverConfig())) {
            for (Backbone backbone : Backbones.known()) {
                rows.add(List.of(backbone.id(), backbone.downloadMegabytes() + " MB", backbone.licence()));
                Optional<Path> cached = resolver.cached(backbone.coordinates());
                details.add(List.of(
                        backbone.description() + " (" + backbone.origin() + ")",
                        backbone.coordinates(),
                        cached.map(Path::toString).orElse("not cached")));
            }
        }
        List<String> lines = ResultTable.aligned(rows);
        console.print(lines.getFirst());
        for (int i = 0; i < details.size(); i++) {
            console.print(lines.get(i + 1));
            details.get(i).forEach(line -> console.print("    " + line));
        }
        console.print("");
        console.print("--model also takes Maven coordinates and Hugging Face folders.");
        if (tasks) {
            console.print("");
            console.print("task");
            for (TaskInfo task : Tasks.known()) {
                console.print(task.name());
                console.print("    " + task.description());
                console.print("    " + task.labels().size() + " classes, " + (task.pair() ? "pairs" : "single texts")
                        + ", " + task.metric().displayName() + "; licence: " + task.licenceNote());
            }
        }
        return Failures.OK;
    }
}
