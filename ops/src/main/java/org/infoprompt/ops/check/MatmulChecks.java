package org.infoprompt.ops.check;

import java.lang.foreign.MemorySegment;
import org.infoprompt.ops.PackedWeight;
import org.jspecify.annotations.Nullable;

/** Checks of {@link org.infoprompt.ops.MatmulKernels}; arguments as there, {@code bytes} is the size of an element. */
@SuppressWarnings("doclint:missing")
public final class MatmulChecks {
    private MatmulChecks() {}

    /** Checks the {@code linear*} family; {@code other} is the residual or the saved slope. */
    public static void linear(
            int bytes,
            PackedWeight w,
            int rows,
            MemorySegment x,
            @Nullable MemorySegment bias,
            @Nullable MemorySegment other,
            MemorySegment y) {
        RowChecks.shape(bytes, rows, w.inputSize(), "x", x);
        RowChecks.shape(bytes, rows, w.outputSize(), "y", y);
        if (bias != null) {
            Arguments.segment("bias", bias, w.outputSize(), bytes);
        }
        if (other != null) {
            RowChecks.shape(bytes, rows, w.outputSize(), "residual or slope", other);
        }
    }

    /** Checks {@code gemm}. */
    public static void gemm(int bytes, int m, int n, int k, MemorySegment a, MemorySegment b, MemorySegment c) {
        Arguments.size("m", m);
        Arguments.size("n", n);
        Arguments.size("k", k);
        Arguments.segment("a", a, (long) m * k, bytes);
        Arguments.segment("b", b, (long) k * n, bytes);
        Arguments.segment("c", c, (long) m * n, bytes);
    }

    /** Checks {@code pack}. */
    public static void pack(int bytes, MemorySegment weight, int out, int in) {
        Arguments.positive("out", out);
        Arguments.positive("in", in);
        Arguments.segment("weight", weight, (long) out * in, bytes);
    }
}
