package org.infoprompt.ops;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.EnumSet;
import java.util.Set;
import org.infoprompt.tensor.DType;

/** One implementation of every kernel family. Immutable and safe for all threads. */
public interface Backend {
    /** {@return the short name, as in {@code -Dinfoprompt.backend=NAME}} */
    String name();

    /** {@return what it runs on: lanes, instruction sets, library version} */
    String description();

    /** {@return the element type of every segment given to its kernels: F32, or F64 for the reference} */
    DType dtype();

    /**
     * {@return in which type an encoder's inner activations are best kept: those between two products with packed weights, and what a
     * layer keeps for its backward pass} Kernels for another type than {@link #dtype} come from {@link Kernels#matmul(DType, DType)},
     * {@link Kernels#attention(DType)}, {@link Kernels#norm(DType)} and the methods of {@link RowKernels} that name a type; they
     * compute in {@link #dtype}. Rows of the residual stream, statistics of rows and sums stay in {@link #dtype}.
     *
     * @param headSize elements of a head of attention
     * @param feedForwardSize elements of a row between the two feed-forward products
     */
    default DType activationType(int headSize, int feedForwardSize) {
        return dtype();
    }

    /** {@return in what its products with packed weights are computed} */
    default Precision precision() {
        return dtype() == DType.F64 ? Precision.FP64 : Precision.FP32;
    }

    /** {@return the precisions that {@link #with} takes} */
    default Set<Precision> precisions() {
        return EnumSet.of(precision());
    }

    /**
     * {@return this backend with products at another precision} What one packs the other's kernels do not take.
     *
     * @param precision one of {@link #precisions}
     * @throws IllegalArgumentException if it does not have it
     */
    default Backend with(Precision precision) {
        if (precision != precision()) {
            throw new IllegalArgumentException("the backend '" + name() + "' has no precision " + precision.text());
        }
        return this;
    }

    /** {@return the fastest of its precisions on this machine, and why} */
    default PrecisionAdvice precisionAdvice() {
        return new PrecisionAdvice(precision(), "the backend '" + name() + "' has no other");
    }

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

    /**
     * Packs a frozen weight for the backward pass that was packed for the forward pass before, sharing memory with that where both have
     * one layout.
     *
     * @param forward what {@link #pack} returned for the same weight with {@link WeightUse#FORWARD}
     * @param weight [out, in] as given then
     * @param out rows of the weight
     * @param in columns of the weight
     * @return the weight packed for {@link WeightUse#BACKWARD}
     */
    default PackedWeight packBackward(PackedWeight forward, MemorySegment weight, int out, int in) {
        return pack(weight, out, in, WeightUse.BACKWARD);
    }

    /**
     * {@return a frozen tensor where the kernels reach it in place} On the host the tensor itself; a device copies it once. The host may read it
     * there.
     *
     * @param frozen the tensor
     * @param arena frees a copy when it is closed
     */
    default MemorySegment place(MemorySegment frozen, Arena arena) {
        return frozen;
    }

    /** {@return the most threads that it is worth calling kernels from} */
    default int maxWorkers() {
        return Integer.MAX_VALUE;
    }

    /**
     * {@return how many rows of a batch its kernels take at a time at best} On a processor enough for full register tiles and few enough
     * that a block's activations stay near the second-level cache.
     */
    default int blockRows() {
        return 384;
    }
}
