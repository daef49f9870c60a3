package org.infoprompt.ops.reference;

import java.lang.foreign.MemorySegment;
import org.infoprompt.ops.Backend;
import org.infoprompt.ops.KernelSet;
import org.infoprompt.ops.Kernels;
import org.infoprompt.ops.PackedWeight;
import org.infoprompt.ops.WeightUse;
import org.infoprompt.tensor.DType;

/** The oracle: plain loops in double precision. Used by tests and by name, never chosen by itself. */
public final class ReferenceBackend implements Backend {
    private static final ReferenceBackend INSTANCE = new ReferenceBackend();

    private ReferenceBackend() {}

    /** {@return the backend} */
    public static ReferenceBackend instance() {
        return INSTANCE;
    }

    @Override
    public String name() {
        return "reference";
    }

    @Override
    public String description() {
        return "plain loops in double precision";
    }

    @Override
    public DType dtype() {
        return DType.F64;
    }

    @Override
    public Kernels newKernels() {
        return new KernelSet(
                new PlainMatmulKernels(DType.F64),
                new PlainAttentionKernels(DType.F64),
                new PlainNormKernels(DType.F64),
                new PlainActivationKernels(DType.F64),
                new PlainRowKernels(DType.F64),
                new PlainLossKernels(DType.F64),
                new PlainInformationKernels(DType.F64),
                new PlainOptimizerKernels(DType.F64));
    }

    @Override
    public PackedWeight pack(MemorySegment weight, int out, int in, WeightUse use) {
        return PlainPackedWeight.pack(DType.F64, weight, out, in, use);
    }
}
