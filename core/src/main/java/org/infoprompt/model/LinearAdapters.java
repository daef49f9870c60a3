package org.infoprompt.model;

import java.lang.foreign.MemorySegment;
import org.jspecify.annotations.Nullable;

/**
 * Trained changes of an encoder's frozen linear layers, y = W·x + b, by what goes in and by what comes out. Called by {@link
 * TransformerEncoder#forward} and {@link TransformerEncoder#backward} of one thread, layer by layer; the implementation keeps what
 * it needs in between, the encoder saves no inputs.
 *
 * <p>All rows are of the backend's type: an encoder that is changed keeps its inner buffers in it.
 *
 * <p>Rows of the block's sequence i are {@code starts[i]} to {@code starts[i + 1]}, of {@code n} sequences. In the last layer {@link
 * Product#QUERY}, {@link Product#ATTENTION_OUTPUT}, {@link Product#INTERMEDIATE} and {@link Product#OUTPUT} see the read rows only.
 */
public interface LinearAdapters {
    /** The matrix products of a layer, some of which compute several linear layers at once. */
    enum Product {
        /** [3D, D]: query, key and value; all layers but the last. */
        QUERY_KEY_VALUE,
        /** [D, D]; last layer. */
        QUERY,
        /** [2D, D]: key and value; last layer. */
        KEY_VALUE,
        /** [D, D]. */
        ATTENTION_OUTPUT,
        /** [F, D], before the activation. */
        INTERMEDIATE,
        /** [D, F]. */
        OUTPUT
    }

    /**
     * {@return whether a product's input or output is changed in any layer}
     *
     * @param product which
     */
    boolean changes(Product product);

    /**
     * Changes a product's input in place, for {@link Product#ATTENTION_OUTPUT} and {@link Product#OUTPUT}.
     *
     * @param layer from 0
     * @param product which
     * @param n number of sequences
     * @param starts their first rows, and the end of the last
     * @param x [rows, in]
     * @param keep whether a backward pass follows
     */
    default void input(int layer, Product product, int n, int[] starts, MemorySegment x, boolean keep) {}

    /**
     * Changes a product's output in place.
     *
     * @param layer from 0
     * @param product which
     * @param n number of sequences
     * @param starts their first rows, and the end of the last
     * @param x [rows, in] as {@link #input} left it
     * @param y [rows, out], bias and, after {@link Product#ATTENTION_OUTPUT} and {@link Product#OUTPUT}, residual included
     * @param keep whether a backward pass follows
     */
    default void output(
            int layer, Product product, int n, int[] starts, MemorySegment x, MemorySegment y, boolean keep) {}

    /**
     * Turns the gradient to the changed output into that to the frozen product's, in place; for query, key and value only.
     *
     * @param layer from 0
     * @param product which
     * @param n number of sequences
     * @param starts their first rows, and the end of the last
     * @param dY [rows, out]
     */
    default void outputBackward(int layer, Product product, int n, int[] starts, MemorySegment dY) {}

    /**
     * Completes the gradient to the input, after the frozen product's share.
     *
     * @param layer from 0
     * @param product which
     * @param n number of sequences
     * @param starts their first rows, and the end of the last
     * @param dY [rows, out] as {@link #outputBackward} left it
     * @param dX [rows, in], updated; null if nobody needs it
     */
    default void inputBackward(
            int layer, Product product, int n, int[] starts, MemorySegment dY, @Nullable MemorySegment dX) {}
}
