package org.infoprompt.prompt.idpg;

import java.lang.foreign.MemorySegment;

/** A matrix of the generator, y = x·Wᵀ without bias, stored in full or as a sum of Kronecker products. */
interface Generator {
    /** Brings whatever all rows share up to date with the parameters; once a step. */
    default void prepare() {}

    /** y [m, out] = x [m, in]·Wᵀ, overwritten. */
    void forward(int m, MemorySegment x, MemorySegment y);

    /** dx [m, in] = dy [m, out]·W, overwritten. */
    void backward(int m, MemorySegment dy, MemorySegment dx);

    /** Adds the gradients of the parameters over b rows. */
    void gradients(int b, MemorySegment dy, MemorySegment x);
}
