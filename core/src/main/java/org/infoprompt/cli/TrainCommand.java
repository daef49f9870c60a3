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
import java.util.SequencedMap;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import org.infoprompt.checkpoint.ResumePoint;
import org.infoprompt.data.Dataset;
import org.infoprompt.data.Example;
import org.infoprompt.data.FewShotSampler;
import org.infoprompt.hub.Backbones;
import org.infoprompt.io.InputException;
import org.infoprompt.metric.ConfusionMatrix;
import org.infoprompt.ops.Backend;
import org.infoprompt.session.LoadedBackbone;
import org.infoprompt.session.ProbeBaseline;
import org.infoprompt.session.PromptModel;
import org.infoprompt.session.Recipe;
import org.infoprompt.session.TrainOptions;
import org.infoprompt.session.TrainingPlan;
import org.infoprompt.train.EpochReport;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code infoprompt train}: baselines first, then the recipe; tables, curves and a checkpoint. */
@Command(
        name = "train",
        mixinStandardHelpOptions = true,
        versionProvider = Main.Version.class,
        sortOptions = false,
        abbreviateSynopsis = true,
        description = "Trains prompts, evaluates them on test and compares them with baselines.",
        footer = {
            "",
            "Examples:",
            "  infoprompt train",
            "  infoprompt train --task cola --data data/cola --few-shot 32 --output runs/cola",
            "  infoprompt train --data reviews.csv --text-column review --label-column stars",
            "  infoprompt train --method prompt-tuning --set slots=20 --information",
            "  infoprompt train --seeds 1,2,3               mean and spread over three seeds",
            "  infoprompt train --resume                    goes on after a crash, with the same result",
        })
final class TrainCommand implements Callable<Integer> {
    private static final String PROBE = "head-only probe";
    private static final int DEFAULT_FEW_SHOT = 32;

    private final Console console;

    @Option(
            names = "--model",
            paramLabel = "MODEL",
            defaultValue = Backbones.DEFAULT_ID,
            description =
                    "The frozen encoder: an id that `infoprompt models` lists, Maven coordinates, or a Hugging Face"
                            + " folder. Default: ${DEFAULT-VALUE}.")
    private String model = Backbones.DEFAULT_ID;

    @Mixin
    private final DataArguments data = new DataArguments();

    @Option(
            names = "--few-shot",
            paramLabel = "K",
            description =
                    "Training and dev examples of each class, drawn by the seed; 0 for all. Default: 32 for the default"
                            + " task, else 0.")
    private @Nullable Integer fewShot;

    @Option(
            names = "--limit-test",
            paramLabel = "N",
            description = "Evaluate on N test examples only, for a quick look.")
    private @Nullable Integer limitTest;

    @Mixin
    private final RecipeArguments recipes = new RecipeArguments();

    @Option(
            names = "--seed",
            paramLabel = "S",
            defaultValue = "42",
            description = "Seed of sample, initialisation, order and noise. Default: ${DEFAULT-VALUE}.")
    private long seed = 42;

    @Option(
            names = "--seeds",
            paramLabel = "S",
            split = ",",
            description = "Several seeds: each method runs with each, the table shows mean and standard deviation, the"
                    + " checkpoint is the first seed's.")
    private List<Long> seeds = new ArrayList<>();

    @Option(names = "--no-baselines", description = "Train the recipe only.")
    private boolean noBaselines;

    @Option(names = "--output", paramLabel = "DIR", description = "Folder of the run. Default: runs/TASK-RECIPE.")
    private @Nullable Path output;

    @Option(names = "--resume", description = "Go on with the run in the folder, if there is one.")
    private boolean resume;

    @Option(names = "--force", description = "Replace a finished run of different settings.")
    private boolean force;

    @Option(
            names = "--dry-run",
            description =
                    "Print what would be done and what it takes, then stop. Fetches what is missing, writes no run.")
    private boolean dryRun;

    @Mixin
    private final CommonOptions common = new CommonOptions();

    TrainCommand(Console console) {
        this.console = console;
    }

