package org.infoprompt.cli;

import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import org.infoprompt.io.InputException;
import org.infoprompt.objective.Classification;
import org.infoprompt.objective.ObjectiveConfig;
import org.infoprompt.prompt.PromptMethod;
import org.infoprompt.prompt.PromptMethods;
import org.infoprompt.session.Recipe;
import org.infoprompt.train.TrainingConfig;
import org.jspecify.annotations.Nullable;

/**
 * A method as {@code compare} names it: {@code NAME[+mi][/OPTION=VALUE]...}. Names are those of prompt methods, and of the recipe
 * {@code released}. Options are the method's, and those of the objective: gamma, beta, kl, latent, classification.
 *
 * @param label the text that was given
 * @param recipe how it is trained
 */
record MethodSpec(String label, Recipe recipe) {
    private static final String RELEASED = "released";
    private static final String INFORMATION = "+mi";

    static MethodSpec parse(String text) throws InputException {
        String[] parts = text.strip().split("/", -1);
        String name = parts[0].toLowerCase(Locale.ROOT);
        boolean information = name.endsWith(INFORMATION);
        if (information) {
            name = name.substring(0, name.length() - INFORMATION.length());
        }
        Map<String, String> prompt = new LinkedHashMap<>();
        Map<String, String> objective = new LinkedHashMap<>();
        for (int i = 1; i < parts.length; i++) {
            int equals = parts[i].indexOf('=');
            if (equals < 1) {
                throw refused(text, "'" + parts[i] + "' is no OPTION=VALUE", null);
            }
            String key = parts[i].substring(0, equals);
            boolean ours = switch (key) {
                case "gamma", "beta", "kl", "latent", "classification" -> true;
                default -> false;
            };
            (ours ? objective : prompt).put(key, parts[i].substring(equals + 1));
        }
        try {
            Recipe recipe;
            if (name.equals(RELEASED)) {
                Recipe base = Recipe.released();
                Map<String, String> all = base.prompt().options();
                all.putAll(prompt);
                recipe = base.with(PromptMethods.get(base.prompt().method()).configure(all));
            } else {
                PromptMethod method = PromptMethods.get(name);
                recipe = Recipe.of(method, method.configure(prompt), information);
            }
            return new MethodSpec(
                    text.strip(),
                    recipe.with(objective(recipe.objective(), objective)).named(text.strip()));
        } catch (IllegalArgumentException e) {
            throw refused(text, String.valueOf(e.getMessage()), e);
        }
    }

    private static ObjectiveConfig objective(ObjectiveConfig o, Map<String, String> changes) {
        return new ObjectiveConfig(
                Classification.valueOf(changes.getOrDefault(
                                "classification", o.classification().id())
                        .toUpperCase(Locale.ROOT)),
                (int) number(changes, "latent", o.latentSize()),
                number(changes, "gamma", o.gamma()),
                number(changes, "beta", o.beta()),
                number(changes, "kl", o.klWeight()),
                o.decay(),
                o.negativesPerRow(),
                o.referenceClamp());
    }

    private static double number(Map<String, String> changes, String key, double own) {
        String text = changes.get(key);
        return text == null ? own : Double.parseDouble(text);
    }

    private static InputException refused(String text, String problem, @Nullable Throwable cause) {
        String source = "--methods " + text;
        String remedy = "see infoprompt compare --help";
        return cause == null
                ? new InputException(source, "", problem, remedy)
                : new InputException(source, "", problem, remedy, cause);
    }

    /** Whether the objective has information weights to search. */
    boolean hasInformation() {
        ObjectiveConfig o = recipe.objective();
        return o.usesInformation() || o.klWeight() > 0;
    }

    /**
     * Returns the recipe at another learning rate and number of epochs, with scaled information weights and another seed.
     *
     * @param epochs what the factor of the epochs is of, 0 for the method's own
     */
    Recipe at(CompareSearch.Trial trial, long seed, int epochs) {
        ObjectiveConfig o = recipe.objective();
        ObjectiveConfig scaled = new ObjectiveConfig(
                o.classification(),
                o.latentSize(),
                o.gamma() * trial.weight(),
                o.beta() * trial.weight(),
                o.klWeight() * trial.weight(),
                o.decay(),
                o.negativesPerRow(),
                o.referenceClamp());
        TrainingConfig t = recipe.training();
        int own = epochs > 0 ? epochs : t.epochs();
        return recipe.with(scaled)
                .with(new TrainingConfig(
                        Math.toIntExact(Math.max(1, Math.round(own * trial.epochs()))),
                        t.batchSize(),
                        t.learningRate() * trial.rate(),
                        t.weightDecay(),
                        t.warmupFraction(),
                        t.maxGradientNorm(),
                        t.patience(),
                        seed));
    }
}
