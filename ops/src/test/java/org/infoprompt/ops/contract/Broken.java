package org.infoprompt.ops.contract;

import org.infoprompt.ops.ActivationKernels;
import org.infoprompt.ops.Backend;
import org.infoprompt.ops.InformationKernels;
import org.infoprompt.ops.KernelSet;
import org.infoprompt.ops.Kernels;
import org.infoprompt.ops.LossKernels;
import org.infoprompt.ops.NormKernels;
import org.infoprompt.ops.OptimizerKernels;
import org.infoprompt.ops.RowKernels;

/** A backend's kernels with one family replaced by a broken one. */
final class Broken {
    private Broken() {}

    static Kernels norm(Backend backend, NormKernels norm) {
        Kernels k = backend.newKernels();
        return new KernelSet(
                k.matmul(), k.attention(), norm, k.activation(), k.rows(), k.loss(), k.information(), k.optimizer());
    }

    static Kernels activation(Backend backend, ActivationKernels activation) {
        Kernels k = backend.newKernels();
        return new KernelSet(
                k.matmul(), k.attention(), k.norm(), activation, k.rows(), k.loss(), k.information(), k.optimizer());
    }

    static Kernels rows(Backend backend, RowKernels rows) {
        Kernels k = backend.newKernels();
        return new KernelSet(
                k.matmul(), k.attention(), k.norm(), k.activation(), rows, k.loss(), k.information(), k.optimizer());
    }

    static Kernels loss(Backend backend, LossKernels loss) {
        Kernels k = backend.newKernels();
        return new KernelSet(
                k.matmul(), k.attention(), k.norm(), k.activation(), k.rows(), loss, k.information(), k.optimizer());
    }

    static Kernels information(Backend backend, InformationKernels information) {
        Kernels k = backend.newKernels();
        return new KernelSet(
                k.matmul(), k.attention(), k.norm(), k.activation(), k.rows(), k.loss(), information, k.optimizer());
    }

    static Kernels optimizer(Backend backend, OptimizerKernels optimizer) {
        Kernels k = backend.newKernels();
        return new KernelSet(
                k.matmul(), k.attention(), k.norm(), k.activation(), k.rows(), k.loss(), k.information(), optimizer);
    }
}