    @Override
    public Integer call() throws IOException {
        common.configure(console);
        int numThreads = common.numThreads();
        List<Long> allSeeds = seeds.isEmpty() ? List.of(seed) : List.copyOf(new LinkedHashSet<>(seeds));
        Recipe recipe = recipes.recipe(allSeeds.getFirst());
        check("--few-shot", fewShot, 0);
        check("--limit-test", limitTest, 1);
        Backend backend = common.trainingBackend(console);
        Dataset dataset = limited(data.load(common, console, null));
        checkLabelWords(dataset);
        if ((dataset.isTagged() || dataset.isRegression()) && !noBaselines) {
            noBaselines = true;
            console.note("baselines are left out: they classify texts, " + dataset.name()
                    + (dataset.isTagged() ? " tags words" : " has numbers"));
        }
        console.note("data: " + dataset.source());
        try (LoadedBackbone backbone = common.openBackbone(model, backend, true, console)) {
            Dataset first = sampled(dataset, allSeeds.getFirst());
            TrainingPlan plan = TrainingPlan.of(backbone, first, recipe, numThreads);
            TrainReport report = new TrainReport(console, backbone, first, recipe);
            report.plan(plan, numThreads, allSeeds, numMethods(recipe), dryRun ? console::print : console::note);
            if (dryRun) {
                return Failures.OK;
            }
            RunFolder folder =
                    new RunFolder(output == null ? Path.of("runs", dataset.name() + "-" + recipes.name()) : output);
            SequencedMap<String, String> settings = settings(backbone, dataset, recipe, allSeeds);
            folder.begin(settings, resume, force);
            if (resume && folder.isFinished()) {
                console.note("the run in " + folder.path() + " is finished already");
                report.results(folder.results(dataset.labels()), folder.path());
                return Failures.OK;
            }
            List<MethodRun> runs = new ArrayList<>();
            try (ResumeHint hint = new ResumeHint(console, folder.path())) {
                for (long s : allSeeds) {
                    runMethods(folder, backbone, sampled(dataset, s), recipe.withSeed(s), numThreads, runs);
                }
                hint.done();
            }
            RunFolder.writeText(folder.path().resolve(RunFolder.METRICS), ResultTable.metricsCsv(runs));
            RunFolder.writeText(
                    folder.path().resolve(RunFolder.RESULTS_CSV), ResultTable.resultsCsv(runs, dataset.metric()));
            drawCurve(folder, runs, allSeeds.getFirst(), dataset);
            folder.finish(settings, dataset.labels(), runs);
            report.results(runs, folder.path());
            return Failures.OK;
        }
    }

    private static void check(String option, @Nullable Integer value, int least) throws InputException {
        if (value != null && value < least) {
            throw new InputException(option, "", value + " must be at least " + least, "");
        }
    }

    private void checkLabelWords(Dataset dataset) throws InputException {
        if (dataset.isRegression() && !recipes.labelWords().isEmpty()) {
            throw new InputException("--label-words", "", "is for data with classes", "leave it out");
        }
        for (String label : recipes.labelWords().keySet()) {
            if (!dataset.labels().contains(label)) {
                throw new InputException(
                        "--label-words",
                        "",
                        "'" + label + "' is no label",
                        "the labels are: " + String.join(", ", dataset.labels()));
            }
        }
    }

    private Dataset limited(Dataset dataset) {
        if (limitTest == null || limitTest >= dataset.test().size()) {
            return dataset;
        }
        int classes = dataset.numSampledClasses();
        List<Example> test = FewShotSampler.sample(dataset.test(), classes, (limitTest + classes - 1) / classes, 0);
        return with(dataset, dataset.train(), dataset.dev(), test.subList(0, Math.min(limitTest, test.size())));
    }

    private Dataset sampled(Dataset dataset, long s) {
        int k = fewShot();
        int classes = dataset.numSampledClasses();
        return k == 0
                ? dataset
                : with(
                        dataset,
                        FewShotSampler.sample(dataset.train(), classes, k, s),
                        FewShotSampler.sample(dataset.dev(), classes, k, s),
                        dataset.test());
    }

    private int fewShot() {
        return fewShot != null ? fewShot : data.isDefaultTask() ? DEFAULT_FEW_SHOT : 0;
    }

    private static Dataset with(Dataset dataset, List<Example> train, List<Example> dev, List<Example> test) {
        return new Dataset(dataset.name(), dataset.labels(), train, dev, test, dataset.metric(), dataset.source());
    }

    private boolean hasSoftPromptBaseline(Recipe recipe) {
        return !noBaselines
                && !recipe.name().equals(RecipeArguments.softPrompt(recipe).name());
    }

    private int numMethods(Recipe recipe) {
        return 1 + (noBaselines ? 0 : 1) + (hasSoftPromptBaseline(recipe) ? 1 : 0);
    }

    private void runMethods(
            RunFolder folder,
            LoadedBackbone backbone,
            Dataset dataset,
            Recipe recipe,
            int numThreads,
            List<MethodRun> runs)
            throws IOException {
        long s = recipe.training().seed();
        if (!noBaselines) {
            runs.add(MethodRun.majority(dataset, s));
            runs.add(probe(folder, backbone, dataset, recipe, numThreads));
        }
        if (hasSoftPromptBaseline(recipe)) {
            runs.add(train(folder, backbone, dataset, RecipeArguments.softPrompt(recipe), numThreads, false));
        }
        boolean first = runs.stream().noneMatch(run -> run.method().equals(recipe.name()));
        runs.add(train(folder, backbone, dataset, recipe, numThreads, first));
    }

    private MethodRun probe(RunFolder folder, LoadedBackbone backbone, Dataset dataset, Recipe recipe, int numThreads)
            throws IOException {
        long s = recipe.training().seed();
        MethodRun before = resume ? folder.finished(PROBE, s, dataset.labels()) : null;
        if (before != null) {
            return before;
        }
        long start = System.nanoTime();
        TrainingDisplay display = new TrainingDisplay(console, PROBE, recipe);
        ProbeBaseline probe = ProbeBaseline.run(backbone, dataset, recipe.maxLength(), s, numThreads, display);
        display.finish();
        MethodRun run =
                new MethodRun(PROBE, s, probe.test(), probe.numParameters(), seconds(start), 0, Double.NaN, List.of());
        done(folder, run, dataset);
        return run;
    }

