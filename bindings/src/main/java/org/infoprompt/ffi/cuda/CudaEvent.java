package org.infoprompt.ffi.cuda;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/** A mark in a stream, to measure the device's own time between two of them. */
public final class CudaEvent implements AutoCloseable {
    private final CudaDriver driver;
    private final MemorySegment handle;
    private boolean closed;

    /**
     * Creates an event.
     *
     * @param context the device's context, current
     */
    public CudaEvent(CudaContext context) {
        driver = context.driver();
        handle = MemorySegment.ofAddress(
                driver.longResult("cuEventCreate", out -> driver.api().cuEventCreate(out, cuda_h.CU_EVENT_DEFAULT())));
    }

    /**
     * Sets the mark behind all that was asked of a stream.
     *
     * @param stream the stream
     */
    public void record(CudaStream stream) {
        driver.check("cuEventRecord", driver.api().cuEventRecord(handle, stream.handle()));
    }

    /**
     * Waits for this mark and measures the time since another.
     *
     * @param start the earlier mark
     * @return the milliseconds between the two
     */
    public float millisSince(CudaEvent start) {
        driver.check("cuEventSynchronize", driver.api().cuEventSynchronize(handle));
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment out = arena.allocate(ValueLayout.JAVA_FLOAT);
            driver.check("cuEventElapsedTime", driver.api().cuEventElapsedTime(out, start.handle, handle));
            return out.get(ValueLayout.JAVA_FLOAT, 0);
        }
    }

    /** Destroys the event; idempotent. */
    @Override
    public void close() {
        if (!closed) {
            closed = true;
            driver.check("cuEventDestroy_v2", driver.api().cuEventDestroy_v2(handle));
        }
    }
}
