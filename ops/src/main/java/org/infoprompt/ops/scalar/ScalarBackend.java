package org.infoprompt.ops.scalar;

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
import org.infoprompt.ops.reference.PlainActivationKernels;
import org.infoprompt.ops.reference.PlainInformationKernels;
import org.infoprompt.ops.reference.PlainLossKernels;
import org.infoprompt.ops.reference.PlainNormKernels;
import org.infoprompt.ops.reference.PlainOptimizerKernels;
import org.infoprompt.ops.reference.PlainRowKernels;
import org.infoprompt.tensor.DType;

/** Plain Java in float32; always usable, chosen when nothing faster is. */
public final class ScalarBackend implements Backend {
    private static final ScalarBackend INSTANCE = new ScalarBackend();

    private ScalarBackend() {}

    /** Returns the backend. */
    public static ScalarBackend instance() {
        return INSTANCE;
    }

    @Override
    public String name() {
        return "scalar";
    }

    @Override
    public String description() {
        return "plain Java loops";
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
                new ScalarMatmulKernels(),
                new ScalarAttentionKernels(),
                new PlainNormKernels(DType.F32),
                new PlainActivationKernels(DType.F32),
                new PlainRowKernels(DType.F32),
                new PlainLossKernels(DType.F32),
                new PlainInformationKernels(DType.F32),
                new PlainOptimizerKernels(DType.F32));
    }

    @Override
    public PackedWeight pack(MemorySegment weight, int out, int in, WeightUse use) {
        return ScalarPackedWeight.pack(weight, out, in, use);
    }
}
