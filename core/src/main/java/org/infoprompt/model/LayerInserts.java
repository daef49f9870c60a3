package org.infoprompt.model;

import java.lang.foreign.MemorySegment;
import org.jspecify.annotations.Nullable;

/**
 * What is put into an encoder's layers besides its input rows: key and value prefixes for every layer's attention, changes to
 * the rows between layers, and changes of linear layers. Read by {@link TransformerEncoder#forward} and {@link TransformerEncoder#backward} of one thread.
 */
public interface LayerInserts {
    /** {@return P, the most prefixes of a sequence in every layer; 0 for none} */
    default int numPrefixes() {
        return 0;
    }

    /**
     * {@return how many prefixes a sequence has in every layer}
     *
     * @param sequence number of the sequence in the block
     */
    default int numPrefixes(int sequence) {
        return numPrefixes();
    }

    /** {@return [any, 2D], rows of a key and a value, P rows on end for a sequence and layer} */
    default MemorySegment prefixes() {
        return MemorySegment.NULL;
    }

    /**
     * {@return the memory that holds a sequence's prefixes, as {@link #prefixes()}}
     *
     * @param sequence number of the sequence in the block
     */
    default MemorySegment prefixes(int sequence) {
        return prefixes();
    }

    /**
     * {@return whether there is nothing but prefixes, the same for every sequence} They may then be copied once and kept.
     */
    default boolean isPrefixTable() {
        return false;
    }

    /**
     * {@return the first of the sequence's rows in {@link #prefixes(int)}}
     *
     * @param sequence number of the sequence in the block
     * @param layer from 0
     */
    default long prefixRow(int sequence, int layer) {
        return 0;
    }

    /** {@return [any, 2D], overwritten by the backward pass} */
    default MemorySegment dPrefixes() {
        return MemorySegment.NULL;
    }

    /**
     * {@return the first of P rows of {@link #dPrefixes()}, another for every sequence and layer}
     *
     * @param sequence number of the sequence in the block
     * @param layer from 0
     */
    default long dPrefixRow(int sequence, int layer) {
        return 0;
    }

    /**
     * Changes rows after a layer, in place. Not called after the last layer, where only read rows exist.
     *
     * @param layer from 0
     * @param rows the block; its gradient rows are the prompt slots
     * @param x [R, D] the layer's output, the next layer's input
     */
    default void afterLayer(int layer, PackedRows rows, MemorySegment x) {}

    /**
     * Turns the gradient to the rows after {@link #afterLayer} into the gradient to the rows before it, in place.
     *
     * @param layer from 0
     * @param rows the block
     * @param dX [R, D]
     */
    default void afterLayerBackward(int layer, PackedRows rows, MemorySegment dX) {}

    /** {@return changes of the frozen linear layers, null for none} */
    default @Nullable LinearAdapters adapters() {
        return null;
    }
}
