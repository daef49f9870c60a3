// Generated from bindings/src/main/ffi/cuda.spec; do not edit.
package org.infoprompt.ffi.cuda;

import java.lang.foreign.AddressLayout;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import org.infoprompt.ffi.Downcalls;

/** The functions and constants of {@code cuda.h} that the library uses, in jextract's layout, bound to one library.
 * A call of a function that the library lacks throws {@link UnsatisfiedLinkError}. Nothing is checked here.
 */
@SuppressWarnings("doclint:missing")
public final class cuda_h {
    public static final ValueLayout.OfByte C_CHAR = ValueLayout.JAVA_BYTE;
    public static final ValueLayout.OfInt C_INT = ValueLayout.JAVA_INT;
    public static final ValueLayout.OfLong C_LONG = ValueLayout.JAVA_LONG;
    public static final ValueLayout.OfFloat C_FLOAT = ValueLayout.JAVA_FLOAT;
    public static final AddressLayout C_POINTER = ValueLayout.ADDRESS;

    private final MemorySegment cuInit$addr;
    private final MemorySegment cuDriverGetVersion$addr;
    private final MemorySegment cuGetErrorName$addr;
    private final MemorySegment cuGetErrorString$addr;
    private final MemorySegment cuDeviceGetCount$addr;
    private final MemorySegment cuDeviceGet$addr;
    private final MemorySegment cuDeviceGetName$addr;
    private final MemorySegment cuDeviceGetAttribute$addr;
    private final MemorySegment cuDeviceTotalMem_v2$addr;
    private final MemorySegment cuDevicePrimaryCtxRetain$addr;
    private final MemorySegment cuDevicePrimaryCtxRelease_v2$addr;
    private final MemorySegment cuCtxSetCurrent$addr;
    private final MemorySegment cuCtxGetCurrent$addr;
    private final MemorySegment cuCtxSynchronize$addr;
    private final MemorySegment cuMemGetInfo_v2$addr;
    private final MemorySegment cuMemAlloc_v2$addr;
    private final MemorySegment cuMemAllocManaged$addr;
    private final MemorySegment cuMemFree_v2$addr;
    private final MemorySegment cuMemAllocHost_v2$addr;
    private final MemorySegment cuMemFreeHost$addr;
    private final MemorySegment cuMemcpyHtoD_v2$addr;
    private final MemorySegment cuMemcpyDtoH_v2$addr;
    private final MemorySegment cuMemcpyHtoDAsync_v2$addr;
    private final MemorySegment cuMemcpyDtoHAsync_v2$addr;
    private final MemorySegment cuMemcpyDtoDAsync_v2$addr;
    private final MemorySegment cuMemsetD8Async$addr;
    private final MemorySegment cuMemsetD32Async$addr;
    private final MemorySegment cuStreamCreate$addr;
    private final MemorySegment cuStreamDestroy_v2$addr;
    private final MemorySegment cuStreamSynchronize$addr;
    private final MemorySegment cuEventCreate$addr;
    private final MemorySegment cuEventRecord$addr;
    private final MemorySegment cuEventSynchronize$addr;
    private final MemorySegment cuEventElapsedTime$addr;
    private final MemorySegment cuEventDestroy_v2$addr;
    private final MemorySegment cuModuleLoadData$addr;
    private final MemorySegment cuModuleLoadDataEx$addr;
    private final MemorySegment cuModuleUnload$addr;
    private final MemorySegment cuModuleGetFunction$addr;
    private final MemorySegment cuFuncGetAttribute$addr;
    private final MemorySegment cuFuncSetAttribute$addr;
    private final MemorySegment cuLaunchKernel$addr;

    /**
     * Binds the functions.
     *
     * @param library where to look for them
     */
    public cuda_h(SymbolLookup library) {
        cuInit$addr = library.find("cuInit").orElse(MemorySegment.NULL);
        cuDriverGetVersion$addr = library.find("cuDriverGetVersion").orElse(MemorySegment.NULL);
        cuGetErrorName$addr = library.find("cuGetErrorName").orElse(MemorySegment.NULL);
        cuGetErrorString$addr = library.find("cuGetErrorString").orElse(MemorySegment.NULL);
        cuDeviceGetCount$addr = library.find("cuDeviceGetCount").orElse(MemorySegment.NULL);
        cuDeviceGet$addr = library.find("cuDeviceGet").orElse(MemorySegment.NULL);
        cuDeviceGetName$addr = library.find("cuDeviceGetName").orElse(MemorySegment.NULL);
        cuDeviceGetAttribute$addr = library.find("cuDeviceGetAttribute").orElse(MemorySegment.NULL);
        cuDeviceTotalMem_v2$addr = library.find("cuDeviceTotalMem_v2").orElse(MemorySegment.NULL);
        cuDevicePrimaryCtxRetain$addr = library.find("cuDevicePrimaryCtxRetain").orElse(MemorySegment.NULL);
        cuDevicePrimaryCtxRelease_v2$addr =
                library.find("cuDevicePrimaryCtxRelease_v2").orElse(MemorySegment.NULL);
        cuCtxSetCurrent$addr = library.find("cuCtxSetCurrent").orElse(MemorySegment.NULL);
        cuCtxGetCurrent$addr = library.find("cuCtxGetCurrent").orElse(MemorySegment.NULL);
        cuCtxSynchronize$addr = library.find("cuCtxSynchronize").orElse(MemorySegment.NULL);
        cuMemGetInfo_v2$addr = library.find("cuMemGetInfo_v2").orElse(MemorySegment.NULL);
        cuMemAlloc_v2$addr = library.find("cuMemAlloc_v2").orElse(MemorySegment.NULL);
        cuMemAllocManaged$addr = library.find("cuMemAllocManaged").orElse(MemorySegment.NULL);
        cuMemFree_v2$addr = library.find("cuMemFree_v2").orElse(MemorySegment.NULL);
        cuMemAllocHost_v2$addr = library.find("cuMemAllocHost_v2").orElse(MemorySegment.NULL);
        cuMemFreeHost$addr = library.find("cuMemFreeHost").orElse(MemorySegment.NULL);
        cuMemcpyHtoD_v2$addr = library.find("cuMemcpyHtoD_v2").orElse(MemorySegment.NULL);
        cuMemcpyDtoH_v2$addr = library.find("cuMemcpyDtoH_v2").orElse(MemorySegment.NULL);
        cuMemcpyHtoDAsync_v2$addr = library.find("cuMemcpyHtoDAsync_v2").orElse(MemorySegment.NULL);
        cuMemcpyDtoHAsync_v2$addr = library.find("cuMemcpyDtoHAsync_v2").orElse(MemorySegment.NULL);
        cuMemcpyDtoDAsync_v2$addr = library.find("cuMemcpyDtoDAsync_v2").orElse(MemorySegment.NULL);
        cuMemsetD8Async$addr = library.find("cuMemsetD8Async").orElse(MemorySegment.NULL);
        cuMemsetD32Async$addr = library.find("cuMemsetD32Async").orElse(MemorySegment.NULL);
        cuStreamCreate$addr = library.find("cuStreamCreate").orElse(MemorySegment.NULL);
        cuStreamDestroy_v2$addr = library.find("cuStreamDestroy_v2").orElse(MemorySegment.NULL);
        cuStreamSynchronize$addr = library.find("cuStreamSynchronize").orElse(MemorySegment.NULL);
        cuEventCreate$addr = library.find("cuEventCreate").orElse(MemorySegment.NULL);
        cuEventRecord$addr = library.find("cuEventRecord").orElse(MemorySegment.NULL);
        cuEventSynchronize$addr = library.find("cuEventSynchronize").orElse(MemorySegment.NULL);
        cuEventElapsedTime$addr = library.find("cuEventElapsedTime").orElse(MemorySegment.NULL);
        cuEventDestroy_v2$addr = library.find("cuEventDestroy_v2").orElse(MemorySegment.NULL);
        cuModuleLoadData$addr = library.find("cuModuleLoadData").orElse(MemorySegment.NULL);
        cuModuleLoadDataEx$addr = library.find("cuModuleLoadDataEx").orElse(MemorySegment.NULL);
        cuModuleUnload$addr = library.find("cuModuleUnload").orElse(MemorySegment.NULL);
        cuModuleGetFunction$addr = library.find("cuModuleGetFunction").orElse(MemorySegment.NULL);
        cuFuncGetAttribute$addr = library.find("cuFuncGetAttribute").orElse(MemorySegment.NULL);
        cuFuncSetAttribute$addr = library.find("cuFuncSetAttribute").orElse(MemorySegment.NULL);
        cuLaunchKernel$addr = library.find("cuLaunchKernel").orElse(MemorySegment.NULL);
    }

    private static final class cuInit {
        static final FunctionDescriptor DESC = FunctionDescriptor.of(C_INT, C_INT);

        private cuInit() {}
    }

    private static final class cuInit$mh {
        static final MethodHandle HANDLE = Downcalls.unbound(cuInit.DESC);

        private cuInit$mh() {}
    }

    /** {@return the parameters and result of {@code cuInit}} */
    public static FunctionDescriptor cuInit$descriptor() {
        return cuInit.DESC;
    }

    /** {@return the handle of {@code cuInit}, whose first argument is its address} */
    public static MethodHandle cuInit$handle() {
        return cuInit$mh.HANDLE;
    }

    /** {@return the address of {@code cuInit}} */
    public MemorySegment cuInit$address() {
        return bound(cuInit$addr, "cuInit");
    }

    /** {@code CUresult cuInit(unsigned int Flags)}. */
    public int cuInit(int Flags) {
        MemorySegment address$ = bound(cuInit$addr, "cuInit");
        try {
            return (int) cuInit$mh.HANDLE.invokeExact(address$, Flags);
        } catch (Error | RuntimeException e$) {
            throw e$;
        } catch (Throwable e$) {
            throw unexpected(e$);
        }
    }

    private static final class cuDriverGetVersion {
        static final FunctionDescriptor DESC = FunctionDescriptor.of(C_INT, C_POINTER);

        private cuDriverGetVersion() {}
    }

    private static final class cuDriverGetVersion$mh {
        static final MethodHandle HANDLE = Downcalls.unbound(cuDriverGetVersion.DESC);

        private cuDriverGetVersion$mh() {}
    }

    /** {@return the parameters and result of {@code cuDriverGetVersion}} */
    public static FunctionDescriptor cuDriverGetVersion$descriptor() {
        return cuDriverGetVersion.DESC;
    }

    /** {@return the handle of {@code cuDriverGetVersion}, whose first argument is its address} */
    public static MethodHandle cuDriverGetVersion$handle() {
        return cuDriverGetVersion$mh.HANDLE;
    }

    /** {@return the address of {@code cuDriverGetVersion}} */
    public MemorySegment cuDriverGetVersion$address() {
        return bound(cuDriverGetVersion$addr, "cuDriverGetVersion");
    }

