package org.infoprompt.ops.cuda;

import java.lang.foreign.MemorySegment;
import org.infoprompt.ffi.cuda.CudaFunction;
import org.infoprompt.ffi.cuda.KernelArguments;
import org.infoprompt.ops.NormKernels;
import org.infoprompt.ops.check.NormChecks;
import org.jspecify.annotations.Nullable;

/** Layer normalisation, a block per row; see {@code norm.cu}. Rows are float32; what is kept of them, and copies, of a type. */
final class CudaNormKernels implements NormKernels {
    private final DeviceCall call;
    private final Storage kept;
    private final CudaFunction forward;
    private final CudaFunction backward;

    CudaNormKernels(CudaDevice device, DeviceCall call, Storage kept) {
        this.call = call;
        this.kept = kept;
        forward = device.kernel("layer_norm_forward", kept.suffix());
        backward = device.kernel("layer_norm_backward", kept.suffix());
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
        layerNormForward(rows, width, x, gamma, beta, epsilon, y, null, normalized, rstd);
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
            @Nullable MemorySegment copy,
            @Nullable MemorySegment normalized,
            @Nullable MemorySegment rstd) {
        NormChecks.forward(Float.BYTES, kept.bytes(), rows, width, x, gamma, beta, y, copy, normalized, rstd);
        noCopyInF32(copy);
        kept.whole("width", width);
        int sharedBytes = Blocks.shared("width", width, 1);
        if (rows == 0) {
            return;
        }
        long n = (long) rows * width;
        call.start();
        long input = call.in(x, n);
        long scale = call.in(gamma, width);
        long shift = call.in(beta, width);
        long output = call.out(y, n);
        long copied = call.outOrNone(copy, n, kept);
        long unit = call.outOrNone(normalized, n, kept);
        kept.aligned(copied | unit, input | scale | shift | output);
        KernelArguments arguments = call.arguments()
                .int32(width)
                .pointer(input)
                .pointer(0)
                .pointer(scale)
                .pointer(shift)
                .float32((float) epsilon)
                .pointer(output);
        if (kept != Storage.F32) {
            arguments.pointer(copied);
        }
        arguments.pointer(unit).pointer(call.outOrNone(rstd, rows));
        call.launch(forward, rows, 1, Blocks.size(width / kept.group()), sharedBytes);
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
        layerNormBackward(rows, width, dy, gamma, normalized, rstd, dx, null);
    }

    @Override
    public void layerNormBackward(
            int rows,
            int width,
            MemorySegment dy,
            MemorySegment gamma,
            MemorySegment normalized,
            MemorySegment rstd,
            MemorySegment dx,
            @Nullable MemorySegment copy) {
        NormChecks.backward(Float.BYTES, kept.bytes(), rows, width, dy, gamma, normalized, rstd, dx, copy);
        noCopyInF32(copy);
        kept.whole("width", width);
        int sharedBytes = Blocks.shared("width", width, 2);
        if (rows == 0) {
            return;
        }
        long n = (long) rows * width;
        call.start();
        long gradient = call.in(dy, n);
        long scale = call.in(gamma, width);
        long unit = call.in(normalized, n, kept);
        long deviations = call.in(rstd, rows);
        long output = call.out(dx, n);
        long copied = call.outOrNone(copy, n, kept);
        kept.aligned(copied | unit, gradient | scale | output);
        KernelArguments arguments = call.arguments()
                .int32(width)
                .pointer(gradient)
                .pointer(scale)
                .pointer(unit)
                .pointer(deviations)
                .pointer(output);
        if (kept != Storage.F32) {
            arguments.pointer(copied);
        }
        call.launch(backward, rows, 1, Blocks.size(width / kept.group()), sharedBytes);
        call.finish();
    }

    private void noCopyInF32(@Nullable MemorySegment copy) {
        if (copy != null && kept == Storage.F32) {
            throw new IllegalArgumentException("products read the rows themselves: a copy of them is of no use");
        }
    }
}
