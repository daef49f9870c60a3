package org.infoprompt.weights;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.infoprompt.tensor.DType;

/** Gives out slices of a mapping; a slice that does not start at a multiple of its element size is copied, once. */
final class AlignedViews {
    /** A cache line, so that copies do not share one with their neighbours. */
    static final long ALIGNMENT = 64;

    private final Arena arena;
    private final Map<String, MemorySegment> copies = new ConcurrentHashMap<>();

    AlignedViews(Arena arena) {
        this.arena = arena;
    }

    MemorySegment aligned(String tensor, MemorySegment view, DType dtype) {
        if (view.address() % dtype.bytes() == 0) {
            return view;
        }
        return copies.computeIfAbsent(
                tensor,
                t -> arena.allocate(view.byteSize(), ALIGNMENT).copyFrom(view).asReadOnly());
    }
}
