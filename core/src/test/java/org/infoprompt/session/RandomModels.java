package org.infoprompt.session;

import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.SequencedMap;
import org.infoprompt.data.Dataset;
import org.infoprompt.data.Example;
import org.infoprompt.metric.Metric;
import org.infoprompt.objective.Classification;
import org.infoprompt.objective.ObjectiveConfig;
import org.infoprompt.ops.Backend;
import org.infoprompt.prompt.PromptMethods;
import org.infoprompt.tensor.Shape;
import org.infoprompt.train.TrainingConfig;
import org.infoprompt.weights.ModelFiles;

/** Models of every method on tiny encoders, with parameters drawn from a seed instead of trained. */
public final class RandomModels {
    /**
     * A model to be made.
     *
     * @param method its prompt method
     * @param options the method's options
     * @param classification what the class head scores
     */
    public record Spec(String method, Map<String, String> options, Classification classification) {}

    private RandomModels() {}

    /** {@return name to model, of every method that classifies texts and every way in which it touches the encoder} */
    public static SequencedMap<String, Spec> specs() {
        SequencedMap<String, Spec> all = new LinkedHashMap<>();
        add(all, "infoprompt-task", Classification.BOTTLENECK, "infoprompt");
        add(all, "infoprompt-instance", Classification.BOTH, "infoprompt", "kind", "instance");
        add(all, "head-only", Classification.DIRECT, "head-only");
        add(all, "head-only-mean", Classification.DIRECT, "head-only", "read", "mean");
        add(all, "prompt-tuning", Classification.DIRECT, "prompt-tuning", "slots", "3");
        add(all, "prompt-tuning-mean", Classification.DIRECT, "prompt-tuning", "slots", "5", "read", "mean");
        add(all, "prompt-tuning-mask", Classification.DIRECT, "prompt-tuning", "slots", "2", "read", "mask");
        add(
                all,
                "p-tuning-lstm",
                Classification.DIRECT,
                "p-tuning",
                "slots",
                "3",
                "hidden-size",
                "8",
                "encoder",
                "lstm");
        add(all, "prefix-tuning", Classification.DIRECT, "prefix-tuning", "prefixes", "4", "hidden-size", "8");
        add(all, "p-tuning-v2", Classification.DIRECT, "p-tuning-v2", "prefixes", "2");
        add(all, "multitask", Classification.DIRECT, "multitask-prompt-tuning", "slots", "3", "ranks", "2");
        add(
                all,
                "idpg-s",
                Classification.DIRECT,
                "idpg",
                "layers",
                "single",
                "bottleneck",
                "8",
                "order",
                "4",
                "slots",
                "2");
        add(all, "idpg-m", Classification.DIRECT, "idpg", "bottleneck", "4", "order", "4", "slots", "2");
        add(all, "ipt", Classification.DIRECT, "ipt", "slots", "2", "tokens", "6");
        add(all, "ipt-prefix", Classification.DIRECT, "ipt", "slots", "2", "tokens", "6", "carrier", "prefix");
        add(all, "lora", Classification.DIRECT, "lora", "rank", "2");
        add(all, "ia3", Classification.DIRECT, "ia3");
        return all;
    }

    /**
     * {@return one of {@link #specs}}
     *
     * @param name its name
     */
    public static Spec spec(String name) {
        return Objects.requireNonNull(specs().get(name), name);
    }

    private static void add(
            SequencedMap<String, Spec> all, String name, Classification head, String method, String... options) {
        Map<String, String> values = new LinkedHashMap<>();
        for (int i = 0; i < options.length; i += 2) {
            values.put(options[i], options[i + 1]);
        }
        all.put(name, new Spec(method, values, head));
    }

    /**
     * {@return the folder of a tiny encoder}
     *
     * @param encoder its name under fixtures/encoder
     */
    public static Path encoder(String encoder) {
        try {
            return Path.of(Objects.requireNonNull(RandomModels.class.getResource("/fixtures/encoder/" + encoder))
                    .toURI());
        } catch (URISyntaxException e) {
            throw new IllegalStateException(e);
        }
    }

    /**
     * {@return a tiny encoder}
     *
     * @param encoder its name under fixtures/encoder
     * @param backend whose layout its weights are packed for
     */
    public static LoadedBackbone backbone(String encoder, Backend backend) throws IOException {
        Path folder = encoder(encoder);
        return LoadedBackbone.load(folder.toString(), ModelFiles.openFolder(folder), backend, true);
    }

    /**
     * {@return a model with random parameters}
     *
     * @param backbone its encoder
     * @param spec its method
     * @param numClasses C
     * @param seed of the parameters
     */
    public static PromptModel model(LoadedBackbone backbone, Spec spec, int numClasses, long seed) throws IOException {
        List<String> labels = List.of("cat", "film", "sun", "rain", "mat").subList(0, numClasses);
        List<Example> train = new ArrayList<>();
        for (int k = 0; k < numClasses; k++) {
            train.add(new Example("t" + k, "the " + labels.get(k) + " sat", null, k));
        }
        Dataset data = new Dataset(
                "toy", labels, train, List.of(new Example("d", "the cat", null, 0)), List.of(), Metric.ACCURACY, "x");
        Recipe recipe = new Recipe(
                spec.method(),
                PromptMethods.get(spec.method()).configure(spec.options()),
                new ObjectiveConfig(spec.classification(), 6, 0, 0, 0, 0, 4, false),
                new TrainingConfig(1, numClasses, 0, 0, 0, 0, 0, 7),
                48);
        PromptModel model = PromptModel.train(
                backbone, data, recipe, TrainOptions.defaults().withThreads(1));
        Random random = new Random(seed);
        for (Map.Entry<String, Shape> entry : model.parameters().shapes().entrySet()) {
            for (long i = 0; i < entry.getValue().numElements(); i++) {
                model.parameters().set(entry.getKey(), i, .3 * random.nextGaussian());
            }
        }
        return model;
    }
}
