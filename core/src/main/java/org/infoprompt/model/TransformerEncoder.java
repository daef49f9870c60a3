package org.infoprompt.model;

import java.lang.foreign.MemorySegment;
import org.infoprompt.model.LinearAdapters.Product;
import org.infoprompt.ops.ActivationKernels;
import org.infoprompt.ops.AttentionKernels;
import org.infoprompt.ops.Kernels;
import org.infoprompt.ops.MatmulKernels;
import org.infoprompt.ops.NormKernels;
import org.infoprompt.ops.RowKernels;
import org.infoprompt.tensor.DType;
import org.infoprompt.tensor.Workspace;
import org.infoprompt.weights.EncoderConfig;
import org.jspecify.annotations.Nullable;

/**
 * Post-norm transformer encoder (BERT, RoBERTa, DistilBERT) over packed rows, for one thread. The last layer computes only the
 * rows that are read; the backward pass yields gradients to the input rows that were asked for and to nothing else, because all
 * weights are frozen. Nothing is allocated after construction.
 *
 * <p>Inner buffers may be of a narrower type than the backend's, {@link EncoderWeights#activationType}: queries, keys, values and contexts,
 * what is between the two feed-forward products, the gradients to these, and what each layer keeps for the backward pass. Kernels compute
 * in the backend's type, and the rows that layers hand on, prompts, prefixes, outputs and gradients at the borders are of it.
 *
 * <p>Source: Devlin et al., arXiv 1810.04805; Vaswani et al., arXiv 1706.03762; layer order as in Hugging Face transformers.
 */
public final class TransformerEncoder implements AutoCloseable {
    private final EncoderWeights weights;
    private final EncoderConfig config;
    private final Workspace workspace;
    private final EncoderMemory memory;
    private final boolean gradients;
    private final int maxRows;
    private final PrefixedKeys prefixed;
    private final DType inner;

    /** Products of inner rows into inner buffers, of rows of the residual stream into inner buffers, and of inner rows into the stream. */
    private final MatmulKernels inward;

    private final MatmulKernels entering;
    private final MatmulKernels outward;
    private final AttentionKernels attention;
    private final NormKernels norm;
    private final RowKernels rowKernels;
    private final ActivationKernels activation;
    private final Kernels kernels;
    private @Nullable PackedRows forwardRows;
    private @Nullable LayerInserts forwardInserts;
    private @Nullable EncoderTeam team;

    /**
     * Allocates the buffers of one thread.
     *
     * @param weights shared weights
     * @param kernels this thread's kernels
     * @param maxRows the most rows of one block
     * @param gradients whether {@link #backward} will be called
     * @throws IllegalArgumentException if gradients are wanted but the weights were loaded for inference
     */
    public TransformerEncoder(EncoderWeights weights, Kernels kernels, int maxRows, boolean gradients) {
        this(weights, kernels, maxRows, 0, gradients);
    }

    /**
     * Allocates the buffers of one thread, with room for key and value prefixes.
     *
     * @param weights shared weights
     * @param kernels this thread's kernels
     * @param maxRows the most rows of one block
     * @param maxPrefixRows the most prefixes of a layer in one block, all sequences together
     * @param gradients whether {@link #backward} will be called
     * @throws IllegalArgumentException if gradients are wanted but the weights were loaded for inference
     */
    public TransformerEncoder(
            EncoderWeights weights, Kernels kernels, int maxRows, int maxPrefixRows, boolean gradients) {
        this(weights, kernels, maxRows, maxPrefixRows, gradients, weights.activationType(false));
    }

