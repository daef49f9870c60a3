package org.infoprompt.tensor;

import java.lang.foreign.MemorySegment;

/**
 * A row-major view of memory owned by somebody else; it is never closed.
 *
 * @param segment exactly the elements, little-endian; native or heap
 * @param dtype the element type
 * @param shape the sizes
 */
public record Tensor(MemorySegment segment, DType dtype, Shape shape) {
    /**
     * Checks that the segment is as long as the shape says.
     *
     * @throws IllegalArgumentException if it is not
     */
    public Tensor {
        long bytes = Math.multiplyExact(shape.numElements(), (long) dtype.bytes());
        if (segment.byteSize() != bytes) {
            throw new IllegalArgumentException(
                    "tensor " + dtype + shape + " needs " + bytes + " bytes, the segment has " + segment.byteSize());
        }
    }

    /** {@return the size of the view in bytes} */
    public long byteSize() {
        return segment.byteSize();
    }
}