    /** {@code CUresult cuDriverGetVersion(int * driverVersion)}. */
    public int cuDriverGetVersion(MemorySegment driverVersion) {
        MemorySegment address$ = bound(cuDriverGetVersion$addr, "cuDriverGetVersion");
        try {
            return (int) cuDriverGetVersion$mh.HANDLE.invokeExact(address$, driverVersion);
        } catch (Error | RuntimeException e$) {
            throw e$;
        } catch (Throwable e$) {
            throw unexpected(e$);
        }
    }

    private static final class cuGetErrorName {
        static final FunctionDescriptor DESC = FunctionDescriptor.of(C_INT, C_INT, C_POINTER);

        private cuGetErrorName() {}
    }

    private static final class cuGetErrorName$mh {
        static final MethodHandle HANDLE = Downcalls.unbound(cuGetErrorName.DESC);

        private cuGetErrorName$mh() {}
    }

    /** {@return the parameters and result of {@code cuGetErrorName}} */
    public static FunctionDescriptor cuGetErrorName$descriptor() {
        return cuGetErrorName.DESC;
    }

    /** {@return the handle of {@code cuGetErrorName}, whose first argument is its address} */
    public static MethodHandle cuGetErrorName$handle() {
        return cuGetErrorName$mh.HANDLE;
    }

    /** {@return the address of {@code cuGetErrorName}} */
    public MemorySegment cuGetErrorName$address() {
        return bound(cuGetErrorName$addr, "cuGetErrorName");
    }

    /** {@code CUresult cuGetErrorName(CUresult error, const char ** pStr)}. */
    public int cuGetErrorName(int error, MemorySegment pStr) {
        MemorySegment address$ = bound(cuGetErrorName$addr, "cuGetErrorName");
        try {
            return (int) cuGetErrorName$mh.HANDLE.invokeExact(address$, error, pStr);
        } catch (Error | RuntimeException e$) {
            throw e$;
        } catch (Throwable e$) {
            throw unexpected(e$);
        }
    }

    private static final class cuGetErrorString {
        static final FunctionDescriptor DESC = FunctionDescriptor.of(C_INT, C_INT, C_POINTER);

        private cuGetErrorString() {}
    }

    private static final class cuGetErrorString$mh {
        static final MethodHandle HANDLE = Downcalls.unbound(cuGetErrorString.DESC);

        private cuGetErrorString$mh() {}
    }

    /** {@return the parameters and result of {@code cuGetErrorString}} */
    public static FunctionDescriptor cuGetErrorString$descriptor() {
        return cuGetErrorString.DESC;
    }

    /** {@return the handle of {@code cuGetErrorString}, whose first argument is its address} */
    public static MethodHandle cuGetErrorString$handle() {
        return cuGetErrorString$mh.HANDLE;
    }

    /** {@return the address of {@code cuGetErrorString}} */
    public MemorySegment cuGetErrorString$address() {
        return bound(cuGetErrorString$addr, "cuGetErrorString");
    }

    /** {@code CUresult cuGetErrorString(CUresult error, const char ** pStr)}. */
    public int cuGetErrorString(int error, MemorySegment pStr) {
        MemorySegment address$ = bound(cuGetErrorString$addr, "cuGetErrorString");
        try {
            return (int) cuGetErrorString$mh.HANDLE.invokeExact(address$, error, pStr);
        } catch (Error | RuntimeException e$) {
            throw e$;
        } catch (Throwable e$) {
            throw unexpected(e$);
        }
    }

    private static final class cuDeviceGetCount {
        static final FunctionDescriptor DESC = FunctionDescriptor.of(C_INT, C_POINTER);

        private cuDeviceGetCount() {}
    }

    private static final class cuDeviceGetCount$mh {
        static final MethodHandle HANDLE = Downcalls.unbound(cuDeviceGetCount.DESC);

        private cuDeviceGetCount$mh() {}
    }

    /** {@return the parameters and result of {@code cuDeviceGetCount}} */
    public static FunctionDescriptor cuDeviceGetCount$descriptor() {
        return cuDeviceGetCount.DESC;
    }

    /** {@return the handle of {@code cuDeviceGetCount}, whose first argument is its address} */
    public static MethodHandle cuDeviceGetCount$handle() {
        return cuDeviceGetCount$mh.HANDLE;
    }

    /** {@return the address of {@code cuDeviceGetCount}} */
    public MemorySegment cuDeviceGetCount$address() {
        return bound(cuDeviceGetCount$addr, "cuDeviceGetCount");
    }

    /** {@code CUresult cuDeviceGetCount(int * count)}. */
    public int cuDeviceGetCount(MemorySegment count) {
        MemorySegment address$ = bound(cuDeviceGetCount$addr, "cuDeviceGetCount");
        try {
            return (int) cuDeviceGetCount$mh.HANDLE.invokeExact(address$, count);
        } catch (Error | RuntimeException e$) {
            throw e$;
        } catch (Throwable e$) {
            throw unexpected(e$);
        }
    }

    private static final class cuDeviceGet {
        static final FunctionDescriptor DESC = FunctionDescriptor.of(C_INT, C_POINTER, C_INT);

        private cuDeviceGet() {}
    }

    private static final class cuDeviceGet$mh {
        static final MethodHandle HANDLE = Downcalls.unbound(cuDeviceGet.DESC);

        private cuDeviceGet$mh() {}
    }

    /** {@return the parameters and result of {@code cuDeviceGet}} */
    public static FunctionDescriptor cuDeviceGet$descriptor() {
        return cuDeviceGet.DESC;
    }

    /** {@return the handle of {@code cuDeviceGet}, whose first argument is its address} */
    public static MethodHandle cuDeviceGet$handle() {
        return cuDeviceGet$mh.HANDLE;
    }

    /** {@return the address of {@code cuDeviceGet}} */
    public MemorySegment cuDeviceGet$address() {
        return bound(cuDeviceGet$addr, "cuDeviceGet");
    }

    /** {@code CUresult cuDeviceGet(CUdevice * device, int ordinal)}. */
    public int cuDeviceGet(MemorySegment device, int ordinal) {
        MemorySegment address$ = bound(cuDeviceGet$addr, "cuDeviceGet");
        try {
            return (int) cuDeviceGet$mh.HANDLE.invokeExact(address$, device, ordinal);
        } catch (Error | RuntimeException e$) {
            throw e$;
        } catch (Throwable e$) {
            throw unexpected(e$);
        }
    }

    private static final class cuDeviceGetName {
        static final FunctionDescriptor DESC = FunctionDescriptor.of(C_INT, C_POINTER, C_INT, C_INT);

        private cuDeviceGetName() {}
    }

    private static final class cuDeviceGetName$mh {
        static final MethodHandle HANDLE = Downcalls.unbound(cuDeviceGetName.DESC);

        private cuDeviceGetName$mh() {}
    }

    /** {@return the parameters and result of {@code cuDeviceGetName}} */
    public static FunctionDescriptor cuDeviceGetName$descriptor() {
        return cuDeviceGetName.DESC;
    }

    /** {@return the handle of {@code cuDeviceGetName}, whose first argument is its address} */
    public static MethodHandle cuDeviceGetName$handle() {
        return cuDeviceGetName$mh.HANDLE;
    }

    /** {@return the address of {@code cuDeviceGetName}} */
    public MemorySegment cuDeviceGetName$address() {
        return bound(cuDeviceGetName$addr, "cuDeviceGetName");
    }

    /** {@code CUresult cuDeviceGetName(char * name, int len, CUdevice dev)}. */
    public int cuDeviceGetName(MemorySegment name, int len, int dev) {
        MemorySegment address$ = bound(cuDeviceGetName$addr, "cuDeviceGetName");
        try {
            return (int) cuDeviceGetName$mh.HANDLE.invokeExact(address$, name, len, dev);
        } catch (Error | RuntimeException e$) {
            throw e$;
        } catch (Throwable e$) {
            throw unexpected(e$);
        }
    }

    private static final class cuDeviceGetAttribute {
        static final FunctionDescriptor DESC = FunctionDescriptor.of(C_INT, C_POINTER, C_INT, C_INT);

        private cuDeviceGetAttribute() {}
    }

    private static final class cuDeviceGetAttribute$mh {
        static final MethodHandle HANDLE = Downcalls.unbound(cuDeviceGetAttribute.DESC);

        private cuDeviceGetAttribute$mh() {}
    }

    /** {@return the parameters and result of {@code cuDeviceGetAttribute}} */
    public static FunctionDescriptor cuDeviceGetAttribute$descriptor() {
        return cuDeviceGetAttribute.DESC;
    }

    /** {@return the handle of {@code cuDeviceGetAttribute}, whose first argument is its address} */
    public static MethodHandle cuDeviceGetAttribute$handle() {
        return cuDeviceGetAttribute$mh.HANDLE;
    }

    /** {@return the address of {@code cuDeviceGetAttribute}} */
    public MemorySegment cuDeviceGetAttribute$address() {
        return bound(cuDeviceGetAttribute$addr, "cuDeviceGetAttribute");
    }

    /** {@code CUresult cuDeviceGetAttribute(int * pi, CUdevice_attribute attrib, CUdevice dev)}. */
    public int cuDeviceGetAttribute(MemorySegment pi, int attrib, int dev) {
        MemorySegment address$ = bound(cuDeviceGetAttribute$addr, "cuDeviceGetAttribute");
        try {
            return (int) cuDeviceGetAttribute$mh.HANDLE.invokeExact(address$, pi, attrib, dev);
        } catch (Error | RuntimeException e$) {
            throw e$;
        } catch (Throwable e$) {
            throw unexpected(e$);
        }
    }

    private static final class cuDeviceTotalMem_v2 {
        static final FunctionDescriptor DESC = FunctionDescriptor.of(C_INT, C_POINTER, C_INT);

        private cuDeviceTotalMem_v2() {}
    }

    private static final class cuDeviceTotalMem_v2$mh {
        static final MethodHandle HANDLE = Downcalls.unbound(cuDeviceTotalMem_v2.DESC);

        private cuDeviceTotalMem_v2$mh() {}
    }

    /** {@return the parameters and result of {@code cuDeviceTotalMem_v2}} */
    public static FunctionDescriptor cuDeviceTotalMem_v2$descriptor() {
        return cuDeviceTotalMem_v2.DESC;
    }

    /** {@return the handle of {@code cuDeviceTotalMem_v2}, whose first argument is its address} */
    public static MethodHandle cuDeviceTotalMem_v2$handle() {
        return cuDeviceTotalMem_v2$mh.HANDLE;
    }

    /** {@return the address of {@code cuDeviceTotalMem_v2}} */
    public MemorySegment cuDeviceTotalMem_v2$address() {
        return bound(cuDeviceTotalMem_v2$addr, "cuDeviceTotalMem_v2");
    }

