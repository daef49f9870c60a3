package org.infoprompt.ops.cuda;

import java.lang.foreign.MemorySegment;
import org.infoprompt.ops.PackedWeight;
import org.infoprompt.ops.WeightUse;

/**
 * A frozen weight on the device, in the checkpoint's own layout: cuBLASLt reads it transposed where that is needed.
 *
 * @param memory [out, in], managed
 * @param out rows of the weight
 * @param in columns of the weight
 * @param use which of the two is multiplied with
 */
record CudaPackedWeight(MemorySegment memory, int out, int in, WeightUse use) implements PackedWeight {
    @Override
    public int inputSize() {
        return use == WeightUse.FORWARD ? in : out;
    }

    @Override
    public int outputSize() {
        return use == WeightUse.FORWARD ? out : in;
    }

    @Override
    public long byteSize() {
        return memory.byteSize();
    }
}
