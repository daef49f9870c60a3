package org.infoprompt.ops.nativecpu;

import java.lang.foreign.MemorySegment;
import org.infoprompt.ffi.kernels.LinearFunctions;
import org.infoprompt.ffi.kernels.NormFunctions;
import org.infoprompt.ops.Activation;
import org.infoprompt.ops.ActivationKernels;
import org.infoprompt.ops.check.RowChecks;

/** Element-wise activations in C. */
final class NativeActivationKernels implements ActivationKernels {
    /** Returns an activation's number in the native functions. */
    static int code(Activation activation) {
        return switch (activation) {
            case GELU_ERF -> LinearFunctions.GELU_ERF;
            case GELU_TANH -> LinearFunctions.GELU_TANH;
            case RELU -> LinearFunctions.RELU;
        };
    }

    @Override
    public void forward(int n, Activation activation, MemorySegment x, MemorySegment y) {
        RowChecks.elements(Float.BYTES, n, "x", x);
        RowChecks.elements(Float.BYTES, n, "y", y);
        NormFunctions.activationForward(n, code(activation), x, y);
    }

    @Override
    public void backward(int n, Activation activation, MemorySegment x, MemorySegment dy, MemorySegment dx) {
        RowChecks.elements(Float.BYTES, n, "x", x);
        RowChecks.elements(Float.BYTES, n, "dy", dy);
        RowChecks.elements(Float.BYTES, n, "dx", dx);
        NormFunctions.activationBackward(n, code(activation), x, dy, dx);
    }
}