    /** {@code CUresult cuDeviceTotalMem_v2(size_t * bytes, CUdevice dev)}. */
    public int cuDeviceTotalMem_v2(MemorySegment bytes, int dev) {
        MemorySegment address$ = bound(cuDeviceTotalMem_v2$addr, "cuDeviceTotalMem_v2");
        try {
            return (int) cuDeviceTotalMem_v2$mh.HANDLE.invokeExact(address$, bytes, dev);
        } catch (Error | RuntimeException e$) {
            throw e$;
        } catch (Throwable e$) {
            throw unexpected(e$);
        }
    }

    private static final class cuDevicePrimaryCtxRetain {
        static final FunctionDescriptor DESC = FunctionDescriptor.of(C_INT, C_POINTER, C_INT);

        private cuDevicePrimaryCtxRetain() {}
    }

    private static final class cuDevicePrimaryCtxRetain$mh {
        static final MethodHandle HANDLE = Downcalls.unbound(cuDevicePrimaryCtxRetain.DESC);

        private cuDevicePrimaryCtxRetain$mh() {}
    }

    /** {@return the parameters and result of {@code cuDevicePrimaryCtxRetain}} */
    public static FunctionDescriptor cuDevicePrimaryCtxRetain$descriptor() {
        return cuDevicePrimaryCtxRetain.DESC;
    }

    /** {@return the handle of {@code cuDevicePrimaryCtxRetain}, whose first argument is its address} */
    public static MethodHandle cuDevicePrimaryCtxRetain$handle() {
        return cuDevicePrimaryCtxRetain$mh.HANDLE;
    }

    /** {@return the address of {@code cuDevicePrimaryCtxRetain}} */
    public MemorySegment cuDevicePrimaryCtxRetain$address() {
        return bound(cuDevicePrimaryCtxRetain$addr, "cuDevicePrimaryCtxRetain");
    }

    /** {@code CUresult cuDevicePrimaryCtxRetain(CUcontext * pctx, CUdevice dev)}. */
    public int cuDevicePrimaryCtxRetain(MemorySegment pctx, int dev) {
        MemorySegment address$ = bound(cuDevicePrimaryCtxRetain$addr, "cuDevicePrimaryCtxRetain");
        try {
            return (int) cuDevicePrimaryCtxRetain$mh.HANDLE.invokeExact(address$, pctx, dev);
        } catch (Error | RuntimeException e$) {
            throw e$;
        } catch (Throwable e$) {
            throw unexpected(e$);
        }
    }

    private static final class cuDevicePrimaryCtxRelease_v2 {
        static final FunctionDescriptor DESC = FunctionDescriptor.of(C_INT, C_INT);

        private cuDevicePrimaryCtxRelease_v2() {}
    }

    private static final class cuDevicePrimaryCtxRelease_v2$mh {
        static final MethodHandle HANDLE = Downcalls.unbound(cuDevicePrimaryCtxRelease_v2.DESC);

        private cuDevicePrimaryCtxRelease_v2$mh() {}
    }

    /** {@return the parameters and result of {@code cuDevicePrimaryCtxRelease_v2}} */
    public static FunctionDescriptor cuDevicePrimaryCtxRelease_v2$descriptor() {
        return cuDevicePrimaryCtxRelease_v2.DESC;
    }

    /** {@return the handle of {@code cuDevicePrimaryCtxRelease_v2}, whose first argument is its address} */
    public static MethodHandle cuDevicePrimaryCtxRelease_v2$handle() {
        return cuDevicePrimaryCtxRelease_v2$mh.HANDLE;
    }

    /** {@return the address of {@code cuDevicePrimaryCtxRelease_v2}} */
    public MemorySegment cuDevicePrimaryCtxRelease_v2$address() {
        return bound(cuDevicePrimaryCtxRelease_v2$addr, "cuDevicePrimaryCtxRelease_v2");
    }

    /** {@code CUresult cuDevicePrimaryCtxRelease_v2(CUdevice dev)}. */
    public int cuDevicePrimaryCtxRelease_v2(int dev) {
        MemorySegment address$ = bound(cuDevicePrimaryCtxRelease_v2$addr, "cuDevicePrimaryCtxRelease_v2");
        try {
            return (int) cuDevicePrimaryCtxRelease_v2$mh.HANDLE.invokeExact(address$, dev);
        } catch (Error | RuntimeException e$) {
            throw e$;
        } catch (Throwable e$) {
            throw unexpected(e$);
        }
    }

    private static final class cuCtxSetCurrent {
        static final FunctionDescriptor DESC = FunctionDescriptor.of(C_INT, C_POINTER);

        private cuCtxSetCurrent() {}
    }

    private static final class cuCtxSetCurrent$mh {
        static final MethodHandle HANDLE = Downcalls.unbound(cuCtxSetCurrent.DESC);

        private cuCtxSetCurrent$mh() {}
    }

    /** {@return the parameters and result of {@code cuCtxSetCurrent}} */
    public static FunctionDescriptor cuCtxSetCurrent$descriptor() {
        return cuCtxSetCurrent.DESC;
    }

    /** {@return the handle of {@code cuCtxSetCurrent}, whose first argument is its address} */
    public static MethodHandle cuCtxSetCurrent$handle() {
        return cuCtxSetCurrent$mh.HANDLE;
    }

    /** {@return the address of {@code cuCtxSetCurrent}} */
    public MemorySegment cuCtxSetCurrent$address() {
        return bound(cuCtxSetCurrent$addr, "cuCtxSetCurrent");
    }

    /** {@code CUresult cuCtxSetCurrent(CUcontext ctx)}. */
    public int cuCtxSetCurrent(MemorySegment ctx) {
        MemorySegment address$ = bound(cuCtxSetCurrent$addr, "cuCtxSetCurrent");
        try {
            return (int) cuCtxSetCurrent$mh.HANDLE.invokeExact(address$, ctx);
        } catch (Error | RuntimeException e$) {
            throw e$;
        } catch (Throwable e$) {
            throw unexpected(e$);
        }
    }

    private static final class cuCtxGetCurrent {
        static final FunctionDescriptor DESC = FunctionDescriptor.of(C_INT, C_POINTER);

        private cuCtxGetCurrent() {}
    }

    private static final class cuCtxGetCurrent$mh {
        static final MethodHandle HANDLE = Downcalls.unbound(cuCtxGetCurrent.DESC);

        private cuCtxGetCurrent$mh() {}
    }

    /** {@return the parameters and result of {@code cuCtxGetCurrent}} */
    public static FunctionDescriptor cuCtxGetCurrent$descriptor() {
        return cuCtxGetCurrent.DESC;
    }

    /** {@return the handle of {@code cuCtxGetCurrent}, whose first argument is its address} */
    public static MethodHandle cuCtxGetCurrent$handle() {
        return cuCtxGetCurrent$mh.HANDLE;
    }

    /** {@return the address of {@code cuCtxGetCurrent}} */
    public MemorySegment cuCtxGetCurrent$address() {
        return bound(cuCtxGetCurrent$addr, "cuCtxGetCurrent");
    }

    /** {@code CUresult cuCtxGetCurrent(CUcontext * pctx)}. */
    public int cuCtxGetCurrent(MemorySegment pctx) {
        MemorySegment address$ = bound(cuCtxGetCurrent$addr, "cuCtxGetCurrent");
        try {
            return (int) cuCtxGetCurrent$mh.HANDLE.invokeExact(address$, pctx);
        } catch (Error | RuntimeException e$) {
            throw e$;
        } catch (Throwable e$) {
            throw unexpected(e$);
        }
    }

    private static final class cuCtxSynchronize {
        static final FunctionDescriptor DESC = FunctionDescriptor.of(C_INT);

        private cuCtxSynchronize() {}
    }

    private static final class cuCtxSynchronize$mh {
        static final MethodHandle HANDLE = Downcalls.unbound(cuCtxSynchronize.DESC);

        private cuCtxSynchronize$mh() {}
    }

    /** {@return the parameters and result of {@code cuCtxSynchronize}} */
    public static FunctionDescriptor cuCtxSynchronize$descriptor() {
        return cuCtxSynchronize.DESC;
    }

    /** {@return the handle of {@code cuCtxSynchronize}, whose first argument is its address} */
    public static MethodHandle cuCtxSynchronize$handle() {
        return cuCtxSynchronize$mh.HANDLE;
    }

    /** {@return the address of {@code cuCtxSynchronize}} */
    public MemorySegment cuCtxSynchronize$address() {
        return bound(cuCtxSynchronize$addr, "cuCtxSynchronize");
    }

    /** {@code CUresult cuCtxSynchronize(void)}. */
    public int cuCtxSynchronize() {
        MemorySegment address$ = bound(cuCtxSynchronize$addr, "cuCtxSynchronize");
        try {
            return (int) cuCtxSynchronize$mh.HANDLE.invokeExact(address$);
        } catch (Error | RuntimeException e$) {
            throw e$;
        } catch (Throwable e$) {
            throw unexpected(e$);
        }
    }

    private static final class cuMemGetInfo_v2 {
        static final FunctionDescriptor DESC = FunctionDescriptor.of(C_INT, C_POINTER, C_POINTER);

        private cuMemGetInfo_v2() {}
    }

    private static final class cuMemGetInfo_v2$mh {
        static final MethodHandle HANDLE = Downcalls.unbound(cuMemGetInfo_v2.DESC);

        private cuMemGetInfo_v2$mh() {}
    }

    /** {@return the parameters and result of {@code cuMemGetInfo_v2}} */
    public static FunctionDescriptor cuMemGetInfo_v2$descriptor() {
        return cuMemGetInfo_v2.DESC;
    }

    /** {@return the handle of {@code cuMemGetInfo_v2}, whose first argument is its address} */
    public static MethodHandle cuMemGetInfo_v2$handle() {
        return cuMemGetInfo_v2$mh.HANDLE;
    }

    /** {@return the address of {@code cuMemGetInfo_v2}} */
    public MemorySegment cuMemGetInfo_v2$address() {
        return bound(cuMemGetInfo_v2$addr, "cuMemGetInfo_v2");
    }

    /** {@code CUresult cuMemGetInfo_v2(size_t * free, size_t * total)}. */
    public int cuMemGetInfo_v2(MemorySegment free, MemorySegment total) {
        MemorySegment address$ = bound(cuMemGetInfo_v2$addr, "cuMemGetInfo_v2");
        try {
            return (int) cuMemGetInfo_v2$mh.HANDLE.invokeExact(address$, free, total);
        } catch (Error | RuntimeException e$) {
            throw e$;
        } catch (Throwable e$) {
            throw unexpected(e$);
        }
    }

