package org.infoprompt.bench.torch;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import org.bytedeco.javacpp.FloatPointer;
import org.bytedeco.pytorch.NoGradGuard;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.infoprompt.ffi.torch.LibTorch;

/** A linear layer by {@code at::linear} through JavaCPP's JNI, on copies of the operands; the result is LibTorch's own memory. */
final class JniLinear implements LinearLayer.Way {
    private final NoGradGuard noGradients = new NoGradGuard();
    private final FloatPointer memory;
    private final Tensor x;
    private final Tensor weight;
    private final Tensor bias;

    JniLinear(LinearLayer layer, int rows, int out, int in) {
        // Sets one thread for OpenBLAS as well, which JavaCPP then loads the same copy of; it would use all processors.
        if (!LibTorch.status().loaded()) {
            throw new IllegalStateException(LibTorch.status().reason());
        }
        torch.set_num_threads(1);
        long weightAt = (long) rows * in;
        long biasAt = weightAt + (long) out * in;
        memory = new FloatPointer(biasAt + out);
        copy(layer.x(), 0);
        copy(layer.weight(), weightAt);
        copy(layer.bias(), biasAt);
        x = torch.from_blob(memory.getPointer(0), rows, in);
        weight = torch.from_blob(memory.getPointer(weightAt), out, in);
        bias = torch.from_blob(memory.getPointer(biasAt), out);
    }

    private void copy(MemorySegment from, long at) {
        float[] values = from.toArray(ValueLayout.JAVA_FLOAT);
        memory.position(at).put(values).position(0);
    }

    @Override
    public void run() {
        torch.linear(x, weight, bias).close();
    }

    @Override
    public void close() {
        x.close();
        weight.close();
        bias.close();
        memory.close();
        noGradients.close();
    }
}
