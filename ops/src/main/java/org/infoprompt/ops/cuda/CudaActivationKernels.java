package org.infoprompt.ops.cuda;

import java.lang.foreign.MemorySegment;
import org.infoprompt.ffi.cuda.CudaFunction;
import org.infoprompt.ops.Activation;
import org.infoprompt.ops.ActivationKernels;
import org.infoprompt.ops.check.RowChecks;

/** Activations, a thread per element; see {@code activation.cu}. */
final class CudaActivationKernels implements ActivationKernels {
    private final DeviceCall call;
    private final CudaFunction forward;
    private final CudaFunction backward;

    CudaActivationKernels(CudaDevice device, DeviceCall call) {
        this.call = call;
        forward = device.kernel("activation_forward");
        backward = device.kernel("activation_backward");
    }

    @Override
    public void forward(int n, Activation activation, MemorySegment x, MemorySegment y) {
        RowChecks.elements(Float.BYTES, n, "x", x);
        RowChecks.elements(Float.BYTES, n, "y", y);
        if (n == 0) {
            return;
        }
        call.start();
        long input = call.in(x, n);
        call.arguments()
                .int64(n)
                .int32(n)
                .int32(ActivationCode.of(activation))
                .pointer(input)
                .pointer(0)
                .pointer(0)
                .pointer(call.out(y, n));
        call.launchElements(forward, n);
        call.finish();
    }

    @Override
    public void backward(int n, Activation activation, MemorySegment x, MemorySegment dy, MemorySegment dx) {
        RowChecks.elements(Float.BYTES, n, "x", x);
        RowChecks.elements(Float.BYTES, n, "dy", dy);
        RowChecks.elements(Float.BYTES, n, "dx", dx);
        if (n == 0) {
            return;
        }
        call.start();
        long input = call.in(x, n);
        long gradient = call.in(dy, n);
        call.arguments()
                .int64(n)
                .int32(ActivationCode.of(activation))
                .pointer(input)
                .pointer(gradient)
                .pointer(call.out(dx, n));
        call.launchElements(backward, n);
        call.finish();
    }
}
