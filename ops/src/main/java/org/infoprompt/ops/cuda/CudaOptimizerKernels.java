package org.infoprompt.ops.cuda;

import java.lang.foreign.MemorySegment;
import org.infoprompt.ffi.cuda.CudaFunction;
import org.infoprompt.ops.OptimizerKernels;
import org.infoprompt.ops.check.OptimizerChecks;

/** AdamW, a thread per element; see {@code optimizer.cu}. */
final class CudaOptimizerKernels implements OptimizerKernels {
    private final DeviceCall call;
    private final CudaFunction adamW;

    CudaOptimizerKernels(CudaDevice device, DeviceCall call) {
        this.call = call;
        adamW = device.kernel("adamw");
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
        OptimizerChecks.adamW(Float.BYTES, n, parameter, gradient, firstMoment, secondMoment, step);
        if (n == 0) {
            return;
        }
        double stepSize = learningRate / (1 - Math.pow(beta1, (double) step));
        double root = Math.sqrt(1 - Math.pow(beta2, (double) step));
        call.start();
        call.arguments()
                .int64(n)
                .pointer(call.inOut(parameter, n))
                .pointer(call.in(gradient, n))
                .float32((float) gradientFactor)
                .pointer(call.inOut(firstMoment, n))
                .pointer(call.inOut(secondMoment, n))
                .float32((float) beta1)
                .float32((float) (1 - beta1))
                .float32((float) beta2)
                .float32((float) (1 - beta2))
                .float32((float) stepSize)
                .float32((float) root)
                .float32((float) epsilon)
                .float32((float) (1 - learningRate * weightDecay));
        call.launchElements(adamW, n);
        call.finish();
    }
}
