package org.infoprompt.train;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.infoprompt.data.Dataset;
import org.infoprompt.data.Example;
import org.infoprompt.metric.ConfusionMatrix;
import org.infoprompt.metric.Metric;
import org.infoprompt.objective.ObjectiveConfig;
import org.infoprompt.ops.Backends;
import org.infoprompt.prompt.PromptMethods;
import org.infoprompt.session.LoadedBackbone;
import org.infoprompt.session.PromptModel;
import org.infoprompt.session.Recipe;
import org.infoprompt.session.TrainOptions;
import org.infoprompt.weights.ModelFiles;
import org.junit.jupiter.api.Test;

/** Kept plain states change no result, and are found again. */
class PlainStateCacheTest {
    private static final Dataset DATA = new Dataset(
            "toy",
            List.of("cat", "film"),
            List.of(
                    new Example("1", "the cat sat", null, 0),
                    new Example("2", "a good film", null, 1),
                    new Example("3", "the red cat", null, 0)),
            List.of(new Example("4", "the cat", null, 0), new Example("5", "film was not good", null, 1)),
            List.of(new Example("6", "a bad film", null, 1), new Example("7", "the cat sat", null, 0)),
            Metric.ACCURACY,
            "made up");

    @Test
    void changesNoBit() throws Exception {
        for (String method : List.of("head-only", "infoprompt", "idpg")) {
            try (LoadedBackbone plain = backbone();
                    LoadedBackbone keeping = backbone().rememberPlainStates(1 << 20)) {
                List<Object> without = run(plain, method);
                assertThat(run(keeping, method)).isEqualTo(without);
                PlainStateCache cache = Objects.requireNonNull(keeping.plainStates());
                long before = cache.hits();
                int size = cache.size();
                assertThat(run(keeping, method)).isEqualTo(without);
                assertThat(cache.size()).isEqualTo(size);
                // The training texts at least, and those of dev and test where scores read plain states.
                assertThat(cache.hits() - before).isEqualTo(method.equals("infoprompt") ? 3 : 7);
            }
        }
    }

    @Test
    void holdsNoMoreThanAsked() throws Exception {
        try (LoadedBackbone backbone = backbone().rememberPlainStates(2 * 2 * 32 * 4)) {
            run(backbone, "head-only");
            assertThat(Objects.requireNonNull(backbone.plainStates()).size()).isLessThanOrEqualTo(2);
        }
    }

    private static LoadedBackbone backbone() throws Exception {
        var encoder = TokenLabellingTest.encoder("bert");
        return LoadedBackbone.load(encoder.toString(), ModelFiles.openFolder(encoder), Backends.active(), true);
    }

    /** Trains and returns losses, dev scores and the counts on test. */
    private static List<Object> run(LoadedBackbone backbone, String method) throws Exception {
        ObjectiveConfig objective =
                method.equals("infoprompt") ? Recipe.infoPrompt().objective() : ObjectiveConfig.crossEntropyOnly();
        Map<String, String> options = method.equals("idpg") ? Map.of("bottleneck", "8", "order", "2") : Map.of();
        Recipe recipe = new Recipe(
                method,
                PromptMethods.get(method).configure(options),
                objective,
                new TrainingConfig(2, 2, 1e-2, 0, 0, 1, 0, 5),
                64);
        try (PromptModel model = PromptModel.train(
                backbone, DATA, recipe, TrainOptions.defaults().withThreads(2))) {
            ConfusionMatrix test = model.evaluate(DATA.test(), 2, done -> {});
            return List.of(
                    model.history().stream().map(EpochReport::total).toList(),
                    model.history().stream().map(EpochReport::devScore).toList(),
                    test.toString());
        }
    }
}
