package org.infoprompt.ops;

import java.lang.foreign.MemorySegment;
import org.infoprompt.tensor.DType;

/** The kernel families of one backend for one thread, with their scratch memory. Not thread-safe. */
public interface Kernels {
    /** {@return the matrix products} */
    MatmulKernels matmul();

    /**
     * {@return the matrix products with packed weights, of rows and results kept in types that may be narrower than the backend's}
     * Residuals and slopes are of the results' type, biases of the backend's; {@code gemm} knows the backend's type alone.
     *
     * @param rows the type of rows that are multiplied
     * @param results the type of products
     * @throws IllegalArgumentException if there are none for these types
     */
    default MatmulKernels matmul(DType rows, DType results) {
        noNarrower(rows);
        noNarrower(results);
        return matmul();
    }

    /** {@return attention} */
    AttentionKernels attention();

    /**
     * {@return attention over queries, keys, values and outputs of a type, and their gradients} Log-sum-exps are of the backend's.
     *
     * @param type the type
     * @throws IllegalArgumentException if there is none for this type
     */
    default AttentionKernels attention(DType type) {
        noNarrower(type);
        return attention();
    }

    /** {@return layer normalisation} */
    NormKernels norm();

    /**
     * {@return layer normalisation that keeps normalized rows, and copies for products, in a type} All other operands are of the backend's.
     *
     * @param kept the type
     * @throws IllegalArgumentException if there is none for this type
     */
    default NormKernels norm(DType kept) {
        noNarrower(kept);
        return norm();
    }

    private static void noNarrower(DType type) {
        if (type != DType.F32 && type != DType.F64) {
            throw new IllegalArgumentException("these kernels keep nothing in " + type);
        }
    }

    /** {@return element-wise activations} */
    ActivationKernels activation();

    /** {@return row movement and reductions} */
    RowKernels rows();

    /** {@return supervised losses} */
    LossKernels loss();

    /** {@return the Gaussian bottleneck and the information losses} */
    InformationKernels information();

    /** {@return the optimiser's update} */
    OptimizerKernels optimizer();

    /**
     * Waits until all calls to kernels of this backend are done. Kernels on a device may return before: whatever reads or writes memory
     * that they work on without kernels calls this first. A call that writes to memory which the device cannot reach in place is done
     * when it returns.
     */
    default void await() {}

    /**
     * {@return a result for the host to read after {@link #await()}, until these kernels are called again} On the host the result
     * itself; from a device a copy, so that the memory stays where the device is.
     *
     * @param result what a kernel wrote
     */
    default MemorySegment view(MemorySegment result) {
        return result;
    }
}
