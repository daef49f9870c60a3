package org.infoprompt.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.infoprompt.cli.CompareSearch.Trial;
import org.infoprompt.data.Dataset;
import org.infoprompt.data.Example;
import org.infoprompt.data.FewShotSampler;
import org.infoprompt.data.Tasks;
import org.infoprompt.data.WordNetSupersense;
import org.infoprompt.hub.Backbones;
import org.infoprompt.io.InputException;
import org.infoprompt.metric.ConfusionMatrix;
import org.infoprompt.ops.Backend;
import org.infoprompt.session.LoadedBackbone;
import org.infoprompt.session.PromptModel;
import org.infoprompt.session.Recipe;
import org.infoprompt.session.TrainOptions;
import org.infoprompt.train.EpochReport;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code infoprompt compare}: a grid of methods, tasks, models, sample sizes and seeds, and a report. */
@Command(
        name = "compare",
        mixinStandardHelpOptions = true,
        versionProvider = Main.Version.class,
        sortOptions = false,
        abbreviateSynopsis = true,
        description = {
            "Trains methods on tasks with several seeds and reports means, paired differences, cost and pictures.",
            "First a search on dev chooses each method's learning rate, and other settings if asked to, for every model,"
                    + " task and sample size; test examples are never looked at for a choice. Finished cells are kept: the"
                    + " same command goes on after a crash, and a command with more seeds, methods or tasks adds to what is"
                    + " there. Plain states are computed once a text for all cells of a model.",
        },
        footer = {
            "",
            "Examples:",
            "  infoprompt compare --methods infoprompt,prompt-tuning,prompt-tuning+mi --seeds 1,2,3,4,5",
            "  infoprompt compare --tasks cola,trec --data data --few-shot 16,64,256 --output compare",
            "  infoprompt compare --methods infoprompt,warp,lora --models bert-base --search small",
            "  infoprompt compare --methods infoprompt,infoprompt/gamma=0,infoprompt/beta=0,infoprompt/gamma=0/beta=0",
        })
final class CompareCommand implements Callable<Integer> {
    private static final double MOST_FACTOR = 1e6;

    /** Both states of 80,000 texts at a hidden size of 768. */
    private static final long MAX_PLAIN_BYTES = 512L << 20;

    private final Console console;

    @Option(
            names = "--methods",
            paramLabel = "METHOD",
            split = ",",
            defaultValue = "infoprompt,prompt-tuning,head-only",
            description = "Methods as NAME[+mi][/OPTION=VALUE]...; +mi switches the information losses on; options are"
                    + " the method's, listed below, and gamma, beta, kl, latent, classification. Default:"
                    + " ${DEFAULT-VALUE}.")
    private List<String> methods = new ArrayList<>();

    @Option(
            names = "--reference",
            paramLabel = "METHOD",
            description = "The method the others are compared with. Default: the first.")
    private @Nullable String reference;

    @Option(
            names = "--tasks",
            paramLabel = "TASK[=DIR]",
            split = ",",
            defaultValue = WordNetSupersense.NAME,
            description = "Built-in tasks, each with the folder of its files. Default: ${DEFAULT-VALUE}.")
    private List<String> tasks = new ArrayList<>();

    @Option(names = "--data", paramLabel = "ROOT", description = "Folder with a folder for every task that names none.")
    private @Nullable Path data;

    @Option(
            names = "--models",
            paramLabel = "MODEL",
            split = ",",
            defaultValue = Backbones.DEFAULT_ID,
            description = "Frozen encoders, loaded once each. Default: ${DEFAULT-VALUE}.")
    private List<String> models = new ArrayList<>();

    @Option(
            names = "--few-shot",
            paramLabel = "K",
            split = ",",
            defaultValue = "64",
            description = "Training and dev examples of each class, drawn by the seed; 0 for all. Default:"
                    + " ${DEFAULT-VALUE}.")
    private List<Integer> fewShot = new ArrayList<>();

