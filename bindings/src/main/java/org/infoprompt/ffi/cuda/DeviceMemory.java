package org.infoprompt.ffi.cuda;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Objects;

/** A piece of device memory, freed by its owner. */
public final class DeviceMemory implements AutoCloseable {
    private final CudaContext context;
    private final long address;
    private final long byteSize;
    private boolean closed;

    DeviceMemory(CudaContext context, long address, long byteSize) {
        this.context = context;
        this.address = address;
        this.byteSize = byteSize;
    }

    /**
     * {@return the device address}
     *
     * @throws IllegalStateException if it was freed
     */
    public long address() {
        if (closed) {
            throw new IllegalStateException("the device memory was freed");
        }
        return address;
    }

    /** {@return the size in bytes} */
    public long byteSize() {
        return byteSize;
    }

    /**
     * {@return the memory as a segment} Unless it is managed, the host cannot read it: doing so ends the process, as with any wrong
     * native address.
     */
    @SuppressWarnings("restricted") // the length is the allocation's own
    public MemorySegment segment() {
        return MemorySegment.ofAddress(address()).reinterpret(byteSize);
    }

    /**
     * {@return managed memory as a segment that lives as long as an arena}
     *
     * @param arena whose end is the memory's
     * @param cleanup run then; frees the memory
     */
    @SuppressWarnings("restricted") // the length is the allocation's own
    public MemorySegment segment(Arena arena, Runnable cleanup) {
        return MemorySegment.ofAddress(address()).reinterpret(byteSize, arena, s -> cleanup.run());
    }

    /**
     * {@return the device address of a part}
     *
     * @param offset in bytes
     * @param length in bytes
     * @throws IndexOutOfBoundsException if the part is not inside
     */
    public long address(long offset, long length) {
        Objects.checkFromIndexSize(offset, length, byteSize);
        return address() + offset;
    }

    /** Frees the memory; idempotent. The device must have done what uses it. */
    @Override
    public void close() {
        if (!closed) {
            closed = true;
            context.free(address, byteSize);
        }
    }
}
