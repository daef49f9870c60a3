package org.infoprompt.ops.nativecpu;

import java.lang.foreign.MemorySegment;
import org.infoprompt.ffi.kernels.KernelLibrary;
import org.infoprompt.ops.Backend;
import org.infoprompt.ops.KernelSet;
import org.infoprompt.ops.Kernels;
import org.infoprompt.ops.PackedWeight;
import org.infoprompt.ops.WeightUse;
import org.infoprompt.tensor.DType;

/** The project's own kernels in C, in float32. */
final class NativeBackend implements Backend {
    static final String NAME = "native";

    private static final NativeBackend INSTANCE = new NativeBackend();

    private NativeBackend() {}

    static NativeBackend instance() {
        return INSTANCE;
    }

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public String description() {
        return "tier=" + KernelLibrary.tier().text();
    }

    @Override
    public DType dtype() {
        return DType.F32;
    }

    @Override
    public Kernels newKernels() {
        return new KernelSet(
                new NativeMatmulKernels(),
                new NativeAttentionKernels(),
                new NativeNormKernels(),
                new NativeActivationKernels(),
                new NativeRowKernels(),
                new NativeLossKernels(),
                new NativeInformationKernels(),
                new NativeOptimizerKernels());
    }

    @Override
    public PackedWeight pack(MemorySegment weight, int out, int in, WeightUse use) {
        return NativePackedWeight.pack(weight, out, in, use);
    }
}
