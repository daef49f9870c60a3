package org.infoprompt.ops;

import java.lang.foreign.MemorySegment;

/** The kernel families of one backend for one thread, with their scratch memory. Not thread-safe. */
public interface Kernels {
    /** {@return the matrix products} */
    MatmulKernels matmul();

    /** {@return attention} */
    AttentionKernels attention();

    /** {@return layer normalisation} */
    NormKernels norm();

    /** {@return element-wise activations} */
    ActivationKernels activation();

    /** {@return row movement and reductions} */
    RowKernels rows();

    /** {@return supervised losses} */
    LossKernels loss();

    /** {@return the Gaussian bottleneck and the information losses} */
    InformationKernels information();

    /** {@return the optimiser's update} */
    OptimizerKernels optimizer();

    /**
     * Waits until all calls to kernels of this backend are done. Kernels on a device may return before: whatever reads or writes memory
     * that they work on without kernels calls this first. A call that writes to memory which the device cannot reach in place is done
     * when it returns.
     */
    default void await() {}

    /**
     * {@return a result for the host to read after {@link #await()}, until these kernels are called again} On the host the result
     * itself; from a device a copy, so that the memory stays where the device is.
     *
     * @param result what a kernel wrote
     */
    default MemorySegment view(MemorySegment result) {
        return result;
    }
}
