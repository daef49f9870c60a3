package org.infoprompt.train;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntConsumer;
import org.infoprompt.metric.ConfusionMatrix;
import org.infoprompt.metric.SpanCounter;
import org.infoprompt.tensor.DType;
import org.infoprompt.tensor.Workspace;
import org.jspecify.annotations.Nullable;

/** Scores examples and compares the best class with the label. */
public final class Evaluator {
    private Evaluator() {}

    /**
     * Evaluates examples whose labels are known.
     *
     * @param engine holds the parameters
     * @param data the examples
     * @param plain their plain states, or null
     * @param labels the class names
     * @param dtype element type of the backend
     * @param progress told how many examples are done
     * @return counts of gold and predicted labels, or gold and predicted numbers
     */
    public static ConfusionMatrix evaluate(
            PromptEngine engine,
            PreparedExamples data,
            @Nullable PlainStates plain,
            List<String> labels,
            DType dtype,
            IntConsumer progress) {
        ConfusionMatrix matrix = new ConfusionMatrix(labels);
        double[][] scores = scores(engine, data, plain, labels.size(), dtype, progress);
        boolean numbers = labels.size() == 1;
        for (int i = 0; i < data.size() && numbers; i++) {
            matrix.addValue(data.value(i), scores[i][0]);
        }
        for (int i = 0; i < data.size() && !numbers; i++) {
            for (int r = 0; r < data.numReads(i); r++) {
                matrix.add(data.label(i, r), argMax(scores[data.readStart(i) + r]));
            }
            if (data.readsWords()) {
                List<String> gold = new ArrayList<>();
                for (int tag : data.tags(i)) {
                    gold.add(labels.get(tag));
                }
                SpanCounter.count(gold, tags(data, i, scores, labels, gold.size()), matrix);
            }
        }
        return matrix;
    }

    /**
     * {@return the best tags of a text's words; words that were cut off are outside of all spans}
     *
     * @param data the examples
     * @param index the text
     * @param scores logits of all read states
     * @param labels tag names
     * @param numWords how many words the text has
     */
    public static List<String> tags(
            PreparedExamples data, int index, double[][] scores, List<String> labels, int numWords) {
        List<String> tags = new ArrayList<>();
        for (int w = 0; w < numWords; w++) {
            boolean read = w < data.numReads(index);
            tags.add(read ? labels.get(argMax(scores[data.readStart(index) + w])) : SpanCounter.OUTSIDE);
        }
        return tags;
    }

    /**
     * {@return the logits [n][C], or [all read states][C] where words are read}
     *
     * @param engine holds the parameters
     * @param data the examples
     * @param plain their plain states, or null
     * @param numClasses C
     * @param dtype element type of the backend
     * @param progress told how many examples are done
     */
    public static double[][] scores(
            PromptEngine engine,
            PreparedExamples data,
            @Nullable PlainStates plain,
            int numClasses,
            DType dtype,
            IntConsumer progress) {
        int n = data.totalReads();
        double[][] result = new double[n][numClasses];
        try (Workspace workspace = Workspace.ofBytes((long) n * numClasses * dtype.bytes() + 64)) {
            MemorySegment scores = workspace.allocate(dtype, (long) n * numClasses);
            engine.scores(data, plain, scores, progress);
            for (int i = 0; i < n; i++) {
                for (int k = 0; k < numClasses; k++) {
                    long at = (long) i * numClasses + k;
                    result[i][k] = dtype == DType.F64
                            ? scores.getAtIndex(ValueLayout.JAVA_DOUBLE, at)
                            : scores.getAtIndex(ValueLayout.JAVA_FLOAT, at);
                }
            }
        }
        return result;
    }

    /**
     * {@return the index of the largest value, the first of equals}
     *
     * @param values at least one
     */
    public static int argMax(double[] values) {
        return argMax(values, values.length);
    }

    /**
     * {@return the index of the largest of the first values, the first of equal ones}
     *
     * @param values at least as many
     * @param count how many are looked at, at least one
     */
    public static int argMax(double[] values, int count) {
        int best = 0;
        for (int i = 1; i < count; i++) {
            if (values[i] > values[best]) {
                best = i;
            }
        }
        return best;
    }
}
