package org.infoprompt.ops.nativecpu;

import java.lang.foreign.MemorySegment;
import org.infoprompt.ffi.kernels.LinearFunctions;
import org.infoprompt.ffi.kernels.WeightType;
import org.infoprompt.ops.Activation;
import org.infoprompt.ops.MatmulKernels;
import org.infoprompt.ops.PackedWeight;
import org.infoprompt.ops.Precision;
import org.infoprompt.ops.check.MatmulChecks;
import org.jspecify.annotations.Nullable;

/** Matrix products in native code. */
final class NativeMatmulKernels implements MatmulKernels {
    private final Scratch scratch = new Scratch();
    private final WeightType type;

    NativeMatmulKernels(Precision precision) {
        type = NativePackedWeight.type(precision);
    }

    @Override
    public void linear(PackedWeight w, int rows, MemorySegment x, @Nullable MemorySegment bias, MemorySegment y) {
        NativePackedWeight weight = own(w);
        MatmulChecks.linear(Float.BYTES, w, rows, x, bias, null, y);
        forward(weight, rows, x, bias, null, LinearFunctions.NO_ACTIVATION, null, y);
    }

    @Override
    public void linearAdd(
            PackedWeight w,
            int rows,
            MemorySegment x,
            @Nullable MemorySegment bias,
            MemorySegment residual,
            MemorySegment y) {
        NativePackedWeight weight = own(w);
        MatmulChecks.linear(Float.BYTES, w, rows, x, bias, residual, y);
        forward(weight, rows, x, bias, residual, LinearFunctions.NO_ACTIVATION, null, y);
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
        NativePackedWeight weight = own(w);
        MatmulChecks.linear(Float.BYTES, w, rows, x, bias, slope, y);
        forward(weight, rows, x, bias, null, NativeActivationKernels.code(activation), slope, y);
    }

    private void forward(
            NativePackedWeight w,
            int rows,
            MemorySegment x,
            @Nullable MemorySegment bias,
            @Nullable MemorySegment residual,
            int activation,
            @Nullable MemorySegment slope,
            MemorySegment y) {
        int k = w.inputSize();
        MemorySegment working = scratch.bytes(LinearFunctions.scratchBytes(type, k));
        LinearFunctions.forward(
                type, rows, k, w.outputSize(), w.panels(), x, bias, residual, activation, slope, y, working);
    }

    @Override
    public void linearActivationBackward(
            PackedWeight w, int rows, MemorySegment dy, MemorySegment slope, MemorySegment dInner) {
        NativePackedWeight weight = own(w);
        MatmulChecks.linear(Float.BYTES, w, rows, dy, null, slope, dInner);
        int k = w.inputSize();
        MemorySegment working = scratch.bytes(LinearFunctions.scratchBytes(type, k));
        LinearFunctions.backward(type, rows, k, w.outputSize(), weight.panels(), dy, slope, dInner, working);
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
        MemorySegment working = scratch.bytes(LinearFunctions.gemmScratchBytes(k));
        LinearFunctions.gemm(transposeA, transposeB, m, n, k, (float) alpha, a, b, (float) beta, c, working);
    }

    private NativePackedWeight own(PackedWeight w) {
        if (w instanceof NativePackedWeight weight && weight.type() == type) {
            return weight;
        }
        throw new IllegalArgumentException("weight of class " + w.getClass().getSimpleName()
                + " must have been packed by the backend '" + NativeBackend.NAME + "' in " + type);
    }
}
