package org.infoprompt.bench.torch;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import org.infoprompt.ffi.torch.TorchOps;
import org.infoprompt.ffi.torch.TorchOps.Epilogue;
import org.infoprompt.ffi.torch.TorchTensor;
import org.infoprompt.ffi.torch.TorchTensor.ElementType;
import org.infoprompt.ops.Backend;
import org.infoprompt.ops.MatmulKernels;
import org.infoprompt.ops.PackedWeight;
import org.infoprompt.ops.WeightUse;

/** One linear layer with a bias and its operands, computed by every way there is. */
final class LinearLayer implements AutoCloseable {
    /** A way to compute it. */
    interface Way extends AutoCloseable {
        /** Computes it once. */
        void run();

        @Override
        void close();
    }

    private final Arena arena = Arena.ofShared();
    private final int rows;
    private final int out;
    private final int in;
    private final MemorySegment x;
    private final MemorySegment weight;
    private final MemorySegment bias;
    private final MemorySegment y;

    LinearLayer(int rows, int out, int in) {
        this.rows = rows;
        this.out = out;
        this.in = in;
        x = Memory.random(arena, (long) rows * in);
        weight = Memory.random(arena, (long) out * in);
        bias = Memory.random(arena, out);
        y = arena.allocate(4L * rows * out, 64);
    }

    /** Returns the multiplications and additions of one run. */
    double operations() {
        return 2.0 * rows * out * in;
    }

    MemorySegment x() {
        return x;
    }

    MemorySegment weight() {
        return weight;
    }

    MemorySegment bias() {
        return bias;
    }

    MemorySegment result() {
        return y;
    }

    /** Returns what the result is, by plain loops. */
    MemorySegment expected() {
        return Memory.product(arena, x, weight, bias, rows, out, in);
    }

    /** By a backend. */
    Way by(Backend backend) {
        PackedWeight packed = backend.pack(weight, out, in, WeightUse.FORWARD);
        MatmulKernels kernels = backend.newKernels().matmul();
        return new Way() {
            @Override
            public void run() {
                kernels.linear(packed, rows, x, bias, y);
            }

            @Override
            public void close() {}
        };
    }

    /** By oneDNN's linear layer through LibTorch's C functions; bfloat16 operands give a bfloat16 result, in memory of its own. */
    Way byPackedLinear(ElementType type) {
        boolean half = type == ElementType.BF16;
        TorchTensor rowsTensor = TorchTensor.over(half ? Memory.halves(arena, x) : x, type, rows, in);
        TorchTensor biasTensor = TorchTensor.over(half ? Memory.halves(arena, bias) : bias, type, out);
        TorchTensor packed;
        try (TorchTensor plain = TorchTensor.over(half ? Memory.halves(arena, weight) : weight, type, out, in)) {
            packed = TorchOps.packLinear(plain);
        }
        return new Way() {
            @Override
            public void run() {
                TorchOps.linear(rowsTensor, packed, biasTensor, Epilogue.NONE).close();
            }

            @Override
            public void close() {
                rowsTensor.close();
                biasTensor.close();
                packed.close();
            }
        };
    }

    @Override
    public void close() {
        arena.close();
    }
}
