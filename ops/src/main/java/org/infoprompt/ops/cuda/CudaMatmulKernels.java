package org.infoprompt.ops.cuda;

import java.lang.foreign.MemorySegment;
import java.lang.ref.Reference;
import org.infoprompt.ffi.cublaslt.MatmulShape;
import org.infoprompt.ffi.cublaslt.MatmulShape.Compute;
import org.infoprompt.ffi.cublaslt.MatmulShape.Element;
import org.infoprompt.ffi.cublaslt.MatmulShape.Epilogue;
import org.infoprompt.ffi.cuda.CudaFunction;
import org.infoprompt.ops.Activation;
import org.infoprompt.ops.MatmulKernels;
import org.infoprompt.ops.PackedWeight;
import org.infoprompt.ops.WeightUse;
import org.infoprompt.ops.check.MatmulChecks;
import org.jspecify.annotations.Nullable;

/**
 * Matrix products by cuBLASLt with the bias in its epilogue, and in bfloat16 also ReLU and the tanh form of GELU where no slope is
 * kept. It has no erf form and keeps no slope, so these have a kernel of their own. Products with weights in bfloat16 round rows that
 * are float32 first; sums are float32 always. The library adds a bias of the results' type alone, so one is rounded for results in
 * bfloat16.
 */
final class CudaMatmulKernels implements MatmulKernels {
    /** What vectorised loads of the library need; operands that have less get a plan of their own. */
    private static final int FULL_ALIGNMENT = 16;

    private final DeviceCall call;
    private final CudaFunction activationForward;
    private final CudaFunction multiply;
    private final CudaFunction axpby;
    private final CudaFunction round;
    private final Storage weights;
    private final Storage rowType;
    private final Storage results;

    /**
     * Prepares products.
     *
     * @param device where
     * @param call the thread's
     * @param weights in what weights are, and rows when they are multiplied
     * @param rowType in what rows are given
     * @param results in what products, residuals and slopes are
     * @throws IllegalArgumentException if rows or results are narrower than weights
     */
    CudaMatmulKernels(CudaDevice device, DeviceCall call, Storage weights, Storage rowType, Storage results) {
        if (weights == Storage.F32 && (rowType != Storage.F32 || results != Storage.F32)) {
            throw new IllegalArgumentException("rows and results of products in F32 are F32");
        }
        this.call = call;
        this.weights = weights;
        this.rowType = rowType;
        this.results = results;
        round = device.kernel("to_bf16");
        activationForward = device.kernel("activation_forward", results.suffix());
        multiply = device.kernel("multiply", results.suffix());
        axpby = device.kernel("axpby");
    }

    @Override
    public void linear(PackedWeight w, int rows, MemorySegment x, @Nullable MemorySegment bias, MemorySegment y) {
        MatmulChecks.linear(rowType.bytes(), Float.BYTES, results.bytes(), w, rows, x, bias, null, y);
        if (rows == 0) {
            return;
        }
        call.start();
        long target = call.out(y, (long) rows * w.outputSize(), results);
        product(w, rows, x, bias, Epilogue.BIAS, 0, target, target);
        call.finish();
    }

    @Override
    public void linearAdd(
            PackedWeight w,
            int rows,
            MemorySegment x,
            @Nullable MemorySegment bias,
            MemorySegment residual,
            MemorySegment y) {
        MatmulChecks.linear(rowType.bytes(), Float.BYTES, results.bytes(), w, rows, x, bias, residual, y);
        if (rows == 0) {
            return;
        }
        call.start();
        long n = (long) rows * w.outputSize();
        long added = call.in(residual, n, results);
        product(w, rows, x, bias, Epilogue.BIAS, 1, added, call.out(y, n, results));
        call.finish();
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
        MatmulChecks.linear(rowType.bytes(), Float.BYTES, results.bytes(), w, rows, x, bias, slope, y);
        if (rows == 0) {
            return;
        }
        results.whole("width", w.outputSize());
        call.start();
        long n = (long) rows * w.outputSize();
        long target = call.out(y, n, results);
        // In float32 the kernel also where no slope is kept, so that training and inference give the same bits.
        if (weights == Storage.BF16 && slope == null && activation != Activation.GELU_ERF) {
            Epilogue epilogue = activation == Activation.RELU ? Epilogue.BIAS_RELU : Epilogue.BIAS_GELU_TANH;
            product(w, rows, x, bias, epilogue, 0, target, target);
            call.finish();
            return;
        }
        product(w, rows, x, null, Epilogue.NONE, 0, target, target);
        long added = call.in(bias, w.outputSize());
        long derivatives = call.outOrNone(slope, n, results);
        results.aligned(target | derivatives, added);
        call.arguments()
                .int64(n)
                .int32(w.outputSize())
                .int32(ActivationCode.of(activation))
                .pointer(target)
                .pointer(added)
                .pointer(derivatives)
                .pointer(target);
        call.launchElements(activationForward, n, results);
        call.finish();
    }

