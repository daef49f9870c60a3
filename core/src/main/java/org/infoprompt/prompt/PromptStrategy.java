package org.infoprompt.prompt;

import java.lang.foreign.MemorySegment;
import org.infoprompt.model.LayerInserts;
import org.jspecify.annotations.Nullable;

/**
 * Computes prompts from parameters, and gradients to parameters from gradients to prompts. One instance for the batch and one for
 * each worker; a step calls, in this order,
 *
 * <ol>
 *   <li>{@link #prepare} of the batch's instance, once,
 *   <li>for every block, on a worker: {@link #prompts}, the encoder's forward pass (which reads {@link #inserts}), the losses, the
 *       encoder's backward pass, {@link #backward},
 *   <li>{@link #gradients} of the batch's instance, once, after all saved rows were copied to it.
 * </ol>
 *
 * <p>For scores alone, {@link #prepare} is called once and {@link #prompts} for every block. Nothing may allocate on the Java
 * heap after construction.
 */
public interface PromptStrategy {
    /** Computes what all examples share from the parameters. */
    default void prepare() {}

    /**
     * Makes the prompt vectors of a block.
     *
     * @param m number of examples
     * @return the prompt table, [vectors, D] shared by all examples or, instance-wise, [m·vectors, D]; null if there are none
     */
    @Nullable
    MemorySegment prompts(int m);

    /** {@return what it does to the encoder's layers, null for nothing} */
    default @Nullable LayerInserts inserts() {
        return null;
    }

    /**
     * Turns gradients to a block's prompts and prefixes into whatever {@link #gradients} needs of each example.
     *
     * @param m number of examples
     */
    default void backward(int m) {}

    /**
     * Overwrites the gradients of all parameters from the batch's saved rows, dPrompts and dPrefixes.
     *
     * @param b batch size B
     */
    void gradients(int b);
}