    @Option(
            names = "--seeds",
            paramLabel = "S",
            split = ",",
            defaultValue = "1,2,3,4,5",
            description = "Seeds of sample, start, order and noise. Default: ${DEFAULT-VALUE}.")
    private List<Long> seeds = new ArrayList<>();

    @Option(
            names = "--start-seeds",
            paramLabel = "S",
            split = ",",
            description = "Besides, train on the first seed's sample with these seeds of start, order and noise, to see"
                    + " how much the start matters.")
    private List<Long> startSeeds = new ArrayList<>();

    @Option(
            names = "--rates",
            paramLabel = "X",
            split = ",",
            defaultValue = "0.3,1,3",
            description = "Factors of each method's own learning rate that dev chooses from; one"
                    + " factor is no search. Default: ${DEFAULT-VALUE}.")
    private List<Double> rates = new ArrayList<>();

    @Option(
            names = "--weights",
            paramLabel = "X",
            split = ",",
            defaultValue = "1",
            description = "Factors of the information weights that dev chooses from, for methods that have them."
                    + " Default: ${DEFAULT-VALUE}.")
    private List<Double> weights = new ArrayList<>();

    @Option(
            names = "--epoch-factors",
            paramLabel = "X",
            split = ",",
            defaultValue = "1",
            description = "Factors of the number of epochs that dev chooses from. Default: ${DEFAULT-VALUE}.")
    private List<Double> epochFactors = new ArrayList<>();

    /** How settings are chosen. */
    enum Search {
        /** All combinations of the factors given. */
        GRID,
        /** One setting at a time, as many trials for every method. */
        SMALL
    }

    @Option(
            names = "--search",
            paramLabel = "HOW",
            defaultValue = "grid",
            description =
                    "How dev chooses: grid tries all combinations of --rates, --weights and --epoch-factors; small"
                            + " tries, with seven trials for every method, three learning rates, then half and twice the epochs,"
                            + " then weaker and stronger information weights or, without them, two more learning rates. Default:"
                            + " ${DEFAULT-VALUE}.")
    private Search search = Search.GRID;

    @Option(
            names = "--search-seeds",
            paramLabel = "N",
            defaultValue = "1",
            description =
                    "How many of the seeds, the first ones, the search runs with; it chooses by the mean of their dev"
                            + " scores. Default: ${DEFAULT-VALUE}.")
    private int searchSeeds = 1;

    @Spec
    private @Nullable CommandSpec spec;

    @Option(
            names = "--epochs",
            paramLabel = "N",
            defaultValue = "0",
            description = "Passes over the training examples, of which dev chooses the best; 0 for each method's own."
                    + " Default: ${DEFAULT-VALUE}.")
    private int epochs;

    @Option(names = "--limit-test", paramLabel = "N", description = "Evaluate on N test examples only.")
    private @Nullable Integer limitTest;

    @Option(
            names = "--output",
            paramLabel = "DIR",
            defaultValue = "runs/compare",
            description = "Folder of results and report. Default: ${DEFAULT-VALUE}.")
    private Path output = Path.of("runs", "compare");

    @Option(
            names = "--report-only",
            description = "Write the report of what is finished, train nothing. Without --methods, of all methods.")
    private boolean reportOnly;

    @Mixin
    private final CommonOptions common = new CommonOptions();

    private int numCells;
    private int cell;

    CompareCommand(Console console) {
        this.console = console;
    }

    @Override
    public Integer call() throws IOException {
        common.configure(console);
        if (reportOnly) {
            return report();
        }
        List<MethodSpec> specs = specs();
        List<String> labels = labels(specs);
        String against = reference(labels);
        check();
        Backend backend = common.trainingBackend(console);
        CompareFolder folder = CompareFolder.open(output);
        run(specs, folder, backend);
        write(folder, labels, against);
        return Failures.OK;
    }

    private List<MethodSpec> specs() throws InputException {
        List<MethodSpec> specs = new ArrayList<>();
        for (String text : new LinkedHashSet<>(methods)) {
            specs.add(MethodSpec.parse(text));
        }
        return specs;
    }

    private static List<String> labels(List<MethodSpec> specs) {
        return specs.stream().map(MethodSpec::label).toList();
    }

