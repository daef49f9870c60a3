package org.infoprompt.data;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import org.infoprompt.metric.Metric;
import org.jspecify.annotations.Nullable;

/**
 * A data set of labels, tags or numbers, ready to train on: every label known, all three splits apart from each other.
 *
 * @param name short name, for example {@code cola}
 * @param labels label names in index order, all different
 * @param train examples to learn from
 * @param dev examples to choose by (early stopping, settings)
 * @param test examples to report on
 * @param metric what the task is judged by
 * @param source where the rows come from and how they were split, one sentence or two for reports
 */
public record Dataset(
        String name,
        List<String> labels,
        List<Example> train,
        List<Example> dev,
        List<Example> test,
        Metric metric,
        String source) {

    /** The only label where numbers are learnt. */
    public static final String SCORE = "score";

    /**
     * Copies the lists and checks that labels are in range and that all rows, or none, are pairs.
     *
     * @param name short name
     * @param labels label names in index order
     * @param train examples to learn from
     * @param dev examples to choose by
     * @param test examples to report on
     * @param metric what the task is judged by
     * @param source text for reports
     */
    public Dataset {
        labels = List.copyOf(labels);
        train = List.copyOf(train);
        dev = List.copyOf(dev);
        test = List.copyOf(test);
        if (new HashSet<>(labels).size() != labels.size()) {
            throw new IllegalArgumentException("labels " + labels + " are not all different");
        }
        if (!metric.supports(labels.size())) {
            throw new IllegalArgumentException(metric + " is not defined for " + labels.size() + " labels");
        }
        boolean pair = anyPair(train, dev, test);
        check(train, labels.size(), pair);
        check(dev, labels.size(), pair);
        check(test, labels.size(), pair);
        for (List<Example> split : List.of(train, dev, test)) {
            for (Example example : split) {
                if (metric.isRegression() && !Double.isFinite(example.value())) {
                    throw new IllegalArgumentException(example.id() + " has no finite number");
                }
            }
        }
    }

    /**
     * Says whether the examples are pairs of texts.
     *
     * @return true if every example has a second text
     */
    public boolean isPair() {
        return anyPair(train, dev, test);
    }

    /**
     * Says whether words have labels, rather than texts.
     *
     * @return true for a data set for token labelling
     */
    public boolean isTagged() {
        return metric == Metric.SPAN_F1;
    }

    /**
     * Says whether texts have numbers, rather than labels.
     *
     * @return true for a data set for regression, whose one label is {@link #SCORE}
     */
    public boolean isRegression() {
        return metric.isRegression();
    }

    /**
     * Returns how many classes a sample of the examples is drawn from evenly.
     *
     * @return the number of labels; 1 where texts have tags or numbers
     */
    public int numSampledClasses() {
        return isTagged() ? 1 : labels.size();
    }

    /**
     * Returns a hash of the content: label names, and text, pair and label of every row in order, split by split. Where the
     * files lie, the name and the ids are not part of it.
     *
     * @return SHA-256 as 64 hexadecimal digits
     */
    public String sha256() {
        MessageDigest digest = Sha256.digest();
        update(digest, labels.size());
        for (String label : labels) {
            update(digest, label);
        }
        for (List<Example> split : List.of(train, dev, test)) {
            update(digest, split.size());
            for (Example example : split) {
                update(digest, example.text());
                update(digest, example.pair());
                update(digest, example.label());
                if (isRegression()) {
                    long bits = Double.doubleToLongBits(example.value());
                    update(digest, (int) (bits >>> 32));
                    update(digest, (int) bits);
                }
                for (int tag : example.tags()) {
                    update(digest, tag);
                }
            }
        }
        return HexFormat.of().formatHex(digest.digest());
    }

    private static void update(MessageDigest digest, int value) {
        for (int shift = 24; shift >= 0; shift -= 8) {
            digest.update((byte) (value >>> shift));
        }
    }

    private static void update(MessageDigest digest, @Nullable String text) {
        if (text == null) {
            update(digest, -1);
        } else {
            byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
            update(digest, bytes.length);
            digest.update(bytes);
        }
    }

    private static boolean anyPair(List<Example> train, List<Example> dev, List<Example> test) {
        for (List<Example> split : List.of(train, dev, test)) {
            if (!split.isEmpty()) {
                return split.getFirst().pair() != null;
            }
        }
        return false;
    }

    private static void check(List<Example> split, int numLabels, boolean pair) {
        for (Example example : split) {
            if (example.label() >= numLabels) {
                throw new IllegalArgumentException(
                        "label " + example.label() + " of " + example.id() + " must be below " + numLabels);
            }
            for (int tag : example.tags()) {
                if (tag < 0 || tag >= numLabels) {
                    throw new IllegalArgumentException(
                            "tag " + tag + " of " + example.id() + " must be in [0, " + (numLabels - 1) + "]");
                }
            }
            if ((example.pair() != null) != pair) {
                throw new IllegalArgumentException(example.id() + " mixes single texts and pairs");
            }
        }
    }
}
