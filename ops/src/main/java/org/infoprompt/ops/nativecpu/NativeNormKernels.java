package org.infoprompt.ops.nativecpu;

import java.lang.foreign.MemorySegment;
import org.infoprompt.ffi.kernels.NormFunctions;
import org.infoprompt.ops.NormKernels;
import org.infoprompt.ops.check.NormChecks;
import org.jspecify.annotations.Nullable;

/** Layer normalisation in C. */
final class NativeNormKernels implements NormKernels {
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
        NormFunctions.layerNormForward(rows, width, x, gamma, beta, epsilon, y, normalized, rstd);
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
        NormFunctions.layerNormBackward(rows, width, dy, gamma, normalized, rstd, dx);
    }
}
