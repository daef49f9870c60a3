package org.infoprompt.ops.nativecpu;

import java.lang.foreign.MemorySegment;
import org.infoprompt.ffi.kernels.LossFunctions;
import org.infoprompt.ops.OptimizerKernels;
import org.infoprompt.ops.check.OptimizerChecks;

/** AdamW in C, its scalar factors computed here. */
final class NativeOptimizerKernels implements OptimizerKernels {
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
        OptimizerChecks.adamW(Float.BYTES, n, parameter, gradient, firstMoment, secondMoment, step);
        double stepSize = learningRate / (1 - Math.pow(beta1, (double) step));
        double rootCorrection = Math.sqrt(1 - Math.pow(beta2, (double) step));
        LossFunctions.adamW(
                n,
                parameter,
                gradient,
                gradientFactor,
                firstMoment,
                secondMoment,
                learningRate * weightDecay,
                beta1,
                beta2,
                epsilon,
                stepSize,
                rootCorrection);
    }
}