    private static final class cuMemAlloc_v2 {
        static final FunctionDescriptor DESC = FunctionDescriptor.of(C_INT, C_POINTER, C_LONG);

        private cuMemAlloc_v2() {}
    }

    private static final class cuMemAlloc_v2$mh {
        static final MethodHandle HANDLE = Downcalls.unbound(cuMemAlloc_v2.DESC);

        private cuMemAlloc_v2$mh() {}
    }

    /** {@return the parameters and result of {@code cuMemAlloc_v2}} */
    public static FunctionDescriptor cuMemAlloc_v2$descriptor() {
        return cuMemAlloc_v2.DESC;
    }

    /** {@return the handle of {@code cuMemAlloc_v2}, whose first argument is its address} */
    public static MethodHandle cuMemAlloc_v2$handle() {
        return cuMemAlloc_v2$mh.HANDLE;
    }

    /** {@return the address of {@code cuMemAlloc_v2}} */
    public MemorySegment cuMemAlloc_v2$address() {
        return bound(cuMemAlloc_v2$addr, "cuMemAlloc_v2");
    }

    /** {@code CUresult cuMemAlloc_v2(CUdeviceptr * dptr, size_t bytesize)}. */
    public int cuMemAlloc_v2(MemorySegment dptr, long bytesize) {
        MemorySegment address$ = bound(cuMemAlloc_v2$addr, "cuMemAlloc_v2");
        try {
            return (int) cuMemAlloc_v2$mh.HANDLE.invokeExact(address$, dptr, bytesize);
        } catch (Error | RuntimeException e$) {
            throw e$;
        } catch (Throwable e$) {
            throw unexpected(e$);
        }
    }

    private static final class cuMemAllocManaged {
        static final FunctionDescriptor DESC = FunctionDescriptor.of(C_INT, C_POINTER, C_LONG, C_INT);

        private cuMemAllocManaged() {}
    }

    private static final class cuMemAllocManaged$mh {
        static final MethodHandle HANDLE = Downcalls.unbound(cuMemAllocManaged.DESC);

        private cuMemAllocManaged$mh() {}
    }

    /** {@return the parameters and result of {@code cuMemAllocManaged}} */
    public static FunctionDescriptor cuMemAllocManaged$descriptor() {
        return cuMemAllocManaged.DESC;
    }

    /** {@return the handle of {@code cuMemAllocManaged}, whose first argument is its address} */
    public static MethodHandle cuMemAllocManaged$handle() {
        return cuMemAllocManaged$mh.HANDLE;
    }

    /** {@return the address of {@code cuMemAllocManaged}} */
    public MemorySegment cuMemAllocManaged$address() {
        return bound(cuMemAllocManaged$addr, "cuMemAllocManaged");
    }

    /** {@code CUresult cuMemAllocManaged(CUdeviceptr * dptr, size_t bytesize, unsigned int flags)}. */
    public int cuMemAllocManaged(MemorySegment dptr, long bytesize, int flags) {
        MemorySegment address$ = bound(cuMemAllocManaged$addr, "cuMemAllocManaged");
        try {
            return (int) cuMemAllocManaged$mh.HANDLE.invokeExact(address$, dptr, bytesize, flags);
        } catch (Error | RuntimeException e$) {
            throw e$;
        } catch (Throwable e$) {
            throw unexpected(e$);
        }
    }

    private static final class cuMemFree_v2 {
        static final FunctionDescriptor DESC = FunctionDescriptor.of(C_INT, C_LONG);

        private cuMemFree_v2() {}
    }

    private static final class cuMemFree_v2$mh {
        static final MethodHandle HANDLE = Downcalls.unbound(cuMemFree_v2.DESC);

        private cuMemFree_v2$mh() {}
    }

    /** {@return the parameters and result of {@code cuMemFree_v2}} */
    public static FunctionDescriptor cuMemFree_v2$descriptor() {
        return cuMemFree_v2.DESC;
    }

    /** {@return the handle of {@code cuMemFree_v2}, whose first argument is its address} */
    public static MethodHandle cuMemFree_v2$handle() {
        return cuMemFree_v2$mh.HANDLE;
    }

    /** {@return the address of {@code cuMemFree_v2}} */
    public MemorySegment cuMemFree_v2$address() {
        return bound(cuMemFree_v2$addr, "cuMemFree_v2");
    }

    /** {@code CUresult cuMemFree_v2(CUdeviceptr dptr)}. */
    public int cuMemFree_v2(long dptr) {
        MemorySegment address$ = bound(cuMemFree_v2$addr, "cuMemFree_v2");
        try {
            return (int) cuMemFree_v2$mh.HANDLE.invokeExact(address$, dptr);
        } catch (Error | RuntimeException e$) {
            throw e$;
        } catch (Throwable e$) {
            throw unexpected(e$);
        }
    }

    private static final class cuMemAllocHost_v2 {
        static final FunctionDescriptor DESC = FunctionDescriptor.of(C_INT, C_POINTER, C_LONG);

        private cuMemAllocHost_v2() {}
    }

    private static final class cuMemAllocHost_v2$mh {
        static final MethodHandle HANDLE = Downcalls.unbound(cuMemAllocHost_v2.DESC);

        private cuMemAllocHost_v2$mh() {}
    }

    /** {@return the parameters and result of {@code cuMemAllocHost_v2}} */
    public static FunctionDescriptor cuMemAllocHost_v2$descriptor() {
        return cuMemAllocHost_v2.DESC;
    }

    /** {@return the handle of {@code cuMemAllocHost_v2}, whose first argument is its address} */
    public static MethodHandle cuMemAllocHost_v2$handle() {
        return cuMemAllocHost_v2$mh.HANDLE;
    }

    /** {@return the address of {@code cuMemAllocHost_v2}} */
    public MemorySegment cuMemAllocHost_v2$address() {
        return bound(cuMemAllocHost_v2$addr, "cuMemAllocHost_v2");
    }

    /** {@code CUresult cuMemAllocHost_v2(void ** pp, size_t bytesize)}. */
    public int cuMemAllocHost_v2(MemorySegment pp, long bytesize) {
        MemorySegment address$ = bound(cuMemAllocHost_v2$addr, "cuMemAllocHost_v2");
        try {
            return (int) cuMemAllocHost_v2$mh.HANDLE.invokeExact(address$, pp, bytesize);
        } catch (Error | RuntimeException e$) {
            throw e$;
        } catch (Throwable e$) {
            throw unexpected(e$);
        }
    }

    private static final class cuMemFreeHost {
        static final FunctionDescriptor DESC = FunctionDescriptor.of(C_INT, C_POINTER);

        private cuMemFreeHost() {}
    }

    private static final class cuMemFreeHost$mh {
        static final MethodHandle HANDLE = Downcalls.unbound(cuMemFreeHost.DESC);

        private cuMemFreeHost$mh() {}
    }

    /** {@return the parameters and result of {@code cuMemFreeHost}} */
    public static FunctionDescriptor cuMemFreeHost$descriptor() {
        return cuMemFreeHost.DESC;
    }

    /** {@return the handle of {@code cuMemFreeHost}, whose first argument is its address} */
    public static MethodHandle cuMemFreeHost$handle() {
        return cuMemFreeHost$mh.HANDLE;
    }

    /** {@return the address of {@code cuMemFreeHost}} */
    public MemorySegment cuMemFreeHost$address() {
        return bound(cuMemFreeHost$addr, "cuMemFreeHost");
    }

    /** {@code CUresult cuMemFreeHost(void * p)}. */
    public int cuMemFreeHost(MemorySegment p) {
        MemorySegment address$ = bound(cuMemFreeHost$addr, "cuMemFreeHost");
        try {
            return (int) cuMemFreeHost$mh.HANDLE.invokeExact(address$, p);
        } catch (Error | RuntimeException e$) {
            throw e$;
        } catch (Throwable e$) {
            throw unexpected(e$);
        }
    }

    private static final class cuMemcpyHtoD_v2 {
        static final FunctionDescriptor DESC = FunctionDescriptor.of(C_INT, C_LONG, C_POINTER, C_LONG);

        private cuMemcpyHtoD_v2() {}
    }

    private static final class cuMemcpyHtoD_v2$mh {
        static final MethodHandle HANDLE = Downcalls.unbound(cuMemcpyHtoD_v2.DESC);

        private cuMemcpyHtoD_v2$mh() {}
    }

    /** {@return the parameters and result of {@code cuMemcpyHtoD_v2}} */
    public static FunctionDescriptor cuMemcpyHtoD_v2$descriptor() {
        return cuMemcpyHtoD_v2.DESC;
    }

    /** {@return the handle of {@code cuMemcpyHtoD_v2}, whose first argument is its address} */
    public static MethodHandle cuMemcpyHtoD_v2$handle() {
        return cuMemcpyHtoD_v2$mh.HANDLE;
    }

    /** {@return the address of {@code cuMemcpyHtoD_v2}} */
    public MemorySegment cuMemcpyHtoD_v2$address() {
        return bound(cuMemcpyHtoD_v2$addr, "cuMemcpyHtoD_v2");
    }

    /** {@code CUresult cuMemcpyHtoD_v2(CUdeviceptr dstDevice, const void * srcHost, size_t ByteCount)}. */
    public int cuMemcpyHtoD_v2(long dstDevice, MemorySegment srcHost, long ByteCount) {
        MemorySegment address$ = bound(cuMemcpyHtoD_v2$addr, "cuMemcpyHtoD_v2");
        try {
            return (int) cuMemcpyHtoD_v2$mh.HANDLE.invokeExact(address$, dstDevice, srcHost, ByteCount);
        } catch (Error | RuntimeException e$) {
            throw e$;
        } catch (Throwable e$) {
            throw unexpected(e$);
        }
    }

    private static final class cuMemcpyDtoH_v2 {
        static final FunctionDescriptor DESC = FunctionDescriptor.of(C_INT, C_POINTER, C_LONG, C_LONG);

        private cuMemcpyDtoH_v2() {}
    }

    private static final class cuMemcpyDtoH_v2$mh {
        static final MethodHandle HANDLE = Downcalls.unbound(cuMemcpyDtoH_v2.DESC);

        private cuMemcpyDtoH_v2$mh() {}
    }

    /** {@return the parameters and result of {@code cuMemcpyDtoH_v2}} */
    public static FunctionDescriptor cuMemcpyDtoH_v2$descriptor() {
        return cuMemcpyDtoH_v2.DESC;
    }

    /** {@return the handle of {@code cuMemcpyDtoH_v2}, whose first argument is its address} */
    public static MethodHandle cuMemcpyDtoH_v2$handle() {
        return cuMemcpyDtoH_v2$mh.HANDLE;
    }

    /** {@return the address of {@code cuMemcpyDtoH_v2}} */
    public MemorySegment cuMemcpyDtoH_v2$address() {
        return bound(cuMemcpyDtoH_v2$addr, "cuMemcpyDtoH_v2");
    }

