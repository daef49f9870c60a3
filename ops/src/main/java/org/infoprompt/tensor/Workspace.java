package org.infoprompt.tensor;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A bump allocator over one off-heap arena: sized first, allocated once, cleared to zero, closed by its owner.
 *
 * <p>Use it in two passes: the same layout code first runs against a {@link #measuring() measuring} workspace, then
 * against one of the measured size. Every slice starts on a 64-byte boundary. Not thread-safe; the slices may be used
 * from any thread.
 */
public final class Workspace implements AutoCloseable {
    private static final long ALIGNMENT = 64;

    private static volatile WorkspaceMemory source = Workspace::hostMemory;

    private final Arena arena;
    private final WorkspaceMemory origin;
    private final MemorySegment memory;
    private final boolean measuring;
    private long used;

    private Workspace(Arena arena, WorkspaceMemory origin, MemorySegment memory, boolean measuring) {
        this.arena = arena;
        this.origin = origin;
        this.memory = memory;
        this.measuring = measuring;
    }

    /** {@return a workspace that only counts: its slices have no memory and must not be touched} */
    public static Workspace measuring() {
        return new Workspace(Arena.ofShared(), Workspace::hostMemory, MemorySegment.NULL, true);
    }

    /**
     * {@return a workspace of this many bytes}
     *
     * @param bytes its size
     */
    public static Workspace ofBytes(long bytes) {
        Arena arena = Arena.ofShared();
        WorkspaceMemory origin = source;
        try {
            return new Workspace(arena, origin, origin.allocate(Math.max(bytes, 1), ALIGNMENT, arena), false);
        } catch (RuntimeException | Error e) {
            arena.close();
            throw e;
        }
    }

    /**
     * Sets where workspaces that are made from now on take their memory from; a backend does so whose device has memory of its
     * own.
     *
     * @param memory the source; null for the host's memory, as in the beginning
     */
    public static void takeMemoryFrom(@Nullable WorkspaceMemory memory) {
        source = Objects.requireNonNullElse(memory, Workspace::hostMemory);
    }

    private static MemorySegment hostMemory(long bytes, long alignment, Arena arena) {
        return arena.allocate(bytes, alignment);
    }

    /**
     * {@return the next slice}
     *
     * @param dtype the element type
     * @param numElements how many elements
     * @throws IllegalStateException if the workspace was sized too small
     */
    public MemorySegment allocate(DType dtype, long numElements) {
        long bytes = Math.multiplyExact(numElements, (long) dtype.bytes());
        long start = used;
        long end = (Math.addExact(start, bytes) + ALIGNMENT - 1) & -ALIGNMENT;
        used = end;
        if (measuring) {
            return MemorySegment.NULL;
        }
        if (start + bytes > memory.byteSize()) {
            throw new IllegalStateException(
                    "workspace of " + memory.byteSize() + " bytes is too small for " + bytes + " more at " + start);
        }
        return memory.asSlice(start, bytes);
    }

    /** Waits until no device works on the memory any more, so that the host may read and write it. */
    public void await() {
        origin.await();
    }

    /** {@return whether this workspace only counts} */
    public boolean isMeasuring() {
        return measuring;
    }

    /** {@return how many bytes the slices so far take, alignment included} */
    public long usedBytes() {
        return used;
    }

    /** Frees the memory; idempotent. */
    @Override
    public void close() {
        if (arena.scope().isAlive()) {
            arena.close();
        }
    }
}
