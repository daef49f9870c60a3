package org.infoprompt.ops.nativecpu;

import java.lang.foreign.MemorySegment;
import org.infoprompt.ffi.kernels.KernelLibrary;
import org.infoprompt.ops.Backend;
import org.infoprompt.ops.KernelSet;
import org.infoprompt.ops.Kernels;
import org.infoprompt.ops.PackedWeight;
import org.infoprompt.ops.WeightUse;
import org.infoprompt.ops.scalar.ScalarBackend;
import org.infoprompt.ops.vector.VectorProvider;
import org.infoprompt.tensor.DType;

/** Native kernels in float32, and the fastest backend in Java for the families that have none. */
final class NativeBackend implements Backend {
    static final String NAME = "native";

    private final Backend fallback;

    private NativeBackend(Backend fallback) {
        this.fallback = fallback;
    }

    /** Chosen when first asked for, because looking at the fallback runs its code. */
    private static final class Holder {
        static final NativeBackend INSTANCE = new NativeBackend(fastestInJava());
    }

    static NativeBackend instance() {
        return Holder.INSTANCE;
    }

    private static Backend fastestInJava() {
        VectorProvider vector = new VectorProvider();
        return vector.availability().usable() ? vector.backend() : ScalarBackend.instance();
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
        Kernels java = fallback.newKernels();
        return new KernelSet(
                new NativeMatmulKernels(),
                java.attention(),
                java.norm(),
                java.activation(),
                java.rows(),
                java.loss(),
                java.information(),
                java.optimizer());
    }

    @Override
    public PackedWeight pack(MemorySegment weight, int out, int in, WeightUse use) {
        return NativePackedWeight.pack(weight, out, in, use);
    }
}
