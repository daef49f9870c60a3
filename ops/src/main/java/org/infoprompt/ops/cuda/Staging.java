package org.infoprompt.ops.cuda;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;

/** Managed memory for what one call needs beside its operands, reused by the next call. Belongs to one thread. */
final class Staging {
    private static final long ALIGNMENT = 256;
    private static final long FIRST_CHUNK = 1 << 20;

    private final ManagedMemory memory;
    private final List<MemorySegment> chunks = new ArrayList<>();
    private Arena arena = Arena.ofShared();
    private int chunk;
    private long used;

    Staging(ManagedMemory memory) {
        this.memory = memory;
    }

    /** Forgets what was taken; the device must be done with it. Several chunks become one that holds as much. */
    void reset() {
        if (chunks.size() > 1) {
            long total = 0;
            for (MemorySegment part : chunks) {
                total += part.byteSize();
            }
            close();
            arena = Arena.ofShared();
            chunks.add(memory.allocate(total, ALIGNMENT, arena));
        }
        chunk = 0;
        used = 0;
    }

    /** {@return memory of any content} */
    MemorySegment take(long bytes) {
        long needed = Math.max(bytes, 1);
        while (chunk < chunks.size()) {
            MemorySegment current = chunks.get(chunk);
            if (used + needed <= current.byteSize()) {
                MemorySegment taken = current.asSlice(used, bytes);
                used = (used + needed + ALIGNMENT - 1) & -ALIGNMENT;
                return taken;
            }
            chunk++;
            used = 0;
        }
        chunks.add(memory.allocate(Math.max(FIRST_CHUNK, needed), ALIGNMENT, arena));
        return take(bytes);
    }

    void close() {
        chunks.clear();
        arena.close();
    }
}
