package org.infoprompt.ops.vector;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;

/**
 * Moves rows between segments and arrays; little-endian, at any alignment. Kernels work on arrays padded to whole vectors:
 * a segment access takes several times the compiler's nodes of an array access, a masked one even more, and where the
 * compiler runs out of nodes every vector becomes an object.
 */
final class Memory {
    static final ValueLayout.OfFloat FLOAT = ValueLayout.JAVA_FLOAT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

    private Memory() {}

    static float get(MemorySegment segment, long index) {
        return segment.getAtIndex(FLOAT, index);
    }

    static void set(MemorySegment segment, long index, float value) {
        segment.setAtIndex(FLOAT, index, value);
    }

    static void read(MemorySegment segment, long index, float[] target, int count) {
        MemorySegment.copy(segment, FLOAT, index * Float.BYTES, target, 0, count);
    }

    static void write(float[] source, MemorySegment segment, long index, int count) {
        MemorySegment.copy(source, 0, segment, FLOAT, index * Float.BYTES, count);
    }

    /** Returns the number rounded up to whole vectors. */
    static int padded(int n) {
        return (n + Lanes.COUNT - 1) / Lanes.COUNT * Lanes.COUNT;
    }
}
