package org.infoprompt.ops;

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
}
