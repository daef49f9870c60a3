package org.infoprompt.bench.gpu;

import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.Set;
import org.infoprompt.ops.Backend;
import org.infoprompt.ops.Kernels;
import org.infoprompt.tensor.DType;

/**
 * One call of a kernel whose results are compared between backends.
 *
 * @param name what is called
 * @param inputs what it reads, rounded to float beforehand
 * @param outputs what it writes; holds what is there before
 * @param innerInputs which inputs are of the type that a backend keeps inner activations in
 * @param innerOutputs which outputs are
 * @param body calls it
 */
@SuppressWarnings("ArrayRecordComponent") // held, never compared
record KernelProblem(
        String name,
        List<double[]> inputs,
        List<double[]> outputs,
        Set<Integer> innerInputs,
        Set<Integer> innerOutputs,
        Body body) {
    /** {@return the type of inner activations, of sizes that every backend's kernels take} */
    static DType innerType(Backend backend) {
        return backend.activationType(4, 4);
    }

    /** Calls a kernel with the inputs and outputs in a backend's element type. */
    interface Body {
        /** Calls it. */
        void run(Backend backend, Kernels kernels, List<MemorySegment> in, List<MemorySegment> out);
    }
}