    /** {@code CUresult cuMemcpyDtoH_v2(void * dstHost, CUdeviceptr srcDevice, size_t ByteCount)}. */
    public int cuMemcpyDtoH_v2(MemorySegment dstHost, long srcDevice, long ByteCount) {
        MemorySegment address$ = bound(cuMemcpyDtoH_v2$addr, "cuMemcpyDtoH_v2");
        try {
            return (int) cuMemcpyDtoH_v2$mh.HANDLE.invokeExact(address$, dstHost, srcDevice, ByteCount);
        } catch (Error | RuntimeException e$) {
            throw e$;
        } catch (Throwable e$) {
            throw unexpected(e$);
        }
    }

    private static final class cuMemcpyHtoDAsync_v2 {
        static final FunctionDescriptor DESC = FunctionDescriptor.of(C_INT, C_LONG, C_POINTER, C_LONG, C_POINTER);

        private cuMemcpyHtoDAsync_v2() {}
    }

    private static final class cuMemcpyHtoDAsync_v2$mh {
        static final MethodHandle HANDLE = Downcalls.unbound(cuMemcpyHtoDAsync_v2.DESC);

        private cuMemcpyHtoDAsync_v2$mh() {}
    }

    /** {@return the parameters and result of {@code cuMemcpyHtoDAsync_v2}} */
    public static FunctionDescriptor cuMemcpyHtoDAsync_v2$descriptor() {
        return cuMemcpyHtoDAsync_v2.DESC;
    }

    /** {@return the handle of {@code cuMemcpyHtoDAsync_v2}, whose first argument is its address} */
    public static MethodHandle cuMemcpyHtoDAsync_v2$handle() {
        return cuMemcpyHtoDAsync_v2$mh.HANDLE;
    }

    /** {@return the address of {@code cuMemcpyHtoDAsync_v2}} */
    public MemorySegment cuMemcpyHtoDAsync_v2$address() {
        return bound(cuMemcpyHtoDAsync_v2$addr, "cuMemcpyHtoDAsync_v2");
    }

    /** {@code CUresult cuMemcpyHtoDAsync_v2(CUdeviceptr dstDevice, const void * srcHost, size_t ByteCount, CUstream hStream)}. */
    public int cuMemcpyHtoDAsync_v2(long dstDevice, MemorySegment srcHost, long ByteCount, MemorySegment hStream) {
        MemorySegment address$ = bound(cuMemcpyHtoDAsync_v2$addr, "cuMemcpyHtoDAsync_v2");
        try {
            return (int) cuMemcpyHtoDAsync_v2$mh.HANDLE.invokeExact(address$, dstDevice, srcHost, ByteCount, hStream);
        } catch (Error | RuntimeException e$) {
            throw e$;
        } catch (Throwable e$) {
            throw unexpected(e$);
        }
    }

    private static final class cuMemcpyDtoHAsync_v2 {
        static final FunctionDescriptor DESC = FunctionDescriptor.of(C_INT, C_POINTER, C_LONG, C_LONG, C_POINTER);

        private cuMemcpyDtoHAsync_v2() {}
    }

    private static final class cuMemcpyDtoHAsync_v2$mh {
        static final MethodHandle HANDLE = Downcalls.unbound(cuMemcpyDtoHAsync_v2.DESC);

        private cuMemcpyDtoHAsync_v2$mh() {}
    }

    /** {@return the parameters and result of {@code cuMemcpyDtoHAsync_v2}} */
    public static FunctionDescriptor cuMemcpyDtoHAsync_v2$descriptor() {
        return cuMemcpyDtoHAsync_v2.DESC;
    }

    /** {@return the handle of {@code cuMemcpyDtoHAsync_v2}, whose first argument is its address} */
    public static MethodHandle cuMemcpyDtoHAsync_v2$handle() {
        return cuMemcpyDtoHAsync_v2$mh.HANDLE;
    }

    /** {@return the address of {@code cuMemcpyDtoHAsync_v2}} */
    public MemorySegment cuMemcpyDtoHAsync_v2$address() {
        return bound(cuMemcpyDtoHAsync_v2$addr, "cuMemcpyDtoHAsync_v2");
    }

    /** {@code CUresult cuMemcpyDtoHAsync_v2(void * dstHost, CUdeviceptr srcDevice, size_t ByteCount, CUstream hStream)}. */
    public int cuMemcpyDtoHAsync_v2(MemorySegment dstHost, long srcDevice, long ByteCount, MemorySegment hStream) {
        MemorySegment address$ = bound(cuMemcpyDtoHAsync_v2$addr, "cuMemcpyDtoHAsync_v2");
        try {
            return (int) cuMemcpyDtoHAsync_v2$mh.HANDLE.invokeExact(address$, dstHost, srcDevice, ByteCount, hStream);
        } catch (Error | RuntimeException e$) {
            throw e$;
        } catch (Throwable e$) {
            throw unexpected(e$);
        }
    }

    private static final class cuMemcpyDtoDAsync_v2 {
        static final FunctionDescriptor DESC = FunctionDescriptor.of(C_INT, C_LONG, C_LONG, C_LONG, C_POINTER);

        private cuMemcpyDtoDAsync_v2() {}
    }

    private static final class cuMemcpyDtoDAsync_v2$mh {
        static final MethodHandle HANDLE = Downcalls.unbound(cuMemcpyDtoDAsync_v2.DESC);

        private cuMemcpyDtoDAsync_v2$mh() {}
    }

    /** {@return the parameters and result of {@code cuMemcpyDtoDAsync_v2}} */
    public static FunctionDescriptor cuMemcpyDtoDAsync_v2$descriptor() {
        return cuMemcpyDtoDAsync_v2.DESC;
    }

    /** {@return the handle of {@code cuMemcpyDtoDAsync_v2}, whose first argument is its address} */
    public static MethodHandle cuMemcpyDtoDAsync_v2$handle() {
        return cuMemcpyDtoDAsync_v2$mh.HANDLE;
    }

    /** {@return the address of {@code cuMemcpyDtoDAsync_v2}} */
    public MemorySegment cuMemcpyDtoDAsync_v2$address() {
        return bound(cuMemcpyDtoDAsync_v2$addr, "cuMemcpyDtoDAsync_v2");
    }

    /** {@code CUresult cuMemcpyDtoDAsync_v2(CUdeviceptr dstDevice, CUdeviceptr srcDevice, size_t ByteCount, CUstream hStream)}. */
    public int cuMemcpyDtoDAsync_v2(long dstDevice, long srcDevice, long ByteCount, MemorySegment hStream) {
        MemorySegment address$ = bound(cuMemcpyDtoDAsync_v2$addr, "cuMemcpyDtoDAsync_v2");
        try {
            return (int) cuMemcpyDtoDAsync_v2$mh.HANDLE.invokeExact(address$, dstDevice, srcDevice, ByteCount, hStream);
        } catch (Error | RuntimeException e$) {
            throw e$;
        } catch (Throwable e$) {
            throw unexpected(e$);
        }
    }

    private static final class cuMemsetD8Async {
        static final FunctionDescriptor DESC = FunctionDescriptor.of(C_INT, C_LONG, C_CHAR, C_LONG, C_POINTER);

        private cuMemsetD8Async() {}
    }

    private static final class cuMemsetD8Async$mh {
        static final MethodHandle HANDLE = Downcalls.unbound(cuMemsetD8Async.DESC);

        private cuMemsetD8Async$mh() {}
    }

    /** {@return the parameters and result of {@code cuMemsetD8Async}} */
    public static FunctionDescriptor cuMemsetD8Async$descriptor() {
        return cuMemsetD8Async.DESC;
    }

    /** {@return the handle of {@code cuMemsetD8Async}, whose first argument is its address} */
    public static MethodHandle cuMemsetD8Async$handle() {
        return cuMemsetD8Async$mh.HANDLE;
    }

    /** {@return the address of {@code cuMemsetD8Async}} */
    public MemorySegment cuMemsetD8Async$address() {
        return bound(cuMemsetD8Async$addr, "cuMemsetD8Async");
    }

    /** {@code CUresult cuMemsetD8Async(CUdeviceptr dstDevice, unsigned char uc, size_t N, CUstream hStream)}. */
    public int cuMemsetD8Async(long dstDevice, byte uc, long N, MemorySegment hStream) {
        MemorySegment address$ = bound(cuMemsetD8Async$addr, "cuMemsetD8Async");
        try {
            return (int) cuMemsetD8Async$mh.HANDLE.invokeExact(address$, dstDevice, uc, N, hStream);
        } catch (Error | RuntimeException e$) {
            throw e$;
        } catch (Throwable e$) {
            throw unexpected(e$);
        }
    }

    private static final class cuMemsetD32Async {
        static final FunctionDescriptor DESC = FunctionDescriptor.of(C_INT, C_LONG, C_INT, C_LONG, C_POINTER);

        private cuMemsetD32Async() {}
    }

    private static final class cuMemsetD32Async$mh {
        static final MethodHandle HANDLE = Downcalls.unbound(cuMemsetD32Async.DESC);

        private cuMemsetD32Async$mh() {}
    }

    /** {@return the parameters and result of {@code cuMemsetD32Async}} */
    public static FunctionDescriptor cuMemsetD32Async$descriptor() {
        return cuMemsetD32Async.DESC;
    }

    /** {@return the handle of {@code cuMemsetD32Async}, whose first argument is its address} */
    public static MethodHandle cuMemsetD32Async$handle() {
        return cuMemsetD32Async$mh.HANDLE;
    }

    /** {@return the address of {@code cuMemsetD32Async}} */
    public MemorySegment cuMemsetD32Async$address() {
        return bound(cuMemsetD32Async$addr, "cuMemsetD32Async");
    }

    /** {@code CUresult cuMemsetD32Async(CUdeviceptr dstDevice, unsigned int ui, size_t N, CUstream hStream)}. */
    public int cuMemsetD32Async(long dstDevice, int ui, long N, MemorySegment hStream) {
        MemorySegment address$ = bound(cuMemsetD32Async$addr, "cuMemsetD32Async");
        try {
            return (int) cuMemsetD32Async$mh.HANDLE.invokeExact(address$, dstDevice, ui, N, hStream);
        } catch (Error | RuntimeException e$) {
            throw e$;
        } catch (Throwable e$) {
            throw unexpected(e$);
        }
    }

    private static final class cuStreamCreate {
        static final FunctionDescriptor DESC = FunctionDescriptor.of(C_INT, C_POINTER, C_INT);

        private cuStreamCreate() {}
    }

    private static final class cuStreamCreate$mh {
        static final MethodHandle HANDLE = Downcalls.unbound(cuStreamCreate.DESC);

        private cuStreamCreate$mh() {}
    }

