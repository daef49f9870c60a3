package org.infoprompt.ffi.cuda;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import org.infoprompt.ffi.NativeCallException;

/** Kernels loaded on a device, from a cubin or from PTX that the driver compiles. */
public final class CudaModule implements AutoCloseable {
    private static final int LOG_BYTES = 16384;

    private final CudaContext context;
    private final MemorySegment handle;
    private boolean closed;

    /**
     * Loads an image.
     *
     * @param context the device's context, current
     * @param image a cubin, or the text of PTX
     * @throws NativeCallException with the driver's log, if the device cannot run it
     */
    public CudaModule(CudaContext context, byte[] image) {
        this.context = context;
        try (Arena arena = Arena.ofConfined()) {
            // One byte more than the image, zero, because PTX is passed as a C string.
            MemorySegment copy = arena.allocate(image.length + 1L, Long.BYTES);
            MemorySegment.copy(image, 0, copy, ValueLayout.JAVA_BYTE, 0, image.length);
            MemorySegment log = arena.allocate(LOG_BYTES);
            MemorySegment options = arena.allocateFrom(
                    ValueLayout.JAVA_INT,
                    cuda_h.CU_JIT_ERROR_LOG_BUFFER(),
                    cuda_h.CU_JIT_ERROR_LOG_BUFFER_SIZE_BYTES());
            MemorySegment values = arena.allocateFrom(ValueLayout.JAVA_LONG, log.address(), LOG_BYTES);
            MemorySegment out = arena.allocate(ValueLayout.ADDRESS);
            int status = context.driver().api().cuModuleLoadDataEx(out, copy, 2, options, values);
            if (status != cuda_h.CUDA_SUCCESS()) {
                throw new NativeCallException(
                        "cuModuleLoadDataEx",
                        status,
                        context.driver().describe(status) + "; on " + context + ": "
                                + log.getString(0).strip());
            }
            handle = out.get(ValueLayout.ADDRESS, 0);
        }
    }

    /**
     * {@return a kernel}
     *
     * @param name its name in the image
     * @throws NativeCallException if there is none of that name
     */
    public CudaFunction function(String name) {
        CudaDriver driver = context.driver();
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment out = arena.allocate(ValueLayout.ADDRESS);
            int status = driver.api().cuModuleGetFunction(out, handle, arena.allocateFrom(name));
            if (status != cuda_h.CUDA_SUCCESS()) {
                throw new NativeCallException(
                        "cuModuleGetFunction", status, driver.describe(status) + "; kernel " + name);
            }
            return new CudaFunction(driver, name, out.get(ValueLayout.ADDRESS, 0));
        }
    }

    /** Unloads the kernels; idempotent. */
    @Override
    public void close() {
        if (!closed) {
            closed = true;
            context.driver().check("cuModuleUnload", context.driver().api().cuModuleUnload(handle));
        }
    }
}
