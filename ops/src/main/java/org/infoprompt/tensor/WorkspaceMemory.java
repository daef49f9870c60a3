package org.infoprompt.tensor;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/** Where workspaces take their memory from: the host's, or memory that host and device reach at one address. */
public interface WorkspaceMemory {
    /**
     * Allocates memory that is all zero.
     *
     * @param bytes how much
     * @param alignment of its first byte
     * @param arena frees it when it is closed
     * @return the memory
     */
    MemorySegment allocate(long bytes, long alignment, Arena arena);

    /** Waits until no device works on the memory any more, so that the host may. */
    default void await() {}
}
