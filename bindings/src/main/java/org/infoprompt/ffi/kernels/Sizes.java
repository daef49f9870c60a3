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

    /** Fails unless the segment has at least this many 32-bit numbers; returns it. */
    static MemorySegment ints(String name, MemorySegment segment, long elements) {
        return bytes(name, segment, Math.multiplyExact(elements, (long) Integer.BYTES));
    }

    /** Fails unless the segment holds rows that lie {@code stride} elements apart; of the last one, {@code lastRow} elements. */
    static void rows(String name, MemorySegment segment, long rows, long stride, long lastRow) {
        floats(name, segment, rows == 0 ? 0 : Math.addExact(area(rows - 1, stride), lastRow));
    }

    /** Returns rows·columns if neither is negative. */
    static long area(long rows, long columns) {
        if (rows < 0 || columns < 0) {
            throw new IndexOutOfBoundsException("sizes " + rows + " and " + columns + " must not be negative");
        }
        return Math.multiplyExact(rows, columns);
    }
}
