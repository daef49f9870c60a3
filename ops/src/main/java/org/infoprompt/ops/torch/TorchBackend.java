package org.infoprompt.ops.torch;

import java.lang.foreign.MemorySegment;
import java.util.EnumSet;
import java.util.Set;
import org.infoprompt.ffi.torch.Brgemm;
import org.infoprompt.ffi.torch.LibTorch;
import org.infoprompt.ops.Backend;
import org.infoprompt.ops.CpuFeatures;
import org.infoprompt.ops.KernelSet;
import org.infoprompt.ops.Kernels;
import org.infoprompt.ops.MatmulKernels;
import org.infoprompt.ops.PackedWeight;
import org.infoprompt.ops.Precision;
import org.infoprompt.ops.PrecisionAdvice;
import org.infoprompt.ops.WeightUse;
import org.infoprompt.ops.vector.VectorProvider;
import org.infoprompt.tensor.DType;

/** Products with frozen weights by LibTorch, in float32 or bfloat16, and all else by the vector backend. */
final class TorchBackend implements Backend {
    static final String NAME = "torch";

    private final Backend vector;
    private final Precision precision;

    private TorchBackend(Backend vector, Precision precision) {
        this.vector = vector;
        this.precision = precision;
    }

    /** Made when first asked for, because that runs the vector backend's code. */
    private static final class Holder {
        static final TorchBackend FP32 = new TorchBackend(new VectorProvider().backend(), Precision.FP32);
        static final TorchBackend BF16 = new TorchBackend(FP32.vector, Precision.BF16);
    }

    static TorchBackend instance() {
        return Holder.FP32;
    }

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public String description() {
        return LibTorch.status().reason() + ", over vector " + vector.description();
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
        return Brgemm.hasBf16() ? EnumSet.of(Precision.FP32, Precision.BF16) : EnumSet.of(Precision.FP32);
    }

    @Override
    public Backend with(Precision other) {
        if (other == Precision.FP32) {
            return Holder.FP32;
        } else if (other == Precision.BF16 && Brgemm.hasBf16()) {
            return Holder.BF16;
        }
        return Backend.super.with(other);
    }

    @Override
    public PrecisionAdvice precisionAdvice() {
        CpuFeatures cpu = CpuFeatures.detect();
        if (Brgemm.hasBf16() && cpu.has("amx_bf16")) {
            return new PrecisionAdvice(Precision.BF16, "AMX multiplies it several times as fast as fp32");
        } else if (Brgemm.hasBf16() && cpu.has("avx512_bf16")) {
            return new PrecisionAdvice(Precision.BF16, "the processor multiplies it twice as fast as fp32");
        }
        return new PrecisionAdvice(Precision.FP32, "this processor is not known to multiply bf16 faster");
    }

    @Override
    public Kernels newKernels() {
        Kernels other = vector.newKernels();
        MatmulKernels matmul = precision == Precision.BF16 ? new Bf16MatmulKernels() : new TorchMatmulKernels();
        return new KernelSet(
                matmul,
                other.attention(),
                other.norm(),
                other.activation(),
                other.rows(),
                other.loss(),
                other.information(),
                other.optimizer());
    }

    @Override
    public PackedWeight pack(MemorySegment weight, int out, int in, WeightUse use) {
        return precision == Precision.BF16 ? Bf16Weight.pack(weight, out, in, use) : vector.pack(weight, out, in, use);
    }
}
