package org.infoprompt.ops.int8;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Set;
import org.infoprompt.ops.Backend;
import org.infoprompt.ops.KernelSet;
import org.infoprompt.ops.Kernels;
import org.infoprompt.ops.PackedWeight;
import org.infoprompt.ops.Precision;
import org.infoprompt.ops.PrecisionAdvice;
import org.infoprompt.ops.WeightUse;
import org.infoprompt.tensor.DType;

/**
 * A float32 backend with int8 products in plain Java.
 *
 * @param base does all else
 */
public record Int8Backend(Backend base) implements Backend {
    @Override
    public String name() {
        return base.name();
    }

    @Override
    public String description() {
        return base.description() + ", int8 in plain loops";
    }

    @Override
    public DType dtype() {
        return base.dtype();
    }

    @Override
    public Precision precision() {
        return Precision.INT8;
    }

    @Override
    public Set<Precision> precisions() {
        return base.precisions();
    }

    @Override
    public Backend with(Precision other) {
        return other == Precision.INT8 ? this : base.with(other);
    }

    @Override
    public PrecisionAdvice precisionAdvice() {
        return base.precisionAdvice();
    }

    @Override
    public Kernels newKernels() {
        Kernels kernels = base.newKernels();
        return new KernelSet(
                new Int8MatmulKernels(kernels.matmul()),
                kernels.attention(),
                kernels.norm(),
                kernels.activation(),
                kernels.rows(),
                kernels.loss(),
                kernels.information(),
                kernels.optimizer());
    }

    @Override
    public PackedWeight pack(MemorySegment weight, int out, int in, WeightUse use) {
        return Int8Weight.pack(weight, out, in, use);
    }

    @Override
    public MemorySegment place(MemorySegment frozen, Arena arena) {
        return base.place(frozen, arena);
    }

    @Override
    public int maxWorkers() {
        return base.maxWorkers();
    }

    @Override
    public int blockRows() {
        return base.blockRows();
    }
}
