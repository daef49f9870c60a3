package org.infoprompt.data;

import java.util.ArrayList;
import java.util.List;

/** Draws K examples of every class. */
public final class FewShotSampler {
    private FewShotSampler() {}

    /**
     * Draws without replacement, class by class. The result is the same on every platform, a larger {@code perClass} with
     * the same seed only adds examples, and the classes take turns in it. A class that has fewer examples gives all it
     * has; examples without a label are never drawn.
     *
     * @param examples what to draw from
     * @param numLabels number of classes
     * @param perClass K, examples a class, 1 or more
     * @param seed chooses the sample
     * @return at most {@code numLabels * perClass} examples
     */
    public static List<Example> sample(List<Example> examples, int numLabels, int perClass, long seed) {
        if (numLabels < 1) {
            throw new IllegalArgumentException("numLabels " + numLabels + " must be 1 or more");
        }
        if (perClass < 1) {
            throw new IllegalArgumentException("perClass " + perClass + " must be 1 or more");
        }
        List<List<Example>> classes = new ArrayList<>();
        for (int label = 0; label < numLabels; label++) {
            classes.add(new ArrayList<>());
        }
        for (Example example : examples) {
            if (example.label() >= numLabels) {
                throw new IllegalArgumentException(
                        "label " + example.label() + " of " + example.id() + " must be below " + numLabels);
            }
            if (example.label() != Example.UNKNOWN) {
                classes.get(example.label()).add(example);
            }
        }
        List<int[]> orders = new ArrayList<>();
        int rounds = 0;
        for (int label = 0; label < numLabels; label++) {
            int size = classes.get(label).size();
            orders.add(SeededShuffle.order(size, seed, label));
            rounds = Math.max(rounds, Math.min(size, perClass));
        }
        List<Example> drawn = new ArrayList<>();
        for (int round = 0; round < rounds; round++) {
            for (int label = 0; label < numLabels; label++) {
                if (round < orders.get(label).length) {
                    drawn.add(classes.get(label).get(orders.get(label)[round]));
                }
            }
        }
        return List.copyOf(drawn);
    }
}