    /**
     * Allocates the buffers of one thread, with inner buffers of a type of one's choice.
     *
     * @param weights shared weights
     * @param kernels this thread's kernels
     * @param maxRows the most rows of one block
     * @param maxPrefixRows the most prefixes of a layer in one block, all sequences together
     * @param gradients whether {@link #backward} will be called
     * @param inner {@link EncoderWeights#activationType} or the backend's type, which {@link LinearAdapters} need
     * @throws IllegalArgumentException if gradients are wanted but the weights were loaded for inference
     */
    public TransformerEncoder(
            EncoderWeights weights, Kernels kernels, int maxRows, int maxPrefixRows, boolean gradients, DType inner) {
        if (gradients && !weights.isTrainable()) {
            throw new IllegalArgumentException("gradients need weights loaded with trainable = true");
        }
        this.weights = weights;
        this.config = weights.config();
        this.maxRows = maxRows;
        this.gradients = gradients;
        this.prefixed =
                new PrefixedKeys(kernels.rows(), inner, 2 * config.hiddenSize(), maxRows, maxPrefixRows, gradients);
        this.inner = inner;
        DType type = weights.backend().dtype();
        this.workspace = Workspace.ofBytes(bytes(weights, maxRows, maxPrefixRows, gradients, inner));
        this.memory = new EncoderMemory(config, type, inner, workspace, maxRows, maxPrefixRows, gradients);
        this.inward = kernels.matmul(inner, inner);
        this.entering = kernels.matmul(type, inner);
        this.outward = kernels.matmul(inner, type);
        this.attention = kernels.attention(inner);
        this.norm = kernels.norm(inner);
        this.rowKernels = kernels.rows();
        this.activation = kernels.activation();
        this.kernels = kernels;
    }

    /**
     * Makes an encoder of other weights of the same sizes in the buffers of one that exists, which must outlive it; only one of
     * them may run at a time.
     *
     * @param weights shared weights
     * @param other whose buffers and kernels are used
     * @throws IllegalArgumentException if the sizes or the backends differ
     */
    public TransformerEncoder(EncoderWeights weights, TransformerEncoder other) {
        EncoderConfig sizes = weights.config();
        EncoderConfig theirs = other.config;
        if (sizes.hiddenSize() != theirs.hiddenSize()
                || sizes.numLayers() != theirs.numLayers()
                || sizes.numHeads() != theirs.numHeads()
                || sizes.feedForwardSize() != theirs.feedForwardSize()
                || !weights.backend().equals(other.weights.backend())) {
            throw new IllegalArgumentException(
                    "the weights are of another shape or backend than the encoder's buffers");
        }
        this.weights = weights;
        this.config = sizes;
        this.maxRows = other.maxRows;
        this.gradients = false;
        this.prefixed = other.prefixed;
        this.inner = other.inner;
        this.workspace = Workspace.ofBytes(0);
        this.memory = other.memory;
        this.inward = other.inward;
        this.entering = other.entering;
        this.outward = other.outward;
        this.attention = other.attention;
        this.norm = other.norm;
        this.rowKernels = other.rowKernels;
        this.activation = other.activation;
        this.kernels = other.kernels;
    }

    /**
     * {@return how many bytes of buffers one encoder needs}
     *
     * @param weights shared weights
     * @param maxRows the most rows of one block
     * @param gradients whether a backward pass is wanted
     */
    public static long bytes(EncoderWeights weights, int maxRows, boolean gradients) {
        return bytes(weights, maxRows, 0, gradients);
    }

    /**
     * {@return how many bytes of buffers one encoder needs}
     *
     * @param weights shared weights
     * @param maxRows the most rows of one block
     * @param maxPrefixRows the most prefixes of a layer in one block
     * @param gradients whether a backward pass is wanted
     */
    public static long bytes(EncoderWeights weights, int maxRows, int maxPrefixRows, boolean gradients) {
        return bytes(weights, maxRows, maxPrefixRows, gradients, weights.activationType(false));
    }

    /**
     * {@return how many bytes of buffers one encoder needs}
     *
     * @param weights shared weights
     * @param maxRows the most rows of one block
     * @param maxPrefixRows the most prefixes of a layer in one block
     * @param gradients whether a backward pass is wanted
     * @param inner the type of inner buffers
     */
    public static long bytes(EncoderWeights weights, int maxRows, int maxPrefixRows, boolean gradients, DType inner) {
        try (Workspace measuring = Workspace.measuring()) {
            new EncoderMemory(
                    weights.config(), weights.backend().dtype(), inner, measuring, maxRows, maxPrefixRows, gradients);
            return measuring.usedBytes();
        }
    }

    /**
     * Lets several threads compute passes of one sequence from now on, where it is worth it and nothing is kept. Results stay the
     * same.
     *
     * @param threads made for the same weights and as many rows; closed by its owner, after this encoder's last pass
     * @throws IllegalArgumentException if it was not
     */
    public void workWith(EncoderTeam threads) {
        if (!threads.fits(weights, maxRows)) {
            throw new IllegalArgumentException("the team was made for other weights or fewer rows");
        }
        team = threads;
    }

    /** {@return the most rows of one block} */
    public int maxRows() {
        return maxRows;
    }

