package org.infoprompt.ffi.kernels;

import java.lang.foreign.MemorySegment;
import org.jspecify.annotations.Nullable;

/** Checks in front of every native call. */
final class Sizes {
    private Sizes() {}

    /** Fails unless the segment has at least this many float32 elements; returns it. */
    static MemorySegment floats(String name, MemorySegment segment, long elements) {
        return bytes(name, segment, Math.multiplyExact(elements, (long) Float.BYTES));
    }

    /** As {@link #floats}; null is a null pointer. */
    static MemorySegment floatsOrNull(String name, @Nullable MemorySegment segment, long elements) {
        return segment == null ? MemorySegment.NULL : floats(name, segment, elements);
    }

    /** Fails unless the segment has at least this many bytes; returns it. */
    static MemorySegment bytes(String name, MemorySegment segment, long bytes) {
        if (bytes < 0 || segment.byteSize() < bytes) {
            throw new IndexOutOfBoundsException(
                    name + " of " + segment.byteSize() + " bytes must have at least " + bytes);
        }
        return segment;
    }

    /** Returns rows·columns if neither is negative. */
    static long area(long rows, long columns) {
        if (rows < 0 || columns < 0) {
            throw new IndexOutOfBoundsException("sizes " + rows + " and " + columns + " must not be negative");
        }
        return Math.multiplyExact(rows, columns);
    }
}