    /** {@return the parameters and result of {@code cuStreamCreate}} */
    public static FunctionDescriptor cuStreamCreate$descriptor() {
        return cuStreamCreate.DESC;
    }

    /** {@return the handle of {@code cuStreamCreate}, whose first argument is its address} */
    public static MethodHandle cuStreamCreate$handle() {
        return cuStreamCreate$mh.HANDLE;
    }

    /** {@return the address of {@code cuStreamCreate}} */
    public MemorySegment cuStreamCreate$address() {
        return bound(cuStreamCreate$addr, "cuStreamCreate");
    }

    /** {@code CUresult cuStreamCreate(CUstream * phStream, unsigned int Flags)}. */
    public int cuStreamCreate(MemorySegment phStream, int Flags) {
        MemorySegment address$ = bound(cuStreamCreate$addr, "cuStreamCreate");
        try {
            return (int) cuStreamCreate$mh.HANDLE.invokeExact(address$, phStream, Flags);
        } catch (Error | RuntimeException e$) {
            throw e$;
        } catch (Throwable e$) {
            throw unexpected(e$);
        }
    }

    private static final class cuStreamDestroy_v2 {
        static final FunctionDescriptor DESC = FunctionDescriptor.of(C_INT, C_POINTER);

        private cuStreamDestroy_v2() {}
    }

    private static final class cuStreamDestroy_v2$mh {
        static final MethodHandle HANDLE = Downcalls.unbound(cuStreamDestroy_v2.DESC);

        private cuStreamDestroy_v2$mh() {}
    }

    /** {@return the parameters and result of {@code cuStreamDestroy_v2}} */
    public static FunctionDescriptor cuStreamDestroy_v2$descriptor() {
        return cuStreamDestroy_v2.DESC;
    }

    /** {@return the handle of {@code cuStreamDestroy_v2}, whose first argument is its address} */
    public static MethodHandle cuStreamDestroy_v2$handle() {
        return cuStreamDestroy_v2$mh.HANDLE;
    }

    /** {@return the address of {@code cuStreamDestroy_v2}} */
    public MemorySegment cuStreamDestroy_v2$address() {
        return bound(cuStreamDestroy_v2$addr, "cuStreamDestroy_v2");
    }

    /** {@code CUresult cuStreamDestroy_v2(CUstream hStream)}. */
    public int cuStreamDestroy_v2(MemorySegment hStream) {
        MemorySegment address$ = bound(cuStreamDestroy_v2$addr, "cuStreamDestroy_v2");
        try {
            return (int) cuStreamDestroy_v2$mh.HANDLE.invokeExact(address$, hStream);
        } catch (Error | RuntimeException e$) {
            throw e$;
        } catch (Throwable e$) {
            throw unexpected(e$);
        }
    }

    private static final class cuStreamSynchronize {
        static final FunctionDescriptor DESC = FunctionDescriptor.of(C_INT, C_POINTER);

        private cuStreamSynchronize() {}
    }

    private static final class cuStreamSynchronize$mh {
        static final MethodHandle HANDLE = Downcalls.unbound(cuStreamSynchronize.DESC);

        private cuStreamSynchronize$mh() {}
    }

    /** {@return the parameters and result of {@code cuStreamSynchronize}} */
    public static FunctionDescriptor cuStreamSynchronize$descriptor() {
        return cuStreamSynchronize.DESC;
    }

    /** {@return the handle of {@code cuStreamSynchronize}, whose first argument is its address} */
    public static MethodHandle cuStreamSynchronize$handle() {
        return cuStreamSynchronize$mh.HANDLE;
    }

    /** {@return the address of {@code cuStreamSynchronize}} */
    public MemorySegment cuStreamSynchronize$address() {
        return bound(cuStreamSynchronize$addr, "cuStreamSynchronize");
    }

    /** {@code CUresult cuStreamSynchronize(CUstream hStream)}. */
    public int cuStreamSynchronize(MemorySegment hStream) {
        MemorySegment address$ = bound(cuStreamSynchronize$addr, "cuStreamSynchronize");
        try {
            return (int) cuStreamSynchronize$mh.HANDLE.invokeExact(address$, hStream);
        } catch (Error | RuntimeException e$) {
            throw e$;
        } catch (Throwable e$) {
            throw unexpected(e$);
        }
    }

    private static final class cuEventCreate {
        static final FunctionDescriptor DESC = FunctionDescriptor.of(C_INT, C_POINTER, C_INT);

        private cuEventCreate() {}
    }

    private static final class cuEventCreate$mh {
        static final MethodHandle HANDLE = Downcalls.unbound(cuEventCreate.DESC);

        private cuEventCreate$mh() {}
    }

    /** {@return the parameters and result of {@code cuEventCreate}} */
    public static FunctionDescriptor cuEventCreate$descriptor() {
        return cuEventCreate.DESC;
    }

    /** {@return the handle of {@code cuEventCreate}, whose first argument is its address} */
    public static MethodHandle cuEventCreate$handle() {
        return cuEventCreate$mh.HANDLE;
    }

    /** {@return the address of {@code cuEventCreate}} */
    public MemorySegment cuEventCreate$address() {
        return bound(cuEventCreate$addr, "cuEventCreate");
    }

    /** {@code CUresult cuEventCreate(CUevent * phEvent, unsigned int Flags)}. */
    public int cuEventCreate(MemorySegment phEvent, int Flags) {
        MemorySegment address$ = bound(cuEventCreate$addr, "cuEventCreate");
        try {
            return (int) cuEventCreate$mh.HANDLE.invokeExact(address$, phEvent, Flags);
        } catch (Error | RuntimeException e$) {
            throw e$;
        } catch (Throwable e$) {
            throw unexpected(e$);
        }
    }

    private static final class cuEventRecord {
        static final FunctionDescriptor DESC = FunctionDescriptor.of(C_INT, C_POINTER, C_POINTER);

        private cuEventRecord() {}
    }

    private static final class cuEventRecord$mh {
        static final MethodHandle HANDLE = Downcalls.unbound(cuEventRecord.DESC);

        private cuEventRecord$mh() {}
    }

    /** {@return the parameters and result of {@code cuEventRecord}} */
    public static FunctionDescriptor cuEventRecord$descriptor() {
        return cuEventRecord.DESC;
    }

    /** {@return the handle of {@code cuEventRecord}, whose first argument is its address} */
    public static MethodHandle cuEventRecord$handle() {
        return cuEventRecord$mh.HANDLE;
    }

    /** {@return the address of {@code cuEventRecord}} */
    public MemorySegment cuEventRecord$address() {
        return bound(cuEventRecord$addr, "cuEventRecord");
    }

    /** {@code CUresult cuEventRecord(CUevent hEvent, CUstream hStream)}. */
    public int cuEventRecord(MemorySegment hEvent, MemorySegment hStream) {
        MemorySegment address$ = bound(cuEventRecord$addr, "cuEventRecord");
        try {
            return (int) cuEventRecord$mh.HANDLE.invokeExact(address$, hEvent, hStream);
        } catch (Error | RuntimeException e$) {
            throw e$;
        } catch (Throwable e$) {
            throw unexpected(e$);
        }
    }

    private static final class cuEventSynchronize {
        static final FunctionDescriptor DESC = FunctionDescriptor.of(C_INT, C_POINTER);

        private cuEventSynchronize() {}
    }

    private static final class cuEventSynchronize$mh {
        static final MethodHandle HANDLE = Downcalls.unbound(cuEventSynchronize.DESC);

        private cuEventSynchronize$mh() {}
    }

    /** {@return the parameters and result of {@code cuEventSynchronize}} */
    public static FunctionDescriptor cuEventSynchronize$descriptor() {
        return cuEventSynchronize.DESC;
    }

    /** {@return the handle of {@code cuEventSynchronize}, whose first argument is its address} */
    public static MethodHandle cuEventSynchronize$handle() {
        return cuEventSynchronize$mh.HANDLE;
    }

    /** {@return the address of {@code cuEventSynchronize}} */
    public MemorySegment cuEventSynchronize$address() {
        return bound(cuEventSynchronize$addr, "cuEventSynchronize");
    }

    /** {@code CUresult cuEventSynchronize(CUevent hEvent)}. */
    public int cuEventSynchronize(MemorySegment hEvent) {
        MemorySegment address$ = bound(cuEventSynchronize$addr, "cuEventSynchronize");
        try {
            return (int) cuEventSynchronize$mh.HANDLE.invokeExact(address$, hEvent);
        } catch (Error | RuntimeException e$) {
            throw e$;
        } catch (Throwable e$) {
            throw unexpected(e$);
        }
    }

    private static final class cuEventElapsedTime {
        static final FunctionDescriptor DESC = FunctionDescriptor.of(C_INT, C_POINTER, C_POINTER, C_POINTER);

        private cuEventElapsedTime() {}
    }

    private static final class cuEventElapsedTime$mh {
        static final MethodHandle HANDLE = Downcalls.unbound(cuEventElapsedTime.DESC);

        private cuEventElapsedTime$mh() {}
    }

    /** {@return the parameters and result of {@code cuEventElapsedTime}} */
    public static FunctionDescriptor cuEventElapsedTime$descriptor() {
        return cuEventElapsedTime.DESC;
    }

    /** {@return the handle of {@code cuEventElapsedTime}, whose first argument is its address} */
    public static MethodHandle cuEventElapsedTime$handle() {
        return cuEventElapsedTime$mh.HANDLE;
    }

    /** {@return the address of {@code cuEventElapsedTime}} */
    public MemorySegment cuEventElapsedTime$address() {
        return bound(cuEventElapsedTime$addr, "cuEventElapsedTime");
    }

    /** {@code CUresult cuEventElapsedTime(float * pMilliseconds, CUevent hStart, CUevent hEnd)}. */
    public int cuEventElapsedTime(MemorySegment pMilliseconds, MemorySegment hStart, MemorySegment hEnd) {
        MemorySegment address$ = bound(cuEventElapsedTime$addr, "cuEventElapsedTime");
        try {
            return (int) cuEventElapsedTime$mh.HANDLE.invokeExact(address$, pMilliseconds, hStart, hEnd);
        } catch (Error | RuntimeException e$) {
            throw e$;
        } catch (Throwable e$) {
            throw unexpected(e$);
        }
    }

    private static final class cuEventDestroy_v2 {
        static final FunctionDescriptor DESC = FunctionDescriptor.of(C_INT, C_POINTER);

        private cuEventDestroy_v2() {}
    }

    private static final class cuEventDestroy_v2$mh {
        static final MethodHandle HANDLE = Downcalls.unbound(cuEventDestroy_v2.DESC);

        private cuEventDestroy_v2$mh() {}
    }

    /** {@return the parameters and result of {@code cuEventDestroy_v2}} */
    public static FunctionDescriptor cuEventDestroy_v2$descriptor() {
        return cuEventDestroy_v2.DESC;
    }

