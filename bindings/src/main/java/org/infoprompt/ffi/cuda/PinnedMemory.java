package org.infoprompt.ffi.cuda;

import java.lang.foreign.MemorySegment;

/** Memory of the host that the device copies from and to by itself, while the host goes on. Freed by its owner. */
public final class PinnedMemory implements AutoCloseable {
    private final CudaContext context;
    private final MemorySegment segment;
    private boolean closed;

    /**
     * Allocates.
     *
     * @param context a device's context, current
     * @param bytes how much, at least 1
     */
    @SuppressWarnings("restricted") // the driver gives this many bytes
    public PinnedMemory(CudaContext context, long bytes) {
        if (bytes < 1) {
            throw new IllegalArgumentException("bytes " + bytes + " must be at least 1");
        }
        this.context = context;
        CudaDriver driver = context.driver();
        segment = MemorySegment.ofAddress(driver.longResult(
                        "cuMemAllocHost_v2", out -> driver.api().cuMemAllocHost_v2(out, bytes)))
                .reinterpret(bytes);
    }

    /** {@return the memory, which must not be touched after {@link #close}} */
    public MemorySegment segment() {
        if (closed) {
            throw new IllegalStateException("the pinned memory was freed");
        }
        return segment;
    }

    /** Frees the memory; idempotent. No copy may be under way. */
    @Override
    public void close() {
        if (!closed) {
            closed = true;
            context.driver().check("cuMemFreeHost", context.driver().api().cuMemFreeHost(segment));
        }
    }
}
