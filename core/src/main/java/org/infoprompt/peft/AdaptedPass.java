package org.infoprompt.peft;

import java.lang.foreign.MemorySegment;
import org.infoprompt.model.IntSlice;
import org.infoprompt.model.PackedRows;
import org.infoprompt.model.RowTemplate;
import org.infoprompt.model.TransformerEncoder;
import org.infoprompt.ops.Kernels;
import org.infoprompt.tensor.DType;
import org.infoprompt.tensor.Workspace;
import org.infoprompt.text.Encoding;

/**
 * Scores blocks of encoded texts with an adapted encoder, for one thread: texts of different lengths lie one after the other,
 * without padding. All memory is allocated here; closed by its owner.
 */
final class AdaptedPass implements AutoCloseable {
    private static final IntSlice NO_GRADIENTS = IntSlice.of();

    private final AdaptedEncoder model;
    private final Kernels kernels;
    private final TransformerEncoder encoder;
    private final PackedRows rows;
    private final Workspace workspace;
    private final MemorySegment states;
    private final MemorySegment hidden;
    private final MemorySegment logits;
    private final DType dtype;

    /**
     * Allocates.
     *
     * @param model shared by all threads
     * @param maxRows the most rows of a block
     * @param maxSequences the most texts of a block
     */
    AdaptedPass(AdaptedEncoder model, int maxRows, int maxSequences) {
        this.model = model;
        dtype = model.weights().backend().dtype();
        kernels = model.weights().backend().newKernels();
        int maxPrefixRows = model.prefixes() == null ? 0 : maxSequences * model.numVirtualTokens();
        encoder = new TransformerEncoder(model.weights(), kernels, maxRows, maxPrefixRows, false);
        rows = new PackedRows(maxRows, maxSequences, model.weights().config().positionOffset());
        long n = (long) maxSequences * model.weights().config().hiddenSize();
        long c = (long) maxSequences * model.head().numClasses();
        workspace = Workspace.ofBytes((2 * n + c) * dtype.bytes() + 3 * 64);
        states = workspace.allocate(dtype, n);
        hidden = workspace.allocate(dtype, n);
        logits = workspace.allocate(dtype, c);
    }

    /** Returns a text's rows: virtual tokens of type 0, then the text; prefixes take positions, but are no rows. */
    static RowTemplate template(AdaptedEncoder model, Encoding text) {
        int n = model.prompts() == null ? 0 : model.numVirtualTokens();
        int[] source = new int[n + text.length()];
        int[] types = new int[n + text.length()];
        for (int j = 0; j < n; j++) {
            source[j] = -1 - j;
        }
        System.arraycopy(text.ids(), 0, source, n, text.length());
        System.arraycopy(text.typeIds(), 0, types, n, text.length());
        return new RowTemplate(
                IntSlice.of(source),
                IntSlice.of(types),
                model.pooledRow(),
                NO_GRADIENTS,
                model.prefixes() == null ? 0 : model.numVirtualTokens());
    }

    /** Starts a new block. */
    void clear() {
        rows.clear();
    }

    /** Appends a text to the block. */
    void add(RowTemplate template) {
        rows.add(template, 0);
    }

    /** Scores the block's texts. */
    void run() {
        encoder.forward(rows, model.prompts(), model.prefixes(), states, false);
        model.head().score(kernels, rows.numSequences(), states, hidden, logits);
        kernels.await();
    }

    /** Returns a class score of the block's text {@code i}. */
    double logit(int i, int k) {
        return Segments.get(logits, dtype, (long) i * model.head().numClasses() + k);
    }

    /** Frees the buffers; idempotent. */
    @Override
    public void close() {
        encoder.close();
        workspace.close();
    }
}