    /** {@return the handle of {@code cuEventDestroy_v2}, whose first argument is its address} */
    public static MethodHandle cuEventDestroy_v2$handle() {
        return cuEventDestroy_v2$mh.HANDLE;
    }

    /** {@return the address of {@code cuEventDestroy_v2}} */
    public MemorySegment cuEventDestroy_v2$address() {
        return bound(cuEventDestroy_v2$addr, "cuEventDestroy_v2");
    }

    /** {@code CUresult cuEventDestroy_v2(CUevent hEvent)}. */
    public int cuEventDestroy_v2(MemorySegment hEvent) {
        MemorySegment address$ = bound(cuEventDestroy_v2$addr, "cuEventDestroy_v2");
        try {
            return (int) cuEventDestroy_v2$mh.HANDLE.invokeExact(address$, hEvent);
        } catch (Error | RuntimeException e$) {
            throw e$;
        } catch (Throwable e$) {
            throw unexpected(e$);
        }
    }

    private static final class cuModuleLoadData {
        static final FunctionDescriptor DESC = FunctionDescriptor.of(C_INT, C_POINTER, C_POINTER);

        private cuModuleLoadData() {}
    }

    private static final class cuModuleLoadData$mh {
        static final MethodHandle HANDLE = Downcalls.unbound(cuModuleLoadData.DESC);

        private cuModuleLoadData$mh() {}
    }

    /** {@return the parameters and result of {@code cuModuleLoadData}} */
    public static FunctionDescriptor cuModuleLoadData$descriptor() {
        return cuModuleLoadData.DESC;
    }

    /** {@return the handle of {@code cuModuleLoadData}, whose first argument is its address} */
    public static MethodHandle cuModuleLoadData$handle() {
        return cuModuleLoadData$mh.HANDLE;
    }

    /** {@return the address of {@code cuModuleLoadData}} */
    public MemorySegment cuModuleLoadData$address() {
        return bound(cuModuleLoadData$addr, "cuModuleLoadData");
    }

    /** {@code CUresult cuModuleLoadData(CUmodule * module, const void * image)}. */
    public int cuModuleLoadData(MemorySegment module, MemorySegment image) {
        MemorySegment address$ = bound(cuModuleLoadData$addr, "cuModuleLoadData");
        try {
            return (int) cuModuleLoadData$mh.HANDLE.invokeExact(address$, module, image);
        } catch (Error | RuntimeException e$) {
            throw e$;
        } catch (Throwable e$) {
            throw unexpected(e$);
        }
    }

    private static final class cuModuleLoadDataEx {
        static final FunctionDescriptor DESC =
                FunctionDescriptor.of(C_INT, C_POINTER, C_POINTER, C_INT, C_POINTER, C_POINTER);

        private cuModuleLoadDataEx() {}
    }

    private static final class cuModuleLoadDataEx$mh {
        static final MethodHandle HANDLE = Downcalls.unbound(cuModuleLoadDataEx.DESC);

        private cuModuleLoadDataEx$mh() {}
    }

    /** {@return the parameters and result of {@code cuModuleLoadDataEx}} */
    public static FunctionDescriptor cuModuleLoadDataEx$descriptor() {
        return cuModuleLoadDataEx.DESC;
    }

    /** {@return the handle of {@code cuModuleLoadDataEx}, whose first argument is its address} */
    public static MethodHandle cuModuleLoadDataEx$handle() {
        return cuModuleLoadDataEx$mh.HANDLE;
    }

    /** {@return the address of {@code cuModuleLoadDataEx}} */
    public MemorySegment cuModuleLoadDataEx$address() {
        return bound(cuModuleLoadDataEx$addr, "cuModuleLoadDataEx");
    }

    /** {@code CUresult cuModuleLoadDataEx(CUmodule * module, const void * image, unsigned int numOptions, CUjit_option * options, void ** optionValues)}. */
    public int cuModuleLoadDataEx(
            MemorySegment module,
            MemorySegment image,
            int numOptions,
            MemorySegment options,
            MemorySegment optionValues) {
        MemorySegment address$ = bound(cuModuleLoadDataEx$addr, "cuModuleLoadDataEx");
        try {
            return (int) cuModuleLoadDataEx$mh.HANDLE.invokeExact(
                    address$, module, image, numOptions, options, optionValues);
        } catch (Error | RuntimeException e$) {
            throw e$;
        } catch (Throwable e$) {
            throw unexpected(e$);
        }
    }

    private static final class cuModuleUnload {
        static final FunctionDescriptor DESC = FunctionDescriptor.of(C_INT, C_POINTER);

        private cuModuleUnload() {}
    }

    private static final class cuModuleUnload$mh {
        static final MethodHandle HANDLE = Downcalls.unbound(cuModuleUnload.DESC);

        private cuModuleUnload$mh() {}
    }

    /** {@return the parameters and result of {@code cuModuleUnload}} */
    public static FunctionDescriptor cuModuleUnload$descriptor() {
        return cuModuleUnload.DESC;
    }

    /** {@return the handle of {@code cuModuleUnload}, whose first argument is its address} */
    public static MethodHandle cuModuleUnload$handle() {
        return cuModuleUnload$mh.HANDLE;
    }

    /** {@return the address of {@code cuModuleUnload}} */
    public MemorySegment cuModuleUnload$address() {
        return bound(cuModuleUnload$addr, "cuModuleUnload");
    }

    /** {@code CUresult cuModuleUnload(CUmodule hmod)}. */
    public int cuModuleUnload(MemorySegment hmod) {
        MemorySegment address$ = bound(cuModuleUnload$addr, "cuModuleUnload");
        try {
            return (int) cuModuleUnload$mh.HANDLE.invokeExact(address$, hmod);
        } catch (Error | RuntimeException e$) {
            throw e$;
        } catch (Throwable e$) {
            throw unexpected(e$);
        }
    }

    private static final class cuModuleGetFunction {
        static final FunctionDescriptor DESC = FunctionDescriptor.of(C_INT, C_POINTER, C_POINTER, C_POINTER);

        private cuModuleGetFunction() {}
    }

    private static final class cuModuleGetFunction$mh {
        static final MethodHandle HANDLE = Downcalls.unbound(cuModuleGetFunction.DESC);

        private cuModuleGetFunction$mh() {}
    }

    /** {@return the parameters and result of {@code cuModuleGetFunction}} */
    public static FunctionDescriptor cuModuleGetFunction$descriptor() {
        return cuModuleGetFunction.DESC;
    }

    /** {@return the handle of {@code cuModuleGetFunction}, whose first argument is its address} */
    public static MethodHandle cuModuleGetFunction$handle() {
        return cuModuleGetFunction$mh.HANDLE;
    }

    /** {@return the address of {@code cuModuleGetFunction}} */
    public MemorySegment cuModuleGetFunction$address() {
        return bound(cuModuleGetFunction$addr, "cuModuleGetFunction");
    }

    /** {@code CUresult cuModuleGetFunction(CUfunction * hfunc, CUmodule hmod, const char * name)}. */
    public int cuModuleGetFunction(MemorySegment hfunc, MemorySegment hmod, MemorySegment name) {
        MemorySegment address$ = bound(cuModuleGetFunction$addr, "cuModuleGetFunction");
        try {
            return (int) cuModuleGetFunction$mh.HANDLE.invokeExact(address$, hfunc, hmod, name);
        } catch (Error | RuntimeException e$) {
            throw e$;
        } catch (Throwable e$) {
            throw unexpected(e$);
        }
    }

    private static final class cuFuncGetAttribute {
        static final FunctionDescriptor DESC = FunctionDescriptor.of(C_INT, C_POINTER, C_INT, C_POINTER);

        private cuFuncGetAttribute() {}
    }

    private static final class cuFuncGetAttribute$mh {
        static final MethodHandle HANDLE = Downcalls.unbound(cuFuncGetAttribute.DESC);

        private cuFuncGetAttribute$mh() {}
    }

    /** {@return the parameters and result of {@code cuFuncGetAttribute}} */
    public static FunctionDescriptor cuFuncGetAttribute$descriptor() {
        return cuFuncGetAttribute.DESC;
    }

    /** {@return the handle of {@code cuFuncGetAttribute}, whose first argument is its address} */
    public static MethodHandle cuFuncGetAttribute$handle() {
        return cuFuncGetAttribute$mh.HANDLE;
    }

    /** {@return the address of {@code cuFuncGetAttribute}} */
    public MemorySegment cuFuncGetAttribute$address() {
        return bound(cuFuncGetAttribute$addr, "cuFuncGetAttribute");
    }

    /** {@code CUresult cuFuncGetAttribute(int * pi, CUfunction_attribute attrib, CUfunction hfunc)}. */
    public int cuFuncGetAttribute(MemorySegment pi, int attrib, MemorySegment hfunc) {
        MemorySegment address$ = bound(cuFuncGetAttribute$addr, "cuFuncGetAttribute");
        try {
            return (int) cuFuncGetAttribute$mh.HANDLE.invokeExact(address$, pi, attrib, hfunc);
        } catch (Error | RuntimeException e$) {
            throw e$;
        } catch (Throwable e$) {
            throw unexpected(e$);
        }
    }

    private static final class cuFuncSetAttribute {
        static final FunctionDescriptor DESC = FunctionDescriptor.of(C_INT, C_POINTER, C_INT, C_INT);

        private cuFuncSetAttribute() {}
    }

    private static final class cuFuncSetAttribute$mh {
        static final MethodHandle HANDLE = Downcalls.unbound(cuFuncSetAttribute.DESC);

        private cuFuncSetAttribute$mh() {}
    }

    /** {@return the parameters and result of {@code cuFuncSetAttribute}} */
    public static FunctionDescriptor cuFuncSetAttribute$descriptor() {
        return cuFuncSetAttribute.DESC;
    }

    /** {@return the handle of {@code cuFuncSetAttribute}, whose first argument is its address} */
    public static MethodHandle cuFuncSetAttribute$handle() {
        return cuFuncSetAttribute$mh.HANDLE;
    }

    /** {@return the address of {@code cuFuncSetAttribute}} */
    public MemorySegment cuFuncSetAttribute$address() {
        return bound(cuFuncSetAttribute$addr, "cuFuncSetAttribute");
    }

    /** {@code CUresult cuFuncSetAttribute(CUfunction hfunc, CUfunction_attribute attrib, int value)}. */
    public int cuFuncSetAttribute(MemorySegment hfunc, int attrib, int value) {
        MemorySegment address$ = bound(cuFuncSetAttribute$addr, "cuFuncSetAttribute");
        try {
            return (int) cuFuncSetAttribute$mh.HANDLE.invokeExact(address$, hfunc, attrib, value);
        } catch (Error | RuntimeException e$) {
            throw e$;
        } catch (Throwable e$) {
            throw unexpected(e$);
        }
    }

