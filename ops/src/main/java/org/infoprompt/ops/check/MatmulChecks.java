package org.infoprompt.ops.check;

import java.lang.foreign.MemorySegment;
import org.infoprompt.ops.PackedWeight;
import org.infoprompt.ops.WeightUse;
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
        linear(bytes, bytes, bytes, w, rows, x, bias, other, y);
    }

    /** As above where elements of rows, biases and results differ in size. */
    public static void linear(
            int rowBytes,
            int biasBytes,
            int bytes,
            PackedWeight w,
            int rows,
            MemorySegment x,
            @Nullable MemorySegment bias,
            @Nullable MemorySegment other,
            MemorySegment y) {
        RowChecks.shape(rowBytes, rows, w.inputSize(), "x", x);
        RowChecks.shape(bytes, rows, w.outputSize(), "y", y);
        if (bias != null) {
            Arguments.segment("bias", bias, w.outputSize(), biasBytes);
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

    /** The most values of an int8 product's sum: so many products of 255 and 127 stay within 32 bits. */
    public static final int MAX_INT8_SUM = 65536;

    /** Checks {@code pack} in int8. */
    public static void packInt8(int in, WeightUse use) {
        if (use == WeightUse.BACKWARD) {
            throw new IllegalArgumentException("int8 products have no gradients");
        }
        if (in > MAX_INT8_SUM) {
            throw new IllegalArgumentException("in " + in + " must be at most " + MAX_INT8_SUM + " in int8");
        }
    }

    /** Checks {@code pack}. */
    public static void pack(int bytes, MemorySegment weight, int out, int in) {
        Arguments.positive("out", out);
        Arguments.positive("in", in);
        Arguments.segment("weight", weight, (long) out * in, bytes);
    }
}