    private int report() throws IOException {
        if (!Files.isDirectory(output)) {
            throw new InputException(
                    output.toString(), "", "no such folder", "run compare without --report-only first");
        }
        CompareFolder folder = CompareFolder.open(output);
        List<String> finished = folder.cells().stream()
                .map(cell -> cell.key().method())
                .distinct()
                .toList();
        List<String> labels = given("--methods") ? labels(specs()) : finished;
        if (labels.stream().noneMatch(finished::contains)) {
            throw new InputException(
                    output.toString(),
                    "",
                    finished.isEmpty()
                            ? "holds no finished cell"
                            : "holds no finished cell of these methods, but of " + String.join(", ", finished),
                    finished.isEmpty() ? "run compare without --report-only first" : "leave out --methods for all");
        }
        write(folder, labels, reference(labels));
        return Failures.OK;
    }

    /** Returns the method that the others are compared with. */
    private String reference(List<String> labels) throws InputException {
        String against = reference == null ? labels.getFirst() : reference;
        if (!labels.contains(against)) {
            throw new InputException("--reference " + against, "", "is not among --methods", "name one of them");
        }
        return against;
    }

    private void write(CompareFolder folder, List<String> labels, String against) throws IOException {
        new CompareReport(folder, labels, console).write(against);
        for (CompareTables.Table table : new CompareTables(folder.cells(), labels).all(against)) {
            print(table);
        }
        console.print("results and report are in " + folder.path());
    }

    private void check() throws InputException {
        for (int k : fewShot) {
            refuse("--few-shot", k, k < 0);
        }
        for (double x : rates) {
            refuse("--rates", x, !(x > 0 && x <= MOST_FACTOR));
        }
        for (double x : weights) {
            refuse("--weights", x, !(x >= 0 && x <= MOST_FACTOR));
        }
        for (double x : epochFactors) {
            refuse("--epoch-factors", x, !(x > 0 && x <= MOST_FACTOR));
        }
        if (search == Search.SMALL && (given("--rates") || given("--weights") || given("--epoch-factors"))) {
            throw new InputException(
                    "--search",
                    "",
                    "small brings factors of its own",
                    "leave out --rates, --weights and --epoch-factors, or use --search grid");
        }
        refuse("--search-seeds", searchSeeds, searchSeeds < 1 || searchSeeds > new LinkedHashSet<>(seeds).size());
        refuse("--epochs", epochs, epochs < 0);
        if (limitTest != null) {
            refuse("--limit-test", limitTest, limitTest < 1);
        }
    }

    private boolean given(String option) {
        return Objects.requireNonNull(spec).commandLine().getParseResult().hasMatchedOption(option);
    }

    private static void refuse(String option, Number value, boolean bad) throws InputException {
        if (bad) {
            throw new InputException(option, "", value + " is out of range", "see infoprompt compare --help");
        }
    }

    private void run(List<MethodSpec> specs, CompareFolder folder, Backend backend) throws IOException {
        folder.agree("test examples", limitTest == null ? "all" : "at most " + limitTest);
        folder.agree(
                "search",
                (search == Search.SMALL
                                ? "small"
                                : "rates " + rates + ", weights " + weights + ", epoch factors " + epochFactors)
                        + (searchSeeds == 1 ? "" : ", by " + searchSeeds + " seeds"));
        folder.agree("epochs", epochs == 0 ? "each method's own" : Integer.toString(epochs));
        Map<String, Dataset> datasets = new LinkedHashMap<>();
        for (String task : new LinkedHashSet<>(tasks)) {
            Dataset dataset = load(task);
            datasets.put(dataset.name(), dataset);
            folder.agree("data " + dataset.name(), dataset.sha256());
        }
        folder.agree("precision", backend.precision().text());
        long trials = 0;
        for (MethodSpec spec : specs) {
            trials += (long) howToSearch().numTrials(spec) * searchSeeds;
            trials += seeds.size() + startSeeds.size();
        }
        numCells = Math.toIntExact(trials * datasets.size() * models.size() * fewShot.size());
        console.note(String.format(
                Locale.ROOT,
                "%,d cells: %d methods, %d tasks, %d models, %d sample sizes, %d seeds; %,d are finished",
                numCells,
                specs.size(),
                datasets.size(),
                models.size(),
                fewShot.size(),
                seeds.size(),
                folder.cells().size()));
        for (String model : new LinkedHashSet<>(models)) {
            try (LoadedBackbone backbone = common.openBackbone(model, backend, true, console)) {
                backbone.rememberPlainStates(
                        Math.min(MAX_PLAIN_BYTES, Runtime.getRuntime().maxMemory() / 4));
                folder.agree("model " + model, backbone.sha256());
                for (Dataset dataset : datasets.values()) {
                    for (int k : fewShot) {
                        for (MethodSpec spec : specs) {
                            method(folder, backbone, model, dataset, k, spec);
                        }
                        new CompareReport(
                                        folder,
                                        specs.stream().map(MethodSpec::label).toList(),
                                        console)
                                .write(reference == null ? specs.getFirst().label() : reference);
                    }
                }
            }
        }
    }

