package org.infoprompt.session;

import java.util.List;
import java.util.function.IntConsumer;
import org.infoprompt.data.Example;
import org.infoprompt.metric.ConfusionMatrix;

/**
 * Something that classifies texts over a frozen backbone: a trained prompt model, or an adapter of another library. Immutable;
 * sessions of any number of threads may read it. Closed by its owner, after its sessions and before the backbone.
 */
public interface TextClassifier extends AutoCloseable {
    /** What an input is made of. */
    enum Inputs {
        /** One text. */
        SINGLE,
        /** Two texts. */
        PAIR,
        /** One text or two. */
        ANY;

        /**
         * {@return what a model takes that was trained on one kind of input}
         *
         * @param pair whether on pairs of texts
         */
        public static Inputs of(boolean pair) {
            return pair ? PAIR : SINGLE;
        }

        /**
         * {@return whether an input can be classified}
         *
         * @param pair whether it has two texts
         */
        public boolean accepts(boolean pair) {
            return this == ANY || pair == (this == PAIR);
        }
    }

    /** {@return the class names, in class order} */
    List<String> labels();

    /** {@return what an input is made of} */
    Inputs inputs();

    /**
     * Opens a session for one thread.
     *
     * @return the session, to be closed by the caller
     */
    ClassifierSession openSession();

    /**
     * Classifies many examples, in batches sorted by length, on all processors asked for.
     *
     * @param examples the examples; labels are not read
     * @param numThreads workers
     * @param progress told how many examples are done, one call at a time
     * @return predictions in the order of the examples
     */
    List<Prediction> predict(List<Example> examples, int numThreads, IntConsumer progress);

    /**
     * Evaluates examples whose labels are known, on all processors asked for.
     *
     * @param examples the examples
     * @param numThreads workers
     * @param progress told how many examples are done, one call at a time
     * @return counts of gold and predicted labels
     */
    default ConfusionMatrix evaluate(List<Example> examples, int numThreads, IntConsumer progress) {
        ConfusionMatrix matrix = new ConfusionMatrix(labels());
        List<Prediction> predictions = predict(examples, numThreads, progress);
        for (int i = 0; i < examples.size(); i++) {
            if (labels().size() == 1) {
                matrix.addValue(examples.get(i).value(), predictions.get(i).value());
            } else {
                matrix.add(examples.get(i).label(), predictions.get(i).index());
            }
        }
        return matrix;
    }

    /** Frees what belongs to the classifier alone; idempotent. */
    @Override
    void close();
}
