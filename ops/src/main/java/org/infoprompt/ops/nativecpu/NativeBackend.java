package org.infoprompt.ops.nativecpu;

import java.lang.foreign.MemorySegment;
import java.util.EnumSet;
import java.util.Set;
import org.infoprompt.ffi.kernels.KernelLibrary;
import org.infoprompt.ffi.kernels.KernelTier;
import org.infoprompt.ops.Backend;
import org.infoprompt.ops.KernelSet;
import org.infoprompt.ops.Kernels;
import org.infoprompt.ops.PackedWeight;
import org.infoprompt.ops.Precision;
import org.infoprompt.ops.PrecisionAdvice;
import org.infoprompt.ops.WeightUse;
import org.infoprompt.tensor.DType;

/** The project's own kernels in C, in float32, with packed weights in float32, bfloat16 or int8. */
final class NativeBackend implements Backend {
    static final String NAME = "native";

    private static final NativeBackend FP32 = new NativeBackend(Precision.FP32);
    private static final NativeBackend BF16 = new NativeBackend(Precision.BF16);
    private static final NativeBackend INT8 = new NativeBackend(Precision.INT8);

    private final Precision precision;

    private NativeBackend(Precision precision) {
        this.precision = precision;
    }

    static NativeBackend instance() {
        return FP32;
    }

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public String description() {
        KernelTier tier = KernelLibrary.tier();
        if (precision == Precision.INT8) {
            boolean vnni = tier.compareTo(KernelTier.AVX512_VNNI) >= 0;
            return "tier=" + tier.text() + ", int8 " + (vnni ? "by AVX-512 VNNI" : "by products of 16 bits");
        }
        return "tier=" + tier.text();
    }

    @Override
    public DType dtype() {
        return DType.F32;
    }

    @Override
    public Precision precision() {
        return precision;
    }

    @Override
    public Set<Precision> precisions() {
        return EnumSet.of(Precision.FP32, Precision.BF16, Precision.INT8);
    }

    @Override
    public Backend with(Precision other) {
        return switch (other) {
            case FP32 -> FP32;
            case BF16 -> BF16;
            case INT8 -> INT8;
            case FP64 -> Backend.super.with(other);
        };
    }

    @Override
    public PrecisionAdvice precisionAdvice() {
        return switch (KernelLibrary.tier()) {
            case AMX -> new PrecisionAdvice(Precision.BF16, "AMX multiplies it several times as fast as fp32");
            case AVX512_BF16 -> new PrecisionAdvice(Precision.BF16, "AVX-512 BF16 multiplies it faster than fp32");
            case AVX512_VNNI, AVX512, AVX2, BASELINE ->
                new PrecisionAdvice(Precision.FP32, "without AVX-512 BF16 or AMX bf16 is not faster");
        };
    }

    @Override
    public Kernels newKernels() {
        return new KernelSet(
                new NativeMatmulKernels(precision),
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
        return NativePackedWeight.pack(precision, weight, out, in, use);
    }
}
