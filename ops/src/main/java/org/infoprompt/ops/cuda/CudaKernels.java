package org.infoprompt.ops.cuda;

import java.lang.foreign.MemorySegment;
import org.infoprompt.ops.ActivationKernels;
import org.infoprompt.ops.AttentionKernels;
import org.infoprompt.ops.InformationKernels;
import org.infoprompt.ops.Kernels;
import org.infoprompt.ops.LossKernels;
import org.infoprompt.ops.MatmulKernels;
import org.infoprompt.ops.NormKernels;
import org.infoprompt.ops.OptimizerKernels;
import org.infoprompt.ops.RowKernels;
import org.infoprompt.tensor.DType;

/**
 * All kernel families over one {@link DeviceCall}.
 *
 * @param weights in what the backend packs weights
 */
record CudaKernels(
        CudaDevice device,
        DeviceCall call,
        Storage weights,
        MatmulKernels matmul,
        AttentionKernels attention,
        NormKernels norm,
        ActivationKernels activation,
        RowKernels rows,
        LossKernels loss,
        InformationKernels information,
        OptimizerKernels optimizer)
        implements Kernels {
    @Override
    public MatmulKernels matmul(DType rows, DType results) {
        return rows == DType.F32 && results == DType.F32
                ? matmul
                : new CudaMatmulKernels(device, call, weights, Storage.of(rows), Storage.of(results));
    }

    @Override
    public AttentionKernels attention(DType type) {
        return type == DType.F32 ? attention : new CudaAttentionKernels(device, call, Storage.of(type));
    }

    @Override
    public NormKernels norm(DType kept) {
        return kept == DType.F32 ? norm : new CudaNormKernels(device, call, Storage.of(kept));
    }

    @Override
    public void await() {
        call.await();
    }

    @Override
    public MemorySegment view(MemorySegment result) {
        MemorySegment copy = call.reaches(result) ? call.view(result.address(), result.byteSize()) : null;
        return copy == null ? result : copy;
    }
}
