package org.infoprompt.model;

import java.lang.foreign.MemorySegment;
import org.infoprompt.ops.Kernels;
import org.infoprompt.ops.RowKernels;
import org.infoprompt.tensor.DType;
import org.infoprompt.tensor.Workspace;
import org.jspecify.annotations.Nullable;

/**
 * Runs an encoder over a block and leaves one state per sequence: that of its read row, or the mean over its words; or one state
 * per listed row. States are as they are or behind the transform of a masked-LM head. Carries gradients to these states back. For one thread; nothing is allocated after construction.
 */
public final class StateReader implements AutoCloseable {
    private final TransformerEncoder encoder;
    private final RowKernels kernels;
    private final int width;
    private final boolean mean;
    private final Workspace workspace;
    private final MemorySegment output;
    private final MemorySegment group;
    private final MemorySegment one;
    private final MemorySegment dStates;
    private final int[] evenRows;
    private final int[] oddRows;
    private final @Nullable MaskedLmPass transform;

    /**
     * Allocates the buffers.
     *
     * @param encoder run for every block; closed by its owner
     * @param kernels the encoder's thread's
     * @param dtype element type of the backend
     * @param hiddenSize D
     * @param mean whether templates read {@link RowTemplate#ALL_WORDS}
     * @param maxSequences the most sequences of a block
     * @param head whose transform the read states pass, or null
     * @param gradients whether {@link #backward} will be called
     */
    public StateReader(
            TransformerEncoder encoder,
            Kernels kernels,
            DType dtype,
            int hiddenSize,
            boolean mean,
            int maxSequences,
            @Nullable MaskedLmHead head,
            boolean gradients) {
        this.encoder = encoder;
        this.kernels = kernels.rows();
        this.width = hiddenSize;
        this.mean = mean;
        int maxRows = encoder.maxRows();
        long outputRows = mean ? maxRows : 2L * maxSequences;
        long stateRows = head == null ? 0 : maxRows;
        workspace = Workspace.ofBytes(ownBytes(dtype, hiddenSize, mean, maxSequences, maxRows, head != null));
        output = workspace.allocate(dtype, outputRows * hiddenSize);
        group = workspace.allocate(dtype, mean ? (long) encoder.maxRows() * hiddenSize : 0);
        one = workspace.allocate(dtype, mean ? hiddenSize : 0);
        transform = head == null ? null : new MaskedLmPass(head, kernels, (int) stateRows, gradients);
        dStates = workspace.allocate(dtype, stateRows * hiddenSize);
        evenRows = new int[maxSequences];
        oddRows = new int[maxSequences];
        for (int i = 0; i < maxSequences; i++) {
            evenRows[i] = 2 * i;
            oddRows[i] = 2 * i + 1;
        }
    }

    /**
     * {@return how many bytes of buffers one reader needs}
     *
     * @param dtype element type of states
     * @param hiddenSize D
     * @param mean whether means are read
     * @param maxSequences the most sequences of a block
     * @param maxRows the most rows of a block
     * @param head the masked-LM head whose features are read, or null
     * @param gradients whether a backward pass is wanted
     */
    public static long bytes(
            DType dtype,
            int hiddenSize,
            boolean mean,
            int maxSequences,
            int maxRows,
            @Nullable MaskedLmHead head,
            boolean gradients) {
        return ownBytes(dtype, hiddenSize, mean, maxSequences, maxRows, head != null)
                + (head == null ? 0 : MaskedLmPass.bytes(head, maxRows, gradients));
    }

    private static long ownBytes(
            DType dtype, int hiddenSize, boolean mean, int maxSequences, int maxRows, boolean feature) {
        long outputRows = mean ? maxRows : 2L * maxSequences;
        long groupRows = mean ? maxRows + 1L : 0;
        long stateRows = feature ? maxRows : 0;
        return (outputRows + groupRows + stateRows) * hiddenSize * dtype.bytes() + 320;
    }

    /**
     * Runs sequences added with {@link PackedRows#addPlain}.
     *
     * @param rows m sequences
     * @param first [m, D], receives the states of the first rows
     * @param read [m, D], receives the read states
     */
    public void plain(PackedRows rows, MemorySegment first, MemorySegment read) {
        int m = rows.numSequences();
        encoder.forward(rows, null, output, false);
        if (mean) {
            kernels.gather(m, width, output, rows.readStarts(), first);
            means(rows, read);
        } else {
            kernels.gather(m, width, output, evenRows, first);
            kernels.gather(m, width, output, oddRows, read);
        }
        if (transform != null) {
            transform.transform(m, read, read, false);
        }
    }

    /**
     * Runs sequences added with {@link PackedRows#add}.
     *
     * @param rows m sequences
     * @param prompts the prompt table their slots point into, or null if they have none
     * @param inserts what else goes into the layers, or null
     * @param read [m, D], or [Q, D] of Q listed rows: receives the read states
     * @param keep whether {@link #backward} follows
     */
    public void forward(
            PackedRows rows,
            @Nullable MemorySegment prompts,
            @Nullable LayerInserts inserts,
            MemorySegment read,
            boolean keep) {
        encoder.forward(rows, prompts, inserts, mean ? output : read, keep);
        if (mean) {
            means(rows, read);
        }
        if (transform != null) {
            transform.transform(mean ? rows.numSequences() : rows.numRead(), read, read, keep);
        }
    }

    /**
     * Carries gradients back to prompt slots and inserts.
     *
     * @param rows the block of the last {@link #forward}
     * @param dRead [m, D] or [Q, D], may be overwritten
     * @param dPrompts [slots, D], overwritten
     */
    public void backward(PackedRows rows, MemorySegment dRead, MemorySegment dPrompts) {
        MemorySegment states = dRead;
        if (transform != null) {
            transform.backward(dRead, dStates);
            states = dStates;
        }
        if (!mean) {
            encoder.backward(states, dPrompts);
            return;
        }
        int[] starts = rows.readStarts();
        for (int i = 0; i < rows.numSequences(); i++) {
            int count = starts[i + 1] - starts[i];
            kernels.copy(1, width, states, i, one, 0);
            kernels.fill((long) count * width, 0, group);
            kernels.groupSpread(1, count, width, 1.0 / count, one, group);
            kernels.copy(count, width, group, 0, output, starts[i]);
        }
        encoder.backward(output, dPrompts);
    }

    private void means(PackedRows rows, MemorySegment read) {
        int[] starts = rows.readStarts();
        for (int i = 0; i < rows.numSequences(); i++) {
            int count = starts[i + 1] - starts[i];
            kernels.copy(count, width, output, starts[i], group, 0);
            kernels.groupMean(1, count, width, group, one);
            kernels.copy(1, width, one, 0, read, i);
        }
    }

    /** Frees the buffers, not the encoder; idempotent. */
    @Override
    public void close() {
        if (transform != null) {
            transform.close();
        }
        workspace.close();
    }
}
