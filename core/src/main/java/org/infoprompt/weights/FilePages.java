package org.infoprompt.weights;

import java.lang.foreign.MemorySegment;

/** Gives memory back that only holds what is in a file anyway. */
public final class FilePages {
    private FilePages() {}

    /**
     * Lets the system drop the pages of a view of a read-only mapping; they are read again when they are used again. Any other
     * segment is left alone.
     *
     * @param segment a tensor that was read and will not be read again soon
     */
    public static void release(MemorySegment segment) {
        if (segment.isMapped() && segment.isReadOnly()) {
            segment.unload();
        }
    }
}
