package org.infoprompt.bench.serving;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.infoprompt.data.Dataset;
import org.infoprompt.data.Example;
import org.infoprompt.hub.ProgressListener;
import org.infoprompt.metric.Metric;
import org.infoprompt.objective.ObjectiveConfig;
import org.infoprompt.ops.Backend;
import org.infoprompt.ops.Backends;
import org.infoprompt.ops.Precision;
import org.infoprompt.prompt.PromptMethods;
import org.infoprompt.session.LoadedBackbone;
import org.infoprompt.session.PromptModel;
import org.infoprompt.session.Recipe;
import org.infoprompt.session.TrainOptions;
import org.infoprompt.train.TrainingConfig;

/**
 * A head on the frozen encoder whose state is the mean over all words; its parameters do not matter here. Saved and loaded again,
 * because not every precision can train.
 */
final class MeanModel {
    private MeanModel() {}

    /** Writes one for a backbone. */
    static void save(String reference, Path folder) throws IOException {
        Backend backend = Backends.active().with(Precision.FP32);
        try (LoadedBackbone backbone = LoadedBackbone.open(reference, backend, true, ProgressListener.none());
                PromptModel model = train(backbone)) {
            model.save(folder);
        }
    }

    private static PromptModel train(LoadedBackbone backbone) throws IOException {
        Dataset data = new Dataset(
                "none",
                List.of("a", "b"),
                List.of(new Example("1", "a", null, 0), new Example("2", "b", null, 1)),
                List.of(new Example("3", "a", null, 0)),
                List.of(),
                Metric.ACCURACY,
                "none");
        Recipe recipe = new Recipe(
                "none",
                PromptMethods.get("head-only").configure(Map.of("read", "mean")),
                ObjectiveConfig.crossEntropyOnly(),
                new TrainingConfig(1, 2, 0, 0, 0, 0, 0, 7),
                128);
        return PromptModel.train(backbone, data, recipe, TrainOptions.defaults().withThreads(1));
    }
}
