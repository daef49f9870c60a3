package org.infoprompt.weights;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.Map;
import org.infoprompt.tensor.DType;
import org.infoprompt.tensor.Shape;
import org.infoprompt.tensor.Tensor;

/**
 * A view of another source in which some F32 tensors are changed as they are read, such as weights that an adapter is folded
 * into; all others are passed on. A changed tensor is made anew by each call and lives as long as something refers to it, so that
 * packing a model does not hold all of its matrices twice. Closing the view leaves the source open.
 */
public final class MergedWeights implements TensorSource {
    /** Changes one tensor. */
    @FunctionalInterface
    public interface Merge {
        /**
         * Changes the numbers in place.
         *
         * @param values F32 row-major, a copy of the source's
         * @param shape its shape
         */
        void apply(MemorySegment values, Shape shape);
    }

    private final TensorSource source;
    private final Map<String, Merge> merges;

    /**
     * Makes a view.
     *
     * @param source the original tensors, open as long as the view is read
     * @param merges what changes, by tensor name
     */
    public MergedWeights(TensorSource source, Map<String, Merge> merges) {
        this.source = source;
        this.merges = Map.copyOf(merges);
    }

    @Override
    public String name() {
        return source.name();
    }

    @Override
    public List<String> tensorNames() {
        return source.tensorNames();
    }

    @Override
    public boolean contains(String tensor) {
        return source.contains(tensor);
    }

    @Override
    public Tensor tensor(String tensor) throws IOException {
        Tensor original = source.tensor(tensor);
        Merge merge = merges.get(tensor);
        if (merge == null) {
            return original;
        }
        if (original.dtype() != DType.F32) {
            throw new WeightFormatException(
                    name(), tensor, "is " + original.dtype() + ", only F32 can be merged into", "convert the model");
        }
        MemorySegment copy = Arena.ofAuto().allocate(original.byteSize(), AlignedViews.ALIGNMENT);
        copy.copyFrom(original.segment());
        merge.apply(copy, original.shape());
        return new Tensor(copy.asReadOnly(), DType.F32, original.shape());
    }

    /** Does nothing: the source belongs to someone else. */
    @Override
    public void close() {
        // The source is closed by its owner.
    }
}
