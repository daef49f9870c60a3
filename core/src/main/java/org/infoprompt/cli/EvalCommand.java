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
import org.infoprompt.session.TextClassifier.Inputs;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code infoprompt eval}: scores a checkpoint or an adapter on labelled examples. */
@Command(
        name = "eval",
        mixinStandardHelpOptions = true,
        versionProvider = Main.Version.class,
        sortOptions = false,
        abbreviateSynopsis = true,
        description =
                "Prints metrics, confusion matrix and per-class scores of a checkpoint or an adapter on labelled data.",
        footer = {
            "",
            "Examples:",
            "  infoprompt eval --checkpoint runs/wordnet-supersense-infoprompt",
            "  infoprompt eval --checkpoint runs/cola --task cola --data data/cola --split dev",
            "  infoprompt eval --checkpoint runs/reviews --data more-reviews.csv",
            "  infoprompt eval --adapter adapters/reviews --model models/bert --labels bad,good --data reviews.csv",
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
        // What a checkpoint says suffices to read the data; so a bad row shows before the model is opened.
        Labelled known = info == null ? null : checked(examples(info), Inputs.of(info.pair()));
        checkpoint.open(common, console, trained -> {
            Labelled labelled = known == null ? checked(examples(trained.labels()), trained.inputs()) : known;
            CountDisplay count =
                    new CountDisplay(console, "evaluating", labelled.examples().size());
            ConfusionMatrix matrix = trained.evaluate(labelled.examples(), common.numThreads(), count);
            count.finish();
            print(matrix, labelled.metric());
        });
        return Failures.OK;
    }

    /** Examples, and what they are judged by. */
    private record Labelled(List<Example> examples, Metric metric) {}

    private Labelled checked(Labelled labelled, Inputs inputs) throws InputException {
        if (labelled.examples().isEmpty()) {
            throw new InputException("--split", "", "has no examples", "choose another split");
        }
        if (!inputs.accepts(labelled.examples().getFirst().pair() != null)) {
            boolean pair = inputs == Inputs.PAIR;
            throw new InputException(
                    String.valueOf(data.data()),
                    "",
                    pair ? "has single texts, the model takes pairs" : "has pairs, the model takes single texts",
                    "name the columns with --text-column" + (pair ? " and --pair-column" : ""));
        }
        return labelled;
    }

    private Labelled examples(CheckpointInfo info) throws IOException {
        if (!data.hasTask() && data.data() == null) {
            boolean known = Tasks.known().stream().map(TaskInfo::name).anyMatch(info.task()::equals);
            if (!known) {
                throw new InputException(
                        "--data", "", "is needed: the model was trained on data of one's own", "name it");
            }
            data.useTask(info.task());
        }
        if (info.metric().isRegression() && data.metric() == null && !data.hasTask()) {
            data.useMetric(info.metric());
        }
        return new Labelled(
                load(info.labels(), "evaluate on the task it was trained on").examples(), info.metric());
    }

    private Labelled examples(List<String> labels) throws IOException {
        if (!data.hasTask() && data.data() == null) {
            throw new InputException(
                    "--data", "", "is needed: an adapter does not say what it was trained on", "name it");
        }
        return load(labels, "name the adapter's classes as the data does with --labels");
    }

    private Labelled load(List<String> labels, String remedy) throws IOException {
        Path path = data.data();
        Metric asked = data.metric();
        if (asked != null && !asked.supports(labels.size())) {
            throw new InputException(
                    "--metric",
                    "",
                    asked.displayName() + " does not judge a model of the labels " + String.join(", ", labels),
                    "leave it out");
        }
        if (!data.hasTask() && path != null && split == null && Files.isRegularFile(path)) {
            return new Labelled(data.loadFile(path, labels), asked == null ? Metric.ACCURACY : asked);
        }
        Dataset dataset = data.load(common, console, labels);
        if (!dataset.labels().equals(labels)) {
            throw new InputException(
                    dataset.name(),
                    "",
                    "has the labels " + String.join(", ", dataset.labels()) + ", the model "
                            + String.join(", ", labels),
                    remedy);
        }
        console.note("data: " + dataset.source());
        List<Example> examples = switch (split == null ? Split.TEST : split) {
            case TEST -> dataset.test();
            case DEV -> dataset.dev();
            case TRAIN -> dataset.train();
        };
        return new Labelled(examples, dataset.metric());
    }

    private void print(ConfusionMatrix matrix, Metric shown) {
        console.print(String.format(Locale.ROOT, "%-20s %d", "examples", matrix.total()));
        for (Metric metric : ResultTable.metrics(shown)) {
            console.print(String.format(Locale.ROOT, "%-20s %.4f", metric.displayName(), metric.compute(matrix)));
        }
        console.print("");
        console.print(matrix.toString().stripTrailing());
    }
}