    /**
     * Runs the block through all layers.
     *
     * @param rows the block
     * @param prompts [any, D] the prompt table its slots point into, or null if it has none
     * @param output [Q, D], receives the hidden state of each read row
     * @param keep whether {@link #backward} follows
     */
    public void forward(PackedRows rows, @Nullable MemorySegment prompts, MemorySegment output, boolean keep) {
        forward(rows, prompts, null, output, keep);
    }

    /**
     * Runs the block through all layers, with prefixes and changes between layers.
     *
     * @param rows the block
     * @param prompts [any, D] the prompt table its slots point into, or null if it has none
     * @param inserts what else goes into the layers, or null for nothing; used by {@link #backward} again
     * @param output [Q, D], receives the hidden state of each read row
     * @param keep whether {@link #backward} follows
     */
    public void forward(
            PackedRows rows,
            @Nullable MemorySegment prompts,
            @Nullable LayerInserts inserts,
            MemorySegment output,
            boolean keep) {
        if (rows.numRows() > maxRows) {
            throw new IllegalArgumentException(
                    "a block of " + rows.numRows() + " rows exceeds the " + maxRows + " this encoder was made for");
        }
        if (keep && !gradients) {
            throw new IllegalArgumentException("this encoder was made without gradients");
        }
        if (inner != weights.backend().dtype() && inserts != null && inserts.adapters() != null) {
            throw new IllegalArgumentException("adapters read inner buffers in "
                    + weights.backend().dtype() + ", and this encoder keeps them in " + inner);
        }
        forwardRows = keep ? rows : null;
        forwardInserts = keep ? inserts : null;
        EncoderTeam threads = team;
        if (threads != null && !keep && threads.takes(rows, inserts)) {
            threads.forward(rows, prompts, inserts, output);
            return;
        }
        if (inserts != null && inserts.numPrefixes() > 0) {
            prefixed.start(rows, inserts);
        }
        layers(rows, prompts, inserts, null, output, keep);
    }

    /** Runs some rows of a sequence whose other rows other threads run; returns the states of its read rows. */
    MemorySegment forwardPart(PackedRows rows, @Nullable MemorySegment prompts, KeyValueExchange others) {
        layers(rows, prompts, null, others, memory.readInput, false);
        return memory.readInput;
    }

    private void layers(
            PackedRows rows,
            @Nullable MemorySegment prompts,
            @Nullable LayerInserts inserts,
            @Nullable KeyValueExchange others,
            MemorySegment output,
            boolean keep) {
        int r = rows.numRows();
        int d = config.hiddenSize();
        EncoderMemory m = memory;
        rowKernels.embed(
                r,
                d,
                weights.words(),
                prompts,
                rows.source(),
                weights.positions(),
                rows.positions(),
                weights.types(),
                rows.types(),
                m.x);
        normalize(
                r,
                m.x,
                weights.embeddingGamma(),
                weights.embeddingBeta(),
                m.x,
                m.copy(),
                keep ? m.embeddingNormalized : null,
                keep ? m.embeddingRstd : null);
        int last = config.numLayers() - 1;
        int n = rows.numSequences();
        LinearAdapters adapters = inserts == null ? null : inserts.adapters();
        // The copy that a norm left says nothing of what was changed behind it.
        boolean copied = inserts == null || inserts.isPrefixTable();
        MatmulKernels first = copied ? inward : entering;
        MemorySegment x = copied ? m.operand(m.x) : m.x;
        for (int l = 0; l < last; l++) {
            LayerWeights w = weights.layer(l);
            MemorySegment qkv = m.qkv[l];
            first.linear(present(w.qkv()), r, x, w.qkvBias(), qkv);
            if (adapters != null) {
                adapters.output(l, Product.QUERY_KEY_VALUE, n, rows.starts(), m.x, qkv, keep);
            }
            attend(rows, rows.starts(), l, qkv, 3 * d, qkv, 3 * d, d, inserts, others, keep ? m.logSumExp[l] : null);
            blockTail(l, w, n, rows.starts(), m.x, m.x, adapters, keep);
            if (inserts != null) {
                inserts.afterLayer(l, rows, m.x);
            }
        }
        LayerWeights w = weights.layer(last);
        int q = rows.numRead();
        first.linear(present(w.keyValue()), r, x, w.keyValueBias(), m.keyValue);
        rowKernels.gather(q, d, m.x, rows.readRows(), m.readInput);
        entering.linear(present(w.query()), q, m.readInput, w.queryBias(), m.query);
        if (adapters != null) {
            adapters.output(last, Product.KEY_VALUE, n, rows.starts(), m.x, m.keyValue, keep);
            adapters.output(last, Product.QUERY, n, rows.readStarts(), m.readInput, m.query, keep);
        }
        attend(
                rows,
                rows.readStarts(),
                last,
                m.query,
                d,
                m.keyValue,
                2 * d,
                0,
                inserts,
                others,
                keep ? m.logSumExp[last] : null);
        blockTail(last, w, n, rows.readStarts(), m.readInput, output, adapters, keep);
    }

