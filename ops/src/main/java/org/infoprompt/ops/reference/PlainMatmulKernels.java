package org.infoprompt.ops.reference;

import java.lang.foreign.MemorySegment;
import org.infoprompt.ops.Activation;
import org.infoprompt.ops.MatmulKernels;
import org.infoprompt.ops.PackedWeight;
import org.infoprompt.ops.check.MatmulChecks;
import org.infoprompt.tensor.DType;
import org.jspecify.annotations.Nullable;

/** Matrix products as sums over k. */
public final class PlainMatmulKernels implements MatmulKernels {
    private final Elements e;
    private final DType dtype;

    /**
     * Creates the kernels.
     *
     * @param dtype F32 or F64
     */
    public PlainMatmulKernels(DType dtype) {
        this.e = Elements.of(dtype);
        this.dtype = dtype;
    }

    @Override
    public void linear(PackedWeight w, int rows, MemorySegment x, @Nullable MemorySegment bias, MemorySegment y) {
        PlainPackedWeight weight = own(w);
        MatmulChecks.linear(e.bytes(), w, rows, x, bias, null, y);
        int width = w.outputSize();
        for (int r = 0; r < rows; r++) {
            for (int n = 0; n < width; n++) {
                e.set(y, (long) r * width + n, product(weight, r, n, x, bias));
            }
        }
    }

    @Override
    public void linearAdd(
            PackedWeight w,
            int rows,
            MemorySegment x,
            @Nullable MemorySegment bias,
            MemorySegment residual,
            MemorySegment y) {
        PlainPackedWeight weight = own(w);
        MatmulChecks.linear(e.bytes(), w, rows, x, bias, residual, y);
        int width = w.outputSize();
        for (int r = 0; r < rows; r++) {
            for (int n = 0; n < width; n++) {
                long i = (long) r * width + n;
                e.set(y, i, product(weight, r, n, x, bias) + e.get(residual, i));
            }
        }
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
        PlainPackedWeight weight = own(w);
        MatmulChecks.linear(e.bytes(), w, rows, x, bias, slope, y);
        int width = w.outputSize();
        for (int r = 0; r < rows; r++) {
            for (int n = 0; n < width; n++) {
                long i = (long) r * width + n;
                double sum = product(weight, r, n, x, bias);
                if (slope != null) {
                    e.set(slope, i, PlainActivationKernels.slope(activation, sum));
                }
                e.set(y, i, PlainActivationKernels.value(activation, sum));
            }
        }
    }

    @Override
    public void linearActivationBackward(
            PackedWeight w, int rows, MemorySegment dy, MemorySegment slope, MemorySegment dInner) {
        PlainPackedWeight weight = own(w);
        MatmulChecks.linear(e.bytes(), w, rows, dy, null, slope, dInner);
        int width = w.outputSize();
        for (int r = 0; r < rows; r++) {
            for (int n = 0; n < width; n++) {
                long i = (long) r * width + n;
                e.set(dInner, i, product(weight, r, n, dy, null) * e.get(slope, i));
            }
        }
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
        MatmulChecks.gemm(e.bytes(), m, n, k, a, b, c);
        for (int i = 0; i < m; i++) {
            for (int j = 0; j < n; j++) {
                double sum = 0;
                for (int l = 0; l < k; l++) {
                    long ia = transposeA ? (long) l * m + i : (long) i * k + l;
                    long ib = transposeB ? (long) j * k + l : (long) l * n + j;
                    sum += e.get(a, ia) * e.get(b, ib);
                }
                long ic = (long) i * n + j;
                e.set(c, ic, beta == 0 ? alpha * sum : alpha * sum + beta * e.get(c, ic));
            }
        }
    }

    private double product(PlainPackedWeight w, int r, int n, MemorySegment x, @Nullable MemorySegment bias) {
        int size = w.inputSize();
        double sum = bias == null ? 0 : e.get(bias, n);
        for (int k = 0; k < size; k++) {
            sum += e.get(x, (long) r * size + k) * e.get(w.weight(), w.index(k, n));
        }
        return sum;
    }

    private PlainPackedWeight own(PackedWeight w) {
        if (w instanceof PlainPackedWeight p && p.dtype() == dtype) {
            return p;
        }
        throw new IllegalArgumentException("weight of class " + w.getClass().getSimpleName()
                + " must have been packed by the plain kernels for " + dtype);
    }
}
