package org.infoprompt.ops.cuda;

import org.infoprompt.cudasim.FakeGpu;
import org.infoprompt.ops.AttentionKernels;
import org.infoprompt.ops.AttentionKernelsContract;
import org.junit.jupiter.api.condition.DisabledIfSystemProperty;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@DisabledIfSystemProperty(
        named = "infoprompt.test.expectedBackend",
        matches = "scalar",
        disabledReason = "does not depend on the backend; runs in the run with the vector module")
class CudaAttentionKernelsTest extends AttentionKernelsContract {
    private static final CudaBackend BACKEND = (CudaBackend) new FakeGpu().backend();
    private final AttentionKernels kernels = BACKEND.newKernels().attention();

    @Override
    protected AttentionKernels kernels() {
        return kernels;
    }

    /** Every kernel, whole and ragged tiles, heads that no tile has room for. */
    @Override
    @ParameterizedTest
    @CsvSource({
        "1,1,1",
        "2,3,7",
        "1,16,33",
        "3,32,17",
        "1,33,64",
        "2,64,65",
        "1,65,20",
        "2,128,33",
        "1,8,130",
        "1,400,5"
    })
    public void oneSequenceIsAccurate(int numHeads, int headSize, int length) {
        super.oneSequenceIsAccurate(numHeads, headSize, length);
    }

    /** The interpreter allocates. */
    @Override
    public void nothingIsAllocatedInTheSteadyState() {}
}