    /** Attention of one layer; keys and values are neighbours, the value D elements after the key. */
    private void attend(
            PackedRows rows,
            int[] queryStarts,
            int layer,
            MemorySegment q,
            int qStride,
            MemorySegment kv,
            int kvStride,
            int kColumn,
            @Nullable LayerInserts inserts,
            @Nullable KeyValueExchange others,
            @Nullable MemorySegment logSumExp) {
        int d = config.hiddenSize();
        if (others != null) {
            MemorySegment all = others.exchange(layer, kv, kvStride, kColumn);
            attention.forward(
                    config.numHeads(),
                    d / config.numHeads(),
                    1,
                    queryStarts,
                    others.keyStarts(),
                    q,
                    qStride,
                    all,
                    2 * d,
                    0,
                    d,
                    memory.context,
                    logSumExp);
            return;
        }
        boolean joined = inserts != null && inserts.numPrefixes() > 0;
        if (inserts != null && joined) {
            prefixed.join(rows, inserts, layer, kv, kvStride, kColumn, memory.prefixedKeyValue);
        }
        attention.forward(
                config.numHeads(),
                d / config.numHeads(),
                rows.numSequences(),
                queryStarts,
                joined ? prefixed.starts() : rows.starts(),
                q,
                qStride,
                joined ? memory.prefixedKeyValue : kv,
                joined ? 2 * d : kvStride,
                joined ? 0 : kColumn,
                joined ? d : kColumn + d,
                memory.context,
                logSumExp);
    }

    /** Attention output, residual, norm, feed-forward, residual, norm; {@code out} may be {@code input}. */
    private void blockTail(
            int l,
            LayerWeights w,
            int n,
            int[] starts,
            MemorySegment input,
            MemorySegment out,
            @Nullable LinearAdapters adapters,
            boolean keep) {
        EncoderMemory m = memory;
        int r = starts[n];
        if (adapters != null) {
            adapters.input(l, Product.ATTENTION_OUTPUT, n, starts, m.context, keep);
        }
        outward.linearAdd(w.attentionOutput(), r, m.context, w.attentionOutputBias(), input, m.hidden);
        if (adapters != null) {
            adapters.output(l, Product.ATTENTION_OUTPUT, n, starts, m.context, m.hidden, keep);
        }
        normalize(
                r,
                m.hidden,
                w.attentionGamma(),
                w.attentionBeta(),
                m.hidden,
                m.copy(),
                keep ? m.attentionNormalized[l] : null,
                keep ? m.attentionRstd[l] : null);
        if (adapters != null && adapters.changes(Product.INTERMEDIATE)) {
            adaptedActivation(l, w, n, starts, adapters, keep);
        } else {
            inward.linearActivation(
                    w.intermediate(),
                    r,
                    m.operand(m.hidden),
                    w.intermediateBias(),
                    weights.activation(),
                    keep ? m.slope[l] : null,
                    m.feedForward);
        }
        if (adapters != null) {
            adapters.input(l, Product.OUTPUT, n, starts, m.feedForward, keep);
        }
        outward.linearAdd(w.output(), r, m.feedForward, w.outputBias(), m.hidden, out);
        if (adapters != null) {
            adapters.output(l, Product.OUTPUT, n, starts, m.feedForward, out, keep);
        }
        normalize(
                r,
                out,
                w.outputGamma(),
                w.outputBeta(),
                out,
                l < config.numLayers() - 1 ? m.copy() : null,
                keep ? m.outputNormalized[l] : null,
                keep ? m.outputRstd[l] : null);
    }

