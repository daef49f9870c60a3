package org.infoprompt.ops.reference;

import java.lang.foreign.MemorySegment;
import org.infoprompt.ops.OptimizerKernels;
import org.infoprompt.ops.check.OptimizerChecks;
import org.infoprompt.tensor.DType;

/** AdamW one element at a time. */
public final class PlainOptimizerKernels implements OptimizerKernels {
    private final Elements e;

    /**
     * Creates the kernels.
     *
     * @param dtype F32 or F64
     */
    public PlainOptimizerKernels(DType dtype) {
        this.e = Elements.of(dtype);
    }

    @Override
    public void adamW(
            long n,
            MemorySegment parameter,
            MemorySegment gradient,
            double gradientFactor,
            MemorySegment firstMoment,
            MemorySegment secondMoment,
            double learningRate,
            double beta1,
            double beta2,
            double epsilon,
            double weightDecay,
            long step) {
        OptimizerChecks.adamW(e.bytes(), n, parameter, gradient, firstMoment, secondMoment, step);
        double stepSize = learningRate / (1 - Math.pow(beta1, (double) step));
        double root = Math.sqrt(1 - Math.pow(beta2, (double) step));
        for (long i = 0; i < n; i++) {
            double g = gradientFactor * e.get(gradient, i);
            double m = beta1 * e.get(firstMoment, i) + (1 - beta1) * g;
            double v = beta2 * e.get(secondMoment, i) + (1 - beta2) * g * g;
            double p = e.get(parameter, i) * (1 - learningRate * weightDecay);
            e.set(firstMoment, i, m);
            e.set(secondMoment, i, v);
            e.set(parameter, i, p - stepSize * m / (Math.sqrt(v) / root + epsilon));
        }
    }
}
