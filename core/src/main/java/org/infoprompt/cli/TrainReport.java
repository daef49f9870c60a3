package org.infoprompt.cli;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Consumer;
import org.infoprompt.data.Dataset;
import org.infoprompt.data.Example;
import org.infoprompt.objective.ObjectiveConfig;
import org.infoprompt.session.LoadedBackbone;
import org.infoprompt.session.Recipe;
import org.infoprompt.session.TrainingPlan;
import org.infoprompt.train.TrainingConfig;

/** What a training run says before it begins and after it ends. */
final class TrainReport {
    private static final int MAX_EXAMPLE_CHARS = 90;

    private final Console console;
    private final LoadedBackbone backbone;
    private final Dataset dataset;
    private final Recipe recipe;

    TrainReport(Console console, LoadedBackbone backbone, Dataset dataset, Recipe recipe) {
        this.console = console;
        this.backbone = backbone;
        this.dataset = dataset;
        this.recipe = recipe;
    }

    void plan(TrainingPlan plan, int numThreads, List<Long> seeds, int numMethods, Consumer<String> line) {
        TrainingConfig t = recipe.training();
        ObjectiveConfig o = recipe.objective();
        line.accept(String.format(
                Locale.ROOT,
                "backbone: %s, %d layers, hidden size %d",
                backbone.identity(),
                backbone.config().numLayers(),
                backbone.config().hiddenSize()));
        line.accept(String.format(
                Locale.ROOT,
                "examples: %,d train, %,d dev, %,d test of %s%s",
                dataset.train().size(),
                dataset.dev().size(),
                dataset.test().size(),
                dataset.isRegression() ? "numbers" : dataset.labels().size() + " classes",
                plan.numTruncated() == 0
                        ? ""
                        : String.format(
                                Locale.ROOT,
                                "; %,d are cut to %d rows (--max-length)",
                                plan.numTruncated(),
                                plan.maxRows())));
        line.accept(String.format(
                Locale.ROOT,
                "%s: %s, %s head, gamma %s, beta %s, KL %s; %d epochs of %,d steps, batch %d, " + "learning rate %s",
                recipe.name(),
                recipe.prompt().describe(),
                o.classification().id(),
                o.gamma(),
                o.beta(),
                o.klWeight(),
                t.epochs(),
                plan.stepsPerEpoch(),
                t.batchSize(),
                t.learningRate()));
        line.accept(String.format(
                Locale.ROOT,
                "plan: %,d steps, %,d trained parameters, %s, %d %s trained with %s %s, about %,d MB outside the Java heap",
                plan.totalSteps(),
                plan.numParameters(),
                numThreads == 1 ? "1 thread" : numThreads + " threads",
                numMethods,
                numMethods == 1 ? "method" : "methods",
                seeds.size() == 1 ? "seed" : "seeds",
                seeds.toString().replaceAll("[\\[\\]]", ""),
                Math.max(1, Math.round(plan.totalBytes() / 1e6))));
    }

    void results(List<MethodRun> runs, Path folder) {
        console.print("");
        List<String> lines = ResultTable.lines(runs, dataset.metric());
        console.print(lines.getFirst());
        console.print("-".repeat(lines.stream().mapToInt(String::length).max().orElse(0)));
        lines.subList(1, lines.size()).forEach(console::print);
        console.print("");
        console.print(String.format(
                Locale.ROOT,
                "%,d test examples; checkpoint, metrics and curve are in %s",
                dataset.test().size(),
                folder));
        console.print("Next:");
        console.print("  " + nextCommand(folder));
    }

    private String nextCommand(Path folder) {
        List<String> words =
                new ArrayList<>(List.of("./infoprompt", "predict", "--checkpoint", quoted(folder.toString(), false)));
        if (dataset.test().isEmpty()) {
            words.add("\"a text\"");
        } else {
            Example example = dataset.test().stream()
                    .filter(e -> isPlain(e.text()) && (e.pair() == null || isPlain(e.pair())))
                    .findFirst()
                    .orElse(dataset.test().getFirst());
            words.add(quoted(example.text(), true));
            String pair = example.pair();
            if (pair != null) {
                words.add("--pair");
                words.add(quoted(pair, true));
            }
        }
        return String.join(" ", words);
    }

    private static boolean isPlain(String text) {
        return !text.isEmpty()
                && text.length() <= MAX_EXAMPLE_CHARS
                && text.chars().noneMatch(c -> "\"'$`\\!\n\t".indexOf(c) >= 0)
                && text.charAt(0) != '-';
    }

    /** Single quotes leave everything to the program but a single quote itself. */
    private static String quoted(String text, boolean always) {
        if (!always && text.matches("[A-Za-z0-9_./:-]+")) {
            return text;
        }
        return isPlain(text) ? '"' + text + '"' : "'" + text.replace("'", "'\\''") + "'";
    }
}
