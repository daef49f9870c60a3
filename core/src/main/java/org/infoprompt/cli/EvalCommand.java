package org.infoprompt.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.infoprompt.checkpoint.CheckpointInfo;
import org.infoprompt.data.Dataset;
import org.infoprompt.data.Example;
import org.infoprompt.data.TaskInfo;
import org.infoprompt.data.Tasks;
import org.infoprompt.io.InputException;
import org.infoprompt.metric.ConfusionMatrix;
import org.infoprompt.metric.Metric;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code infoprompt eval}: scores a checkpoint on labelled examples. */
@Command(
        name = "eval",
        mixinStandardHelpOptions = true,
        versionProvider = Main.Version.class,
        sortOptions = false,
        abbreviateSynopsis = true,
        description = "Prints metrics, confusion matrix and per-class scores of a checkpoint on labelled data.",
        footer = {
            "",
            "Examples:",
            "  infoprompt eval --checkpoint runs/wordnet-supersense-infoprompt",
            "  infoprompt eval --checkpoint runs/cola --task cola --data data/cola --split dev",
            "  infoprompt eval --checkpoint runs/reviews --data more-reviews.csv",
        })
final class EvalCommand implements Callable<Integer> {
    private enum Split {
        TEST,
        DEV,
        TRAIN
    }

    private final Console console;

    @Mixin
    private final CheckpointArguments checkpoint = new CheckpointArguments();

    @Mixin
    private final DataArguments data = new DataArguments();

    @Option(
            names = "--split",
            paramLabel = "NAME",
            description =
                    "test, dev or train, split as for training. Default: test; of a single file of data of your own,"
                            + " all rows.")
    private @Nullable Split split;

    @Mixin
    private final CommonOptions common = new CommonOptions();

    EvalCommand(Console console) {
        this.console = console;
    }

    @Override
    public Integer call() throws IOException {
        common.configure(console);
        CheckpointInfo info = checkpoint.info();
        List<Example> examples = examples(info);
        if (examples.isEmpty()) {
            throw new InputException("--split", "", "has no examples", "choose another split");
        }
        if ((examples.getFirst().pair() != null) != info.pair()) {
            throw new InputException(
                    String.valueOf(data.data()),
                    "",
                    info.pair() ? "has single texts, the model takes pairs" : "has pairs, the model takes single texts",
                    "name the columns with --text-column" + (info.pair() ? " and --pair-column" : ""));
        }
        checkpoint.open(info, common, console, trained -> {
            CountDisplay count = new CountDisplay(console, "evaluating", examples.size());
            ConfusionMatrix matrix = trained.evaluate(examples, common.numThreads(), count);
            count.finish();
            print(matrix, info);
        });
        return Failures.OK;
    }

    private List<Example> examples(CheckpointInfo info) throws IOException {
        Path path = data.data();
        if (!data.hasTask() && path == null) {
            boolean known = Tasks.known().stream().map(TaskInfo::name).anyMatch(info.task()::equals);
            if (!known) {
                throw new InputException(
                        "--data", "", "is needed: the model was trained on data of one's own", "name it");
            }
            data.useTask(info.task());
        }
        if (!data.hasTask() && path != null && split == null && Files.isRegularFile(path)) {
            return data.loadFile(path, info.labels());
        }
        Dataset dataset = data.load(common, console, info.labels());
        if (!dataset.labels().equals(info.labels())) {
            throw new InputException(
                    dataset.name(),
                    "",
                    "has the labels " + String.join(", ", dataset.labels()) + ", the model "
                            + String.join(", ", info.labels()),
                    "evaluate on the task it was trained on");
        }
        console.note("data: " + dataset.source());
        return switch (split == null ? Split.TEST : split) {
            case TEST -> dataset.test();
            case DEV -> dataset.dev();
            case TRAIN -> dataset.train();
        };
    }

    private void print(ConfusionMatrix matrix, CheckpointInfo info) {
        console.print(String.format(Locale.ROOT, "%-20s %d", "examples", matrix.total()));
        for (Metric metric : ResultTable.metrics(info.metric())) {
            console.print(String.format(Locale.ROOT, "%-20s %.4f", metric.displayName(), metric.compute(matrix)));
        }
        console.print("");
        console.print(matrix.toString().stripTrailing());
    }
}
