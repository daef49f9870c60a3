package org.infoprompt.prompt.idpg;

import java.lang.foreign.MemorySegment;
import org.infoprompt.ops.Kernels;
import org.infoprompt.ops.MatmulKernels;
import org.infoprompt.ops.RowKernels;
import org.infoprompt.prompt.Elements;
import org.infoprompt.prompt.StrategyContext;

/**
 * A parameterised hypercomplex multiplication: W [out, in] = Σᵢ Aᵢ ⊗ Bᵢ over n terms, A [n, n, n], B [n, out/n, in/n]. W is never
 * built. With an input row x as [n, in/n] and an output row as [n, out/n],
 *
 * <pre>
 * u[c, i, :] = Bᵢ·x[c, :]            one product for all c and i
 * y[a, :]    = Σ_c,i Aᵢ[a, c]·u[c, i, :]   one product with A laid out as [a, (c, i)]
 * </pre>
 *
 * <p>Source: Zhang et al. 2021, arXiv 2102.08597; used by IDPG, arXiv 2204.04497.
 */
final class KroneckerMatrix implements Generator {
    private final Kernels kernels;
    private final Elements elements;
    private final int n;
    private final int out;
    private final int in;
    private final MemorySegment a;
    private final MemorySegment dA;
    private final MemorySegment b;
    private final MemorySegment dB;
    private final MemorySegment mixing;
    private final MemorySegment dMixing;
    private final MemorySegment x1;
    private final MemorySegment y1;
    private final MemorySegment u;
    private final MemorySegment du;

    /**
     * Opens the matrix.
     *
     * @param context parameters and memory
     * @param factorA the parameter A; several matrices may share it
     * @param factorB the parameter B
     * @param n number of terms, divides out and in
     */
    KroneckerMatrix(StrategyContext context, String factorA, String factorB, int n, int out, int in) {
        kernels = context.kernels();
        elements = new Elements(context.dtype(), context.kernels());
        this.n = n;
        this.out = out;
        this.in = in;
        a = context.value(factorA);
        dA = context.gradient(factorA);
        b = context.value(factorB);
        dB = context.gradient(factorB);
        long cube = (long) n * n * n;
        mixing = context.shared(cube);
        dMixing = context.scratch(cube);
        x1 = context.scratch(in);
        y1 = context.scratch(out);
        u = context.scratch((long) n * out);
        du = context.scratch((long) n * out);
    }

    @Override
    public void prepare() {
        for (int i = 0; i < n; i++) {
            for (int row = 0; row < n; row++) {
                for (int c = 0; c < n; c++) {
                    elements.set(mixing, mixed(row, c, i), elements.get(a, ((long) i * n + row) * n + c));
                }
            }
        }
    }

    private long mixed(int row, int c, int i) {
        return ((long) row * n + c) * n + i;
    }

    @Override
    public void forward(int m, MemorySegment x, MemorySegment y) {
        RowKernels rows = kernels.rows();
        for (int r = 0; r < m; r++) {
            rows.copy(1, in, x, r, x1, 0);
            terms();
            kernels.matmul().gemm(false, false, n, out / n, n * n, 1, mixing, u, 0, y1);
            rows.copy(1, out, y1, 0, y, r);
        }
    }

    /** u [(c, i), out/n] of the row in x1. */
    private void terms() {
        kernels.matmul().gemm(false, true, n, out, in / n, 1, x1, b, 0, u);
    }

    @Override
    public void backward(int m, MemorySegment dy, MemorySegment dx) {
        RowKernels rows = kernels.rows();
        MatmulKernels matmul = kernels.matmul();
        for (int r = 0; r < m; r++) {
            rows.copy(1, out, dy, r, y1, 0);
            matmul.gemm(true, false, n * n, out / n, n, 1, mixing, y1, 0, du);
            matmul.gemm(false, false, n, in / n, out, 1, du, b, 0, x1);
            rows.copy(1, in, x1, 0, dx, r);
        }
    }

    @Override
    public void gradients(int b, MemorySegment dy, MemorySegment x) {
        RowKernels rows = kernels.rows();
        MatmulKernels matmul = kernels.matmul();
        for (int r = 0; r < b; r++) {
            rows.copy(1, in, x, r, x1, 0);
            terms();
            rows.copy(1, out, dy, r, y1, 0);
            matmul.gemm(true, false, n * n, out / n, n, 1, mixing, y1, 0, du);
            matmul.gemm(true, false, out, in / n, n, 1, du, x1, 1, dB);
            matmul.gemm(false, true, n, n * n, out / n, 1, y1, u, r == 0 ? 0 : 1, dMixing);
        }
        for (int i = 0; i < n; i++) {
            for (int row = 0; row < n; row++) {
                for (int c = 0; c < n; c++) {
                    long at = ((long) i * n + row) * n + c;
                    elements.set(dA, at, elements.get(dA, at) + elements.get(dMixing, mixed(row, c, i)));
                }
            }
        }
    }
}
