package org.infoprompt.cli;

import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import org.infoprompt.io.InputException;
import org.infoprompt.objective.Classification;
import org.infoprompt.objective.ObjectiveConfig;
import org.infoprompt.prompt.PromptConfig;
import org.infoprompt.prompt.PromptMethod;
import org.infoprompt.prompt.PromptMethods;
import org.infoprompt.prompt.infoprompt.InfoPromptConfig;
import org.infoprompt.prompt.infoprompt.PromptKind;
import org.infoprompt.session.Recipe;
import org.infoprompt.train.TrainingConfig;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Options that choose a recipe and change parts of it. */
final class RecipeArguments {
    private static final String OWN = " Default: the recipe's, for infoprompt ${bundle:recipe.";

    @Option(
            names = "--recipe",
            paramLabel = "NAME",
            defaultValue = "infoprompt",
            description = "infoprompt (settings chosen on dev data), released (the published code's), prompt-tuning"
                    + " (cross-entropy alone). Default: ${DEFAULT-VALUE}.")
    private String recipe = "infoprompt";

    @Option(
            names = "--method",
            paramLabel = "NAME",
            description = "A prompt method with its own defaults, instead of a recipe; listed below with its options.")
    private @Nullable String method;

    @Option(
            names = "--set",
            paramLabel = "OPTION=VALUE",
            split = ",",
            description = "Sets options of the prompt method.")
    private Map<String, String> set = new LinkedHashMap<>();

    @Option(
            names = "--information",
            description = "Switch both information losses and the KL term on, for a method that has none of its own.")
    private boolean information;

    @Option(names = "--epochs", paramLabel = "N", description = "Passes over the training examples." + OWN + "epochs}.")
    private @Nullable Integer epochs;

    @Option(names = "--batch-size", paramLabel = "B", description = "Examples a step." + OWN + "batch}.")
    private @Nullable Integer batchSize;

    @Option(names = "--learning-rate", paramLabel = "X", description = "AdamW's peak learning rate." + OWN + "rate}.")
    private @Nullable Double learningRate;

    @Option(names = "--weight-decay", paramLabel = "X", description = "Decoupled weight decay." + OWN + "weightDecay}.")
    private @Nullable Double weightDecay;

    @Option(
            names = "--warmup",
            paramLabel = "X",
            description = "Fraction of all steps with a rising rate." + OWN + "warmup}.")
    private @Nullable Double warmup;

    @Option(names = "--clip", paramLabel = "X", description = "Largest gradient norm, 0 for no limit." + OWN + "clip}.")
    private @Nullable Double clip;

    @Option(
            names = "--patience",
            paramLabel = "N",
            description = "Stop after N epochs without a better dev score, 0 for never." + OWN + "patience}.")
    private @Nullable Integer patience;

    @Option(
            names = "--prompt-slots",
            paramLabel = "N",
            description = "Slots in each of the four groups." + OWN + "slots}.")
    private @Nullable Integer promptSlots;

    @Option(
            names = "--prompt-kind",
            paramLabel = "KIND",
            description = "task (one prompt for the task) or instance (generated for each text)." + OWN + "kind}.")
    private @Nullable PromptKind promptKind;

    @Option(
            names = "--generator-size",
            paramLabel = "N",
            description = "Hidden width of the prompt generator." + OWN + "generator}.")
    private @Nullable Integer generatorSize;

    @Option(
            names = "--classification",
            paramLabel = "HOW",
            description = "What the head scores: direct, bottleneck or both." + OWN + "classification}.")
    private @Nullable Classification classification;

    @Option(names = "--latent-size", paramLabel = "N", description = "Width of the bottleneck." + OWN + "latent}.")
    private @Nullable Integer latentSize;

    @Option(names = "--gamma", paramLabel = "X", description = "Weight of the head information loss." + OWN + "gamma}.")
    private @Nullable Double gamma;

    @Option(
            names = "--beta",
            paramLabel = "X",
            description = "Weight of the representation information loss." + OWN + "beta}.")
    private @Nullable Double beta;

    @Option(names = "--kl", paramLabel = "X", description = "Weight of the KL term." + OWN + "kl}.")
    private @Nullable Double kl;

    @Option(
            names = "--decay",
            paramLabel = "X",
            description = "How far the information weights fall over the run." + OWN + "decay}.")
    private @Nullable Double decay;

    @Option(
            names = "--negatives",
            paramLabel = "N",
            description = "Negative samples a row, times the batch size." + OWN + "negatives}.")
    private @Nullable Integer negatives;

