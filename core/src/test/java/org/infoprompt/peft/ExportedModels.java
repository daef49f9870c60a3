package org.infoprompt.peft;

import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.SequencedMap;
import org.infoprompt.data.Dataset;
import org.infoprompt.data.Example;
import org.infoprompt.metric.Metric;
import org.infoprompt.objective.ObjectiveConfig;
import org.infoprompt.objective.ParameterSet;
import org.infoprompt.ops.Backend;
import org.infoprompt.prompt.PromptMethods;
import org.infoprompt.session.LoadedBackbone;
import org.infoprompt.session.PromptModel;
import org.infoprompt.session.Recipe;
import org.infoprompt.session.TrainOptions;
import org.infoprompt.tensor.Shape;
import org.infoprompt.train.TrainingConfig;
import org.infoprompt.weights.ModelFiles;

/** Models of every method that can be exported, with parameters drawn from a seed instead of trained. */
final class ExportedModels {
    private static final Dataset DATA = new Dataset(
            "toy",
            List.of("cat", "film", "sun"),
            List.of(
                    new Example("1", "the cat sat", null, 0),
                    new Example("2", "a good film", null, 1),
                    new Example("3", "red sun", null, 2)),
            List.of(new Example("4", "the cat", null, 0)),
            List.of(),
            Metric.ACCURACY,
            "made up");

    /** A method and its options. */
    record Spec(String method, Map<String, String> options) {}

    private ExportedModels() {}

    /** Returns folder name to model. */
    static SequencedMap<String, Spec> specs() {
        SequencedMap<String, Spec> all = new LinkedHashMap<>();
        all.put("prompt-tuning-first", new Spec("prompt-tuning", Map.of("slots", "3", "read", "first")));
        all.put("prompt-tuning-cls", new Spec("prompt-tuning", Map.of("slots", "3")));
        all.put("p-tuning-mlp", new Spec("p-tuning", Map.of("slots", "3", "hidden-size", "8", "read", "first")));
        all.put(
                "p-tuning-lstm",
                new Spec("p-tuning", Map.of("slots", "3", "hidden-size", "8", "encoder", "lstm", "read", "first")));
        all.put("prefix-tuning", new Spec("prefix-tuning", Map.of("prefixes", "4", "hidden-size", "8")));
        all.put("p-tuning-v2", new Spec("p-tuning-v2", Map.of("prefixes", "2")));
        all.put(
                "multitask-prompt-tuning",
                new Spec("multitask-prompt-tuning", Map.of("slots", "3", "ranks", "2", "read", "first")));
        all.put("lora", new Spec("lora", Map.of("rank", "4", "alpha", "6")));
        all.put("lora-output", new Spec("lora", Map.of("rank", "2", "targets", "key+output.dense")));
        all.put("ia3", new Spec("ia3", Map.of()));
        all.put("ia3-output", new Spec("ia3", Map.of("targets", "value+output.dense")));
        return all;
    }

    static LoadedBackbone backbone(String encoder, Backend backend) throws IOException {
        var folder = PeftFixtures.folder("encoder/" + encoder);
        return LoadedBackbone.load(folder.toString(), ModelFiles.openFolder(folder), backend, true);
    }

    static PromptModel model(LoadedBackbone backbone, Spec spec) throws IOException {
        return model(backbone, spec, ObjectiveConfig.crossEntropyOnly());
    }

    static PromptModel model(LoadedBackbone backbone, Spec spec, ObjectiveConfig objective) throws IOException {
        Recipe recipe = new Recipe(
                spec.method(),
                PromptMethods.get(spec.method()).configure(spec.options()),
                objective,
                new TrainingConfig(1, 3, 0, 0, 0, 0, 0, 7),
                64);
        PromptModel model = PromptModel.train(
                backbone, DATA, recipe, TrainOptions.defaults().withThreads(1));
        ParameterSet parameters = model.parameters();
        Random random = new Random(11);
        for (Map.Entry<String, Shape> entry : parameters.shapes().entrySet()) {
            for (long i = 0; i < entry.getValue().numElements(); i++) {
                parameters.set(entry.getKey(), i, .4 * random.nextGaussian());
            }
        }
        return model;
    }
}