    private MethodRun train(
            RunFolder folder, LoadedBackbone backbone, Dataset dataset, Recipe recipe, int numThreads, boolean save)
            throws IOException {
        long s = recipe.training().seed();
        MethodRun before = resume ? folder.finished(recipe.name(), s, dataset.labels()) : null;
        if (before != null) {
            return before;
        }
        Path state = folder.stateFolder(recipe.name(), s);
        if (resume && ResumePoint.exists(state)) {
            console.note(recipe.name() + ": goes on from " + state.resolve(ResumePoint.FILE));
        }
        TrainingDisplay display = new TrainingDisplay(console, recipe.name(), recipe);
        TrainOptions options = new TrainOptions(numThreads, display, recipes.labelWords(), state, resume);
        long start = System.nanoTime();
        try (PromptModel trained = PromptModel.train(backbone, dataset, recipe, options)) {
            double all =
                    trained.history().stream().mapToDouble(EpochReport::seconds).sum();
            double seconds = seconds(start) + all - display.heardSeconds();
            display.finish();
            CountDisplay count = new CountDisplay(
                    console, recipe.name() + ", test", dataset.test().size());
            ConfusionMatrix test = trained.evaluate(dataset.test(), numThreads, count);
            count.finish();
            if (save) {
                trained.save(folder.path());
            }
            MethodRun run = new MethodRun(
                    recipe.name(),
                    s,
                    test,
                    trained.numParameters(),
                    seconds,
                    trained.info().epoch(),
                    trained.info().devScore(),
                    trained.history());
            done(folder, run, dataset);
            ResumePoint.remove(state);
            return run;
        } catch (ArithmeticException e) {
            throw new InputException(recipe.name(), "", String.valueOf(e.getMessage()), "", e);
        } finally {
            display.finish();
        }
    }

    private void done(RunFolder folder, MethodRun run, Dataset dataset) throws IOException {
        folder.keep(run);
        String epochs = run.history().isEmpty()
                ? ""
                : ", " + run.history().size() + " epochs, best " + run.bestEpoch()
                        + (Double.isNaN(run.devScore())
                                ? ""
                                : String.format(Locale.ROOT, " (dev %.4f)", run.devScore()));
        console.note(String.format(
                Locale.ROOT,
                "%s, seed %d: %.1f s%s, test %s %.4f",
                run.method(),
                run.seed(),
                run.seconds(),
                epochs,
                dataset.metric().displayName(),
                run.score(dataset.metric())));
    }

    private static double seconds(long start) {
        return (System.nanoTime() - start) / 1e9;
    }

    /** A machine without fonts must not lose a run for want of a picture. */
    private void drawCurve(RunFolder folder, List<MethodRun> runs, long firstSeed, Dataset dataset) throws IOException {
        List<MethodRun> curves = runs.stream()
                .filter(run -> run.seed() == firstSeed && !run.history().isEmpty())
                .toList();
        byte[] picture;
        try {
            picture = LearningCurve.png(curves, dataset.name() + ", seed " + firstSeed, dataset.metric());
        } catch (RuntimeException | LinkageError | InternalError e) {
            console.warn(RunFolder.CURVE + " cannot be drawn here: " + Failures.oneLine(String.valueOf(e)));
            Files.deleteIfExists(folder.path().resolve(RunFolder.CURVE));
            return;
        }
        RunFolder.writeBytes(folder.path().resolve(RunFolder.CURVE), picture);
    }

    /** Everything that decides the result, as text to be compared. */
    private SequencedMap<String, String> settings(
            LoadedBackbone backbone, Dataset dataset, Recipe recipe, List<Long> allSeeds) {
        SequencedMap<String, String> settings = new LinkedHashMap<>();
        settings.put("backbone", backbone.identity());
        settings.put("backboneSha256", backbone.sha256());
        settings.put("backend", backbone.weights().backend().name());
        settings.put("precision", backbone.weights().backend().precision().text());
        settings.put("task", dataset.name());
        settings.put("dataSha256", dataset.sha256());
        settings.put("metric", dataset.metric().displayName());
        settings.put("fewShot", Integer.toString(fewShot()));
        settings.put("seeds", allSeeds.toString());
        settings.put("baselines", Boolean.toString(!noBaselines));
        settings.put("recipe", recipe.name());
        settings.put("prompt", recipe.prompt().method() + " " + recipe.prompt().options());
        settings.put("objective", recipe.objective().toString());
        settings.put("training", recipe.training().toString());
        settings.put("maxLength", Integer.toString(recipe.maxLength()));
        Map<String, String> words = new TreeMap<>(recipes.labelWords());
        settings.put("labelWords", words.toString());
        return settings;
    }
}
