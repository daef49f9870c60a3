package org.infoprompt.session;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.infoprompt.data.Verbalizers;
import org.infoprompt.train.TrainingListener;
import org.jspecify.annotations.Nullable;

/**
 * Circumstances of a training run; none of them changes its result but the label words.
 *
 * @param numThreads workers
 * @param listener told about everything
 * @param labelWords words that start each class's row, by label; a label without an entry has its paper's word or is its own
 * @param folder keeps the run's state after each epoch, or null for none
 * @param resume whether a run found in the folder is taken up
 */
public record TrainOptions(
        int numThreads,
        TrainingListener listener,
        Map<String, String> labelWords,
        @Nullable Path folder,
        boolean resume) {

    /** Copies the label words. */
    public TrainOptions {
        labelWords = Map.copyOf(labelWords);
    }

    /** {@return all processors, no listener, no folder} */
    public static TrainOptions defaults() {
        return new TrainOptions(
                Runtime.getRuntime().availableProcessors(), TrainingListener.NONE, Map.of(), null, false);
    }

    /**
     * {@return the same with a listener}
     *
     * @param other the listener
     */
    public TrainOptions with(TrainingListener other) {
        return new TrainOptions(numThreads, other, labelWords, folder, resume);
    }

    /**
     * {@return the same with a folder for the run's state}
     *
     * @param other the folder
     * @param takeUp whether a run found in it is taken up
     */
    public TrainOptions with(Path other, boolean takeUp) {
        return new TrainOptions(numThreads, listener, labelWords, other, takeUp);
    }

    /**
     * {@return the same with another number of workers}
     *
     * @param other how many
     */
    public TrainOptions withThreads(int other) {
        return new TrainOptions(other, listener, labelWords, folder, resume);
    }

    /**
     * Words of each label: its entry, or for a built-in task those of its {@linkplain Verbalizers paper}, or its own name with
     * punctuation as spaces ({@code noun.animal}: "noun animal").
     */
    List<String> labelWords(String task, List<String> labels) {
        List<String> published = Verbalizers.find(task, labels)
                .map(Verbalizers.Verbalizer::words)
                .orElse(List.of());
        List<String> words = new ArrayList<>();
        for (int i = 0; i < labels.size(); i++) {
            String own = labels.get(i).replaceAll("[^\\p{L}\\p{N}]+", " ").strip();
            words.add(labelWords.getOrDefault(labels.get(i), published.isEmpty() ? own : published.get(i)));
        }
        return words;
    }
}
