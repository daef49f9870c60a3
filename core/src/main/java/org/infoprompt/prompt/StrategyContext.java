package org.infoprompt.prompt;

import java.lang.foreign.MemorySegment;
import org.infoprompt.ops.Kernels;
import org.infoprompt.tensor.DType;

/**
 * What a {@link PromptStrategy} works with: parameters, kernels of its thread, states of its examples, and memory. There is one
 * context for the batch, on the thread that steps, and one for every worker, for a block of examples. R is the most examples it
 * is made for. Memory is cleared once, before first use; allocate in the constructor only.
 *
 * <p>Sums over the batch must not depend on how it was cut into blocks. So a worker computes what belongs to one example and
 * leaves it in {@link #saved saved} rows; those are copied to the batch's own, in batch order, and {@link
 * PromptStrategy#gradients} sums them there.
 */
public interface StrategyContext {
    /** {@return sizes of the encoder} */
    BackboneShape backbone();

    /** {@return kernels of this context's thread} */
    Kernels kernels();

    /** {@return the element type} */
    DType dtype();

    /** {@return R} */
    int maxRows();

    /** {@return whether gradients are computed; if not, saved rows exist but are nobody's business} */
    boolean isTraining();

    /**
     * {@return a parameter's values, a live view}
     *
     * @param name the parameter
     */
    MemorySegment value(String name);

    /**
     * {@return a parameter's gradient, a live view}
     *
     * @param name the parameter
     */
    MemorySegment gradient(String name);

    /** {@return [V, D], the frozen word embeddings} */
    MemorySegment words();

    /** {@return [R, D], the plain pass's first hidden states; only where the config reads them} */
    MemorySegment sentences();

    /** {@return the word ids of the plain inputs; only where the config reads them} */
    TokenRows tokens();

    /** {@return [R·vectors, D], gradient to the prompt vectors; complete before {@link PromptStrategy#backward}} */
    MemorySegment dPrompts();

    /** {@return [R, L·P·2D], gradient to every example's prefixes: layer, prefix, key then value} */
    MemorySegment dPrefixes();

    /**
     * {@return elements that all examples share}: the same memory for the batch and all workers, written by {@link
     * PromptStrategy#prepare} alone.
     *
     * @param numElements how many
     */
    MemorySegment shared(long numElements);

    /**
     * {@return rows of this context alone}
     *
     * @param width elements an example, [R, width]
     */
    MemorySegment local(int width);

    /**
     * {@return rows that are copied to the batch's after a block}
     *
     * @param width elements an example, [R, width]
     */
    MemorySegment saved(int width);

    /**
     * {@return rows of this context alone, as many as a block of encoder rows may have; none for the batch}
     *
     * @param width elements a row
     */
    MemorySegment encoderRows(long width);

    /**
     * {@return elements of this context alone}
     *
     * @param numElements how many
     */
    MemorySegment scratch(long numElements);
}
