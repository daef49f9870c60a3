package org.infoprompt.cli;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.infoprompt.checkpoint.CheckpointInfo;
import org.infoprompt.data.DataOptions;
import org.infoprompt.data.Example;
import org.infoprompt.data.TableReader;
import org.infoprompt.io.InputException;
import org.infoprompt.io.TextFiles;
import org.infoprompt.metric.Metric;
import org.infoprompt.session.ClassifierSession;
import org.infoprompt.session.Prediction;
import org.infoprompt.session.PromptModel;
import org.infoprompt.session.TextClassifier;
import org.infoprompt.session.TextClassifier.Inputs;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code infoprompt predict}: classifies texts from arguments, standard input or a file. */
@Command(
        name = "predict",
        mixinStandardHelpOptions = true,
        versionProvider = Main.Version.class,
        sortOptions = false,
        abbreviateSynopsis = true,
        description = "Prints the label of texts and its probability.",
        footer = {
            "",
            "Examples:",
            "  infoprompt predict --checkpoint runs/x \"a large cat with black stripes\"",
            "  infoprompt predict --checkpoint runs/rte \"It rains.\" --pair \"The weather is dry.\"",
            "  cat texts.txt | infoprompt predict --checkpoint runs/x --json",
            "  infoprompt predict --checkpoint runs/x --input texts.tsv --output labels.tsv",
            "  infoprompt predict --adapter adapters/cola --model models/bert-base-uncased \"a text\"",
        })
final class PredictCommand implements Callable<Integer> {
    private static final String STANDARD_INPUT = "standard input";

    private final Console console;

    @Mixin
    private final CheckpointArguments checkpoint = new CheckpointArguments();

    @Parameters(
            arity = "0..*",
            paramLabel = "TEXT",
            description =
                    "Texts, each in quotes. Without any, lines of standard input; for pairs, a tab stands between the"
                            + " two texts.")
    private List<String> texts = new ArrayList<>();

    @Option(names = "--pair", paramLabel = "TEXT", description = "The second text, for models of pairs.")
    private @Nullable String pair;

    @Option(
            names = "--input",
            paramLabel = "FILE",
            description = "Texts to classify: .tsv, .csv or .jsonl with named columns, or .txt with one text a line.")
    private @Nullable Path input;

    @Option(
            names = "--text-column",
            paramLabel = "NAME",
            description = "Column of the text. Default: recognised by name.")
    private @Nullable String textColumn;

    @Option(
            names = "--pair-column",
            paramLabel = "NAME",
            description = "Column of the second text; needs --text-column.")
    private @Nullable String pairColumn;

    @Option(names = "--no-header", description = "The first line is data; columns are called 1, 2, 3 ...")
    private boolean noHeader;

    @Option(
            names = "--output",
            paramLabel = "FILE",
            description =
                    "Write there: label, probability and all probabilities, tab-separated; JSON lines if the name ends"
                            + " in .jsonl.")
    private @Nullable Path output;

    @Option(names = "--json", description = "Print a JSON object a text.")
    private boolean json;

    @Option(names = "--top", paramLabel = "K", defaultValue = "1", description = "Show the K most probable labels.")
    private int top = 1;

    @Option(names = "--probabilities", description = "Show all labels with their probabilities.")
    private boolean probabilities;

    @Mixin
    private final CommonOptions common = new CommonOptions();

    PredictCommand(Console console) {
        this.console = console;
    }

    @Override
    public Integer call() throws IOException {
        common.configure(console);
        if (top < 1) {
            throw new InputException("--top", "", top + " must be at least 1", "");
        }
        if (!texts.isEmpty() && input != null) {
            throw new InputException("--input", "", "stands beside a text", "give texts or a file");
        }
        if (pair != null && texts.size() != 1) {
            throw new InputException(
                    "--pair", "", "needs exactly one text", "give lines with a tab between the two texts");
        }
        CheckpointInfo info = checkpoint.info();
        Inputs inputs = info == null ? Inputs.ANY : Inputs.of(info.pair());
        // Files are read before the model is, so that a bad row shows at once.
        List<Example> examples = input != null ? fromFile(input, inputs) : fromArguments(inputs);
        if (info != null && info.metric() == Metric.SPAN_F1) {
            tag(examples);
            return Failures.OK;
        }
        checkpoint.open(common, console, trained -> {
            if (trained.labels().size() == 1) { // numbers
                refuseClassOptions();
            }
            PredictionFormat format = new PredictionFormat(trained.labels(), probabilities ? Integer.MAX_VALUE : top);
            if (output != null) {
                List<Example> all = examples.isEmpty() && input == null ? fromLines(inputs) : examples;
                write(output, predictAll(trained, all), format);
            } else if (input != null) {
                predictAll(trained, examples).forEach(prediction -> print(prediction, format));
            } else {
                predictEach(trained, examples, format);
            }
        });
        return Failures.OK;
    }

    /** Prints a word and its tag a line, and a blank line behind each text, or JSON with both. */
    private void tag(List<Example> given) throws IOException {
        refuseClassOptions();
        List<Example> texts = given.isEmpty() && input == null ? fromLines(Inputs.SINGLE) : given;
        List<Example> sentences = new ArrayList<>();
        for (Example text : texts) {
            String words = text.text().strip().replaceAll("\\s+", " ");
            sentences.add(new Example(text.id(), words, null, Example.UNKNOWN));
        }
        checkpoint.open(common, console, trained -> {
            if (!(trained instanceof PromptModel tagger)) {
                throw new IllegalStateException("only checkpoints tag words");
            }
            CountDisplay count = new CountDisplay(console, "tagging", sentences.size());
            List<List<String>> tags = tagger.tag(sentences, common.numThreads(), count);
            count.finish();
            StringBuilder text = new StringBuilder();
            for (int i = 0; i < sentences.size(); i++) {
                text.append(PredictionFormat.tagged(sentences.get(i).text(), tags.get(i), jsonLines()));
            }
            if (output == null) {
                text.toString().lines().forEach(console::print);
            } else {
                RunFolder.writeText(output, text.toString());
                console.note(String.format(Locale.ROOT, "%,d tagged texts are in %s", sentences.size(), output));
            }
        });
    }

