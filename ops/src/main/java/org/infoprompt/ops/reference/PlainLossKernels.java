package org.infoprompt.ops.reference;

import java.lang.foreign.MemorySegment;
import org.infoprompt.ops.LossKernels;
import org.infoprompt.ops.check.LossChecks;
import org.infoprompt.tensor.DType;
import org.jspecify.annotations.Nullable;

/** Supervised losses with the row's maximum subtracted first. */
public final class PlainLossKernels implements LossKernels {
    private final Elements e;

    /**
     * Creates the kernels.
     *
     * @param dtype F32 or F64
     */
    public PlainLossKernels(DType dtype) {
        this.e = Elements.of(dtype);
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
        LossChecks.crossEntropy(e.bytes(), rows, classes, logits, labels, losses, dLogits);
        for (int r = 0; r < rows; r++) {
            long row = (long) r * classes;
            double max = max(classes, logits, row);
            double sum = sumOfExponentials(classes, logits, row, max);
            // In this order a loss that is tiny beside the logits keeps its digits.
            e.set(losses, r, max - e.get(logits, row + labels[r]) + Math.log(sum));
            if (dLogits != null) {
                for (int c = 0; c < classes; c++) {
                    double p = Math.exp(e.get(logits, row + c) - max) / sum;
                    e.set(dLogits, row + c, gradientScale * (c == labels[r] ? p - 1 : p));
                }
            }
        }
    }

    @Override
    public void softmax(int rows, int width, MemorySegment x, MemorySegment y) {
        LossChecks.softmax(e.bytes(), rows, width, x, y);
        for (int r = 0; r < rows; r++) {
            long row = (long) r * width;
            double max = max(width, x, row);
            double sum = sumOfExponentials(width, x, row, max);
            for (int i = 0; i < width; i++) {
                e.set(y, row + i, Math.exp(e.get(x, row + i) - max) / sum);
            }
        }
    }

    private double max(int n, MemorySegment x, long start) {
        double max = Double.NEGATIVE_INFINITY;
        for (int i = 0; i < n; i++) {
            max = Math.max(max, e.get(x, start + i));
        }
        return max;
    }

    private double sumOfExponentials(int n, MemorySegment x, long start, double max) {
        double sum = 0;
        for (int i = 0; i < n; i++) {
            sum += Math.exp(e.get(x, start + i) - max);
        }
        return sum;
    }
}
