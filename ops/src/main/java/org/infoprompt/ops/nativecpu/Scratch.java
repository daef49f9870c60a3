package org.infoprompt.ops.nativecpu;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/** One thread's scratch memory, which grows to the largest size asked for. */
final class Scratch {
    private static final long LINE = 64;

    private MemorySegment memory = MemorySegment.NULL;

    /** Returns memory of at least this size, whatever it holds. */
    MemorySegment bytes(long size) {
        if (memory.byteSize() < size) {
            memory = Arena.ofAuto().allocate(size, LINE);
        }
        return memory;
    }
}
