package org.infoprompt.model;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Objects;
import org.infoprompt.ops.Kernels;
import org.infoprompt.tensor.DType;
import org.infoprompt.tensor.Workspace;

/**
 * One thread's passes through a {@link MaskedLmHead}: from hidden states to features, from features to words, and gradients from
 * features back to hidden states. Nothing is allocated after
 * the first call of its size.
 *
 * <p>Shapes: states and features are [R, D], row-major, in the backend's element type; R is at most the {@code maxRows} given.
 */
public final class MaskedLmPass implements AutoCloseable {
    /**
     * How many words are scored at a time: the scores of one chunk are all that is held of [R, V], and its embeddings, 6 MB at
     * D = 768, are what the product packs at once.
     */
    private static final int CHUNK_WORDS = 2048;

    private final MaskedLmHead head;
    private final Kernels kernels;
    private final int maxRows;
    private final boolean gradients;
    private final DType type;
    private final Workspace workspace;
    private final MemorySegment hidden;
    private final MemorySegment scores;
    private final MemorySegment pre;
    private final MemorySegment normalized;
    private final MemorySegment rstd;
    private int keptRows = -1;

    /**
     * Allocates the buffers of one thread.
     *
     * @param head the shared head
     * @param kernels this thread's kernels
     * @param maxRows the most rows of one call
     * @param gradients whether {@link #backward} will be called
     * @throws IllegalArgumentException if gradients are wanted but the head was loaded for inference
     */
    public MaskedLmPass(MaskedLmHead head, Kernels kernels, int maxRows, boolean gradients) {
        if (maxRows < 1) {
            throw new IllegalArgumentException("maxRows " + maxRows + " must be at least 1");
        }
        if (gradients && !head.isTrainable()) {
            throw new IllegalArgumentException("gradients need weights loaded with trainable = true");
        }
        this.head = head;
        this.kernels = kernels;
        this.maxRows = maxRows;
        this.gradients = gradients;
        type = head.backend().dtype();
        long n = (long) maxRows * head.hiddenSize();
        long scoreCount = (long) maxRows * Math.min(CHUNK_WORDS, head.vocabSize());
        workspace = Workspace.ofBytes(bytes(head, maxRows, gradients));
        hidden = workspace.allocate(type, n);
        scores = workspace.allocate(type, scoreCount);
        pre = gradients ? workspace.allocate(type, n) : MemorySegment.NULL;
        normalized = gradients ? workspace.allocate(type, n) : MemorySegment.NULL;
        rstd = gradients ? workspace.allocate(type, maxRows) : MemorySegment.NULL;
    }

    /** Bytes of one thread's buffers, as for the constructor. */
    static long bytes(MaskedLmHead head, int maxRows, boolean gradients) {
        long n = (long) maxRows * head.hiddenSize();
        long scores = (long) maxRows * Math.min(CHUNK_WORDS, head.vocabSize());
        long elements = n + scores + (gradients ? 2 * n + maxRows : 0);
        return elements * head.backend().dtype().bytes() + 5 * 64;
    }

    /**
     * Computes the features in front of the decoder: LayerNorm(activation(dense(states))).
     *
     * @param rows R
     * @param states [R, D] last hidden states
     * @param features [R, D], overwritten; may be {@code states}
     * @param keep whether {@link #backward} follows
     */
    public void transform(int rows, MemorySegment states, MemorySegment features, boolean keep) {
        checkRows(rows);
        if (keep && !gradients) {
            throw new IllegalArgumentException("this pass was made without gradients");
        }
        keptRows = keep ? rows : -1;
        // Not fused: backward needs the activation's argument, of which there are few rows.
        MemorySegment argument = keep ? pre : hidden;
        kernels.matmul().linear(head.dense(), rows, states, head.denseBias(), argument);
        kernels.activation().forward(rows * head.hiddenSize(), head.activation(), argument, hidden);
        kernels.norm()
                .layerNormForward(
                        rows,
                        head.hiddenSize(),
                        hidden,
                        head.gamma(),
                        head.beta(),
                        head.layerNormEps(),
                        features,
                        keep ? normalized : null,
                        keep ? rstd : null);
    }

    /**
     * Carries gradients of the features back to the hidden states.
     *
     * @param dFeatures [R, D]
     * @param dStates [R, D], overwritten; not {@code dFeatures}
     * @throws IllegalStateException if the last {@link #transform} kept nothing
     */
    public void backward(MemorySegment dFeatures, MemorySegment dStates) {
        if (keptRows < 0) {
            throw new IllegalStateException("backward needs a transform with keep = true before it");
        }
        int rows = keptRows;
        int d = head.hiddenSize();
        keptRows = -1;
        kernels.norm().layerNormBackward(rows, d, dFeatures, head.gamma(), normalized, rstd, hidden);
        kernels.activation().backward(rows * d, head.activation(), pre, hidden, hidden);
        kernels.matmul().linear(head.denseBackward(), rows, hidden, null, dStates);
    }

    /**
     * Scores a range of words: logits[r][w] = features[r]·E[first + w] + b[first + w].
     *
     * @param rows R
     * @param features [R, D]
     * @param firstWord id of the first word
     * @param numWords how many words, W
     * @param logits [R, W], overwritten
     */
    public void logits(int rows, MemorySegment features, int firstWord, int numWords, MemorySegment logits) {
        checkRows(rows);
        Objects.checkFromIndexSize(firstWord, numWords, head.vocabSize());
        int d = head.hiddenSize();
        long bytes = type.bytes();
        long rowBytes = d * bytes;
        MemorySegment words = head.decoder().asSlice(firstWord * rowBytes, numWords * rowBytes);
        MemorySegment bias = head.outputBias().asSlice(firstWord * bytes, numWords * bytes);
        kernels.matmul().gemm(false, true, rows, numWords, d, 1, features, words, 0, logits);
        kernels.rows().addBias(rows, numWords, bias, logits);
    }

    /**
     * Finds the most probable words of every row. The vocabulary is walked in chunks, so that the scores of all words are never
     * held together; log-sum-exp is accumulated in double.
     *
     * @param rows R
     * @param features [R, D] as {@link #transform} makes them
     * @param top receives the words, which replace what it held
     */
    public void topWords(int rows, MemorySegment features, TopWords top) {
        top.start(rows);
        int v = head.vocabSize();
        for (int first = 0; first < v; first += CHUNK_WORDS) {
            int count = Math.min(CHUNK_WORDS, v - first);
            logits(rows, features, first, count, scores);
            kernels.await();
            for (int r = 0; r < rows; r++) {
                for (int w = 0; w < count; w++) {
                    top.offer(r, first + w, score((long) r * count + w));
                }
            }
        }
        top.finish();
    }

    private double score(long at) {
        return type == DType.F64
                ? scores.getAtIndex(ValueLayout.JAVA_DOUBLE, at)
                : scores.getAtIndex(ValueLayout.JAVA_FLOAT, at);
    }

    private void checkRows(int rows) {
        if (rows < 0 || rows > maxRows) {
            throw new IllegalArgumentException("rows " + rows + " must be in [0, " + maxRows + "]");
        }
    }

    /** Frees the buffers; idempotent. */
    @Override
    public void close() {
        workspace.close();
    }
}