    private static final class cuLaunchKernel {
        static final FunctionDescriptor DESC = FunctionDescriptor.of(
                C_INT, C_POINTER, C_INT, C_INT, C_INT, C_INT, C_INT, C_INT, C_INT, C_POINTER, C_POINTER, C_POINTER);

        private cuLaunchKernel() {}
    }

    private static final class cuLaunchKernel$mh {
        static final MethodHandle HANDLE = Downcalls.unbound(cuLaunchKernel.DESC);

        private cuLaunchKernel$mh() {}
    }

    /** {@return the parameters and result of {@code cuLaunchKernel}} */
    public static FunctionDescriptor cuLaunchKernel$descriptor() {
        return cuLaunchKernel.DESC;
    }

    /** {@return the handle of {@code cuLaunchKernel}, whose first argument is its address} */
    public static MethodHandle cuLaunchKernel$handle() {
        return cuLaunchKernel$mh.HANDLE;
    }

    /** {@return the address of {@code cuLaunchKernel}} */
    public MemorySegment cuLaunchKernel$address() {
        return bound(cuLaunchKernel$addr, "cuLaunchKernel");
    }

    /** {@code CUresult cuLaunchKernel(CUfunction f, unsigned int gridDimX, unsigned int gridDimY, unsigned int gridDimZ, unsigned int blockDimX, unsigned int blockDimY, unsigned int blockDimZ, unsigned int sharedMemBytes, CUstream hStream, void ** kernelParams, void ** extra)}. */
    public int cuLaunchKernel(
            MemorySegment f,
            int gridDimX,
            int gridDimY,
            int gridDimZ,
            int blockDimX,
            int blockDimY,
            int blockDimZ,
            int sharedMemBytes,
            MemorySegment hStream,
            MemorySegment kernelParams,
            MemorySegment extra) {
        MemorySegment address$ = bound(cuLaunchKernel$addr, "cuLaunchKernel");
        try {
            return (int) cuLaunchKernel$mh.HANDLE.invokeExact(
                    address$,
                    f,
                    gridDimX,
                    gridDimY,
                    gridDimZ,
                    blockDimX,
                    blockDimY,
                    blockDimZ,
                    sharedMemBytes,
                    hStream,
                    kernelParams,
                    extra);
        } catch (Error | RuntimeException e$) {
            throw e$;
        } catch (Throwable e$) {
            throw unexpected(e$);
        }
    }

    /** {@return {@code CUDA_SUCCESS}} */
    public static int CUDA_SUCCESS() {
        return 0;
    }

    /** {@return {@code CUDA_ERROR_INVALID_VALUE}} */
    public static int CUDA_ERROR_INVALID_VALUE() {
        return 1;
    }

    /** {@return {@code CUDA_ERROR_OUT_OF_MEMORY}} */
    public static int CUDA_ERROR_OUT_OF_MEMORY() {
        return 2;
    }

    /** {@return {@code CUDA_ERROR_NOT_INITIALIZED}} */
    public static int CUDA_ERROR_NOT_INITIALIZED() {
        return 3;
    }

    /** {@return {@code CUDA_ERROR_DEINITIALIZED}} */
    public static int CUDA_ERROR_DEINITIALIZED() {
        return 4;
    }

    /** {@return {@code CUDA_ERROR_NO_DEVICE}} */
    public static int CUDA_ERROR_NO_DEVICE() {
        return 100;
    }

    /** {@return {@code CUDA_ERROR_INVALID_DEVICE}} */
    public static int CUDA_ERROR_INVALID_DEVICE() {
        return 101;
    }

    /** {@return {@code CUDA_ERROR_INVALID_IMAGE}} */
    public static int CUDA_ERROR_INVALID_IMAGE() {
        return 200;
    }

    /** {@return {@code CUDA_ERROR_INVALID_CONTEXT}} */
    public static int CUDA_ERROR_INVALID_CONTEXT() {
        return 201;
    }

    /** {@return {@code CUDA_ERROR_NO_BINARY_FOR_GPU}} */
    public static int CUDA_ERROR_NO_BINARY_FOR_GPU() {
        return 209;
    }

    /** {@return {@code CUDA_ERROR_INVALID_PTX}} */
    public static int CUDA_ERROR_INVALID_PTX() {
        return 218;
    }

    /** {@return {@code CUDA_ERROR_UNSUPPORTED_PTX_VERSION}} */
    public static int CUDA_ERROR_UNSUPPORTED_PTX_VERSION() {
        return 222;
    }

    /** {@return {@code CUDA_ERROR_INVALID_HANDLE}} */
    public static int CUDA_ERROR_INVALID_HANDLE() {
        return 400;
    }

    /** {@return {@code CUDA_ERROR_NOT_FOUND}} */
    public static int CUDA_ERROR_NOT_FOUND() {
        return 500;
    }

    /** {@return {@code CUDA_ERROR_ILLEGAL_ADDRESS}} */
    public static int CUDA_ERROR_ILLEGAL_ADDRESS() {
        return 700;
    }

    /** {@return {@code CUDA_ERROR_LAUNCH_OUT_OF_RESOURCES}} */
    public static int CUDA_ERROR_LAUNCH_OUT_OF_RESOURCES() {
        return 701;
    }

    /** {@return {@code CUDA_ERROR_LAUNCH_FAILED}} */
    public static int CUDA_ERROR_LAUNCH_FAILED() {
        return 719;
    }

    /** {@return {@code CU_DEVICE_ATTRIBUTE_MAX_THREADS_PER_BLOCK}} */
    public static int CU_DEVICE_ATTRIBUTE_MAX_THREADS_PER_BLOCK() {
        return 1;
    }

    /** {@return {@code CU_DEVICE_ATTRIBUTE_MAX_SHARED_MEMORY_PER_BLOCK}} */
    public static int CU_DEVICE_ATTRIBUTE_MAX_SHARED_MEMORY_PER_BLOCK() {
        return 8;
    }

    /** {@return {@code CU_DEVICE_ATTRIBUTE_WARP_SIZE}} */
    public static int CU_DEVICE_ATTRIBUTE_WARP_SIZE() {
        return 10;
    }

    /** {@return {@code CU_DEVICE_ATTRIBUTE_MULTIPROCESSOR_COUNT}} */
    public static int CU_DEVICE_ATTRIBUTE_MULTIPROCESSOR_COUNT() {
        return 16;
    }

    /** {@return {@code CU_DEVICE_ATTRIBUTE_COMPUTE_CAPABILITY_MAJOR}} */
    public static int CU_DEVICE_ATTRIBUTE_COMPUTE_CAPABILITY_MAJOR() {
        return 75;
    }

    /** {@return {@code CU_DEVICE_ATTRIBUTE_COMPUTE_CAPABILITY_MINOR}} */
    public static int CU_DEVICE_ATTRIBUTE_COMPUTE_CAPABILITY_MINOR() {
        return 76;
    }

    /** {@return {@code CU_DEVICE_ATTRIBUTE_MAX_SHARED_MEMORY_PER_BLOCK_OPTIN}} */
    public static int CU_DEVICE_ATTRIBUTE_MAX_SHARED_MEMORY_PER_BLOCK_OPTIN() {
        return 97;
    }

    /** {@return {@code CU_DEVICE_ATTRIBUTE_MANAGED_MEMORY}} */
    public static int CU_DEVICE_ATTRIBUTE_MANAGED_MEMORY() {
        return 83;
    }

    /** {@return {@code CU_DEVICE_ATTRIBUTE_CONCURRENT_MANAGED_ACCESS}} */
    public static int CU_DEVICE_ATTRIBUTE_CONCURRENT_MANAGED_ACCESS() {
        return 89;
    }

    /** {@return {@code CU_MEM_ATTACH_GLOBAL}} */
    public static int CU_MEM_ATTACH_GLOBAL() {
        return 1;
    }

    /** {@return {@code CU_STREAM_DEFAULT}} */
    public static int CU_STREAM_DEFAULT() {
        return 0;
    }

    /** {@return {@code CU_STREAM_NON_BLOCKING}} */
    public static int CU_STREAM_NON_BLOCKING() {
        return 1;
    }

    /** {@return {@code CU_EVENT_DEFAULT}} */
    public static int CU_EVENT_DEFAULT() {
        return 0;
    }

    /** {@return {@code CU_EVENT_DISABLE_TIMING}} */
    public static int CU_EVENT_DISABLE_TIMING() {
        return 2;
    }

    /** {@return {@code CU_FUNC_ATTRIBUTE_MAX_THREADS_PER_BLOCK}} */
    public static int CU_FUNC_ATTRIBUTE_MAX_THREADS_PER_BLOCK() {
        return 0;
    }

    /** {@return {@code CU_FUNC_ATTRIBUTE_SHARED_SIZE_BYTES}} */
    public static int CU_FUNC_ATTRIBUTE_SHARED_SIZE_BYTES() {
        return 1;
    }

    /** {@return {@code CU_FUNC_ATTRIBUTE_LOCAL_SIZE_BYTES}} */
    public static int CU_FUNC_ATTRIBUTE_LOCAL_SIZE_BYTES() {
        return 3;
    }

    /** {@return {@code CU_FUNC_ATTRIBUTE_NUM_REGS}} */
    public static int CU_FUNC_ATTRIBUTE_NUM_REGS() {
        return 4;
    }

    /** {@return {@code CU_FUNC_ATTRIBUTE_MAX_DYNAMIC_SHARED_SIZE_BYTES}} */
    public static int CU_FUNC_ATTRIBUTE_MAX_DYNAMIC_SHARED_SIZE_BYTES() {
        return 8;
    }

    /** {@return {@code CU_JIT_INFO_LOG_BUFFER}} */
    public static int CU_JIT_INFO_LOG_BUFFER() {
        return 3;
    }

    /** {@return {@code CU_JIT_INFO_LOG_BUFFER_SIZE_BYTES}} */
    public static int CU_JIT_INFO_LOG_BUFFER_SIZE_BYTES() {
        return 4;
    }

    /** {@return {@code CU_JIT_ERROR_LOG_BUFFER}} */
    public static int CU_JIT_ERROR_LOG_BUFFER() {
        return 5;
    }

    /** {@return {@code CU_JIT_ERROR_LOG_BUFFER_SIZE_BYTES}} */
    public static int CU_JIT_ERROR_LOG_BUFFER_SIZE_BYTES() {
        return 6;
    }

    private static MemorySegment bound(MemorySegment address, String name) {
        if (address.address() == 0) {
            throw new UnsatisfiedLinkError("the library has no function " + name);
        }
        return address;
    }

    private static AssertionError unexpected(Throwable thrown) {
        return new AssertionError("a native call threw", thrown);
    }
}
