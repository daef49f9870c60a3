package org.infoprompt.ops;

import java.lang.foreign.MemorySegment;
import org.infoprompt.tensor.DType;

/** One implementation of every kernel family. Immutable and safe for all threads. */
public interface Backend {
    /** {@return the short name, as in {@code -Dinfoprompt.backend=NAME}} */
    String name();

    /** {@return what it runs on: lanes, instruction sets, library version} */
    String description();

    /** {@return the element type of every segment given to its kernels: F32, or F64 for the reference} */
    DType dtype();

    /** {@return kernels with scratch memory of their own, for one thread} */
    Kernels newKernels();

    /**
     * Copies a frozen weight into the layout its products are fastest with.
     *
     * @param weight [out, in] as in the checkpoint, in this backend's element type
     * @param out rows of the weight
     * @param in columns of the weight
     * @param use what it will be multiplied with
     * @return the packed copy
     */
    PackedWeight pack(MemorySegment weight, int out, int in, WeightUse use);
}
