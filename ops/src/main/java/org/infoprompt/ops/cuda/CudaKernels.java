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

/** All kernel families over one {@link DeviceCall}. */
record CudaKernels(
        DeviceCall call,
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
    public void await() {
        call.await();
    }

    @Override
    public MemorySegment view(MemorySegment result) {
        MemorySegment copy = call.reaches(result) ? call.view(result.address(), result.byteSize()) : null;
        return copy == null ? result : copy;
    }
}
