package org.infoprompt.ops.contract;

import org.infoprompt.ops.Kernels;

/** One use of a kernel: allocates its arguments, calls it and notes the outputs. */
@FunctionalInterface
interface Call {
    void run(Kernels kernels, Buffers buffers);
}
