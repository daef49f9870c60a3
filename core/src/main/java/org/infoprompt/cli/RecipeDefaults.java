package org.infoprompt.cli;

import java.util.LinkedHashMap;
import java.util.ListResourceBundle;
import java.util.Map;
import org.infoprompt.session.Recipe;

/** The values of the default recipe, for the help text: the recipe itself is their only source. */
final class RecipeDefaults extends ListResourceBundle {
    @Override
    protected Object[][] getContents() {
        Recipe r = Recipe.infoPrompt();
        Map<String, Object> values = new LinkedHashMap<>();
        values.put("epochs", r.training().epochs());
        values.put("batch", r.training().batchSize());
        values.put("rate", r.training().learningRate());
        values.put("weightDecay", r.training().weightDecay());
        values.put("warmup", r.training().warmupFraction());
        values.put("clip", r.training().maxGradientNorm());
        values.put("patience", r.training().patience());
        Map<String, String> prompt = r.prompt().options();
        values.put("slots", prompt.getOrDefault("slots", ""));
        values.put("kind", prompt.getOrDefault("kind", ""));
        values.put("generator", prompt.getOrDefault("generator-size", ""));
        values.put("classification", r.objective().classification().id());
        values.put("latent", r.objective().latentSize());
        values.put("gamma", r.objective().gamma());
        values.put("beta", r.objective().beta());
        values.put("kl", r.objective().klWeight());
        values.put("decay", r.objective().decay());
        values.put("negatives", r.objective().negativesPerRow());
        values.put("clamp", r.objective().referenceClamp());
        values.put("length", r.maxLength());
        return values.entrySet().stream()
                .map(entry -> new Object[] {"recipe." + entry.getKey(), String.valueOf(entry.getValue())})
                .toArray(Object[][]::new);
    }
}
