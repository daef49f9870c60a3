package org.infoprompt.ops.cuda;

import java.lang.foreign.MemorySegment;
import org.infoprompt.cudasim.FakeGpu;
import org.infoprompt.ops.MatmulKernels;
import org.infoprompt.ops.MatmulKernelsContract;
import org.infoprompt.ops.PackedWeight;
import org.infoprompt.ops.WeightUse;
import org.junit.jupiter.api.condition.DisabledIfSystemProperty;

@DisabledIfSystemProperty(
        named = "infoprompt.test.expectedBackend",
        matches = "scalar",
        disabledReason = "does not depend on the backend; runs in the run with the vector module")
class CudaMatmulKernelsTest extends MatmulKernelsContract {
    private static final CudaBackend BACKEND = (CudaBackend) new FakeGpu().backend();
    private final MatmulKernels kernels = BACKEND.newKernels().matmul();

    @Override
    protected MatmulKernels kernels() {
        return kernels;
    }

    @Override
    protected PackedWeight pack(MemorySegment weight, int out, int in, WeightUse use) {
        return BACKEND.pack(weight, out, in, use);
    }

    /** Not promised: cuBLASLt chooses its algorithm by the number of rows. */
    @Override
    public void rowsAreTheSameHoweverTheyAreGrouped() {}

    /** The fake library allocates. */
    @Override
    public void nothingIsAllocatedInTheSteadyState() {}
}
