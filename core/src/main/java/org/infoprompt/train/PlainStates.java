package org.infoprompt.train;

import java.lang.foreign.MemorySegment;
import org.infoprompt.tensor.DType;
import org.infoprompt.tensor.Workspace;

/**
 * The plain pass's two states of every example. They depend on nothing that is trained, so they are computed once and kept for
 * all epochs: 2·D elements an example. Closed by its owner.
 */
public final class PlainStates implements AutoCloseable {
    private final Workspace workspace;
    private final MemorySegment cls;
    private final MemorySegment read;
    private final int size;

    PlainStates(DType dtype, int size, int hiddenSize) {
        long bytes = (long) size * hiddenSize * dtype.bytes();
        this.size = size;
        workspace = Workspace.ofBytes(2 * (bytes + 64));
        cls = workspace.allocate(dtype, (long) size * hiddenSize);
        read = workspace.allocate(dtype, (long) size * hiddenSize);
    }

    /** {@return the number of examples} */
    public int size() {
        return size;
    }

    /** {@return [n, D], the hidden states of each example's first row} */
    public MemorySegment cls() {
        return cls;
    }

    /** {@return [n, D], the states of each example that the class head reads: its mask slot's, for most methods} */
    public MemorySegment read() {
        return read;
    }

    /** Frees the memory; idempotent. */
    @Override
    public void close() {
        workspace.close();
    }
}