    @Option(
            names = "--reference-clamp",
            negatable = true,
            description =
                    "Clamp log-probabilities as the published code does, which silences both information losses at"
                            + " the start." + OWN + "clamp}.")
    private @Nullable Boolean referenceClamp;

    @Option(
            names = "--max-length",
            paramLabel = "N",
            description = "The most rows of a text, prompt slots included; longer texts are cut." + OWN + "length}.")
    private @Nullable Integer maxLength;

    @Option(
            names = "--label-words",
            paramLabel = "LABEL=WORDS",
            split = ",",
            description =
                    "Words that start a class's row of the head, instead of those of the task's paper or the label's own"
                            + " name.")
    private Map<String, String> labelWords = new LinkedHashMap<>();

    Map<String, String> labelWords() {
        return labelWords;
    }

    /** Returns the name used in folder names. */
    String name() {
        String name = method == null ? recipe : method;
        return name.toLowerCase(Locale.ROOT) + (information ? "-mi" : "");
    }

    /** Builds the recipe. */
    Recipe recipe(long seed) throws InputException {
        Recipe base;
        try {
            base = base();
        } catch (IllegalArgumentException e) {
            throw new InputException(
                    method == null ? "--recipe " + recipe : "--method " + method,
                    "",
                    String.valueOf(e.getMessage()),
                    "see infoprompt train --help",
                    e);
        }
        ObjectiveConfig o = base.objective();
        TrainingConfig t = base.training();
        try {
            return new Recipe(
                    base.name(),
                    base.prompt(),
                    new ObjectiveConfig(
                            or(classification, o.classification()),
                            or(latentSize, o.latentSize()),
                            or(gamma, o.gamma()),
                            or(beta, o.beta()),
                            or(kl, o.klWeight()),
                            or(decay, o.decay()),
                            or(negatives, o.negativesPerRow()),
                            or(referenceClamp, o.referenceClamp())),
                    new TrainingConfig(
                            or(epochs, t.epochs()),
                            or(batchSize, t.batchSize()),
                            or(learningRate, t.learningRate()),
                            or(weightDecay, t.weightDecay()),
                            or(warmup, t.warmupFraction()),
                            or(clip, t.maxGradientNorm()),
                            or(patience, t.patience()),
                            seed),
                    or(maxLength, base.maxLength()));
        } catch (IllegalArgumentException e) {
            throw new InputException("options", "", String.valueOf(e.getMessage()), "see infoprompt train --help", e);
        }
    }

    private Recipe base() throws InputException {
        Map<String, String> options = methodOptions();
        if (method != null) {
            PromptMethod found = PromptMethods.get(method.toLowerCase(Locale.ROOT));
            return Recipe.of(found, found.configure(options), information);
        }
        Recipe base = switch (recipe.toLowerCase(Locale.ROOT)) {
            case "infoprompt" -> Recipe.infoPrompt();
            case "released" -> Recipe.released();
            case "prompt-tuning" -> Recipe.promptTuning();
            default ->
                throw new InputException(
                        "--recipe " + recipe, "", "is unknown", "choose infoprompt, released or prompt-tuning");
        };
        if (information) {
            base = base.with(Recipe.infoPrompt().objective()).named(base.name() + " + MI");
        }
        Map<String, String> all = base.prompt().options();
        all.putAll(options);
        return base.with(PromptMethods.get(base.prompt().method()).configure(all));
    }

    /** Joins {@code --set} with the options that have a name of their own. */
    private Map<String, String> methodOptions() {
        Map<String, String> options = new LinkedHashMap<>();
        if (promptSlots != null) {
            options.put("slots", Integer.toString(promptSlots));
        }
        if (promptKind != null) {
            options.put("kind", promptKind.id());
        }
        if (generatorSize != null) {
            options.put("generator-size", Integer.toString(generatorSize));
        }
        options.putAll(set);
        return options;
    }

    /** Returns plain prompt tuning with the same number of slots, if it has InfoPrompt's, and the same schedule and length. */
    static Recipe softPrompt(Recipe main) {
        Recipe plain = Recipe.promptTuning();
        PromptConfig prompt = main.prompt() instanceof InfoPromptConfig p
                ? new InfoPromptConfig(PromptKind.TASK, p.slotsPerGroup(), p.generatorSize(), p.representation())
                : plain.prompt();
        return new Recipe(plain.name(), prompt, plain.objective(), main.training(), main.maxLength());
    }

    private static <T> T or(@Nullable T option, T own) {
        return option == null ? own : option;
    }
}
