package org.infoprompt.weights;

import java.io.IOException;
import java.util.List;
import org.infoprompt.tensor.Tensor;

/**
 * Named, read-only tensors of one model. Thread-safe; tensors are views that stay valid until {@link #close()}.
 *
 * <p>Every tensor starts at a multiple of its element size, so that it can be read with aligned layouts.
 */
public interface TensorSource extends AutoCloseable {
    /**
     * Returns what messages call this source.
     *
     * @return usually the path of the file
     */
    String name();

    /**
     * Returns the names of all tensors.
     *
     * @return the names, sorted
     */
    List<String> tensorNames();

    /**
     * Tells whether a tensor is there.
     *
     * @param tensor its name
     * @return whether {@link #tensor} will find it
     */
    boolean contains(String tensor);

    /**
     * Returns a tensor; memory-mapped, without a copy where the file's format and alignment allow it.
     *
     * @param tensor its name
     * @return a read-only view, valid until this source is closed
     * @throws WeightFormatException if there is no such tensor or its content cannot be used
     * @throws IOException if the file cannot be read
     */
    Tensor tensor(String tensor) throws IOException;

    /** Unmaps the file and frees converted copies; idempotent. */
    @Override
    void close();
}
