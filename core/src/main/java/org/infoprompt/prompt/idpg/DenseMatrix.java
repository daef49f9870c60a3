package org.infoprompt.prompt.idpg;

import java.lang.foreign.MemorySegment;
import org.infoprompt.ops.MatmulKernels;
import org.infoprompt.prompt.StrategyContext;

/** A matrix stored in full, [out, in]. */
final class DenseMatrix implements Generator {
    private final MatmulKernels matmul;
    private final int out;
    private final int in;
    private final MemorySegment weight;
    private final MemorySegment dWeight;

    DenseMatrix(StrategyContext context, String name, int out, int in) {
        matmul = context.kernels().matmul();
        this.out = out;
        this.in = in;
        weight = context.value(name);
        dWeight = context.gradient(name);
    }

    @Override
    public void forward(int m, MemorySegment x, MemorySegment y) {
        matmul.gemm(false, true, m, out, in, 1, x, weight, 0, y);
    }

    @Override
    public void backward(int m, MemorySegment dy, MemorySegment dx) {
        matmul.gemm(false, false, m, in, out, 1, dy, weight, 0, dx);
    }

    @Override
    public void gradients(int b, MemorySegment dy, MemorySegment x) {
        matmul.gemm(true, false, out, in, b, 1, dy, x, 1, dWeight);
    }
}