    @Override
    public void linearActivationBackward(
            PackedWeight w, int rows, MemorySegment dy, MemorySegment slope, MemorySegment dInner) {
        MatmulChecks.linear(rowType.bytes(), Float.BYTES, results.bytes(), w, rows, dy, null, slope, dInner);
        if (rows == 0) {
            return;
        }
        results.whole("width", w.outputSize());
        call.start();
        long n = (long) rows * w.outputSize();
        long gradient = call.scratch(n * results.bytes());
        product(w, rows, dy, null, Epilogue.NONE, 0, gradient, gradient);
        long factors = call.in(slope, n, results);
        long target = call.out(dInner, n, results);
        results.aligned(gradient | factors | target, 0);
        call.arguments().int64(n).pointer(gradient).pointer(factors).pointer(target);
        call.launchElements(multiply, n, results);
        call.finish();
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
        MatmulChecks.gemm(Float.BYTES, m, n, k, a, b, c);
        long size = (long) m * n;
        if (size == 0) {
            return;
        }
        call.start();
        long target = beta == 0 ? call.out(c, size) : call.inOut(c, size);
        if (k == 0) {
            call.arguments()
                    .int64(size)
                    .float32(0)
                    .pointer(target)
                    .float32((float) beta)
                    .pointer(target);
            if (beta == 0) {
                call.fill(target, 0, size);
            } else {
                call.launchElements(axpby, size);
            }
        } else {
            long left = call.in(a, (long) m * k);
            long right = call.in(b, (long) k * n);
            multiply(
                    transposeA,
                    transposeB,
                    m,
                    n,
                    k,
                    Element.F32,
                    Element.F32,
                    Epilogue.NONE,
                    (float) alpha,
                    left,
                    right,
                    (float) beta,
                    target,
                    target,
                    0);
        }
        call.finish();
    }

    private void product(
            PackedWeight weight,
            int rows,
            MemorySegment x,
            @Nullable MemorySegment biasOrNone,
            Epilogue epilogue,
            float beta,
            long added,
            long target) {
        if (!(weight instanceof CudaPackedWeight w)) {
            throw new IllegalArgumentException("a weight packed by " + weight.getClass() + " was not packed for cuda");
        }
        if (w.matrix().element() != weights.element()) {
            throw new IllegalArgumentException(
                    "a weight packed in " + w.matrix().element() + " cannot be multiplied by kernels for " + weights);
        }
        int k = w.inputSize();
        int n = w.outputSize();
        long input = call.in(x, (long) rows * k, rowType);
        if (rowType != weights) {
            input = rounded(input, (long) rows * k);
        }
        long bias = call.inOrNone(biasOrNone, n);
        if (bias != 0 && results == Storage.BF16) {
            bias = rounded(bias, n);
        }
        try {
            multiply(
                    false,
                    w.use() == WeightUse.FORWARD,
                    rows,
                    n,
                    k,
                    weights.element(),
                    results.element(),
                    bias == 0 ? Epilogue.NONE : epilogue,
                    1,
                    input,
                    w.matrix().address(),
                    beta,
                    added,
                    target,
                    bias);
        } finally {
            Reference.reachabilityFence(
                    w.matrix()); // until the device was asked: freeing waits for what was asked before
        }
    }

    private long rounded(long x, long n) {
        long result = call.scratch(n * Short.BYTES);
        call.arguments().int64(n).pointer(x).pointer(result);
        call.launchElements(round, n);
        return result;
    }

    private void multiply(
            boolean transposeA,
            boolean transposeB,
            int m,
            int n,
            int k,
            Element inputs,
            Element output,
            Epilogue epilogue,
            float alpha,
            long a,
            long b,
            float beta,
            long c,
            long d,
            long bias) {
        long addresses = a | b | c | d | bias;
        int alignment = (int) Math.min(Long.lowestOneBit(addresses), FULL_ALIGNMENT);
        MatmulShape shape =
                new MatmulShape(transposeA, transposeB, m, n, k, inputs, output, epilogue, Compute.F32, alignment);
        call.multiply(shape, alpha, a, b, beta, c, d, bias);
    }
}
