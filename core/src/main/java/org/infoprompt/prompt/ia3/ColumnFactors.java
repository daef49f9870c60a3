package org.infoprompt.prompt.ia3;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import org.infoprompt.ops.Kernels;
import org.infoprompt.prompt.StrategyContext;
import org.infoprompt.tensor.DType;

/**
 * Factors l of some columns of a row buffer, y = l∘y, with their gradients: dl = Σ dy∘y₀ over an example's rows, dy₀ = l∘dy, where
 * y₀ is what was scaled and is kept. Sums run in double.
 */
final class ColumnFactors {
    private final Kernels kernels;
    private final DType dtype;
    private final int stride;
    private final int column;
    private final int width;
    private final MemorySegment factors;
    private final MemorySegment gradient;
    private final MemorySegment before;
    private final double[] sums;

    /**
     * Opens factors.
     *
     * @param name the parameter
     * @param stride elements of a row
     * @param column its first scaled element
     * @param width how many
     */
    ColumnFactors(StrategyContext context, String name, int stride, int column, int width) {
        kernels = context.kernels();
        dtype = context.dtype();
        this.stride = stride;
        this.column = column;
        this.width = width;
        factors = context.value(name);
        gradient = context.gradient(name);
        before = context.encoderRows(context.isTraining() ? width : 0);
        sums = new double[width];
    }

    int width() {
        return width;
    }

    /** Scales rows in place, and keeps them as they were if asked to. */
    void scale(int rows, MemorySegment y, boolean keep) {
        kernels.await();
        long element = dtype.bytes();
        for (int r = 0; r < rows; r++) {
            long at = (long) r * stride + column;
            if (keep) {
                MemorySegment.copy(y, at * element, before, (long) r * width * element, width * element);
            }
            scaleRow(y, at);
        }
    }

    private void scaleRow(MemorySegment y, long at) {
        if (dtype == DType.F64) {
            for (int j = 0; j < width; j++) {
                double scaled =
                        y.getAtIndex(ValueLayout.JAVA_DOUBLE, at + j) * factors.getAtIndex(ValueLayout.JAVA_DOUBLE, j);
                y.setAtIndex(ValueLayout.JAVA_DOUBLE, at + j, scaled);
            }
            return;
        }
        for (int j = 0; j < width; j++) {
            float scaled = y.getAtIndex(ValueLayout.JAVA_FLOAT, at + j) * factors.getAtIndex(ValueLayout.JAVA_FLOAT, j);
            y.setAtIndex(ValueLayout.JAVA_FLOAT, at + j, scaled);
        }
    }

    /**
     * Turns one example's gradients to scaled rows into those before scaling, in place.
     *
     * @param from its first row
     * @param end after its last
     * @param dY all rows
     * @param gradients receives dl
     * @param at from this element on
     */
    void backward(int from, int end, MemorySegment dY, MemorySegment gradients, long at) {
        kernels.await();
        for (int j = 0; j < width; j++) {
            sums[j] = 0;
        }
        for (int r = from; r < end; r++) {
            long row = (long) r * stride + column;
            sumRow(dY, row, (long) r * width);
            scaleRow(dY, row);
        }
        for (int j = 0; j < width; j++) {
            if (dtype == DType.F64) {
                gradients.setAtIndex(ValueLayout.JAVA_DOUBLE, at + j, sums[j]);
            } else {
                gradients.setAtIndex(ValueLayout.JAVA_FLOAT, at + j, (float) sums[j]);
            }
        }
    }

    private void sumRow(MemorySegment dY, long row, long kept) {
        if (dtype == DType.F64) {
            for (int j = 0; j < width; j++) {
                sums[j] += dY.getAtIndex(ValueLayout.JAVA_DOUBLE, row + j)
                        * before.getAtIndex(ValueLayout.JAVA_DOUBLE, kept + j);
            }
            return;
        }
        for (int j = 0; j < width; j++) {
            sums[j] += (double) dY.getAtIndex(ValueLayout.JAVA_FLOAT, row + j)
                    * before.getAtIndex(ValueLayout.JAVA_FLOAT, kept + j);
        }
    }

    /** Gives the batch's summed gradients to the parameter. */
    void spread(MemorySegment sum, long at) {
        kernels.await();
        long element = dtype.bytes();
        MemorySegment.copy(sum, at * element, gradient, 0, width * element);
    }
}
