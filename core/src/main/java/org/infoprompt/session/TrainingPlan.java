package org.infoprompt.session;

import java.io.IOException;
import java.util.List;
import org.infoprompt.data.Dataset;
import org.infoprompt.data.Example;
import org.infoprompt.objective.ParameterLayout;
import org.infoprompt.prompt.PromptPlacement;
import org.infoprompt.prompt.Reading;
import org.infoprompt.prompt.WordReading;
import org.infoprompt.train.EngineSizes;
import org.infoprompt.train.PreparedExamples;
import org.infoprompt.train.PromptEngine;

/**
 * What a training run will take, without running it.
 *
 * @param maxRows rows of the longest training or dev example, prompt slots included
 * @param numTruncated training and dev examples that lose words
 * @param stepsPerEpoch optimiser steps of an epoch
 * @param totalSteps optimiser steps of all epochs
 * @param numParameters how many numbers are trained
 * @param backboneBytes packed matrices of the frozen encoder
 * @param parameterBytes parameters with gradients, both moments and the best values
 * @param bufferBytes buffers of the encoder, the prompt method and the losses, of all workers
 * @param plainStateBytes plain states kept for all epochs
 */
public record TrainingPlan(
        int maxRows,
        int numTruncated,
        int stepsPerEpoch,
        int totalSteps,
        long numParameters,
        long backboneBytes,
        long parameterBytes,
        long bufferBytes,
        long plainStateBytes) {

    /** Values, gradients, two moments, best values. */
    private static final int COPIES = 5;

    /**
     * Plans a run.
     *
     * @param backbone the encoder
     * @param dataset the data
     * @param recipe how it would be trained
     * @param numThreads workers
     * @return the plan
     * @throws IOException if the texts do not fit the backbone
     */
    public static TrainingPlan of(LoadedBackbone backbone, Dataset dataset, Recipe recipe, int numThreads)
            throws IOException {
        if (dataset.isTagged() && recipe.prompt().reading() != Reading.WORDS) {
            return of(backbone, dataset, recipe.with(WordReading.of(recipe.prompt())), numThreads);
        }
        int maxLength = Math.min(recipe.maxLength(), backbone.config().maxPositions());
        PromptPlacement placement = PromptModel.placement(backbone, recipe.prompt(), maxLength);
        PreparedExamples train = new PreparedExamples(dataset.train(), backbone.tokenizer(), placement);
        PreparedExamples dev = new PreparedExamples(dataset.dev(), backbone.tokenizer(), placement);
        int longest = Math.max(train.maxLength(), dev.maxLength());
        int d = backbone.config().hiddenSize();
        ParameterLayout layout = recipe.layout(backbone, dataset.labels().size());
        long numParameters = layout.numParameters();
        int element = backbone.weights().backend().dtype().bytes();
        int batch = Math.min(recipe.training().batchSize(), Math.max(1, train.size()));
        EngineSizes sizes = EngineSizes.of(backbone.weights().backend(), numThreads, batch, Math.max(1, longest), true);
        long plain = PromptEngine.needsPlainStates(layout) ? train.size() : 0;
        plain += PromptEngine.scoresReadPlainStates(layout) ? dev.size() : 0;
        int steps = recipe.training().stepsPerEpoch(train.size());
        return new TrainingPlan(
                longest,
                truncated(backbone, dataset.train(), placement) + truncated(backbone, dataset.dev(), placement),
                steps,
                Math.multiplyExact(steps, recipe.training().epochs()),
                numParameters,
                backbone.weights().packedBytes(),
                COPIES * numParameters * element,
                PromptEngine.bytes(backbone.weights(), layout, sizes),
                2 * plain * d * element);
    }

    private static int truncated(LoadedBackbone backbone, List<Example> examples, PromptPlacement placement) {
        int count = 0;
        for (Example example : examples) {
            int words = backbone.tokenizer().tokenize(example.text()).length;
            String pair = example.pair();
            words += pair == null ? 0 : backbone.tokenizer().tokenize(pair).length;
            if (words > placement.room(pair != null)) {
                count++;
            }
        }
        return count;
    }

    /** {@return the sum of all bytes that the API knows of} */
    public long totalBytes() {
        return backboneBytes + parameterBytes + bufferBytes + plainStateBytes;
    }
}
