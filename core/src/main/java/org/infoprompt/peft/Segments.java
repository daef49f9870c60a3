package org.infoprompt.peft;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SegmentAllocator;
import java.lang.foreign.ValueLayout;
import org.infoprompt.tensor.DType;
import org.infoprompt.tensor.Tensor;

/** Numbers in a backend's element type. */
final class Segments {
    private static final long ALIGNMENT = 64;

    private Segments() {}

    static MemorySegment allocate(long numElements, DType dtype, Arena arena) {
        return arena.allocate(numElements * dtype.bytes(), ALIGNMENT);
    }

    /** Copies an F32 tensor. */
    static MemorySegment copy(Tensor tensor, DType dtype, Arena arena) {
        long n = tensor.shape().numElements();
        MemorySegment copy = allocate(n, dtype, arena);
        for (long i = 0; i < n; i++) {
            set(copy, dtype, i, float32(tensor, i));
        }
        return copy;
    }

    /** Copies a segment as it is. */
    static MemorySegment copy(MemorySegment from, SegmentAllocator memory) {
        return memory.allocate(from.byteSize(), ALIGNMENT).copyFrom(from);
    }

    static float float32(Tensor tensor, long index) {
        return tensor.segment().get(ValueLayout.JAVA_FLOAT_UNALIGNED, index * Float.BYTES);
    }

    static double get(MemorySegment segment, DType dtype, long index) {
        return dtype == DType.F64
                ? segment.getAtIndex(ValueLayout.JAVA_DOUBLE, index)
                : segment.getAtIndex(ValueLayout.JAVA_FLOAT, index);
    }

    static void set(MemorySegment segment, DType dtype, long index, double value) {
        if (dtype == DType.F64) {
            segment.setAtIndex(ValueLayout.JAVA_DOUBLE, index, value);
        } else {
            segment.setAtIndex(ValueLayout.JAVA_FLOAT, index, (float) value);
        }
    }
}
