package org.infoprompt.ops.reference;

import java.lang.foreign.MemorySegment;
import org.infoprompt.ops.NormKernels;
import org.infoprompt.ops.check.NormChecks;
import org.infoprompt.tensor.DType;
import org.jspecify.annotations.Nullable;

/** Layer normalisation in two passes over the row: mean, then variance around it. */
public final class PlainNormKernels implements NormKernels {
    private final Elements e;

    /**
     * Creates the kernels.
     *
     * @param dtype F32 or F64
     */
    public PlainNormKernels(DType dtype) {
        this.e = Elements.of(dtype);
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
        NormChecks.forward(e.bytes(), rows, width, x, gamma, beta, y, normalized, rstd);
        for (int r = 0; r < rows; r++) {
            long row = (long) r * width;
            double mean = 0;
            for (int i = 0; i < width; i++) {
                mean += e.get(x, row + i);
            }
            mean /= width;
            double variance = 0;
            for (int i = 0; i < width; i++) {
                double centred = e.get(x, row + i) - mean;
                variance += centred * centred;
            }
            variance /= width;
            double scale = 1 / Math.sqrt(variance + epsilon);
            for (int i = 0; i < width; i++) {
                double unit = (e.get(x, row + i) - mean) * scale;
                e.set(y, row + i, unit * e.get(gamma, i) + e.get(beta, i));
                if (normalized != null) {
                    e.set(normalized, row + i, unit);
                }
            }
            if (rstd != null) {
                e.set(rstd, r, scale);
            }
        }
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
        NormChecks.backward(e.bytes(), rows, width, dy, gamma, normalized, rstd, dx);
        for (int r = 0; r < rows; r++) {
            long row = (long) r * width;
            double mean = 0;
            double projection = 0;
            for (int i = 0; i < width; i++) {
                double g = e.get(dy, row + i) * e.get(gamma, i);
                mean += g;
                projection += g * e.get(normalized, row + i);
            }
            mean /= width;
            projection /= width;
            double scale = e.get(rstd, r);
            for (int i = 0; i < width; i++) {
                double g = e.get(dy, row + i) * e.get(gamma, i);
                e.set(dx, row + i, scale * (g - mean - e.get(normalized, row + i) * projection));
            }
        }
    }
}
