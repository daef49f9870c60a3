package org.infoprompt.ops.torch;

import java.lang.foreign.MemorySegment;
import org.infoprompt.ffi.torch.LibTorch;
import org.infoprompt.ops.Backend;
import org.infoprompt.ops.KernelSet;
import org.infoprompt.ops.Kernels;
import org.infoprompt.ops.PackedWeight;
import org.infoprompt.ops.WeightUse;
import org.infoprompt.tensor.DType;

/** Products with frozen weights by LibTorch, all else by the vector backend. */
final class TorchBackend implements Backend {
    private final Backend vector;

    TorchBackend(Backend vector) {
        this.vector = vector;
    }

    @Override
    public String name() {
        return "torch";
    }

    @Override
    public String description() {
        return LibTorch.status().reason() + ", for products of " + ShapeTable.LEAST_F32_ROWS
                + " and more rows; else vector " + vector.description();
    }

    @Override
    public DType dtype() {
        return DType.F32;
    }

    @Override
    public Kernels newKernels() {
        Kernels other = vector.newKernels();
        return new KernelSet(
                new TorchMatmulKernels(),
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
        return vector.pack(weight, out, in, use);
    }
}
