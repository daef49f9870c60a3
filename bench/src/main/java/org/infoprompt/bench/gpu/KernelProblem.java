package org.infoprompt.bench.gpu;

import java.lang.foreign.MemorySegment;
import java.util.List;
import org.infoprompt.ops.Backend;
import org.infoprompt.ops.Kernels;

/**
 * One call of a kernel whose results are compared between backends.
 *
 * @param name what is called
 * @param inputs what it reads, rounded to float beforehand
 * @param outputs what it writes; holds what is there before
 * @param body calls it
 */
@SuppressWarnings("ArrayRecordComponent") // held, never compared
record KernelProblem(String name, List<double[]> inputs, List<double[]> outputs, Body body) {
    /** Calls a kernel with the inputs and outputs in a backend's element type. */
    interface Body {
        /** Calls it. */
        void run(Backend backend, Kernels kernels, List<MemorySegment> in, List<MemorySegment> out);
    }
}
