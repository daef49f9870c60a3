package org.infoprompt.ops.int8;

import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import org.infoprompt.ops.Activation;
import org.infoprompt.ops.MatmulKernels;
import org.infoprompt.ops.PackedWeight;
import org.infoprompt.ops.check.MatmulChecks;
import org.infoprompt.ops.panel.TileMath;
import org.infoprompt.ops.reference.PlainActivationKernels;
import org.jspecify.annotations.Nullable;

/**
 * Products of rows with {@link Int8Weight}s. A row is t (q - z): q in [0, 255] are steps from its least value or 0 to its largest or 0, t
 * is a step and z where 0 is. Then y = sum (q - z) w, times t and the output's scale, each operation rounded to float. All else
 * goes to another backend's kernels.
 */
final class Int8MatmulKernels implements MatmulKernels {
    private final MatmulKernels other;
    private float[] values = new float[0];
    private short[] row = new short[0];

    /**
     * Creates the kernels; scratch memory grows at first use.
     *
     * @param other multiplies what is not packed
     */
    Int8MatmulKernels(MatmulKernels other) {
        this.other = other;
    }

    @Override
    public void linear(PackedWeight w, int rows, MemorySegment x, @Nullable MemorySegment bias, MemorySegment y) {
        Int8Weight weight = own(w);
        MatmulChecks.linear(Float.BYTES, w, rows, x, bias, null, y);
        multiply(weight, rows, x, bias, null, null, null, y);
    }

    @Override
    public void linearAdd(
            PackedWeight w,
            int rows,
            MemorySegment x,
            @Nullable MemorySegment bias,
            MemorySegment residual,
            MemorySegment y) {
        Int8Weight weight = own(w);
        MatmulChecks.linear(Float.BYTES, w, rows, x, bias, residual, y);
        multiply(weight, rows, x, bias, residual, null, null, y);
    }

    @Override
    public void linearActivation(
            PackedWeight w,
            int rows,
            MemorySegment x,
            MemorySegment bias,
            Activation activation,
            @Nullable MemorySegment slope,
            MemorySegment y) {
        Int8Weight weight = own(w);
        MatmulChecks.linear(Float.BYTES, w, rows, x, bias, slope, y);
        multiply(weight, rows, x, bias, null, activation, slope, y);
    }

    private void multiply(
            Int8Weight w,
            int rows,
            MemorySegment x,
            @Nullable MemorySegment bias,
            @Nullable MemorySegment residual,
            @Nullable Activation activation,
            @Nullable MemorySegment slope,
            MemorySegment y) {
        int k = w.inputSize();
        int width = w.outputSize();
        if (row.length < k) {
            values = new float[k];
            row = new short[k];
        }
        for (int r = 0; r < rows; r++) {
            MemorySegment.copy(x, TileMath.FLOAT, (long) r * k * Float.BYTES, values, 0, k);
            float scale = round(values, k, row);
            for (int n = 0; n < width; n++) {
                long at = ((long) r * width + n) * Float.BYTES;
                float value = w.sum(n, row) * (w.scale(n) * scale);
                if (bias != null) {
                    value += bias.get(TileMath.FLOAT, (long) n * Float.BYTES);
                }
                if (residual != null) {
                    value += residual.get(TileMath.FLOAT, at);
                }
                if (slope != null && activation != null) {
                    slope.set(TileMath.FLOAT, at, (float) PlainActivationKernels.slope(activation, value));
                }
                y.set(
                        TileMath.FLOAT,
                        at,
                        activation == null ? value : (float) PlainActivationKernels.value(activation, value));
            }
        }
    }

    /** Writes q - z of a row and returns t: 0 for a row of zeros, NaN for one that is not finite. */
    static float round(float[] values, int k, short[] row) {
        float least = 0;
        float most = 0;
        for (int i = 0; i < k; i++) {
            least = Math.min(least, values[i]);
            most = Math.max(most, values[i]);
        }
        float scale = most / 255 - least / 255;
        if (!(scale >= Int8Weight.LEAST_SCALE) || scale == Float.POSITIVE_INFINITY) {
            Arrays.fill(row, 0, k, (short) 0);
            return scale < Int8Weight.LEAST_SCALE ? 0 : Float.NaN;
        }
        float inverse = 1 / scale;
        int zero = (int) Math.rint(-least * inverse);
        for (int i = 0; i < k; i++) {
            row[i] = (short) Math.min(255 - zero, (int) Math.rint(values[i] * inverse));
        }
        return scale;
    }

    @Override
    public void linearActivationBackward(
            PackedWeight w, int rows, MemorySegment dy, MemorySegment slope, MemorySegment dInner) {
        throw new UnsupportedOperationException("int8 products have no gradients");
    }

    @Override
    public void gemm(
            boolean transposeA,
            boolean transposeB,
            int m,
            int n,
            int k,
            double alpha,
            MemorySegment a,
            MemorySegment b,
            double beta,
            MemorySegment c) {
        other.gemm(transposeA, transposeB, m, n, k, alpha, a, b, beta, c);
    }

    private static Int8Weight own(PackedWeight w) {
        if (w instanceof Int8Weight weight) {
            return weight;
        }
        throw new IllegalArgumentException(
                "weight of class " + w.getClass().getSimpleName() + " must have been packed in int8");
    }
}
