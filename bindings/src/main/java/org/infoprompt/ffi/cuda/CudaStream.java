package org.infoprompt.ffi.cuda;

import java.lang.foreign.MemorySegment;
import java.util.Objects;

/** An order of work on a device: copies, fills and launches run one after the other, behind the host's back. */
public final class CudaStream implements AutoCloseable {
    private final CudaContext context;
    private final MemorySegment handle;
    private boolean closed;

    /**
     * Creates a stream that does not wait for the default stream.
     *
     * @param context the device's context, current
     */
    public CudaStream(CudaContext context) {
        this.context = context;
        CudaDriver driver = context.driver();
        handle = MemorySegment.ofAddress(driver.longResult(
                "cuStreamCreate", out -> driver.api().cuStreamCreate(out, cuda_h.CU_STREAM_NON_BLOCKING())));
    }

    /** {@return the native handle} */
    public MemorySegment handle() {
        if (closed) {
            throw new IllegalStateException("the stream was closed");
        }
        return handle;
    }

    /** {@return the context it belongs to} */
    public CudaContext context() {
        return context;
    }

    /**
     * Copies to the device. The source must stay as it is until the stream was synchronised.
     *
     * @param target device address
     * @param source native memory of the host
     * @param bytes how much
     * @throws IndexOutOfBoundsException if the source is shorter
     */
    public void upload(long target, MemorySegment source, long bytes) {
        Objects.checkFromIndexSize(0, bytes, source.byteSize());
        CudaDriver driver = context.driver();
        driver.check("cuMemcpyHtoDAsync_v2", driver.api().cuMemcpyHtoDAsync_v2(target, source, bytes, handle()));
    }

    /**
     * Copies to the host; the target holds the data once the stream was synchronised.
     *
     * @param target native memory of the host
     * @param source device address
     * @param bytes how much
     * @throws IndexOutOfBoundsException if the target is shorter
     */
    public void download(MemorySegment target, long source, long bytes) {
        Objects.checkFromIndexSize(0, bytes, target.byteSize());
        CudaDriver driver = context.driver();
        driver.check("cuMemcpyDtoHAsync_v2", driver.api().cuMemcpyDtoHAsync_v2(target, source, bytes, handle()));
    }

    /**
     * Copies on the device.
     *
     * @param target device address
     * @param source device address; the two must not overlap
     * @param bytes how much
     */
    public void copy(long target, long source, long bytes) {
        CudaDriver driver = context.driver();
        driver.check("cuMemcpyDtoDAsync_v2", driver.api().cuMemcpyDtoDAsync_v2(target, source, bytes, handle()));
    }

    /**
     * Fills with a four-byte pattern.
     *
     * @param target device address, a multiple of 4
     * @param pattern the pattern
     * @param count how often
     */
    public void fill(long target, int pattern, long count) {
        CudaDriver driver = context.driver();
        driver.check("cuMemsetD32Async", driver.api().cuMemsetD32Async(target, pattern, count, handle()));
    }

    /** Waits until all that was asked of the stream is done. */
    public void synchronize() {
        CudaDriver driver = context.driver();
        driver.check("cuStreamSynchronize", driver.api().cuStreamSynchronize(handle()));
    }

    /** Destroys the stream; idempotent. */
    @Override
    public void close() {
        if (!closed) {
            closed = true;
            CudaDriver driver = context.driver();
            driver.check("cuStreamDestroy_v2", driver.api().cuStreamDestroy_v2(handle));
        }
    }
}
