package org.infoprompt.ops.check;

import java.lang.foreign.MemorySegment;
import org.jspecify.annotations.Nullable;

/** Checks of {@link org.infoprompt.ops.NormKernels}; arguments as there, {@code bytes} is the size of an element. */
@SuppressWarnings("doclint:missing")
public final class NormChecks {
    private NormChecks() {}

    /** Checks {@code layerNormForward}. */
    public static void forward(
            int bytes,
            int rows,
            int width,
            MemorySegment x,
            MemorySegment gamma,
            MemorySegment beta,
            MemorySegment y,
            @Nullable MemorySegment normalized,
            @Nullable MemorySegment rstd) {
        forward(bytes, bytes, rows, width, x, gamma, beta, y, null, normalized, rstd);
    }

    /** As above with a copy; {@code keptBytes} is the size of its elements and of normalized ones. */
    public static void forward(
            int bytes,
            int keptBytes,
            int rows,
            int width,
            MemorySegment x,
            MemorySegment gamma,
            MemorySegment beta,
            MemorySegment y,
            @Nullable MemorySegment copy,
            @Nullable MemorySegment normalized,
            @Nullable MemorySegment rstd) {
        Arguments.positive("width", width);
        RowChecks.shape(bytes, rows, width, "x", x);
        RowChecks.shape(bytes, rows, width, "y", y);
        Arguments.segment("gamma", gamma, width, bytes);
        Arguments.segment("beta", beta, width, bytes);
        if (copy != null) {
            RowChecks.shape(keptBytes, rows, width, "copy", copy);
        }
        if ((normalized == null) != (rstd == null)) {
            throw new IllegalArgumentException("normalized and rstd must both be given or both be null");
        }
        if (normalized != null && rstd != null) {
            RowChecks.shape(keptBytes, rows, width, "normalized", normalized);
            Arguments.segment("rstd", rstd, rows, bytes);
        }
    }

    /** Checks {@code layerNormBackward}. */
    public static void backward(
            int bytes,
            int rows,
            int width,
            MemorySegment dy,
            MemorySegment gamma,
            MemorySegment normalized,
            MemorySegment rstd,
            MemorySegment dx) {
        backward(bytes, bytes, rows, width, dy, gamma, normalized, rstd, dx, null);
    }

    /** As above with a copy; {@code keptBytes} is the size of its elements and of normalized ones. */
    public static void backward(
            int bytes,
            int keptBytes,
            int rows,
            int width,
            MemorySegment dy,
            MemorySegment gamma,
            MemorySegment normalized,
            MemorySegment rstd,
            MemorySegment dx,
            @Nullable MemorySegment copy) {
        Arguments.positive("width", width);
        RowChecks.shape(bytes, rows, width, "dy", dy);
        RowChecks.shape(keptBytes, rows, width, "normalized", normalized);
        if (copy != null) {
            RowChecks.shape(keptBytes, rows, width, "copy", copy);
        }
        RowChecks.shape(bytes, rows, width, "dx", dx);
        Arguments.segment("gamma", gamma, width, bytes);
        Arguments.segment("rstd", rstd, rows, bytes);
    }
}