    private Dataset load(String task) throws IOException {
        int equals = task.indexOf('=');
        String name = equals < 0 ? task : task.substring(0, equals);
        Tasks.info(name);
        Path folder;
        if (equals >= 0) {
            folder = Path.of(task.substring(equals + 1));
        } else if (data != null) {
            folder = data.resolve(name);
        } else if (name.equalsIgnoreCase(WordNetSupersense.NAME)) {
            folder = common.resolve(DataArguments.WORDNET, console);
        } else {
            throw new InputException(
                    "--tasks " + name, "", "needs its files", "write " + name + "=DIR, or name a root with --data");
        }
        Dataset dataset = Tasks.load(name, folder);
        if (limitTest == null || limitTest >= dataset.test().size()) {
            return dataset;
        }
        int classes = dataset.numSampledClasses();
        List<Example> test = FewShotSampler.sample(dataset.test(), classes, (limitTest + classes - 1) / classes, 0);
        return with(dataset, dataset.train(), dataset.dev(), test.subList(0, Math.min(limitTest, test.size())));
    }

    private static Dataset with(Dataset dataset, List<Example> train, List<Example> dev, List<Example> test) {
        return new Dataset(dataset.name(), dataset.labels(), train, dev, test, dataset.metric(), dataset.source());
    }

    private static Dataset sampled(Dataset dataset, int k, long seed) {
        int classes = dataset.numSampledClasses();
        return k == 0
                ? dataset
                : with(
                        dataset,
                        FewShotSampler.sample(dataset.train(), classes, k, seed),
                        FewShotSampler.sample(dataset.dev(), classes, k, seed),
                        dataset.test());
    }

    private CompareSearch howToSearch() {
        return search == Search.SMALL ? CompareSearch.small() : CompareSearch.grid(rates, weights, epochFactors);
    }

    private void method(
            CompareFolder folder, LoadedBackbone backbone, String model, Dataset dataset, int k, MethodSpec spec)
            throws IOException {
        long first = seeds.getFirst();
        List<Long> searched =
                new LinkedHashSet<>(seeds).stream().limit(searchSeeds).toList();
        Trial chosen = howToSearch().choose(spec, trial -> {
            List<CompareCell> cells = new ArrayList<>();
            for (long seed : searched) {
                cells.add(cell(
                        folder,
                        backbone,
                        dataset,
                        spec,
                        key(CompareCell.Phase.SEARCH, model, dataset, k, spec, seed, seed, trial)));
            }
            return cells;
        });
        for (long seed : new LinkedHashSet<>(seeds)) {
            cell(
                    folder,
                    backbone,
                    dataset,
                    spec,
                    key(CompareCell.Phase.RUN, model, dataset, k, spec, seed, seed, chosen));
        }
        for (long seed : new LinkedHashSet<>(startSeeds)) {
            cell(
                    folder,
                    backbone,
                    dataset,
                    spec,
                    key(CompareCell.Phase.START, model, dataset, k, spec, first, seed, chosen));
        }
    }

