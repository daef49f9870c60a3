package org.infoprompt.ops.nativecpu;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import org.infoprompt.ops.Noise;

/** One thread's copy of an {@code int[]} argument where native code can read it; grows to the longest. */
final class OffHeapInts {
    private MemorySegment memory = MemorySegment.NULL;

    /** Returns a copy of the first elements, valid until the next call. */
    MemorySegment copy(int[] values, int count) {
        ensure(count);
        MemorySegment.copy(values, 0, memory, ValueLayout.JAVA_INT, 0, count);
        return memory;
    }

    /** Returns the batch numbers of the first rows of a call, valid until the next call. */
    MemorySegment rows(Noise noise, int count) {
        ensure(count);
        noise.copyRows(count, memory);
        return memory;
    }

    private void ensure(int count) {
        long bytes = (long) count * Integer.BYTES;
        if (memory.byteSize() < bytes) {
            memory = Arena.ofAuto().allocate(bytes, Integer.BYTES);
        }
    }
}
