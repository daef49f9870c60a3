package org.infoprompt.ops.cuda;

import java.lang.foreign.MemorySegment;
import org.infoprompt.ffi.cuda.CudaFunction;
import org.infoprompt.ops.LossKernels;
import org.infoprompt.ops.check.LossChecks;
import org.jspecify.annotations.Nullable;

/** Softmax and cross-entropy, a warp per row; see {@code loss.cu}. */
final class CudaLossKernels implements LossKernels {
    private static final int BLOCK = 128;
    private static final int ROWS = BLOCK / Blocks.WARP;

    private final DeviceCall call;
    private final CudaFunction crossEntropy;
    private final CudaFunction softmax;

    CudaLossKernels(CudaDevice device, DeviceCall call) {
        this.call = call;
        crossEntropy = device.kernel("cross_entropy");
        softmax = device.kernel("softmax");
    }

    @Override
    public void crossEntropy(
            int rows,
            int classes,
            MemorySegment logits,
            int[] labels,
            double gradientScale,
            MemorySegment losses,
            @Nullable MemorySegment dLogits) {
        LossChecks.crossEntropy(Float.BYTES, rows, classes, logits, labels, losses, dLogits);
        if (rows == 0) {
            return;
        }
        long n = (long) rows * classes;
        call.start();
        long input = call.in(logits, n);
        call.arguments()
                .int32(rows)
                .int32(classes)
                .pointer(input)
                .pointer(call.ints(labels, 0, rows))
                .float32((float) gradientScale)
                .pointer(call.out(losses, rows))
                .pointer(call.outOrNone(dLogits, n));
        call.launch(crossEntropy, (rows + ROWS - 1) / ROWS, 1, BLOCK, 0);
        call.finish();
    }

    @Override
    public void softmax(int rows, int width, MemorySegment x, MemorySegment y) {
        LossChecks.softmax(Float.BYTES, rows, width, x, y);
        long n = (long) rows * width;
        if (n == 0) {
            return;
        }
        call.start();
        long input = call.in(x, n);
        call.arguments().int32(rows).int32(width).pointer(input).pointer(call.out(y, n));
        call.launch(softmax, (rows + ROWS - 1) / ROWS, 1, BLOCK, 0);
        call.finish();
    }
}
