package org.infoprompt.ffi.cuda;

import java.lang.System.Logger.Level;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.concurrent.atomic.AtomicLong;
import org.infoprompt.ffi.NativeCallException;

/**
 * The primary context of one device, retained; the owner of what is allocated on it and of the account of that memory. Safe
 * for all threads, each of which makes it current first.
 */
public final class CudaContext implements AutoCloseable {
    private static final int NAME_BYTES = 256;

    private final CudaDriver driver;
    private final int device;
    private final MemorySegment handle;
    private final String name;
    private final int computeCapability;
    private final int multiprocessors;
    private final AtomicLong allocatedBytes = new AtomicLong();
    private final AtomicLong peakBytes = new AtomicLong();
    private final AtomicLong numAllocations = new AtomicLong();
    private boolean closed;

    /**
     * Retains a device's primary context and makes it current.
     *
     * @param driver the driver
     * @param ordinal the device's number, from 0
     * @throws IllegalArgumentException if there is no such device
     * @throws NativeCallException if the driver fails
     */
    public CudaContext(CudaDriver driver, int ordinal) {
        int count = driver.numDevices();
        if (ordinal < 0 || ordinal >= count) {
            throw new IllegalArgumentException(
                    "device cuda:" + ordinal + " must be in [0, " + count + "), the devices the driver sees");
        }
        this.driver = driver;
        cuda_h api = driver.api();
        device = driver.intResult("cuDeviceGet", out -> api.cuDeviceGet(out, ordinal));
        computeCapability = 10 * attribute(cuda_h.CU_DEVICE_ATTRIBUTE_COMPUTE_CAPABILITY_MAJOR())
                + attribute(cuda_h.CU_DEVICE_ATTRIBUTE_COMPUTE_CAPABILITY_MINOR());
        multiprocessors = attribute(cuda_h.CU_DEVICE_ATTRIBUTE_MULTIPROCESSOR_COUNT());
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment text = arena.allocate(NAME_BYTES);
            driver.check("cuDeviceGetName", api.cuDeviceGetName(text, NAME_BYTES, device));
            name = text.getString(0);
            MemorySegment out = arena.allocate(ValueLayout.ADDRESS);
            driver.check("cuDevicePrimaryCtxRetain", api.cuDevicePrimaryCtxRetain(out, device));
            handle = out.get(ValueLayout.ADDRESS, 0);
        }
        boolean complete = false;
        try {
            makeCurrent();
            complete = true;
        } finally {
            if (!complete) {
                api.cuDevicePrimaryCtxRelease_v2(device);
            }
        }
    }

    /** Makes this the calling thread's context, which every other call of the thread needs. */
    public void makeCurrent() {
        driver.check("cuCtxSetCurrent", driver.api().cuCtxSetCurrent(handle));
    }

    /** Waits until the device has done all that was asked of it. */
    public void synchronize() {
        driver.check("cuCtxSynchronize", driver.api().cuCtxSynchronize());
    }

    /**
     * Allocates device memory; its content is undefined.
     *
     * @param bytes how much; 0 counts as 1
     * @return the memory, closed by its owner
     * @throws NativeCallException with the bytes needed and free, if there is not enough
     */
    public DeviceMemory allocate(long bytes) {
        return allocated("cuMemAlloc_v2", bytes, (out, size) -> driver.api().cuMemAlloc_v2(out, size));
    }

    /**
     * Allocates managed memory, which host and device both reach at the same address; its content is undefined. The host may touch it
     * while the device does not work on it.
     *
     * @param bytes how much; 0 counts as 1
     * @return the memory, closed by its owner
     * @throws NativeCallException with the bytes needed and free, if there is not enough
     * @throws UnsupportedOperationException if host and device cannot share memory page by page
     */
    public DeviceMemory allocateManaged(long bytes) {
        if (attribute(cuda_h.CU_DEVICE_ATTRIBUTE_CONCURRENT_MANAGED_ACCESS()) == 0) {
            throw new UnsupportedOperationException(
                    this + " has no concurrent managed memory; it needs Linux and a GPU of"
                            + " compute capability 6.0 or newer");
        }
        return allocated(
                "cuMemAllocManaged",
                bytes,
                (out, size) -> driver.api().cuMemAllocManaged(out, size, cuda_h.CU_MEM_ATTACH_GLOBAL()));
    }

    /** One of the driver's functions that allocate. */
    private interface Allocator {
        int allocate(MemorySegment out, long bytes);
    }

    private DeviceMemory allocated(String function, long bytes, Allocator allocator) {
        if (bytes < 0) {
            throw new IllegalArgumentException("bytes " + bytes + " must not be negative");
        }
        long size = Math.max(bytes, 1);
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment out = arena.allocate(ValueLayout.JAVA_LONG);
            int status = allocator.allocate(out, size);
            if (status == cuda_h.CUDA_ERROR_OUT_OF_MEMORY()) {
                throw new NativeCallException(
                        function,
                        status,
                        driver.describe(status) + "; " + size + " bytes are needed on " + this + ", " + freeBytes()
                                + " are free, " + allocatedBytes.get() + " are held here");
            }
            driver.check(function, status);
            long held = allocatedBytes.addAndGet(size);
            peakBytes.accumulateAndGet(held, Math::max);
            numAllocations.incrementAndGet();
            return new DeviceMemory(this, out.get(ValueLayout.JAVA_LONG, 0), size);
        }
    }

    void free(long address, long bytes) {
        makeCurrent(); // the thread that frees may be the garbage collector's
        driver.check("cuMemFree_v2", driver.api().cuMemFree_v2(address));
        allocatedBytes.addAndGet(-bytes);
        numAllocations.decrementAndGet();
    }

    /** {@return the driver} */
    public CudaDriver driver() {
        return driver;
    }

    /** {@return the device's name} */
    public String name() {
        return name;
    }

    /** {@return the compute capability as 10·major + minor, such as 90 for an H100} */
    public int computeCapability() {
        return computeCapability;
    }

    /** {@return how many multiprocessors the device has} */
    public int multiprocessors() {
        return multiprocessors;
    }

    /** {@return the bytes that are allocated through this context and not freed} */
    public long allocatedBytes() {
        return allocatedBytes.get();
    }

    /** {@return the most {@link #allocatedBytes()} has been since it was last {@linkplain #restartPeak restarted}} */
    public long peakBytes() {
        return peakBytes.get();
    }

    /** Lets the peak start from what is allocated now. */
    public void restartPeak() {
        peakBytes.set(allocatedBytes.get());
    }

    /** {@return how many allocations are not freed} */
    public long numAllocations() {
        return numAllocations.get();
    }

    /** {@return the free bytes of the device, as the driver sees them now} */
    public long freeBytes() {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment out = arena.allocate(ValueLayout.JAVA_LONG, 2);
            driver.check("cuMemGetInfo_v2", driver.api().cuMemGetInfo_v2(out, out.asSlice(Long.BYTES)));
            return out.get(ValueLayout.JAVA_LONG, 0);
        }
    }

    /** Releases the context; idempotent. Warns if device memory was not freed. */
    @Override
    public synchronized void close() {
        if (closed) {
            return;
        }
        closed = true;
        if (numAllocations.get() != 0) {
            System.getLogger(CudaContext.class.getName())
                    .log(
                            Level.WARNING,
                            numAllocations + " allocations of " + allocatedBytes + " bytes on " + this
                                    + " were not freed");
        }
        driver.check("cuDevicePrimaryCtxRelease_v2", driver.api().cuDevicePrimaryCtxRelease_v2(device));
    }

    @Override
    public String toString() {
        return name + " (compute capability " + computeCapability / 10 + "." + computeCapability % 10 + ")";
    }

    private int attribute(int which) {
        return driver.intResult("cuDeviceGetAttribute", out -> driver.api().cuDeviceGetAttribute(out, which, device));
    }
}
