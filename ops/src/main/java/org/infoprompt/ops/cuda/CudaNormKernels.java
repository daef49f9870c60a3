package org.infoprompt.ops.cuda;

import java.lang.foreign.MemorySegment;
import org.infoprompt.ffi.cuda.CudaFunction;
import org.infoprompt.ops.NormKernels;
import org.infoprompt.ops.check.NormChecks;
import org.jspecify.annotations.Nullable;

/** Layer normalisation, a block per row; see {@code norm.cu}. */
final class CudaNormKernels implements NormKernels {
    private final DeviceCall call;
    private final CudaFunction forward;
    private final CudaFunction backward;

    CudaNormKernels(CudaDevice device, DeviceCall call) {
        this.call = call;
        forward = device.kernel("layer_norm_forward");
        backward = device.kernel("layer_norm_backward");
    }

    @Override
    public void layerNormForward(
            int rows,
            int width,
            MemorySegment x,
            MemorySegment gamma,
            MemorySegment beta,
            double epsilon,
            MemorySegment y,
            @Nullable MemorySegment normalized,
            @Nullable MemorySegment rstd) {
        NormChecks.forward(Float.BYTES, rows, width, x, gamma, beta, y, normalized, rstd);
        int sharedBytes = Blocks.shared("width", width, 1);
        if (rows == 0) {
            return;
        }
        long n = (long) rows * width;
        call.start();
        long input = call.in(x, n);
        long scale = call.in(gamma, width);
        long shift = call.in(beta, width);
        call.arguments()
                .int32(width)
                .pointer(input)
                .pointer(0)
                .pointer(scale)
                .pointer(shift)
                .float32((float) epsilon)
                .pointer(call.out(y, n))
                .pointer(call.outOrNone(normalized, n))
                .pointer(call.outOrNone(rstd, rows));
        call.launch(forward, rows, 1, Blocks.size(width), sharedBytes);
        call.finish();
    }

    @Override
    public void layerNormBackward(
            int rows,
            int width,
            MemorySegment dy,
            MemorySegment gamma,
            MemorySegment normalized,
            MemorySegment rstd,
            MemorySegment dx) {
        NormChecks.backward(Float.BYTES, rows, width, dy, gamma, normalized, rstd, dx);
        int sharedBytes = Blocks.shared("width", width, 2);
        if (rows == 0) {
            return;
        }
        long n = (long) rows * width;
        call.start();
        long gradient = call.in(dy, n);
        call.arguments()
                .int32(width)
                .pointer(gradient)
                .pointer(call.in(gamma, width))
                .pointer(call.in(normalized, n))
                .pointer(call.in(rstd, rows))
                .pointer(call.out(dx, n));
        call.launch(backward, rows, 1, Blocks.size(width), sharedBytes);
        call.finish();
    }
}
