package org.infoprompt.session;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.infoprompt.checkpoint.CheckpointInfo;
import org.infoprompt.model.EncoderTeam;
import org.infoprompt.objective.ParameterSet;
import org.infoprompt.prompt.PromptPlacement;
import org.infoprompt.prompt.ScannedText;
import org.jspecify.annotations.Nullable;

/**
 * Classifies texts with low latency. Belongs to one thread at a time, which may be a virtual one, and owns its buffers, which are
 * allocated once and never grow; closed by its owner.
 *
 * <p>The methods that write into the caller's buffers allocate nothing on the Java heap after {@link #warmUp}; the others allocate
 * what they return.
 */
public final class PromptSession implements ClassifierSession {
    /** Rows of a block of many texts: enough for full register tiles, few enough for the second-level cache. */
    private static final int BLOCK_ROWS = 384;

    private static final int BLOCK_TEXTS = 32;

    /** More than the invocations after which the JDK's second compiler takes a method. */
    private static final int REPEATED_PARTS = 20_000;

    private final LoadedBackbone backbone;
    private final CheckpointInfo info;
    private final ParameterSet parameters;
    private final PromptPlacement placement;
    private final ScannedText scanned;
    private final SessionBlock one;
    private final double[] scores;
    private final @Nullable EncoderTeam team;
    private @Nullable SessionBlock many;

    PromptSession(
            LoadedBackbone backbone,
            CheckpointInfo info,
            ParameterSet parameters,
            PromptPlacement placement,
            int numThreads)
            throws IOException {
        this.backbone = backbone;
        this.info = info;
        this.parameters = parameters;
        this.placement = placement;
        scanned = new ScannedText(backbone.tokenizer());
        one = new SessionBlock(backbone, info, parameters, placement, info.maxLength(), 1);
        scores = new double[info.labels().size()];
        int prefixes = info.prompt().layout().numPrefixes();
        int threads = Math.min(numThreads, EncoderTeam.mostThreads(info.maxLength()));
        if (threads > 1 && one.canBeShared()) {
            team = new EncoderTeam(backbone.weights(), info.maxLength(), prefixes, threads);
            one.workWith(team);
        } else {
            team = null;
        }
    }

    private void scan(String text, @Nullable String pair) {
        scanned.scan(text, pair, placement.maxLength() + 1);
    }

    private void encode(String text, @Nullable String pair) {
        scan(text, pair);
        one.clear();
        one.add(scanned);
        one.encode();
    }

    @Override
    public void logits(String text, @Nullable String pair, double[] logits) {
        encode(text, pair);
        one.score();
        for (int k = 0; k < logits.length; k++) {
            logits[k] = one.logit(0, k);
        }
    }

    /**
     * Classifies a text into the caller's memory.
     *
     * @param text any text; what exceeds the model's length is cut off
     * @param probabilities receives the classes' probabilities
     * @return the most probable class
     * @throws IndexOutOfBoundsException if there is no room for all classes
     */
    public int predict(String text, double[] probabilities) {
        return predict(text, null, probabilities);
    }

    /**
     * Classifies a text or a pair of texts into the caller's memory.
     *
     * @param text the first text
     * @param pair the second, or null for one text
     * @param probabilities receives the classes' probabilities
     * @return the most probable class
     * @throws IndexOutOfBoundsException if there is no room for all classes
     */
    public int predict(String text, @Nullable String pair, double[] probabilities) {
        Objects.checkFromIndexSize(0, scores.length, probabilities.length);
        logits(text, pair, scores);
        return Softmax.of(scores, scores.length, probabilities);
    }

    /**
     * Classifies a text into the caller's memory outside of the heap.
     *
     * @param text any text; what exceeds the model's length is cut off
     * @param probabilities receives the classes' probabilities, float64 in native byte order
     * @return the most probable class
     * @throws IndexOutOfBoundsException if there is no room for all classes
     */
    public int predict(String text, MemorySegment probabilities) {
        Objects.checkFromIndexSize(0, scores.length * (long) Double.BYTES, probabilities.byteSize());
        logits(text, null, scores);
        int best = Softmax.inPlace(scores);
        for (int k = 0; k < scores.length; k++) {
            probabilities.set(ValueLayout.JAVA_DOUBLE_UNALIGNED, (long) k * Double.BYTES, scores[k]);
        }
        return best;
    }

    /**
     * Classifies many texts, as many in one pass as fit.
     *
     * @param texts any texts; what exceeds the model's length is cut off
     * @return their classes, in order
     */
    public List<Prediction> predict(List<String> texts) {
        List<Prediction> predictions = new ArrayList<>(texts.size());
        SessionBlock block = many();
        block.clear();
        for (String text : texts) {
            if (!block.fits()) {
                flush(block, predictions);
            }
            scan(text, null);
            block.add(scanned);
        }
        flush(block, predictions);
        return predictions;
    }

    private void flush(SessionBlock block, List<Prediction> predictions) {
        if (block.size() == 0) {
            return;
        }
        block.encode();
        block.score();
        for (int i = 0; i < block.size(); i++) {
            double[] logits = new double[scores.length];
            for (int k = 0; k < logits.length; k++) {
                logits[k] = block.logit(i, k);
            }
            predictions.add(Prediction.ofLogits(logits, info.labels()));
        }
        block.clear();
    }

    private SessionBlock many() {
        SessionBlock block = many;
        if (block == null) {
            try {
                int rows = Math.max(BLOCK_ROWS, info.maxLength());
                block = new SessionBlock(backbone, info, parameters, placement, rows, BLOCK_TEXTS);
            } catch (IOException e) {
                throw new IllegalStateException("the head was read when the session was opened", e);
            }
            many = block;
        }
        return block;
    }

    @Override
    public Duration warmUp() {
        long start = System.nanoTime();
        encode("a text", info.pair() ? "a second text" : null);
        one.repeatParts(REPEATED_PARTS, start + WARM_UP_LIMIT.toNanos() / 4);
        WarmUp.run(this);
        return Duration.ofNanos(System.nanoTime() - start);
    }

    /** {@return D, elements of an embedding} */
    public int embeddingSize() {
        return backbone.config().hiddenSize();
    }

    /**
     * Embeds a text: the state under the prompts that the class head reads.
     *
     * @param text any text; what exceeds the model's length is cut off
     * @return [D]
     */
    public float[] embed(String text) {
        float[] embedding = new float[embeddingSize()];
        embed(text, embedding);
        return embedding;
    }

    /**
     * Embeds a text into the caller's memory.
     *
     * @param text any text; what exceeds the model's length is cut off
     * @param embedding [D], receives the state under the prompts that the class head reads
     * @throws IndexOutOfBoundsException if there is no room for D elements
     */
    public void embed(String text, float[] embedding) {
        int d = embeddingSize();
        Objects.checkFromIndexSize(0, d, embedding.length);
        encode(text, null);
        for (int j = 0; j < d; j++) {
            embedding[j] = (float) one.state(0, j);
        }
    }

    @Override
    public List<String> labels() {
        return info.labels();
    }

    @Override
    public TextClassifier.Inputs inputs() {
        return TextClassifier.Inputs.of(info.pair());
    }

    /** Frees the buffers; idempotent. */
    @Override
    public void close() {
        one.close();
        if (team != null) {
            team.close();
        }
        if (many != null) {
            many.close();
        }
    }
}
