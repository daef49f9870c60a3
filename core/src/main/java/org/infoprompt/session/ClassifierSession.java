package org.infoprompt.session;

import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Classifies one text at a time with low latency. Belongs to one thread at a time and owns its buffers, which are allocated once
 * and never grow; closed by its owner.
 */
public interface ClassifierSession extends AutoCloseable {
    /** How many calls {@link #warmUp()} makes at least, if there is time. */
    int WARM_UP_CALLS = 200;
    /** After which time {@link #warmUp()} stops. */
    Duration WARM_UP_LIMIT = Duration.ofSeconds(5);

    /** {@return the class names, in class order} */
    List<String> labels();

    /** {@return what an input is made of} */
    TextClassifier.Inputs inputs();

    /**
     * Writes the class scores before softmax.
     *
     * @param text the first text; what exceeds the model's length is cut off
     * @param pair the second, or null for one text
     * @param logits receives one score a class
     */
    void logits(String text, @Nullable String pair, double[] logits);

    /**
     * Classifies a text.
     *
     * @param text any text; what exceeds the model's length is cut off
     * @return the class and all probabilities
     */
    default Prediction predict(String text) {
        return predict(text, null);
    }

    /**
     * Classifies a text or a pair of texts.
     *
     * @param text the first text
     * @param pair the second, or null for one text
     * @return the class and all probabilities
     */
    default Prediction predict(String text, @Nullable String pair) {
        double[] logits = new double[labels().size()];
        logits(text, pair, logits);
        return Prediction.ofLogits(logits, labels());
    }

    /**
     * Runs calls of many lengths until the just-in-time compiler has seen all of them and calls stop getting faster, so that the
     * first real call is as fast as later ones.
     *
     * @return how long it took
     */
    default Duration warmUp() {
        return WarmUp.run(this);
    }

    /** Frees the buffers; idempotent. */
    @Override
    void close();
}
