package org.infoprompt.ops.vector;

import java.lang.foreign.MemorySegment;
import java.util.EnumSet;
import java.util.Set;
import org.infoprompt.ops.Backend;
import org.infoprompt.ops.KernelSet;
import org.infoprompt.ops.Kernels;
import org.infoprompt.ops.PackedWeight;
import org.infoprompt.ops.Precision;
import org.infoprompt.ops.PrecisionAdvice;
import org.infoprompt.ops.WeightUse;
import org.infoprompt.ops.int8.Int8Backend;
import org.infoprompt.tensor.DType;

/** The JDK's Vector API in float32. */
final class VectorBackend implements Backend {
    static final VectorBackend INSTANCE = new VectorBackend();

    private VectorBackend() {}

    @Override
    public String name() {
        return "vector";
    }

    @Override
    public String description() {
        return "species=" + Lanes.FLOATS.vectorBitSize();
    }

    @Override
    public DType dtype() {
        return DType.F32;
    }

    @Override
    public Set<Precision> precisions() {
        return EnumSet.of(Precision.FP32, Precision.INT8);
    }

    @Override
    public Backend with(Precision other) {
        return other == Precision.INT8 ? new Int8Backend(this) : Backend.super.with(other);
    }

    @Override
    public PrecisionAdvice precisionAdvice() {
        return new PrecisionAdvice(Precision.FP32, "the backend '" + name() + "' has nothing faster");
    }

    @Override
    public Kernels newKernels() {
        return new KernelSet(
                new VectorMatmulKernels(),
                new VectorAttentionKernels(),
                new VectorNormKernels(),
                new VectorActivationKernels(),
                new VectorRowKernels(),
                new VectorLossKernels(),
                new VectorInformationKernels(),
                new VectorOptimizerKernels());
    }

    @Override
    public PackedWeight pack(MemorySegment weight, int out, int in, WeightUse use) {
        return VectorPackedWeight.pack(weight, out, in, use);
    }
}
