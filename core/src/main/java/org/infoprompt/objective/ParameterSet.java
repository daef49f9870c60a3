package org.infoprompt.objective;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.SequencedMap;
import org.infoprompt.tensor.DType;
import org.infoprompt.tensor.Shape;
import org.infoprompt.tensor.Tensor;
import org.infoprompt.tensor.Workspace;

/**
 * The trained tensors by name, with gradients and both AdamW moments, each kind in one contiguous block so that clipping and
 * the update are single calls. Closed by its owner.
 */
public final class ParameterSet implements AutoCloseable {
    private final DType dtype;
    private final SequencedMap<String, Shape> shapes;
    private final Map<String, Long> offsets = new LinkedHashMap<>();
    private final Workspace workspace;
    private final MemorySegment values;
    private final MemorySegment gradients;
    private final MemorySegment firstMoments;
    private final MemorySegment secondMoments;
    private final long numElements;

    /**
     * Allocates zeroed tensors.
     *
     * @param dtype element type of the backend
     * @param shapes names and shapes, in storage order
     */
    public ParameterSet(DType dtype, SequencedMap<String, Shape> shapes) {
        this(dtype, shapes, true);
    }

    private ParameterSet(DType dtype, SequencedMap<String, Shape> shapes, boolean trainable) {
        this.dtype = dtype;
        this.shapes = new LinkedHashMap<>(shapes);
        long n = 0;
        for (Map.Entry<String, Shape> entry : shapes.entrySet()) {
            offsets.put(entry.getKey(), n);
            n += entry.getValue().numElements();
        }
        numElements = n;
        workspace = Workspace.ofBytes((trainable ? 4 : 1) * (n * dtype.bytes() + 64));
        values = workspace.allocate(dtype, n);
        // Prompt methods take views of gradients when they are made, trained or not.
        gradients = trainable ? workspace.allocate(dtype, n) : values.asReadOnly();
        firstMoments = trainable ? workspace.allocate(dtype, n) : MemorySegment.NULL;
        secondMoments = trainable ? workspace.allocate(dtype, n) : MemorySegment.NULL;
    }

    /**
     * Allocates zeroed tensors that are only read: a quarter of the memory. Their gradients can be named but not written, and
     * they have no moments.
     *
     * @param dtype element type of the backend
     * @param shapes names and shapes, in storage order
     * @return the tensors, to be closed by the caller
     */
    public static ParameterSet forInference(DType dtype, SequencedMap<String, Shape> shapes) {
        return new ParameterSet(dtype, shapes, false);
    }

    /** {@return the number of trained numbers} */
    public long numElements() {
        return numElements;
    }

    /** {@return the element type} */
    public DType dtype() {
        return dtype;
    }

    /** {@return names and shapes in storage order} */
    public SequencedMap<String, Shape> shapes() {
        return new LinkedHashMap<>(shapes);
    }

    /**
     * {@return whether a tensor is trained}
     *
     * @param name its name
     */
    public boolean contains(String name) {
        return offsets.containsKey(name);
    }

    /**
     * {@return a tensor's values, a live view}
     *
     * @param name its name
     */
    public MemorySegment value(String name) {
        return slice(values, name);
    }

    /**
     * {@return a tensor's gradient, a live view}
     *
     * @param name its name
     */
    public MemorySegment gradient(String name) {
        return slice(gradients, name);
    }

    private MemorySegment slice(MemorySegment block, String name) {
        Long offset = offsets.get(name);
        Shape shape = shapes.get(name);
        if (offset == null || shape == null) {
            throw new IllegalArgumentException("no parameter named " + name + " among " + offsets.keySet());
        }
        return block.asSlice(offset * dtype.bytes(), shape.numElements() * dtype.bytes());
    }

    /** {@return all values as one block of {@link #numElements()}} */
    public MemorySegment values() {
        return values;
    }

    /** {@return all gradients as one block} */
    public MemorySegment gradients() {
        return gradients;
    }

    /** {@return all first moments as one block} */
    public MemorySegment firstMoments() {
        return firstMoments;
    }

    /** {@return all second moments as one block} */
    public MemorySegment secondMoments() {
        return secondMoments;
    }

    /** {@return views of all values by name, for the host to read} */
    public SequencedMap<String, Tensor> tensors() {
        await();
        SequencedMap<String, Tensor> tensors = new LinkedHashMap<>();
        shapes.forEach((name, shape) -> tensors.put(name, new Tensor(value(name), dtype, shape)));
        return tensors;
    }

    /**
     * Sets one number.
     *
     * @param name the tensor
     * @param index row-major element index
     * @param value the number
     */
    public void set(String name, long index, double value) {
        await();
        set(value(name), index, value);
    }

    /**
     * {@return one number}
     *
     * @param segment a view of this set
     * @param index element index
     */
    public double get(MemorySegment segment, long index) {
        await();
        return element(segment, index);
    }

    /** Returns one number of memory that no kernel works on. */
    double element(MemorySegment segment, long index) {
        return dtype == DType.F64
                ? segment.getAtIndex(ValueLayout.JAVA_DOUBLE, index)
                : segment.getAtIndex(ValueLayout.JAVA_FLOAT, index);
    }

    private void set(MemorySegment segment, long index, double value) {
        if (dtype == DType.F64) {
            segment.setAtIndex(ValueLayout.JAVA_DOUBLE, index, value);
        } else {
            segment.setAtIndex(ValueLayout.JAVA_FLOAT, index, (float) value);
        }
    }

    /**
     * Copies a tensor in, converting F32 and F64 into each other.
     *
     * @param name the tensor
     * @param source same number of elements
     */
    public void load(String name, Tensor source) {
        await();
        MemorySegment target = value(name);
        long n = source.shape().numElements();
        if (n * dtype.bytes() != target.byteSize()) {
            throw new IllegalArgumentException(
                    "parameter " + name + " has shape " + shapes.get(name) + ", the source " + source.shape());
        }
        for (long i = 0; i < n; i++) {
            double v = switch (source.dtype()) {
                case F64 -> source.segment().get(ValueLayout.JAVA_DOUBLE_UNALIGNED, i * Double.BYTES);
                case F32 -> source.segment().get(ValueLayout.JAVA_FLOAT_UNALIGNED, i * Float.BYTES);
                default ->
                    throw new IllegalArgumentException("parameter " + name + " cannot be read from " + source.dtype());
            };
            set(target, i, v);
        }
    }

    /** Waits until no kernel works on the set any more, so that the host may read and write it. */
    public void await() {
        workspace.await();
    }

    /** Frees the memory; idempotent. */
    @Override
    public void close() {
        workspace.close();
    }
}