    private static CompareCell.Key key(
            CompareCell.Phase phase,
            String model,
            Dataset dataset,
            int k,
            MethodSpec spec,
            long sampleSeed,
            long seed,
            Trial trial) {
        return new CompareCell.Key(
                phase,
                model,
                dataset.name(),
                k,
                spec.label(),
                sampleSeed,
                seed,
                trial.rate(),
                trial.weight(),
                trial.epochs());
    }

    private CompareCell cell(
            CompareFolder folder, LoadedBackbone backbone, Dataset dataset, MethodSpec spec, CompareCell.Key key)
            throws IOException {
        cell++;
        CompareCell before = folder.find(key);
        if (before != null) {
            return before;
        }
        Recipe recipe =
                spec.at(new Trial(key.rateFactor(), key.informationFactor(), key.epochFactor()), key.seed(), epochs);
        Dataset sample = sampled(dataset, key.fewShot(), key.sampleSeed());
        String name = String.format(
                Locale.ROOT,
                "%d/%d %s %s K=%d %s seed %d",
                cell,
                numCells,
                key.phase().id(),
                key.task(),
                key.fewShot(),
                key.method(),
                key.seed());
        TrainingDisplay display = new TrainingDisplay(console, name, recipe);
        TrainOptions options = TrainOptions.defaults().with(display).withThreads(common.numThreads());
        long start = System.nanoTime();
        try (PromptModel model = PromptModel.train(backbone, sample, recipe, options)) {
            double seconds = (System.nanoTime() - start) / 1e9;
            display.finish();
            // A search never looks at test.
            boolean searching = key.phase() == CompareCell.Phase.SEARCH;
            ConfusionMatrix test = searching ? null : model.evaluate(sample.test(), common.numThreads(), done -> {});
            CompareCell done = new CompareCell(
                    key,
                    dataset.metric().displayName(),
                    model.info().devScore(),
                    test == null ? Double.NaN : dataset.metric().compute(test),
                    test == null ? Double.NaN : test.accuracy(),
                    model.numParameters(),
                    seconds,
                    recipe.training().stepsPerEpoch(sample.train().size()),
                    model.history().stream().map(EpochReport::devScore).toList(),
                    model.history().stream().map(EpochReport::crossEntropy).toList());
            folder.keep(done);
            console.note(String.format(
                    Locale.ROOT,
                    "%s: %.1f s, dev %.4f%s",
                    name,
                    seconds,
                    done.dev(),
                    test == null ? "" : String.format(Locale.ROOT, ", test %.4f", done.test())));
            return done;
        } catch (ArithmeticException e) {
            // A rate too high for a method is a finding; the grid goes on.
            display.finish();
            console.warn(name + ": " + e.getMessage());
            CompareCell diverged = new CompareCell(
                    key,
                    dataset.metric().displayName(),
                    Double.NaN,
                    Double.NaN,
                    Double.NaN,
                    recipe.layout(backbone, dataset.labels().size()).numParameters(),
                    (System.nanoTime() - start) / 1e9,
                    recipe.training().stepsPerEpoch(sample.train().size()),
                    List.of(),
                    List.of());
            folder.keep(diverged);
            return diverged;
        } finally {
            display.finish();
        }
    }

    private void print(CompareTables.Table table) {
        console.print("");
        console.print(table.title());
        int columns = table.header().size();
        int[] widths = new int[columns];
        List<List<String>> lines = new ArrayList<>(List.of(table.header()));
        lines.addAll(table.rows());
        for (List<String> line : lines) {
            for (int i = 0; i < columns; i++) {
                widths[i] = Math.max(widths[i], line.get(i).length());
            }
        }
        for (List<String> line : lines) {
            StringBuilder text = new StringBuilder();
            for (int i = 0; i < columns; i++) {
                text.append(line.get(i));
                if (i < columns - 1) {
                    text.repeat(' ', widths[i] - line.get(i).length() + 2);
                }
            }
            console.print(text.toString().stripTrailing());
        }
    }
}
