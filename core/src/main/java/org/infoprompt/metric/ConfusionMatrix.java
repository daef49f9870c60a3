package org.infoprompt.metric;

import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;

/**
 * Counts of (gold, predicted) label pairs and the scores that follow from them.
 *
 * <p>Every score is a fraction in [0, 1], Matthews' coefficient in [-1, 1]; a quotient whose divisor is 0 counts as 0, as
 * does every score of an empty matrix. {@link #add} allocates nothing. Not safe for concurrent use.
 */
public final class ConfusionMatrix {
    private static final int MAX_PRINTED_NAME = 24;

    private final List<String> labels;
    private final int numLabels;
    private final long[] counts;
    private long total;
    private long spansRight;
    private long spansGold;
    private long spansPredicted;
    private final ValuePairs values = new ValuePairs();

    /**
     * Creates an empty matrix.
     *
     * @param labels label names in index order, at least one, all different
     */
    public ConfusionMatrix(List<String> labels) {
        this.labels = List.copyOf(labels);
        this.numLabels = this.labels.size();
        if (numLabels == 0) {
            throw new IllegalArgumentException("labels is empty, at least 1 is needed");
        }
        if (new HashSet<>(this.labels).size() != numLabels) {
            throw new IllegalArgumentException("labels " + this.labels + " are not all different");
        }
        this.counts = new long[Math.multiplyExact(numLabels, numLabels)];
    }

    /**
     * Counts one prediction.
     *
     * @param gold index of the right label
     * @param predicted index of the predicted label
     */
    public void add(int gold, int predicted) {
        add(gold, predicted, 1);
    }

    /**
     * Counts the same prediction several times.
     *
     * @param gold index of the right label
     * @param predicted index of the predicted label
     * @param times how often, 0 or more
     */
    public void add(int gold, int predicted, long times) {
        if (times < 0) {
            throw new IllegalArgumentException("times " + times + " must be 0 or more");
        }
        counts[cell(gold, predicted)] += times;
        total += times;
    }

    /**
     * Adds all counts of another matrix.
     *
     * @param other a matrix over the same labels
     */
    public void addAll(ConfusionMatrix other) {
        if (!labels.equals(other.labels)) {
            throw new IllegalArgumentException("labels " + other.labels + " differ from " + labels);
        }
        for (int i = 0; i < counts.length; i++) {
            counts[i] += other.counts[i];
        }
        total += other.total;
        addSpans(other.spansRight, other.spansGold, other.spansPredicted);
        for (int i = 0; i < other.values.size(); i++) {
            values.add(other.values.gold(i), other.values.predicted(i));
        }
    }

    /**
     * Notes a predicted number; where numbers are learnt no labels are counted.
     *
     * @param gold the right number
     * @param predicted the predicted one
     */
    public void addValue(double gold, double predicted) {
        values.add(gold, predicted);
        total++;
    }

    /**
     * Returns the numbers.
     *
     * @return right and predicted ones; empty where labels are counted
     */
    public ValuePairs values() {
        return values;
    }

    /**
     * Counts spans of tagged words; {@link SpanCounter} finds them.
     *
     * @param right gold spans that were predicted with the same words and type
     * @param gold gold spans
     * @param predicted predicted spans
     */
    public void addSpans(long right, long gold, long predicted) {
        if (right < 0 || gold < right || predicted < right) {
            throw new IllegalArgumentException(
                    right + " right spans of " + gold + " gold and " + predicted + " predicted ones");
        }
        spansRight += right;
        spansGold += gold;
        spansPredicted += predicted;
    }

    /**
     * Returns the number of gold spans that were predicted.
     *
     * @return spans with the same words and type
     */
    public long numSpansRight() {
        return spansRight;
    }

    /**
     * Returns the number of gold spans.
     *
     * @return spans of the gold tags
     */
    public long numSpansGold() {
        return spansGold;
    }

    /**
     * Returns the number of predicted spans.
     *
     * @return spans of the predicted tags
     */
    public long numSpansPredicted() {
        return spansPredicted;
    }

    /**
     * Returns the harmonic mean of the spans' precision and recall, over all types together.
     *
     * @return 2 right / (predicted + gold)
     */
    public double spanF1() {
        return quotient(2 * spansRight, spansPredicted + spansGold);
    }

    /** Forgets all counts. */
    public void clear() {
        Arrays.fill(counts, 0);
        total = 0;
        spansRight = 0;
        spansGold = 0;
        spansPredicted = 0;
        values.clear();
    }

    /**
     * Returns the label names.
     *
     * @return the names in index order
     */
    public List<String> labels() {
        return labels;
    }

    /**
     * Returns one count.
     *
     * @param gold index of the right label
     * @param predicted index of the predicted label
     * @return how often this pair was added
     */
    public long count(int gold, int predicted) {
        return counts[cell(gold, predicted)];
    }

    /**
     * Returns the number of predictions.
     *
     * @return the sum of all counts
     */
    public long total() {
        return total;
    }

    /**
     * Returns how often a label is right.
     *
     * @param label index of the label
     * @return its row sum
     */
    public long numGold(int label) {
        long sum = 0;
        for (int i = cell(label, 0), end = i + numLabels; i < end; i++) {
            sum += counts[i];
        }
        return sum;
    }

    /**
     * Returns how often a label was predicted.
     *
     * @param label index of the label
     * @return its column sum
     */
    public long numPredicted(int label) {
        long sum = 0;
        for (int i = cell(0, label); i < counts.length; i += numLabels) {
            sum += counts[i];
        }
        return sum;
    }

