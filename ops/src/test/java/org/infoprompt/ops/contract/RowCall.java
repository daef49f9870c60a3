package org.infoprompt.ops.contract;

import org.infoprompt.ops.Kernels;

/** One use of a kernel for the rows [from, to) of its data; every output is per row. */
@FunctionalInterface
interface RowCall {
    void run(Kernels kernels, Buffers buffers, int from, int to);
}
