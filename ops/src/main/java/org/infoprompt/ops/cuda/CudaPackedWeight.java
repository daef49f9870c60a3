package org.infoprompt.ops.cuda;

import org.infoprompt.ops.PackedWeight;
import org.infoprompt.ops.WeightUse;

/**
 * A frozen weight on the device, in the checkpoint's own layout: cuBLASLt reads it transposed where that is needed, so forward and
 * backward pass share one copy.
 *
 * @param matrix the copy
 * @param out rows of the weight
 * @param in columns of the weight
 * @param use which of the two is multiplied with
 * @param shared whether its bytes are counted with the other use's
 */
record CudaPackedWeight(DeviceMatrix matrix, int out, int in, WeightUse use, boolean shared) implements PackedWeight {
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
        return shared ? 0 : matrix.byteSize();
    }
}