    /** The activation apart from its product, because an adapter changes its argument. */
    private void adaptedActivation(int l, LayerWeights w, int n, int[] starts, LinearAdapters adapters, boolean keep) {
        EncoderMemory m = memory;
        int r = starts[n];
        int elements = Math.multiplyExact(r, config.feedForwardSize());
        inward.linear(w.intermediate(), r, m.hidden, w.intermediateBias(), m.feedForward);
        adapters.output(l, Product.INTERMEDIATE, n, starts, m.hidden, m.feedForward, keep);
        if (keep) {
            rowKernels.fill(elements, 1, m.slope[l]);
            activation.backward(elements, weights.activation(), m.feedForward, m.slope[l], m.slope[l]);
        }
        activation.forward(elements, weights.activation(), m.feedForward, m.feedForward);
    }

    private void normalize(
            int r,
            MemorySegment in,
            MemorySegment gamma,
            MemorySegment beta,
            MemorySegment out,
            @Nullable MemorySegment copy,
            @Nullable MemorySegment normalized,
            @Nullable MemorySegment rstd) {
        norm.layerNormForward(
                r, config.hiddenSize(), in, gamma, beta, config.layerNormEps(), out, copy, normalized, rstd);
    }

    /**
     * Carries gradients of the read rows back to the input rows that asked for them, before positions and types were added.
     *
     * @param dOutput [Q, D] gradient to the forward pass's output; may be overwritten
     * @param dInput [G, D], receives the gradients, in the order in which the rows were added
     * @throws IllegalStateException if the last forward pass kept nothing
     */
    public void backward(MemorySegment dOutput, MemorySegment dInput) {
        PackedRows rows = forwardRows;
        if (rows == null) {
            throw new IllegalStateException("backward needs a forward pass with keep = true before it");
        }
        forwardRows = null;
        LayerInserts inserts = forwardInserts;
        forwardInserts = null;
        int r = rows.numRows();
        int q = rows.numRead();
        int g = rows.numGradient();
        int d = config.hiddenSize();
        EncoderMemory m = memory;
        int last = config.numLayers() - 1;
        LayerWeights w = weights.layer(last);
        LayerWeights.Backward b = present(w.backward());
        int n = rows.numSequences();
        LinearAdapters adapters = inserts == null ? null : inserts.adapters();
        tailBackward(last, w, n, rows.readStarts(), dOutput, adapters);
        attendBackward(
                rows,
                rows.readStarts(),
                last,
                m.query,
                d,
                m.keyValue,
                2 * d,
                0,
                inserts,
                m.logSumExp[last],
                m.dQuery,
                m.dQkv);
        if (adapters != null) {
            adapters.outputBackward(last, Product.KEY_VALUE, n, rows.starts(), m.dQkv);
            adapters.outputBackward(last, Product.QUERY, n, rows.readStarts(), m.dQuery);
        }
        outward.linear(present(b.keyValue()), r, m.dQkv, null, m.dX);
        outward.linearAdd(present(b.query()), q, m.dQuery, null, m.dHidden, m.dHidden);
        if (adapters != null) {
            adapters.inputBackward(last, Product.KEY_VALUE, n, rows.starts(), m.dQkv, m.dX);
            adapters.inputBackward(last, Product.QUERY, n, rows.readStarts(), m.dQuery, m.dHidden);
        }
        rowKernels.scatterAdd(q, d, m.dHidden, rows.readRows(), m.dX);
        for (int l = last - 1; l >= 0; l--) {
            w = weights.layer(l);
            b = present(w.backward());
            if (inserts != null) {
                inserts.afterLayerBackward(l, rows, m.dX);
            }
            tailBackward(l, w, n, rows.starts(), m.dX, adapters);
            MemorySegment qkv = m.qkv[l];
            attendBackward(rows, rows.starts(), l, qkv, 3 * d, qkv, 3 * d, d, inserts, m.logSumExp[l], m.dQkv, m.dQkv);
            if (adapters != null) {
                adapters.outputBackward(l, Product.QUERY_KEY_VALUE, n, rows.starts(), m.dQkv);
            }
            if (l > 0 || (adapters != null && g > 0)) {
                outward.linearAdd(present(b.qkv()), r, m.dQkv, null, m.dHidden, m.dX);
            }
            if (adapters != null) {
                adapters.inputBackward(
                        l, Product.QUERY_KEY_VALUE, n, rows.starts(), m.dQkv, l > 0 || g > 0 ? m.dX : null);
            }
            if (l == 0 && adapters != null) {
                rowKernels.gather(g, d, m.dX, rows.gradientRows(), m.gradientAdd);
            } else if (l == 0) {
                rowKernels.gather(inner, g, 3 * d, m.dQkv, rows.gradientRows(), m.gradientRows);
                rowKernels.gather(g, d, m.dHidden, rows.gradientRows(), m.gradientAdd);
                outward.linearAdd(present(b.qkv()), g, m.gradientRows, null, m.gradientAdd, m.gradientAdd);
            }
        }
        if (last == 0) {
            rowKernels.gather(g, d, m.dX, rows.gradientRows(), m.gradientAdd);
        }
        rowKernels.gather(inner, g, d, m.embeddingNormalized, rows.gradientRows(), m.gradientRows);
        rowKernels.gather(g, 1, m.embeddingRstd, rows.gradientRows(), m.gradientRstd);
        norm.layerNormBackward(g, d, m.gradientAdd, weights.embeddingGamma(), m.gradientRows, m.gradientRstd, dInput);
    }

