package org.infoprompt.data;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Makes the splits that a publication lacks, the same on every platform and for every training seed.
 *
 * <p>{@link #complete} never touches a published test split. Without one, the published dev split becomes the test split,
 * because numbers reported on the rows that chose the settings are too good; dev is then carved from train, as it is when
 * only dev is missing. Without both, test is carved from train first.
 */
public final class Splits {
    /** Fraction of train that becomes dev. */
    public static final double DEV_FRACTION = 0.1;
    /** Fraction of train that becomes test, where nothing is published to report on. */
    public static final double TEST_FRACTION = 0.2;
    /** Seed of the carved splits unless told otherwise; deliberately not the training seed. */
    public static final long DEFAULT_SEED = 0;

    /**
     * A list cut in two.
     *
     * @param kept the larger part, in the order of the list
     * @param carved the smaller part, in the order of the list
     */
    public record Parts(List<Example> kept, List<Example> carved) {
        /**
         * Copies the lists.
         *
         * @param kept the larger part
         * @param carved the smaller part
         */
        public Parts {
            kept = List.copyOf(kept);
            carved = List.copyOf(carved);
        }
    }

    private record Content(String text, @Nullable String pair) {}

    private Splits() {}

    /**
     * Carves a stratified part: of each class the nearest whole number to {@code fraction}, at least one and never all.
     * Rows with the same text stay together, so that no text is on both sides; rows without a label are kept.
     *
     * @param examples what to cut
     * @param numLabels number of classes
     * @param fraction of each class to carve, in (0, 1)
     * @param seed chooses the rows
     * @return both parts; nothing is carved from a class with a single distinct text
     */
    public static Parts carve(List<Example> examples, int numLabels, double fraction, long seed) {
        if (!(fraction > 0 && fraction < 1)) {
            throw new IllegalArgumentException("fraction " + fraction + " must be in (0, 1)");
        }
        BitSet carved = new BitSet(examples.size());
        List<List<List<Integer>>> classes = groupsByClass(examples, numLabels);
        for (int label = 0; label < numLabels; label++) {
            List<List<Integer>> groups = classes.get(label);
            int rows = groups.stream().mapToInt(List::size).sum();
            int wanted = Math.max(1, (int) Math.round(rows * fraction));
            int taken = 0;
            int groupsTaken = 0;
            for (int index : SeededShuffle.order(groups.size(), seed, label)) {
                List<Integer> group = groups.get(index);
                if (taken + group.size() <= wanted && groupsTaken + 1 < groups.size()) {
                    group.forEach(carved::set);
                    taken += group.size();
                    groupsTaken++;
                }
            }
        }
        List<Example> kept = new ArrayList<>();
        List<Example> out = new ArrayList<>();
        for (int i = 0; i < examples.size(); i++) {
            (carved.get(i) ? out : kept).add(examples.get(i));
        }
        return new Parts(kept, out);
    }

    /**
     * Completes a data set as this class describes; one that has all three splits comes back unchanged.
     *
     * @param published what the files hold
     * @param seed chooses the carved rows
     * @return the data set with train, dev and test, and its source text telling what was carved
     * @throws DataFormatException if train has too few rows to carve from
     */
    public static Dataset complete(Dataset published, long seed) throws DataFormatException {
        return complete(published, seed, published.name());
    }

    /** As the public method; an error names the given source. */
    static Dataset complete(Dataset published, long seed, String files) throws DataFormatException {
        List<Example> train = published.train();
        List<Example> dev = published.dev();
        List<Example> test = published.test();
        StringBuilder source = new StringBuilder(published.source());
        if (test.isEmpty() && !dev.isEmpty()) {
            test = dev;
            dev = List.of();
            source.append("; no labelled test split, so the published dev split is the test split");
        } else if (test.isEmpty()) {
            Parts parts = carved(published, train, TEST_FRACTION, seed + 1, files);
            train = parts.kept();
            test = parts.carved();
            source.append("; test: ").append(test.size()).append(" rows carved from train, stratified");
        }
        if (dev.isEmpty()) {
            Parts parts = carved(published, train, DEV_FRACTION, seed, files);
            train = parts.kept();
            dev = parts.carved();
            source.append("; dev: ").append(dev.size()).append(" rows carved from train, stratified");
        }
        return new Dataset(
                published.name(), published.labels(), train, dev, test, published.metric(), source.toString());
    }

    private static Parts carved(Dataset dataset, List<Example> train, double fraction, long seed, String files)
            throws DataFormatException {
        Parts parts = carve(train, dataset.labels().size(), fraction, seed);
        if (parts.carved().isEmpty()) {
            throw new DataFormatException(
                    files,
                    "train",
                    "its " + train.size() + " rows are too few to carve a dev or test split from",
                    "add rows, or give dev and test files");
        }
        return parts;
    }

    /** Row numbers of equal texts, listed under the label of the first of them. */
    private static List<List<List<Integer>>> groupsByClass(List<Example> examples, int numLabels) {
        Map<Content, List<Integer>> groups = new LinkedHashMap<>();
        for (int i = 0; i < examples.size(); i++) {
            Example example = examples.get(i);
            if (example.label() >= numLabels) {
                throw new IllegalArgumentException(
                        "label " + example.label() + " of " + example.id() + " must be below " + numLabels);
            }
            if (example.label() != Example.UNKNOWN) {
                groups.computeIfAbsent(new Content(example.text(), example.pair()), content -> new ArrayList<>())
                        .add(i);
            }
        }
        List<List<List<Integer>>> classes = new ArrayList<>();
        for (int label = 0; label < numLabels; label++) {
            classes.add(new ArrayList<>());
        }
        for (List<Integer> group : groups.values()) {
            classes.get(examples.get(group.getFirst()).label()).add(group);
        }
        return classes;
    }
}
