package org.infoprompt.ffi.cuda;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import org.infoprompt.ffi.NativeCallException;

/** The driver of this process, initialised. Safe for all threads. */
public final class CudaDriver {
    /** The oldest driver that can run the kernels, as {@code cuDriverGetVersion} counts: CUDA 12.0. */
    public static final int OLDEST_VERSION = 12000;

    private final cuda_h api;
    private final int version;

    /**
     * Initialises a driver.
     *
     * @param api its functions
     * @throws NativeCallException if it cannot be initialised, such as when there is no device
     * @throws UnsupportedOperationException if it is too old
     */
    public CudaDriver(cuda_h api) {
        this.api = api;
        check("cuInit", api.cuInit(0));
        version = intResult("cuDriverGetVersion", api::cuDriverGetVersion);
        if (version < OLDEST_VERSION) {
            throw new UnsupportedOperationException("the NVIDIA driver supports CUDA " + text(version)
                    + "; the kernels need a driver for CUDA " + text(OLDEST_VERSION) + " or newer");
        }
    }

    /**
     * {@return the driver found by {@link CudaLibraries#driver()}}
     *
     * @throws UnsatisfiedLinkError if there is none
     */
    public static CudaDriver load() {
        return new CudaDriver(new cuda_h(CudaLibraries.driver().symbols()));
    }

    /** {@return its functions} */
    public cuda_h api() {
        return api;
    }

    /** {@return the CUDA version it supports, as 1000·major + 10·minor} */
    public int version() {
        return version;
    }

    /** {@return how many devices there are} */
    public int numDevices() {
        return intResult("cuDeviceGetCount", api::cuDeviceGetCount);
    }

    /**
     * Checks what a function returned.
     *
     * @param function the function's name
     * @param status what it returned
     * @throws NativeCallException with the driver's name and text of the status, if it is not success
     */
    public void check(String function, int status) {
        if (status != cuda_h.CUDA_SUCCESS()) {
            throw new NativeCallException(function, status, describe(status));
        }
    }

    /** A call that writes one value. */
    interface ResultCall {
        int into(MemorySegment result);
    }

    int intResult(String function, ResultCall call) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment result = arena.allocate(ValueLayout.JAVA_INT);
            check(function, call.into(result));
            return result.get(ValueLayout.JAVA_INT, 0);
        }
    }

    long longResult(String function, ResultCall call) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment result = arena.allocate(ValueLayout.JAVA_LONG);
            check(function, call.into(result));
            return result.get(ValueLayout.JAVA_LONG, 0);
        }
    }

    String describe(int status) {
        return string(status, api::cuGetErrorName) + ", " + string(status, api::cuGetErrorString);
    }

    /** A call that writes a pointer to a C string about a status. */
    private interface StringCall {
        int into(int status, MemorySegment result);
    }

    @SuppressWarnings("restricted") // the driver returns a C string of its own
    private static String string(int status, StringCall call) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment result = arena.allocate(ValueLayout.ADDRESS);
            if (call.into(status, result) != cuda_h.CUDA_SUCCESS()) {
                return "unknown to the driver";
            }
            return result.get(ValueLayout.ADDRESS, 0)
                    .reinterpret(Long.MAX_VALUE)
                    .getString(0);
        }
    }

    static String text(int version) {
        return version / 1000 + "." + version % 1000 / 10;
    }
}
