package org.infoprompt.ops;

/**
 * The kernel families of one backend, held together; a backend may take families from several implementations.
 *
 * @param matmul matrix products
 * @param attention attention
 * @param norm layer normalisation
 * @param activation element-wise activations
 * @param rows row movement and reductions
 * @param loss supervised losses
 * @param information the Gaussian bottleneck and the information losses
 * @param optimizer the optimiser's update
 */
public record KernelSet(
        MatmulKernels matmul,
        AttentionKernels attention,
        NormKernels norm,
        ActivationKernels activation,
        RowKernels rows,
        LossKernels loss,
        InformationKernels information,
        OptimizerKernels optimizer)
        implements Kernels {}
