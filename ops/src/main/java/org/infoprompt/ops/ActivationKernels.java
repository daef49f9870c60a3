package org.infoprompt.ops;

import java.lang.foreign.MemorySegment;

/** Element-wise activations of the small trainable modules. */
public interface ActivationKernels {
    /**
     * y = activation(x); may run in place.
     *
     * @param n number of elements
     * @param activation the function
     * @param x input
     * @param y output
     */
    void forward(int n, Activation activation, MemorySegment x, MemorySegment y);

    /**
     * dx = dy ∘ activation'(x), overwritten; {@code dx} may be {@code dy}.
     *
     * @param n number of elements
     * @param activation the function
     * @param x the forward pass's input
     * @param dy gradient to the output
     * @param dx gradient to the input
     */
    void backward(int n, Activation activation, MemorySegment x, MemorySegment dy, MemorySegment dx);
}