    /** From the block's output back to its attention context; leaves the residual gradient in dHidden. */
    private void tailBackward(
            int l, LayerWeights w, int n, int[] starts, MemorySegment dOut, @Nullable LinearAdapters adapters) {
        int d = config.hiddenSize();
        int r = starts[n];
        EncoderMemory m = memory;
        LayerWeights.Backward b = present(w.backward());
        norm.layerNormBackward(
                r, d, dOut, w.outputGamma(), m.outputNormalized[l], m.outputRstd[l], m.dHidden, m.copy());
        if (adapters != null && adapters.changes(Product.OUTPUT)) {
            // Apart from the activation's slope, because an adapter needs the gradient before it.
            inward.linear(b.output(), r, m.dHidden, null, m.feedForward);
            adapters.inputBackward(l, Product.OUTPUT, n, starts, m.dHidden, m.feedForward);
            kernels.await();
            Elementwise.multiply(
                    weights.backend().dtype(), (long) r * config.feedForwardSize(), m.feedForward, m.slope[l]);
        } else {
            inward.linearActivationBackward(b.output(), r, m.operand(m.dHidden), m.slope[l], m.slope[l]);
        }
        outward.linearAdd(b.intermediate(), r, m.slope[l], null, m.dHidden, m.dHidden);
        if (adapters != null) {
            adapters.inputBackward(l, Product.INTERMEDIATE, n, starts, m.slope[l], m.dHidden);
        }
        norm.layerNormBackward(
                r, d, m.dHidden, w.attentionGamma(), m.attentionNormalized[l], m.attentionRstd[l], m.dHidden, m.copy());
        inward.linear(b.attentionOutput(), r, m.operand(m.dHidden), null, m.dContext);
        if (adapters != null) {
            adapters.inputBackward(l, Product.ATTENTION_OUTPUT, n, starts, m.dHidden, m.dContext);
        }
    }

    private void attendBackward(
            PackedRows rows,
            int[] queryStarts,
            int layer,
            MemorySegment q,
            int qStride,
            MemorySegment kv,
            int kvStride,
            int kColumn,
            @Nullable LayerInserts inserts,
            MemorySegment logSumExp,
            MemorySegment dq,
            MemorySegment dkv) {
        int d = config.hiddenSize();
        boolean joined = inserts != null && inserts.numPrefixes() > 0;
        if (inserts != null && joined) {
            prefixed.join(rows, inserts, layer, kv, kvStride, kColumn, memory.prefixedKeyValue);
        }
        attention.backward(
                config.numHeads(),
                d / config.numHeads(),
                rows.numSequences(),
                queryStarts,
                joined ? prefixed.starts() : rows.starts(),
                q,
                qStride,
                joined ? memory.prefixedKeyValue : kv,
                joined ? 2 * d : kvStride,
                joined ? 0 : kColumn,
                joined ? d : kColumn + d,
                logSumExp,
                memory.dContext,
                dq,
                joined ? memory.dPrefixedKeyValue : dkv);
        if (inserts != null && joined) {
            prefixed.split(rows, inserts, layer, memory.dPrefixedKeyValue, dkv, kvStride, kColumn);
        }
    }

    private static <T> T present(@Nullable T value) {
        if (value == null) {
            throw new IllegalStateException("the layer was packed for another place or for inference only");
        }
        return value;
    }

    /** Frees the buffers; idempotent. */
    @Override
    public void close() {
        workspace.close();
    }
}
