package org.infoprompt.ops.nativecpu;

import java.lang.foreign.MemorySegment;
import org.infoprompt.ffi.kernels.LossFunctions;
import org.infoprompt.ops.LossKernels;
import org.infoprompt.ops.check.LossChecks;
import org.jspecify.annotations.Nullable;

/** Supervised losses in C. */
final class NativeLossKernels implements LossKernels {
    private final OffHeapInts labelCopy = new OffHeapInts();

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
        LossFunctions.crossEntropy(rows, classes, logits, labelCopy.copy(labels, rows), gradientScale, losses, dLogits);
    }

    @Override
    public void softmax(int rows, int width, MemorySegment x, MemorySegment y) {
        LossChecks.softmax(Float.BYTES, rows, width, x, y);
        LossFunctions.softmax(rows, width, x, y);
    }
}
