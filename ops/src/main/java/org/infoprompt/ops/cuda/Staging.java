package org.infoprompt.ops.cuda;

import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import org.infoprompt.ffi.cuda.DeviceMemory;
import org.infoprompt.ffi.cuda.PinnedMemory;
import org.jspecify.annotations.Nullable;

/**
 * What one call needs beside its operands: device memory, taken anew by each call, because the stream runs calls in order; and
 * pinned memory for copies, taken again only when the device has done what used it. Belongs to one thread.
 */
final class Staging {
    private static final long ALIGNMENT = 256;
    private static final long FIRST_CHUNK = 1 << 20;

    /** Pinned memory is scarce, so it grows with what is copied. */
    private static final long FIRST_PINNED_BYTES = 256 << 10;

    private static final long MOST_PINNED_BYTES = 8 << 20;

    /** Pieces that long copies are cut into, two of which fit. */
    private static final long PIECE = MOST_PINNED_BYTES / 2;

    private final CudaDevice device;
    private final List<DeviceMemory> chunks = new ArrayList<>();
    private int chunk;
    private long used;
    private @Nullable PinnedMemory pinned;
    private long pinnedUsed;
    private long pinnedUse;
    private boolean viewed;

    /** Downloads whose content is still to be copied to where it belongs. */
    private final List<MemorySegment> targets = new ArrayList<>();

    private final List<MemorySegment> sources = new ArrayList<>();

    Staging(CudaDevice device) {
        this.device = device;
    }

    /** Begins a call. Several chunks of device memory become one that holds as much. */
    void begin() {
        if (chunks.size() > 1) {
            long total = chunks.stream().mapToLong(DeviceMemory::byteSize).sum();
            closeChunks();
            chunks.add(device.allocate(total));
        }
        chunk = 0;
        used = 0;
        viewed = false;
        // Of a call that failed: nobody waits for these any more.
        targets.clear();
        sources.clear();
        if (device.done() >= pinnedUse) {
            pinnedUsed = 0;
        }
    }

    /** {@return the address of device memory of any content, this call's} */
    long take(long bytes) {
        long needed = Math.max(bytes, 1);
        while (chunk < chunks.size()) {
            DeviceMemory current = chunks.get(chunk);
            if (used + needed <= current.byteSize()) {
                long address = current.address(used, needed);
                used = (used + needed + ALIGNMENT - 1) & -ALIGNMENT;
                return address;
            }
            chunk++;
            used = 0;
        }
        chunks.add(device.allocate(Math.max(FIRST_CHUNK, needed)));
        return take(bytes);
    }

    /** Copies to the device, in the stream's order; the source may change at once. */
    void upload(long target, MemorySegment source, long bytes) {
        for (long at = 0; at < bytes; at += PIECE) {
            long length = Math.min(PIECE, bytes - at);
            MemorySegment piece = pinned(length);
            piece.copyFrom(source.asSlice(at, length));
            device.stream().upload(target + at, piece, length);
            pinnedUse = device.note();
        }
    }

    /** Copies to the host; the target has the content after {@link #finishDownloads}. */
    void download(MemorySegment target, long source, long bytes) {
        for (long at = 0; at < bytes; at += PIECE) {
            long length = Math.min(PIECE, bytes - at);
            if (!fits(length)) {
                finishDownloads();
            }
            MemorySegment piece = pinned(length);
            device.stream().download(piece, source + at, length);
            pinnedUse = device.note();
            targets.add(target.asSlice(at, length));
            sources.add(piece);
        }
    }

    /** Waits for downloads, if there are any. */
    void finishDownloads() {
        if (sources.isEmpty()) {
            return;
        }
        try {
            device.await();
            for (int i = 0; i < sources.size(); i++) {
                targets.get(i).copyFrom(sources.get(i));
            }
        } finally {
            targets.clear();
            sources.clear();
        }
        pinnedUsed = 0;
    }

    /**
     * {@return a copy on the host, which has its content once the device was waited for, and keeps it until the next call} Null if it is
     * too long, or too much with what was asked for before.
     */
    @Nullable
    MemorySegment view(long source, long bytes) {
        if (bytes > PIECE || (viewed && !fits(bytes))) {
            return null;
        }
        viewed = true;
        MemorySegment copy = pinned(bytes);
        device.stream().download(copy, source, bytes);
        pinnedUse = device.note();
        return copy;
    }

    private MemorySegment pinned(long bytes) {
        PinnedMemory memory = pinned;
        if (memory == null || !fits(bytes)) {
            device.await();
            pinnedUsed = 0;
            long size = memory == null ? FIRST_PINNED_BYTES : memory.segment().byteSize();
            if (memory == null || size < MOST_PINNED_BYTES) {
                if (memory != null) {
                    pinned = null;
                    memory.close();
                    size *= 2;
                }
                long needed = Math.max(size, Math.min(2 * bytes, MOST_PINNED_BYTES));
                memory = device.allocated(needed, () -> new PinnedMemory(device.context(), needed));
                pinned = memory;
            }
        }
        MemorySegment part = memory.segment().asSlice(pinnedUsed, bytes);
        pinnedUsed = (pinnedUsed + bytes + ALIGNMENT - 1) & -ALIGNMENT;
        return part;
    }

    private boolean fits(long bytes) {
        return pinned != null && pinnedUsed + bytes <= pinned.segment().byteSize();
    }

    private void closeChunks() {
        device.await();
        chunks.forEach(DeviceMemory::close);
        chunks.clear();
    }

    /** Frees all memory; the device must be done with it. */
    void close() {
        closeChunks();
        if (pinned != null) {
            pinned.close();
            pinned = null;
        }
    }
}
