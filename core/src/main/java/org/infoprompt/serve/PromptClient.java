package org.infoprompt.serve;

import java.util.List;
import java.util.Objects;
import org.infoprompt.session.Softmax;
import org.jspecify.annotations.Nullable;

/**
 * Asks a server, again and again, with buffers of its own: a call allocates nothing on the Java heap once its prompt is loaded and
 * a text of its length has been seen. For one call at a time of one thread, platform or virtual.
 */
public final class PromptClient {
    private final PromptServer server;
    private PromptCall call;
    private long version;
    private List<String> labels = List.of();
    private String tenant = "";
    private long timeoutNanos = Long.MAX_VALUE;

    PromptClient(PromptServer server) {
        this.server = server;
        call = server.newCall();
    }

    /**
     * Sets on whose behalf it asks from now on.
     *
     * @param name of the tenant
     * @return this
     */
    public PromptClient tenant(String name) {
        tenant = name;
        return this;
    }

    /**
     * Sets how long it waits for an answer from now on.
     *
     * @param nanos positive; {@link Long#MAX_VALUE} for as long as it takes
     * @return this
     */
    public PromptClient timeoutNanos(long nanos) {
        if (nanos < 1) {
            throw new IllegalArgumentException("nanos " + nanos + " must be positive");
        }
        timeoutNanos = nanos;
        return this;
    }

    /**
     * Classifies a text.
     *
     * @param prompt name of the prompt
     * @param text any text; what exceeds the prompt's length is cut off
     * @param probabilities receives the classes' probabilities, or the one number where numbers were learnt; may be longer
     * @return the most probable class
     * @throws ServingException if the request is not answered, with the reason
     * @throws InterruptedException if the thread is interrupted while it waits; the request is then given up
     */
    public int predict(String prompt, String text, double[] probabilities)
            throws ServingException, InterruptedException {
        return predict(prompt, text, null, probabilities);
    }

    /**
     * Classifies a text or a pair of texts.
     *
     * @param prompt name of the prompt
     * @param text the first text
     * @param pair the second, or null for one text
     * @param probabilities receives the classes' probabilities, or the one number where numbers were learnt; may be longer
     * @return the most probable class
     * @throws ServingException if the request is not answered, with the reason
     * @throws InterruptedException if the thread is interrupted while it waits; the request is then given up
     */
    public int predict(String prompt, String text, @Nullable String pair, double[] probabilities)
            throws ServingException, InterruptedException {
        ask(prompt, text, pair, false, probabilities.length);
        return Softmax.of(call.logits, labels.size(), probabilities);
    }

    /**
     * Embeds a text: the state under the prompt that its class head reads.
     *
     * @param prompt name of the prompt
     * @param text any text; what exceeds the prompt's length is cut off
     * @param embedding [D], receives the state
     * @throws ServingException if the request is not answered, with the reason
     * @throws InterruptedException if the thread is interrupted while it waits; the request is then given up
     * @throws IndexOutOfBoundsException if there is no room for D elements
     */
    public void embed(String prompt, String text, float[] embedding) throws ServingException, InterruptedException {
        int d = server.embeddingSize();
        Objects.checkFromIndexSize(0, d, embedding.length);
        ask(prompt, text, null, true, Integer.MAX_VALUE);
        System.arraycopy(call.state, 0, embedding, 0, d);
    }

    private void ask(String prompt, String text, @Nullable String pair, boolean state, int mostClasses)
            throws ServingException, InterruptedException {
        PromptCall asking = call;
        asking.tenant = tenant;
        asking.wantsState = state;
        boolean answered = false;
        try {
            labels = server.enqueue(asking, prompt, text, pair, timeoutNanos, mostClasses, null);
            server.await(asking);
            answered = true;
        } finally {
            if (!answered && asking.status.get() == PromptCall.RUNNING) {
                // A worker still writes to it.
                call = server.newCall();
            }
        }
        version = asking.version;
    }

    /** {@return the version that gave the last answer} */
    public long version() {
        return version;
    }

    /** {@return the class names of the last answer, in class order} */
    public List<String> labels() {
        return labels;
    }
}