    private void refuseClassOptions() throws InputException {
        if (probabilities || top > 1) {
            String option = probabilities ? "--probabilities" : "--top";
            throw new InputException(option, "", "is for models that classify texts", "leave it out");
        }
    }

    private boolean jsonLines() {
        return json
                || (output != null && output.toString().toLowerCase(Locale.ROOT).endsWith(".jsonl"));
    }

    private List<Prediction> predictAll(TextClassifier trained, List<Example> examples) throws IOException {
        CountDisplay count = new CountDisplay(console, "predicting", examples.size());
        List<Prediction> predictions = trained.predict(examples, common.numThreads(), count);
        count.finish();
        return predictions;
    }

    private void predictEach(TextClassifier trained, List<Example> examples, PredictionFormat format)
            throws IOException {
        try (ClassifierSession session = trained.openSession()) {
            for (Example example : examples) {
                print(session.predict(example.text(), example.pair()), format);
            }
            if (examples.isEmpty()) {
                LineReader lines = new LineReader(STANDARD_INPUT, console.in());
                for (String line = lines.next(); line != null; line = lines.next()) {
                    Example example = fromLine(line, STANDARD_INPUT, lines.line(), trained.inputs());
                    print(session.predict(example.text(), example.pair()), format);
                }
            }
        }
    }

    private void print(Prediction prediction, PredictionFormat format) {
        console.print(json ? format.json(prediction) : format.plain(prediction));
    }

    private void write(Path file, List<Prediction> predictions, PredictionFormat format) throws IOException {
        boolean lines = json || file.toString().toLowerCase(Locale.ROOT).endsWith(".jsonl");
        StringBuilder text = new StringBuilder();
        if (!lines) {
            text.append(format.header()).append('\n');
        }
        for (Prediction prediction : predictions) {
            text.append(lines ? format.json(prediction) : format.row(prediction))
                    .append('\n');
        }
        RunFolder.writeText(file, text.toString());
        console.note(String.format(Locale.ROOT, "%,d predictions are in %s", predictions.size(), file));
    }

    private List<Example> fromArguments(Inputs inputs) throws InputException {
        List<Example> examples = new ArrayList<>();
        for (String text : texts) {
            if (!inputs.accepts(pair != null)) {
                throw new InputException(
                        "checkpoint",
                        "",
                        inputs == Inputs.PAIR ? "is of a model of pairs" : "is of a model of single texts",
                        inputs == Inputs.PAIR ? "give the second text with --pair" : "leave out --pair");
            }
            examples.add(new Example("argument", text, pair, Example.UNKNOWN));
        }
        return examples;
    }

    private List<Example> fromLines(Inputs inputs) throws IOException {
        List<Example> examples = new ArrayList<>();
        LineReader lines = new LineReader(STANDARD_INPUT, console.in());
        for (String line = lines.next(); line != null; line = lines.next()) {
            examples.add(fromLine(line, STANDARD_INPUT, lines.line(), inputs));
        }
        return examples;
    }

    private static Example fromLine(String line, String source, int number, Inputs inputs) throws InputException {
        String id = source + ":" + number;
        if (inputs == Inputs.SINGLE) {
            return new Example(id, line, null, Example.UNKNOWN);
        }
        int tab = line.indexOf('\t');
        if (tab < 0 && inputs == Inputs.ANY) {
            return new Example(id, line, null, Example.UNKNOWN);
        }
        if (tab < 0) {
            throw new InputException(
                    source, "line " + number, "has no tab", "the model takes pairs: write a tab between the two texts");
        }
        return new Example(id, line.substring(0, tab), line.substring(tab + 1), Example.UNKNOWN);
    }

    private List<Example> fromFile(Path file, Inputs inputs) throws IOException {
        if (file.toString().toLowerCase(Locale.ROOT).endsWith(".txt") && textColumn == null) {
            List<Example> examples = new ArrayList<>();
            List<String> lines = TextFiles.readLines(file);
            for (int i = 0; i < lines.size(); i++) {
                examples.add(fromLine(lines.get(i), file.toString(), i + 1, inputs));
            }
            return checked(file, examples, inputs);
        }
        if (pairColumn != null && textColumn == null) {
            throw new InputException("--pair-column", "", "needs --text-column", "name both columns");
        }
        DataOptions options = new DataOptions(file, textColumn, pairColumn, null)
                .withHeader(!noHeader)
                .withAllowEmptyText(true);
        return checked(file, TableReader.unlabelled(file, options), inputs);
    }

    private static List<Example> checked(Path file, List<Example> examples, Inputs inputs) throws InputException {
        if (examples.isEmpty()) {
            throw new InputException(file.toString(), "", "is empty", "give a file with at least one text");
        }
        if (!inputs.accepts(examples.getFirst().pair() != null)) {
            throw new InputException(
                    file.toString(),
                    "line 1",
                    inputs == Inputs.PAIR
                            ? "has single texts, the model takes pairs"
                            : "has pairs, the model takes single texts",
                    "name the columns with --text-column" + (inputs == Inputs.PAIR ? " and --pair-column" : ""));
        }
        return examples;
    }
}
