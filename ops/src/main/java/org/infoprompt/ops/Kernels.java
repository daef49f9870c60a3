package org.infoprompt.ops;

/** The kernel families of one backend for one thread, with their scratch memory. Not thread-safe. */
public interface Kernels {
    /** Returns the matrix products. */
    MatmulKernels matmul();

    /** Returns attention. */
    AttentionKernels attention();

    /** Returns layer normalisation. */
    NormKernels norm();

    /** Returns element-wise activations. */
    ActivationKernels activation();

    /** Returns row movement and reductions. */
    RowKernels rows();

    /** Returns supervised losses. */
    LossKernels loss();

    /** Returns the Gaussian bottleneck and the information losses. */
    InformationKernels information();

    /** Returns the optimiser's update. */
    OptimizerKernels optimizer();
}
