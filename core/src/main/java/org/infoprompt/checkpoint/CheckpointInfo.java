package org.infoprompt.checkpoint;

import java.util.List;
import org.infoprompt.metric.Metric;
import org.infoprompt.objective.ObjectiveConfig;
import org.infoprompt.objective.ParameterLayout;
import org.infoprompt.prompt.BackboneShape;
import org.infoprompt.prompt.PromptConfig;
import org.infoprompt.prompt.WordReading;
import org.infoprompt.train.TrainingConfig;

/**
 * What a checkpoint says about itself.
 *
 * @param recipeName name of the recipe it was trained with
 * @param task name of the data
 * @param metric the task's metric
 * @param labels class names, in class order
 * @param pair whether examples have two texts
 * @param backbone how to find the backbone: a known name, coordinates or a folder
 * @param backboneIdentity its full name
 * @param backboneSha256 hash of its weights
 * @param tokenizerSha256 hash of its vocabulary
 * @param shape sizes of the backbone
 * @param prompt the prompts
 * @param objective head and losses
 * @param training optimiser and schedule
 * @param backend name of the backend it was trained on; empty if unknown
 * @param precision in what its products were computed; empty if unknown
 * @param maxLength the most rows of a sequence
 * @param epoch the epoch the parameters are from, from 1
 * @param devScore the metric on dev at that epoch, NaN without dev examples
 * @param dataSha256 hash of the data
 */
public record CheckpointInfo(
        String recipeName,
        String task,
        Metric metric,
        List<String> labels,
        boolean pair,
        String backbone,
        String backboneIdentity,
        String backboneSha256,
        String tokenizerSha256,
        BackboneShape shape,
        PromptConfig prompt,
        ObjectiveConfig objective,
        TrainingConfig training,
        String backend,
        String precision,
        int maxLength,
        int epoch,
        double devScore,
        String dataSha256) {

    /** Copies the labels; where words are tagged, the head reads every word, whatever the method reads elsewhere. */
    public CheckpointInfo {
        labels = List.copyOf(labels);
        prompt = metric == Metric.SPAN_F1 ? WordReading.of(prompt) : prompt;
    }

    /** {@return the names and shapes of the trained tensors} */
    public ParameterLayout layout() {
        return new ParameterLayout(prompt, objective, shape, labels.size());
    }

    /**
     * {@return the same with another epoch and score}
     *
     * @param newEpoch the epoch, from 1
     * @param newScore its dev score
     */
    public CheckpointInfo at(int newEpoch, double newScore) {
        return new CheckpointInfo(
                recipeName,
                task,
                metric,
                labels,
                pair,
                backbone,
                backboneIdentity,
                backboneSha256,
                tokenizerSha256,
                shape,
                prompt,
                objective,
                training,
                backend,
                precision,
                maxLength,
                newEpoch,
                newScore,
                dataSha256);
    }
}