    /**
     * Returns the fraction of predictions that are right.
     *
     * @return correct / total
     */
    public double accuracy() {
        return quotient(numCorrect(), total);
    }

    /**
     * Returns which fraction of the predictions of a label is right.
     *
     * @param label index of the label
     * @return true positives / predicted
     */
    public double precision(int label) {
        return quotient(count(label, label), numPredicted(label));
    }

    /**
     * Returns which fraction of the examples of a label was found.
     *
     * @param label index of the label
     * @return true positives / gold
     */
    public double recall(int label) {
        return quotient(count(label, label), numGold(label));
    }

    /**
     * Returns the harmonic mean of precision and recall of one label (van Rijsbergen, Information Retrieval, 1979, ch. 7).
     *
     * @param label index of the label
     * @return 2 TP / (predicted + gold)
     */
    public double f1(int label) {
        return quotient(2 * count(label, label), numPredicted(label) + numGold(label));
    }

    /**
     * Returns the unweighted mean of {@link #f1} over the labels that occur as gold or as prediction; a label that does
     * neither says nothing and is left out, as scikit-learn's {@code f1_score(average="macro")} does.
     *
     * @return the macro-averaged F1
     */
    public double macroF1() {
        double sum = 0;
        int seen = 0;
        for (int label = 0; label < numLabels; label++) {
            if (numGold(label) + numPredicted(label) > 0) {
                sum += f1(label);
                seen++;
            }
        }
        return seen == 0 ? 0 : sum / seen;
    }

    /**
     * Returns Matthews' correlation coefficient, for more than two labels its generalisation R_K: with s predictions, c of
     * them right, t_k gold and p_k predicted per label, (c s - sum t_k p_k) / sqrt((s² - sum p_k²)(s² - sum t_k²)).
     *
     * <p>Source: Matthews, Biochimica et Biophysica Acta 405, 1975, p. 445; Gorodkin, Computational Biology and Chemistry
     * 28, 2004, eq. 8.
     *
     * @return the coefficient in [-1, 1]; 0 when it is undefined because all gold or all predicted labels are the same
     */
    public double matthews() {
        double s = total;
        double crossed = 0;
        double predictedSquares = 0;
        double goldSquares = 0;
        for (int label = 0; label < numLabels; label++) {
            double gold = numGold(label);
            double predicted = numPredicted(label);
            crossed += gold * predicted;
            goldSquares += gold * gold;
            predictedSquares += predicted * predicted;
        }
        double spread = (s * s - predictedSquares) * (s * s - goldSquares);
        return spread <= 0 ? 0 : (numCorrect() * s - crossed) / Math.sqrt(spread);
    }

    /**
     * Returns the counts and per-label scores as a table: one row per gold label, one column per prediction; of numbers, how well
     * they go together.
     *
     * @return several lines of text, each ended by a line feed
     */
    @Override
    public String toString() {
        if (values.size() > 0) {
            return String.format(
                    Locale.ROOT,
                    "total %d, Pearson %.4f, Spearman %.4f, mean squared error %.4f\n",
                    total,
                    values.pearson(),
                    values.spearman(),
                    values.meanSquaredError());
        }
        int nameWidth = "gold \\ predicted".length();
        for (String label : labels) {
            nameWidth = Math.max(nameWidth, printed(label).length());
        }
        int width = Math.max(
                5,
                Math.max(
                                Long.toString(total).length(),
                                Integer.toString(numLabels - 1).length() + 2)
                        + 1);
        StringBuilder text = new StringBuilder();
        text.append("     ").append(padded("gold \\ predicted", nameWidth));
        for (int label = 0; label < numLabels; label++) {
            text.append(right("[" + label + "]", width));
        }
        text.append("   recall precision     F1\n");
        for (int gold = 0; gold < numLabels; gold++) {
            text.append(right("[" + gold + "]", 4)).append(' ').append(padded(printed(labels.get(gold)), nameWidth));
            for (int predicted = 0; predicted < numLabels; predicted++) {
                text.append(right(Long.toString(count(gold, predicted)), width));
            }
            text.append(
                    String.format(Locale.ROOT, "   %6.4f    %6.4f %6.4f%n", recall(gold), precision(gold), f1(gold)));
        }
        text.append(String.format(
                Locale.ROOT,
                "total %d, accuracy %.4f, macro-F1 %.4f, Matthews %.4f%n",
                total,
                accuracy(),
                macroF1(),
                matthews()));
        return text.toString().replace(System.lineSeparator(), "\n");
    }

    private long numCorrect() {
        long correct = 0;
        for (int i = 0; i < counts.length; i += numLabels + 1) {
            correct += counts[i];
        }
        return correct;
    }

    private int cell(int gold, int predicted) {
        if (gold < 0 || gold >= numLabels) {
            throw new IllegalArgumentException("gold label " + gold + " must be in [0, " + (numLabels - 1) + "]");
        }
        if (predicted < 0 || predicted >= numLabels) {
            throw new IllegalArgumentException(
                    "predicted label " + predicted + " must be in [0, " + (numLabels - 1) + "]");
        }
        return gold * numLabels + predicted;
    }

    private static double quotient(long part, long whole) {
        return whole == 0 ? 0 : (double) part / whole;
    }

    private static String printed(String label) {
        return label.length() <= MAX_PRINTED_NAME ? label : label.substring(0, MAX_PRINTED_NAME - 3) + "...";
    }

    private static String padded(String text, int width) {
        return text + " ".repeat(width - text.length());
    }

    private static String right(String text, int width) {
        return " ".repeat(Math.max(0, width - text.length())) + text;
    }
}
