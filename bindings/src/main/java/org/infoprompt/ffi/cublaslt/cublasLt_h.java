// Generated from bindings/src/main/ffi/cublasLt.spec; do not edit.
package org.infoprompt.ffi.cublaslt;

import java.lang.foreign.AddressLayout;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import org.infoprompt.ffi.Downcalls;

/** The functions and constants of {@code cublasLt.h} that the library uses, in jextract's layout, bound to one library.
 * A call of a function that the library lacks throws {@link UnsatisfiedLinkError}. Nothing is checked here.
 */
@SuppressWarnings("doclint:missing")
public final class cublasLt_h {
    public static final ValueLayout.OfByte C_CHAR = ValueLayout.JAVA_BYTE;
    public static final ValueLayout.OfInt C_INT = ValueLayout.JAVA_INT;
    public static final ValueLayout.OfLong C_LONG = ValueLayout.JAVA_LONG;
    public static final ValueLayout.OfFloat C_FLOAT = ValueLayout.JAVA_FLOAT;
    public static final AddressLayout C_POINTER = ValueLayout.ADDRESS;

    private final MemorySegment cublasLtCreate$addr;
    private final MemorySegment cublasLtDestroy$addr;
    private final MemorySegment cublasLtGetVersion$addr;
    private final MemorySegment cublasLtGetCudartVersion$addr;
    private final MemorySegment cublasLtGetStatusName$addr;
    private final MemorySegment cublasLtGetStatusString$addr;
    private final MemorySegment cublasLtMatmul$addr;
    private final MemorySegment cublasLtMatmulDescCreate$addr;
    private final MemorySegment cublasLtMatmulDescDestroy$addr;
    private final MemorySegment cublasLtMatmulDescSetAttribute$addr;
    private final MemorySegment cublasLtMatmulDescGetAttribute$addr;
    private final MemorySegment cublasLtMatrixLayoutCreate$addr;
    private final MemorySegment cublasLtMatrixLayoutDestroy$addr;
    private final MemorySegment cublasLtMatrixLayoutSetAttribute$addr;
    private final MemorySegment cublasLtMatrixLayoutGetAttribute$addr;
    private final MemorySegment cublasLtMatmulPreferenceCreate$addr;
    private final MemorySegment cublasLtMatmulPreferenceDestroy$addr;
    private final MemorySegment cublasLtMatmulPreferenceSetAttribute$addr;
    private final MemorySegment cublasLtMatmulPreferenceGetAttribute$addr;
    private final MemorySegment cublasLtMatmulAlgoGetHeuristic$addr;
    private final MemorySegment cublasLtLoggerOpenFile$addr;
    private final MemorySegment cublasLtLoggerSetLevel$addr;
    private final MemorySegment cublasLtLoggerSetMask$addr;
    private final MemorySegment cublasLtLoggerForceDisable$addr;

    /**
     * Binds the functions.
     *
     * @param library where to look for them
     */
    public cublasLt_h(SymbolLookup library) {
        cublasLtCreate$addr = library.find("cublasLtCreate").orElse(MemorySegment.NULL);
        cublasLtDestroy$addr = library.find("cublasLtDestroy").orElse(MemorySegment.NULL);
        cublasLtGetVersion$addr = library.find("cublasLtGetVersion").orElse(MemorySegment.NULL);
        cublasLtGetCudartVersion$addr = library.find("cublasLtGetCudartVersion").orElse(MemorySegment.NULL);
        cublasLtGetStatusName$addr = library.find("cublasLtGetStatusName").orElse(MemorySegment.NULL);
        cublasLtGetStatusString$addr = library.find("cublasLtGetStatusString").orElse(MemorySegment.NULL);
        cublasLtMatmul$addr = library.find("cublasLtMatmul").orElse(MemorySegment.NULL);
        cublasLtMatmulDescCreate$addr = library.find("cublasLtMatmulDescCreate").orElse(MemorySegment.NULL);
        cublasLtMatmulDescDestroy$addr =
                library.find("cublasLtMatmulDescDestroy").orElse(MemorySegment.NULL);
        cublasLtMatmulDescSetAttribute$addr =
                library.find("cublasLtMatmulDescSetAttribute").orElse(MemorySegment.NULL);
        cublasLtMatmulDescGetAttribute$addr =
                library.find("cublasLtMatmulDescGetAttribute").orElse(MemorySegment.NULL);
        cublasLtMatrixLayoutCreate$addr =
                library.find("cublasLtMatrixLayoutCreate").orElse(MemorySegment.NULL);
        cublasLtMatrixLayoutDestroy$addr =
                library.find("cublasLtMatrixLayoutDestroy").orElse(MemorySegment.NULL);
        cublasLtMatrixLayoutSetAttribute$addr =
                library.find("cublasLtMatrixLayoutSetAttribute").orElse(MemorySegment.NULL);
        cublasLtMatrixLayoutGetAttribute$addr =
                library.find("cublasLtMatrixLayoutGetAttribute").orElse(MemorySegment.NULL);
        cublasLtMatmulPreferenceCreate$addr =
                library.find("cublasLtMatmulPreferenceCreate").orElse(MemorySegment.NULL);
        cublasLtMatmulPreferenceDestroy$addr =
                library.find("cublasLtMatmulPreferenceDestroy").orElse(MemorySegment.NULL);
        cublasLtMatmulPreferenceSetAttribute$addr =
                library.find("cublasLtMatmulPreferenceSetAttribute").orElse(MemorySegment.NULL);
        cublasLtMatmulPreferenceGetAttribute$addr =
                library.find("cublasLtMatmulPreferenceGetAttribute").orElse(MemorySegment.NULL);
        cublasLtMatmulAlgoGetHeuristic$addr =
                library.find("cublasLtMatmulAlgoGetHeuristic").orElse(MemorySegment.NULL);
        cublasLtLoggerOpenFile$addr = library.find("cublasLtLoggerOpenFile").orElse(MemorySegment.NULL);
        cublasLtLoggerSetLevel$addr = library.find("cublasLtLoggerSetLevel").orElse(MemorySegment.NULL);
        cublasLtLoggerSetMask$addr = library.find("cublasLtLoggerSetMask").orElse(MemorySegment.NULL);
        cublasLtLoggerForceDisable$addr =
                library.find("cublasLtLoggerForceDisable").orElse(MemorySegment.NULL);
    }

    private static final class cublasLtCreate {
        static final FunctionDescriptor DESC = FunctionDescriptor.of(C_INT, C_POINTER);

        private cublasLtCreate() {}
    }

    private static final class cublasLtCreate$mh {
        static final MethodHandle HANDLE = Downcalls.unbound(cublasLtCreate.DESC);

        private cublasLtCreate$mh() {}
    }

    /** {@return the parameters and result of {@code cublasLtCreate}} */
    public static FunctionDescriptor cublasLtCreate$descriptor() {
        return cublasLtCreate.DESC;
    }

    /** {@return the handle of {@code cublasLtCreate}, whose first argument is its address} */
    public static MethodHandle cublasLtCreate$handle() {
        return cublasLtCreate$mh.HANDLE;
    }

    /** {@return the address of {@code cublasLtCreate}} */
    public MemorySegment cublasLtCreate$address() {
        return bound(cublasLtCreate$addr, "cublasLtCreate");
    }

    /** {@code cublasStatus_t cublasLtCreate(cublasLtHandle_t * lightHandle)}. */
    public int cublasLtCreate(MemorySegment lightHandle) {
        MemorySegment address$ = bound(cublasLtCreate$addr, "cublasLtCreate");
        try {
            return (int) cublasLtCreate$mh.HANDLE.invokeExact(address$, lightHandle);
        } catch (Error | RuntimeException e$) {
            throw e$;
        } catch (Throwable e$) {
            throw unexpected(e$);
        }
    }

    private static final class cublasLtDestroy {
        static final FunctionDescriptor DESC = FunctionDescriptor.of(C_INT, C_POINTER);

        private cublasLtDestroy() {}
    }

    private static final class cublasLtDestroy$mh {
        static final MethodHandle HANDLE = Downcalls.unbound(cublasLtDestroy.DESC);

        private cublasLtDestroy$mh() {}
    }

    /** {@return the parameters and result of {@code cublasLtDestroy}} */
    public static FunctionDescriptor cublasLtDestroy$descriptor() {
        return cublasLtDestroy.DESC;
    }

    /** {@return the handle of {@code cublasLtDestroy}, whose first argument is its address} */
    public static MethodHandle cublasLtDestroy$handle() {
        return cublasLtDestroy$mh.HANDLE;
    }

    /** {@return the address of {@code cublasLtDestroy}} */
    public MemorySegment cublasLtDestroy$address() {
        return bound(cublasLtDestroy$addr, "cublasLtDestroy");
    }

    /** {@code cublasStatus_t cublasLtDestroy(cublasLtHandle_t lightHandle)}. */
    public int cublasLtDestroy(MemorySegment lightHandle) {
        MemorySegment address$ = bound(cublasLtDestroy$addr, "cublasLtDestroy");
        try {
            return (int) cublasLtDestroy$mh.HANDLE.invokeExact(address$, lightHandle);
        } catch (Error | RuntimeException e$) {
            throw e$;
        } catch (Throwable e$) {
            throw unexpected(e$);
        }
    }

    private static final class cublasLtGetVersion {
        static final FunctionDescriptor DESC = FunctionDescriptor.of(C_LONG);

        private cublasLtGetVersion() {}
    }

    private static final class cublasLtGetVersion$mh {
        static final MethodHandle HANDLE = Downcalls.unbound(cublasLtGetVersion.DESC);

        private cublasLtGetVersion$mh() {}
    }

    /** {@return the parameters and result of {@code cublasLtGetVersion}} */
    public static FunctionDescriptor cublasLtGetVersion$descriptor() {
        return cublasLtGetVersion.DESC;
    }

    /** {@return the handle of {@code cublasLtGetVersion}, whose first argument is its address} */
    public static MethodHandle cublasLtGetVersion$handle() {
        return cublasLtGetVersion$mh.HANDLE;
    }

    /** {@return the address of {@code cublasLtGetVersion}} */
    public MemorySegment cublasLtGetVersion$address() {
        return bound(cublasLtGetVersion$addr, "cublasLtGetVersion");
    }

    /** {@code size_t cublasLtGetVersion(void)}. */
    public long cublasLtGetVersion() {
        MemorySegment address$ = bound(cublasLtGetVersion$addr, "cublasLtGetVersion");
        try {
            return (long) cublasLtGetVersion$mh.HANDLE.invokeExact(address$);
        } catch (Error | RuntimeException e$) {
            throw e$;
        } catch (Throwable e$) {
            throw unexpected(e$);
        }
    }

    private static final class cublasLtGetCudartVersion {
        static final FunctionDescriptor DESC = FunctionDescriptor.of(C_LONG);

        private cublasLtGetCudartVersion() {}
    }

    private static final class cublasLtGetCudartVersion$mh {
        static final MethodHandle HANDLE = Downcalls.unbound(cublasLtGetCudartVersion.DESC);

        private cublasLtGetCudartVersion$mh() {}
    }

    /** {@return the parameters and result of {@code cublasLtGetCudartVersion}} */
    public static FunctionDescriptor cublasLtGetCudartVersion$descriptor() {
        return cublasLtGetCudartVersion.DESC;
    }

    /** {@return the handle of {@code cublasLtGetCudartVersion}, whose first argument is its address} */
    public static MethodHandle cublasLtGetCudartVersion$handle() {
        return cublasLtGetCudartVersion$mh.HANDLE;
    }

    /** {@return the address of {@code cublasLtGetCudartVersion}} */
    public MemorySegment cublasLtGetCudartVersion$address() {
        return bound(cublasLtGetCudartVersion$addr, "cublasLtGetCudartVersion");
    }

    /** {@code size_t cublasLtGetCudartVersion(void)}. */
    public long cublasLtGetCudartVersion() {
        MemorySegment address$ = bound(cublasLtGetCudartVersion$addr, "cublasLtGetCudartVersion");
        try {
            return (long) cublasLtGetCudartVersion$mh.HANDLE.invokeExact(address$);
        } catch (Error | RuntimeException e$) {
            throw e$;
        } catch (Throwable e$) {
            throw unexpected(e$);
        }
    }

    private static final class cublasLtGetStatusName {
        static final FunctionDescriptor DESC = FunctionDescriptor.of(C_POINTER, C_INT);

        private cublasLtGetStatusName() {}
    }

    private static final class cublasLtGetStatusName$mh {
        static final MethodHandle HANDLE = Downcalls.unbound(cublasLtGetStatusName.DESC);

        private cublasLtGetStatusName$mh() {}
    }

    /** {@return the parameters and result of {@code cublasLtGetStatusName}} */
    public static FunctionDescriptor cublasLtGetStatusName$descriptor() {
        return cublasLtGetStatusName.DESC;
    }

    /** {@return the handle of {@code cublasLtGetStatusName}, whose first argument is its address} */
    public static MethodHandle cublasLtGetStatusName$handle() {
        return cublasLtGetStatusName$mh.HANDLE;
    }

    /** {@return the address of {@code cublasLtGetStatusName}} */
    public MemorySegment cublasLtGetStatusName$address() {
        return bound(cublasLtGetStatusName$addr, "cublasLtGetStatusName");
    }

    /** {@code const char* cublasLtGetStatusName(cublasStatus_t status)}. */
    public MemorySegment cublasLtGetStatusName(int status) {
        MemorySegment address$ = bound(cublasLtGetStatusName$addr, "cublasLtGetStatusName");
        try {
            return (MemorySegment) cublasLtGetStatusName$mh.HANDLE.invokeExact(address$, status);
        } catch (Error | RuntimeException e$) {
            throw e$;
        } catch (Throwable e$) {
            throw unexpected(e$);
        }
    }

    private static final class cublasLtGetStatusString {
        static final FunctionDescriptor DESC = FunctionDescriptor.of(C_POINTER, C_INT);

        private cublasLtGetStatusString() {}
    }

    private static final class cublasLtGetStatusString$mh {
        static final MethodHandle HANDLE = Downcalls.unbound(cublasLtGetStatusString.DESC);

        private cublasLtGetStatusString$mh() {}
    }

    /** {@return the parameters and result of {@code cublasLtGetStatusString}} */
    public static FunctionDescriptor cublasLtGetStatusString$descriptor() {
        return cublasLtGetStatusString.DESC;
    }

    /** {@return the handle of {@code cublasLtGetStatusString}, whose first argument is its address} */
    public static MethodHandle cublasLtGetStatusString$handle() {
        return cublasLtGetStatusString$mh.HANDLE;
    }

    /** {@return the address of {@code cublasLtGetStatusString}} */
    public MemorySegment cublasLtGetStatusString$address() {
        return bound(cublasLtGetStatusString$addr, "cublasLtGetStatusString");
    }

    /** {@code const char* cublasLtGetStatusString(cublasStatus_t status)}. */
    public MemorySegment cublasLtGetStatusString(int status) {
        MemorySegment address$ = bound(cublasLtGetStatusString$addr, "cublasLtGetStatusString");
        try {
            return (MemorySegment) cublasLtGetStatusString$mh.HANDLE.invokeExact(address$, status);
        } catch (Error | RuntimeException e$) {
            throw e$;
        } catch (Throwable e$) {
            throw unexpected(e$);
        }
    }

    private static final class cublasLtMatmul {
        static final FunctionDescriptor DESC = FunctionDescriptor.of(
                C_INT, C_POINTER, C_POINTER, C_POINTER, C_POINTER, C_POINTER, C_POINTER, C_POINTER, C_POINTER,
                C_POINTER, C_POINTER, C_POINTER, C_POINTER, C_POINTER, C_POINTER, C_LONG, C_POINTER);

        private cublasLtMatmul() {}
    }

    private static final class cublasLtMatmul$mh {
        static final MethodHandle HANDLE = Downcalls.unbound(cublasLtMatmul.DESC);

        private cublasLtMatmul$mh() {}
    }

    /** {@return the parameters and result of {@code cublasLtMatmul}} */
    public static FunctionDescriptor cublasLtMatmul$descriptor() {
        return cublasLtMatmul.DESC;
    }

    /** {@return the handle of {@code cublasLtMatmul}, whose first argument is its address} */
    public static MethodHandle cublasLtMatmul$handle() {
        return cublasLtMatmul$mh.HANDLE;
    }

    /** {@return the address of {@code cublasLtMatmul}} */
    public MemorySegment cublasLtMatmul$address() {
        return bound(cublasLtMatmul$addr, "cublasLtMatmul");
    }

    /** {@code cublasStatus_t cublasLtMatmul(cublasLtHandle_t lightHandle, cublasLtMatmulDesc_t computeDesc, const void * alpha, const void * A, cublasLtMatrixLayout_t Adesc, const void * B, cublasLtMatrixLayout_t Bdesc, const void * beta, const void * C, cublasLtMatrixLayout_t Cdesc, void * D, cublasLtMatrixLayout_t Ddesc, const cublasLtMatmulAlgo_t * algo, void * workspace, size_t workspaceSizeInBytes, cudaStream_t stream)}. */
    public int cublasLtMatmul(
            MemorySegment lightHandle,
            MemorySegment computeDesc,
            MemorySegment alpha,
            MemorySegment A,
            MemorySegment Adesc,
            MemorySegment B,
            MemorySegment Bdesc,
            MemorySegment beta,
            MemorySegment C,
            MemorySegment Cdesc,
            MemorySegment D,
            MemorySegment Ddesc,
            MemorySegment algo,
            MemorySegment workspace,
            long workspaceSizeInBytes,
            MemorySegment stream) {
        MemorySegment address$ = bound(cublasLtMatmul$addr, "cublasLtMatmul");
        try {
            return (int) cublasLtMatmul$mh.HANDLE.invokeExact(
                    address$,
                    lightHandle,
                    computeDesc,
                    alpha,
                    A,
                    Adesc,
                    B,
                    Bdesc,
                    beta,
                    C,
                    Cdesc,
                    D,
                    Ddesc,
                    algo,
                    workspace,
                    workspaceSizeInBytes,
                    stream);
        } catch (Error | RuntimeException e$) {
            throw e$;
        } catch (Throwable e$) {
            throw unexpected(e$);
        }
    }

    private static final class cublasLtMatmulDescCreate {
        static final FunctionDescriptor DESC = FunctionDescriptor.of(C_INT, C_POINTER, C_INT, C_INT);

        private cublasLtMatmulDescCreate() {}
    }

    private static final class cublasLtMatmulDescCreate$mh {
        static final MethodHandle HANDLE = Downcalls.unbound(cublasLtMatmulDescCreate.DESC);

        private cublasLtMatmulDescCreate$mh() {}
    }

    /** {@return the parameters and result of {@code cublasLtMatmulDescCreate}} */
    public static FunctionDescriptor cublasLtMatmulDescCreate$descriptor() {
        return cublasLtMatmulDescCreate.DESC;
    }

    /** {@return the handle of {@code cublasLtMatmulDescCreate}, whose first argument is its address} */
    public static MethodHandle cublasLtMatmulDescCreate$handle() {
        return cublasLtMatmulDescCreate$mh.HANDLE;
    }

    /** {@return the address of {@code cublasLtMatmulDescCreate}} */
    public MemorySegment cublasLtMatmulDescCreate$address() {
        return bound(cublasLtMatmulDescCreate$addr, "cublasLtMatmulDescCreate");
    }

    /** {@code cublasStatus_t cublasLtMatmulDescCreate(cublasLtMatmulDesc_t * matmulDesc, cublasComputeType_t computeType, cudaDataType_t scaleType)}. */
    public int cublasLtMatmulDescCreate(MemorySegment matmulDesc, int computeType, int scaleType) {
        MemorySegment address$ = bound(cublasLtMatmulDescCreate$addr, "cublasLtMatmulDescCreate");
        try {
            return (int) cublasLtMatmulDescCreate$mh.HANDLE.invokeExact(address$, matmulDesc, computeType, scaleType);
        } catch (Error | RuntimeException e$) {
            throw e$;
        } catch (Throwable e$) {
            throw unexpected(e$);
        }
    }

    private static final class cublasLtMatmulDescDestroy {
        static final FunctionDescriptor DESC = FunctionDescriptor.of(C_INT, C_POINTER);

        private cublasLtMatmulDescDestroy() {}
    }

    private static final class cublasLtMatmulDescDestroy$mh {
        static final MethodHandle HANDLE = Downcalls.unbound(cublasLtMatmulDescDestroy.DESC);

        private cublasLtMatmulDescDestroy$mh() {}
    }

    /** {@return the parameters and result of {@code cublasLtMatmulDescDestroy}} */
    public static FunctionDescriptor cublasLtMatmulDescDestroy$descriptor() {
        return cublasLtMatmulDescDestroy.DESC;
    }

    /** {@return the handle of {@code cublasLtMatmulDescDestroy}, whose first argument is its address} */
    public static MethodHandle cublasLtMatmulDescDestroy$handle() {
        return cublasLtMatmulDescDestroy$mh.HANDLE;
    }

    /** {@return the address of {@code cublasLtMatmulDescDestroy}} */
    public MemorySegment cublasLtMatmulDescDestroy$address() {
        return bound(cublasLtMatmulDescDestroy$addr, "cublasLtMatmulDescDestroy");
    }

    /** {@code cublasStatus_t cublasLtMatmulDescDestroy(cublasLtMatmulDesc_t matmulDesc)}. */
    public int cublasLtMatmulDescDestroy(MemorySegment matmulDesc) {
        MemorySegment address$ = bound(cublasLtMatmulDescDestroy$addr, "cublasLtMatmulDescDestroy");
        try {
            return (int) cublasLtMatmulDescDestroy$mh.HANDLE.invokeExact(address$, matmulDesc);
        } catch (Error | RuntimeException e$) {
            throw e$;
        } catch (Throwable e$) {
            throw unexpected(e$);
        }
    }

    private static final class cublasLtMatmulDescSetAttribute {
        static final FunctionDescriptor DESC = FunctionDescriptor.of(C_INT, C_POINTER, C_INT, C_POINTER, C_LONG);

        private cublasLtMatmulDescSetAttribute() {}
    }

    private static final class cublasLtMatmulDescSetAttribute$mh {
        static final MethodHandle HANDLE = Downcalls.unbound(cublasLtMatmulDescSetAttribute.DESC);

        private cublasLtMatmulDescSetAttribute$mh() {}
    }

    /** {@return the parameters and result of {@code cublasLtMatmulDescSetAttribute}} */
    public static FunctionDescriptor cublasLtMatmulDescSetAttribute$descriptor() {
        return cublasLtMatmulDescSetAttribute.DESC;
    }

    /** {@return the handle of {@code cublasLtMatmulDescSetAttribute}, whose first argument is its address} */
    public static MethodHandle cublasLtMatmulDescSetAttribute$handle() {
        return cublasLtMatmulDescSetAttribute$mh.HANDLE;
    }

    /** {@return the address of {@code cublasLtMatmulDescSetAttribute}} */
    public MemorySegment cublasLtMatmulDescSetAttribute$address() {
        return bound(cublasLtMatmulDescSetAttribute$addr, "cublasLtMatmulDescSetAttribute");
    }

    /** {@code cublasStatus_t cublasLtMatmulDescSetAttribute(cublasLtMatmulDesc_t matmulDesc, cublasLtMatmulDescAttributes_t attr, const void * buf, size_t sizeInBytes)}. */
    public int cublasLtMatmulDescSetAttribute(MemorySegment matmulDesc, int attr, MemorySegment buf, long sizeInBytes) {
        MemorySegment address$ = bound(cublasLtMatmulDescSetAttribute$addr, "cublasLtMatmulDescSetAttribute");
        try {
            return (int)
                    cublasLtMatmulDescSetAttribute$mh.HANDLE.invokeExact(address$, matmulDesc, attr, buf, sizeInBytes);
        } catch (Error | RuntimeException e$) {
            throw e$;
        } catch (Throwable e$) {
            throw unexpected(e$);
        }
    }

    private static final class cublasLtMatmulDescGetAttribute {
        static final FunctionDescriptor DESC =
                FunctionDescriptor.of(C_INT, C_POINTER, C_INT, C_POINTER, C_LONG, C_POINTER);

        private cublasLtMatmulDescGetAttribute() {}
    }

    private static final class cublasLtMatmulDescGetAttribute$mh {
        static final MethodHandle HANDLE = Downcalls.unbound(cublasLtMatmulDescGetAttribute.DESC);

        private cublasLtMatmulDescGetAttribute$mh() {}
    }

    /** {@return the parameters and result of {@code cublasLtMatmulDescGetAttribute}} */
    public static FunctionDescriptor cublasLtMatmulDescGetAttribute$descriptor() {
        return cublasLtMatmulDescGetAttribute.DESC;
    }

    /** {@return the handle of {@code cublasLtMatmulDescGetAttribute}, whose first argument is its address} */
    public static MethodHandle cublasLtMatmulDescGetAttribute$handle() {
        return cublasLtMatmulDescGetAttribute$mh.HANDLE;
    }

    /** {@return the address of {@code cublasLtMatmulDescGetAttribute}} */
    public MemorySegment cublasLtMatmulDescGetAttribute$address() {
        return bound(cublasLtMatmulDescGetAttribute$addr, "cublasLtMatmulDescGetAttribute");
    }

    /** {@code cublasStatus_t cublasLtMatmulDescGetAttribute(cublasLtMatmulDesc_t matmulDesc, cublasLtMatmulDescAttributes_t attr, void * buf, size_t sizeInBytes, size_t * sizeWritten)}. */
    public int cublasLtMatmulDescGetAttribute(
            MemorySegment matmulDesc, int attr, MemorySegment buf, long sizeInBytes, MemorySegment sizeWritten) {
        MemorySegment address$ = bound(cublasLtMatmulDescGetAttribute$addr, "cublasLtMatmulDescGetAttribute");
        try {
            return (int) cublasLtMatmulDescGetAttribute$mh.HANDLE.invokeExact(
                    address$, matmulDesc, attr, buf, sizeInBytes, sizeWritten);
        } catch (Error | RuntimeException e$) {
            throw e$;
        } catch (Throwable e$) {
            throw unexpected(e$);
        }
    }

    private static final class cublasLtMatrixLayoutCreate {
        static final FunctionDescriptor DESC = FunctionDescriptor.of(C_INT, C_POINTER, C_INT, C_LONG, C_LONG, C_LONG);

        private cublasLtMatrixLayoutCreate() {}
    }

    private static final class cublasLtMatrixLayoutCreate$mh {
        static final MethodHandle HANDLE = Downcalls.unbound(cublasLtMatrixLayoutCreate.DESC);

        private cublasLtMatrixLayoutCreate$mh() {}
    }

    /** {@return the parameters and result of {@code cublasLtMatrixLayoutCreate}} */
    public static FunctionDescriptor cublasLtMatrixLayoutCreate$descriptor() {
        return cublasLtMatrixLayoutCreate.DESC;
    }

    /** {@return the handle of {@code cublasLtMatrixLayoutCreate}, whose first argument is its address} */
    public static MethodHandle cublasLtMatrixLayoutCreate$handle() {
        return cublasLtMatrixLayoutCreate$mh.HANDLE;
    }

    /** {@return the address of {@code cublasLtMatrixLayoutCreate}} */
    public MemorySegment cublasLtMatrixLayoutCreate$address() {
        return bound(cublasLtMatrixLayoutCreate$addr, "cublasLtMatrixLayoutCreate");
    }

    /** {@code cublasStatus_t cublasLtMatrixLayoutCreate(cublasLtMatrixLayout_t * matLayout, cudaDataType type, uint64_t rows, uint64_t cols, int64_t ld)}. */
    public int cublasLtMatrixLayoutCreate(MemorySegment matLayout, int type, long rows, long cols, long ld) {
        MemorySegment address$ = bound(cublasLtMatrixLayoutCreate$addr, "cublasLtMatrixLayoutCreate");
        try {
            return (int) cublasLtMatrixLayoutCreate$mh.HANDLE.invokeExact(address$, matLayout, type, rows, cols, ld);
        } catch (Error | RuntimeException e$) {
            throw e$;
        } catch (Throwable e$) {
            throw unexpected(e$);
        }
    }

    private static final class cublasLtMatrixLayoutDestroy {
        static final FunctionDescriptor DESC = FunctionDescriptor.of(C_INT, C_POINTER);

        private cublasLtMatrixLayoutDestroy() {}
    }

    private static final class cublasLtMatrixLayoutDestroy$mh {
        static final MethodHandle HANDLE = Downcalls.unbound(cublasLtMatrixLayoutDestroy.DESC);

        private cublasLtMatrixLayoutDestroy$mh() {}
    }

    /** {@return the parameters and result of {@code cublasLtMatrixLayoutDestroy}} */
    public static FunctionDescriptor cublasLtMatrixLayoutDestroy$descriptor() {
        return cublasLtMatrixLayoutDestroy.DESC;
    }

    /** {@return the handle of {@code cublasLtMatrixLayoutDestroy}, whose first argument is its address} */
    public static MethodHandle cublasLtMatrixLayoutDestroy$handle() {
        return cublasLtMatrixLayoutDestroy$mh.HANDLE;
    }

    /** {@return the address of {@code cublasLtMatrixLayoutDestroy}} */
    public MemorySegment cublasLtMatrixLayoutDestroy$address() {
        return bound(cublasLtMatrixLayoutDestroy$addr, "cublasLtMatrixLayoutDestroy");
    }

    /** {@code cublasStatus_t cublasLtMatrixLayoutDestroy(cublasLtMatrixLayout_t matLayout)}. */
    public int cublasLtMatrixLayoutDestroy(MemorySegment matLayout) {
        MemorySegment address$ = bound(cublasLtMatrixLayoutDestroy$addr, "cublasLtMatrixLayoutDestroy");
        try {
            return (int) cublasLtMatrixLayoutDestroy$mh.HANDLE.invokeExact(address$, matLayout);
        } catch (Error | RuntimeException e$) {
            throw e$;
        } catch (Throwable e$) {
            throw unexpected(e$);
        }
    }

    private static final class cublasLtMatrixLayoutSetAttribute {
        static final FunctionDescriptor DESC = FunctionDescriptor.of(C_INT, C_POINTER, C_INT, C_POINTER, C_LONG);

        private cublasLtMatrixLayoutSetAttribute() {}
    }

    private static final class cublasLtMatrixLayoutSetAttribute$mh {
        static final MethodHandle HANDLE = Downcalls.unbound(cublasLtMatrixLayoutSetAttribute.DESC);

        private cublasLtMatrixLayoutSetAttribute$mh() {}
    }

    /** {@return the parameters and result of {@code cublasLtMatrixLayoutSetAttribute}} */
    public static FunctionDescriptor cublasLtMatrixLayoutSetAttribute$descriptor() {
        return cublasLtMatrixLayoutSetAttribute.DESC;
    }

    /** {@return the handle of {@code cublasLtMatrixLayoutSetAttribute}, whose first argument is its address} */
    public static MethodHandle cublasLtMatrixLayoutSetAttribute$handle() {
        return cublasLtMatrixLayoutSetAttribute$mh.HANDLE;
    }

    /** {@return the address of {@code cublasLtMatrixLayoutSetAttribute}} */
    public MemorySegment cublasLtMatrixLayoutSetAttribute$address() {
        return bound(cublasLtMatrixLayoutSetAttribute$addr, "cublasLtMatrixLayoutSetAttribute");
    }

    /** {@code cublasStatus_t cublasLtMatrixLayoutSetAttribute(cublasLtMatrixLayout_t matLayout, cublasLtMatrixLayoutAttribute_t attr, const void * buf, size_t sizeInBytes)}. */
    public int cublasLtMatrixLayoutSetAttribute(
            MemorySegment matLayout, int attr, MemorySegment buf, long sizeInBytes) {
        MemorySegment address$ = bound(cublasLtMatrixLayoutSetAttribute$addr, "cublasLtMatrixLayoutSetAttribute");
        try {
            return (int)
                    cublasLtMatrixLayoutSetAttribute$mh.HANDLE.invokeExact(address$, matLayout, attr, buf, sizeInBytes);
        } catch (Error | RuntimeException e$) {
            throw e$;
        } catch (Throwable e$) {
            throw unexpected(e$);
        }
    }

    private static final class cublasLtMatrixLayoutGetAttribute {
        static final FunctionDescriptor DESC =
                FunctionDescriptor.of(C_INT, C_POINTER, C_INT, C_POINTER, C_LONG, C_POINTER);

        private cublasLtMatrixLayoutGetAttribute() {}
    }

    private static final class cublasLtMatrixLayoutGetAttribute$mh {
        static final MethodHandle HANDLE = Downcalls.unbound(cublasLtMatrixLayoutGetAttribute.DESC);

        private cublasLtMatrixLayoutGetAttribute$mh() {}
    }

    /** {@return the parameters and result of {@code cublasLtMatrixLayoutGetAttribute}} */
    public static FunctionDescriptor cublasLtMatrixLayoutGetAttribute$descriptor() {
        return cublasLtMatrixLayoutGetAttribute.DESC;
    }

    /** {@return the handle of {@code cublasLtMatrixLayoutGetAttribute}, whose first argument is its address} */
    public static MethodHandle cublasLtMatrixLayoutGetAttribute$handle() {
        return cublasLtMatrixLayoutGetAttribute$mh.HANDLE;
    }

    /** {@return the address of {@code cublasLtMatrixLayoutGetAttribute}} */
    public MemorySegment cublasLtMatrixLayoutGetAttribute$address() {
        return bound(cublasLtMatrixLayoutGetAttribute$addr, "cublasLtMatrixLayoutGetAttribute");
    }

    /** {@code cublasStatus_t cublasLtMatrixLayoutGetAttribute(cublasLtMatrixLayout_t matLayout, cublasLtMatrixLayoutAttribute_t attr, void * buf, size_t sizeInBytes, size_t * sizeWritten)}. */
    public int cublasLtMatrixLayoutGetAttribute(
            MemorySegment matLayout, int attr, MemorySegment buf, long sizeInBytes, MemorySegment sizeWritten) {
        MemorySegment address$ = bound(cublasLtMatrixLayoutGetAttribute$addr, "cublasLtMatrixLayoutGetAttribute");
        try {
            return (int) cublasLtMatrixLayoutGetAttribute$mh.HANDLE.invokeExact(
                    address$, matLayout, attr, buf, sizeInBytes, sizeWritten);
        } catch (Error | RuntimeException e$) {
            throw e$;
        } catch (Throwable e$) {
            throw unexpected(e$);
        }
    }

    private static final class cublasLtMatmulPreferenceCreate {
        static final FunctionDescriptor DESC = FunctionDescriptor.of(C_INT, C_POINTER);

        private cublasLtMatmulPreferenceCreate() {}
    }

    private static final class cublasLtMatmulPreferenceCreate$mh {
        static final MethodHandle HANDLE = Downcalls.unbound(cublasLtMatmulPreferenceCreate.DESC);

        private cublasLtMatmulPreferenceCreate$mh() {}
    }

    /** {@return the parameters and result of {@code cublasLtMatmulPreferenceCreate}} */
    public static FunctionDescriptor cublasLtMatmulPreferenceCreate$descriptor() {
        return cublasLtMatmulPreferenceCreate.DESC;
    }

    /** {@return the handle of {@code cublasLtMatmulPreferenceCreate}, whose first argument is its address} */
    public static MethodHandle cublasLtMatmulPreferenceCreate$handle() {
        return cublasLtMatmulPreferenceCreate$mh.HANDLE;
    }

    /** {@return the address of {@code cublasLtMatmulPreferenceCreate}} */
    public MemorySegment cublasLtMatmulPreferenceCreate$address() {
        return bound(cublasLtMatmulPreferenceCreate$addr, "cublasLtMatmulPreferenceCreate");
    }

    /** {@code cublasStatus_t cublasLtMatmulPreferenceCreate(cublasLtMatmulPreference_t * pref)}. */
    public int cublasLtMatmulPreferenceCreate(MemorySegment pref) {
        MemorySegment address$ = bound(cublasLtMatmulPreferenceCreate$addr, "cublasLtMatmulPreferenceCreate");
        try {
            return (int) cublasLtMatmulPreferenceCreate$mh.HANDLE.invokeExact(address$, pref);
        } catch (Error | RuntimeException e$) {
            throw e$;
        } catch (Throwable e$) {
            throw unexpected(e$);
        }
    }

    private static final class cublasLtMatmulPreferenceDestroy {
        static final FunctionDescriptor DESC = FunctionDescriptor.of(C_INT, C_POINTER);

        private cublasLtMatmulPreferenceDestroy() {}
    }

    private static final class cublasLtMatmulPreferenceDestroy$mh {
        static final MethodHandle HANDLE = Downcalls.unbound(cublasLtMatmulPreferenceDestroy.DESC);

        private cublasLtMatmulPreferenceDestroy$mh() {}
    }

    /** {@return the parameters and result of {@code cublasLtMatmulPreferenceDestroy}} */
    public static FunctionDescriptor cublasLtMatmulPreferenceDestroy$descriptor() {
        return cublasLtMatmulPreferenceDestroy.DESC;
    }

    /** {@return the handle of {@code cublasLtMatmulPreferenceDestroy}, whose first argument is its address} */
    public static MethodHandle cublasLtMatmulPreferenceDestroy$handle() {
        return cublasLtMatmulPreferenceDestroy$mh.HANDLE;
    }

    /** {@return the address of {@code cublasLtMatmulPreferenceDestroy}} */
    public MemorySegment cublasLtMatmulPreferenceDestroy$address() {
        return bound(cublasLtMatmulPreferenceDestroy$addr, "cublasLtMatmulPreferenceDestroy");
    }

    /** {@code cublasStatus_t cublasLtMatmulPreferenceDestroy(cublasLtMatmulPreference_t pref)}. */
    public int cublasLtMatmulPreferenceDestroy(MemorySegment pref) {
        MemorySegment address$ = bound(cublasLtMatmulPreferenceDestroy$addr, "cublasLtMatmulPreferenceDestroy");
        try {
            return (int) cublasLtMatmulPreferenceDestroy$mh.HANDLE.invokeExact(address$, pref);
        } catch (Error | RuntimeException e$) {
            throw e$;
        } catch (Throwable e$) {
            throw unexpected(e$);
        }
    }

    private static final class cublasLtMatmulPreferenceSetAttribute {
        static final FunctionDescriptor DESC = FunctionDescriptor.of(C_INT, C_POINTER, C_INT, C_POINTER, C_LONG);

        private cublasLtMatmulPreferenceSetAttribute() {}
    }

    private static final class cublasLtMatmulPreferenceSetAttribute$mh {
        static final MethodHandle HANDLE = Downcalls.unbound(cublasLtMatmulPreferenceSetAttribute.DESC);

        private cublasLtMatmulPreferenceSetAttribute$mh() {}
    }

    /** {@return the parameters and result of {@code cublasLtMatmulPreferenceSetAttribute}} */
    public static FunctionDescriptor cublasLtMatmulPreferenceSetAttribute$descriptor() {
        return cublasLtMatmulPreferenceSetAttribute.DESC;
    }

    /** {@return the handle of {@code cublasLtMatmulPreferenceSetAttribute}, whose first argument is its address} */
    public static MethodHandle cublasLtMatmulPreferenceSetAttribute$handle() {
        return cublasLtMatmulPreferenceSetAttribute$mh.HANDLE;
    }

    /** {@return the address of {@code cublasLtMatmulPreferenceSetAttribute}} */
    public MemorySegment cublasLtMatmulPreferenceSetAttribute$address() {
        return bound(cublasLtMatmulPreferenceSetAttribute$addr, "cublasLtMatmulPreferenceSetAttribute");
    }

    /** {@code cublasStatus_t cublasLtMatmulPreferenceSetAttribute(cublasLtMatmulPreference_t pref, cublasLtMatmulPreferenceAttributes_t attr, const void * buf, size_t sizeInBytes)}. */
    public int cublasLtMatmulPreferenceSetAttribute(MemorySegment pref, int attr, MemorySegment buf, long sizeInBytes) {
        MemorySegment address$ =
                bound(cublasLtMatmulPreferenceSetAttribute$addr, "cublasLtMatmulPreferenceSetAttribute");
        try {
            return (int)
                    cublasLtMatmulPreferenceSetAttribute$mh.HANDLE.invokeExact(address$, pref, attr, buf, sizeInBytes);
        } catch (Error | RuntimeException e$) {
            throw e$;
        } catch (Throwable e$) {
            throw unexpected(e$);
        }
    }

    private static final class cublasLtMatmulPreferenceGetAttribute {
        static final FunctionDescriptor DESC =
                FunctionDescriptor.of(C_INT, C_POINTER, C_INT, C_POINTER, C_LONG, C_POINTER);

        private cublasLtMatmulPreferenceGetAttribute() {}
    }

    private static final class cublasLtMatmulPreferenceGetAttribute$mh {
        static final MethodHandle HANDLE = Downcalls.unbound(cublasLtMatmulPreferenceGetAttribute.DESC);

        private cublasLtMatmulPreferenceGetAttribute$mh() {}
    }

    /** {@return the parameters and result of {@code cublasLtMatmulPreferenceGetAttribute}} */
    public static FunctionDescriptor cublasLtMatmulPreferenceGetAttribute$descriptor() {
        return cublasLtMatmulPreferenceGetAttribute.DESC;
    }

    /** {@return the handle of {@code cublasLtMatmulPreferenceGetAttribute}, whose first argument is its address} */
    public static MethodHandle cublasLtMatmulPreferenceGetAttribute$handle() {
        return cublasLtMatmulPreferenceGetAttribute$mh.HANDLE;
    }

    /** {@return the address of {@code cublasLtMatmulPreferenceGetAttribute}} */
    public MemorySegment cublasLtMatmulPreferenceGetAttribute$address() {
        return bound(cublasLtMatmulPreferenceGetAttribute$addr, "cublasLtMatmulPreferenceGetAttribute");
    }

    /** {@code cublasStatus_t cublasLtMatmulPreferenceGetAttribute(cublasLtMatmulPreference_t pref, cublasLtMatmulPreferenceAttributes_t attr, void * buf, size_t sizeInBytes, size_t * sizeWritten)}. */
    public int cublasLtMatmulPreferenceGetAttribute(
            MemorySegment pref, int attr, MemorySegment buf, long sizeInBytes, MemorySegment sizeWritten) {
        MemorySegment address$ =
                bound(cublasLtMatmulPreferenceGetAttribute$addr, "cublasLtMatmulPreferenceGetAttribute");
        try {
            return (int) cublasLtMatmulPreferenceGetAttribute$mh.HANDLE.invokeExact(
                    address$, pref, attr, buf, sizeInBytes, sizeWritten);
        } catch (Error | RuntimeException e$) {
            throw e$;
        } catch (Throwable e$) {
            throw unexpected(e$);
        }
    }

    private static final class cublasLtMatmulAlgoGetHeuristic {
        static final FunctionDescriptor DESC = FunctionDescriptor.of(
                C_INT, C_POINTER, C_POINTER, C_POINTER, C_POINTER, C_POINTER, C_POINTER, C_POINTER, C_INT, C_POINTER,
                C_POINTER);

        private cublasLtMatmulAlgoGetHeuristic() {}
    }

    private static final class cublasLtMatmulAlgoGetHeuristic$mh {
        static final MethodHandle HANDLE = Downcalls.unbound(cublasLtMatmulAlgoGetHeuristic.DESC);

        private cublasLtMatmulAlgoGetHeuristic$mh() {}
    }

    /** {@return the parameters and result of {@code cublasLtMatmulAlgoGetHeuristic}} */
    public static FunctionDescriptor cublasLtMatmulAlgoGetHeuristic$descriptor() {
        return cublasLtMatmulAlgoGetHeuristic.DESC;
    }

    /** {@return the handle of {@code cublasLtMatmulAlgoGetHeuristic}, whose first argument is its address} */
    public static MethodHandle cublasLtMatmulAlgoGetHeuristic$handle() {
        return cublasLtMatmulAlgoGetHeuristic$mh.HANDLE;
    }

    /** {@return the address of {@code cublasLtMatmulAlgoGetHeuristic}} */
    public MemorySegment cublasLtMatmulAlgoGetHeuristic$address() {
        return bound(cublasLtMatmulAlgoGetHeuristic$addr, "cublasLtMatmulAlgoGetHeuristic");
    }

    /** {@code cublasStatus_t cublasLtMatmulAlgoGetHeuristic(cublasLtHandle_t lightHandle, cublasLtMatmulDesc_t operationDesc, cublasLtMatrixLayout_t Adesc, cublasLtMatrixLayout_t Bdesc, cublasLtMatrixLayout_t Cdesc, cublasLtMatrixLayout_t Ddesc, cublasLtMatmulPreference_t preference, int requestedAlgoCount, cublasLtMatmulHeuristicResult_t * heuristicResultsArray, int * returnAlgoCount)}. */
    public int cublasLtMatmulAlgoGetHeuristic(
            MemorySegment lightHandle,
            MemorySegment operationDesc,
            MemorySegment Adesc,
            MemorySegment Bdesc,
            MemorySegment Cdesc,
            MemorySegment Ddesc,
            MemorySegment preference,
            int requestedAlgoCount,
            MemorySegment heuristicResultsArray,
            MemorySegment returnAlgoCount) {
        MemorySegment address$ = bound(cublasLtMatmulAlgoGetHeuristic$addr, "cublasLtMatmulAlgoGetHeuristic");
        try {
            return (int) cublasLtMatmulAlgoGetHeuristic$mh.HANDLE.invokeExact(
                    address$,
                    lightHandle,
                    operationDesc,
                    Adesc,
                    Bdesc,
                    Cdesc,
                    Ddesc,
                    preference,
                    requestedAlgoCount,
                    heuristicResultsArray,
                    returnAlgoCount);
        } catch (Error | RuntimeException e$) {
            throw e$;
        } catch (Throwable e$) {
            throw unexpected(e$);
        }
    }

    private static final class cublasLtLoggerOpenFile {
        static final FunctionDescriptor DESC = FunctionDescriptor.of(C_INT, C_POINTER);

        private cublasLtLoggerOpenFile() {}
    }

    private static final class cublasLtLoggerOpenFile$mh {
        static final MethodHandle HANDLE = Downcalls.unbound(cublasLtLoggerOpenFile.DESC);

        private cublasLtLoggerOpenFile$mh() {}
    }

    /** {@return the parameters and result of {@code cublasLtLoggerOpenFile}} */
    public static FunctionDescriptor cublasLtLoggerOpenFile$descriptor() {
        return cublasLtLoggerOpenFile.DESC;
    }

    /** {@return the handle of {@code cublasLtLoggerOpenFile}, whose first argument is its address} */
    public static MethodHandle cublasLtLoggerOpenFile$handle() {
        return cublasLtLoggerOpenFile$mh.HANDLE;
    }

    /** {@return the address of {@code cublasLtLoggerOpenFile}} */
    public MemorySegment cublasLtLoggerOpenFile$address() {
        return bound(cublasLtLoggerOpenFile$addr, "cublasLtLoggerOpenFile");
    }

    /** {@code cublasStatus_t cublasLtLoggerOpenFile(const char * logFile)}. */
    public int cublasLtLoggerOpenFile(MemorySegment logFile) {
        MemorySegment address$ = bound(cublasLtLoggerOpenFile$addr, "cublasLtLoggerOpenFile");
        try {
            return (int) cublasLtLoggerOpenFile$mh.HANDLE.invokeExact(address$, logFile);
        } catch (Error | RuntimeException e$) {
            throw e$;
        } catch (Throwable e$) {
            throw unexpected(e$);
        }
    }

    private static final class cublasLtLoggerSetLevel {
        static final FunctionDescriptor DESC = FunctionDescriptor.of(C_INT, C_INT);

        private cublasLtLoggerSetLevel() {}
    }

    private static final class cublasLtLoggerSetLevel$mh {
        static final MethodHandle HANDLE = Downcalls.unbound(cublasLtLoggerSetLevel.DESC);

        private cublasLtLoggerSetLevel$mh() {}
    }

    /** {@return the parameters and result of {@code cublasLtLoggerSetLevel}} */
    public static FunctionDescriptor cublasLtLoggerSetLevel$descriptor() {
        return cublasLtLoggerSetLevel.DESC;
    }

    /** {@return the handle of {@code cublasLtLoggerSetLevel}, whose first argument is its address} */
    public static MethodHandle cublasLtLoggerSetLevel$handle() {
        return cublasLtLoggerSetLevel$mh.HANDLE;
    }

    /** {@return the address of {@code cublasLtLoggerSetLevel}} */
    public MemorySegment cublasLtLoggerSetLevel$address() {
        return bound(cublasLtLoggerSetLevel$addr, "cublasLtLoggerSetLevel");
    }

    /** {@code cublasStatus_t cublasLtLoggerSetLevel(int level)}. */
    public int cublasLtLoggerSetLevel(int level) {
        MemorySegment address$ = bound(cublasLtLoggerSetLevel$addr, "cublasLtLoggerSetLevel");
        try {
            return (int) cublasLtLoggerSetLevel$mh.HANDLE.invokeExact(address$, level);
        } catch (Error | RuntimeException e$) {
            throw e$;
        } catch (Throwable e$) {
            throw unexpected(e$);
        }
    }

    private static final class cublasLtLoggerSetMask {
        static final FunctionDescriptor DESC = FunctionDescriptor.of(C_INT, C_INT);

        private cublasLtLoggerSetMask() {}
    }

    private static final class cublasLtLoggerSetMask$mh {
        static final MethodHandle HANDLE = Downcalls.unbound(cublasLtLoggerSetMask.DESC);

        private cublasLtLoggerSetMask$mh() {}
    }

    /** {@return the parameters and result of {@code cublasLtLoggerSetMask}} */
    public static FunctionDescriptor cublasLtLoggerSetMask$descriptor() {
        return cublasLtLoggerSetMask.DESC;
    }

    /** {@return the handle of {@code cublasLtLoggerSetMask}, whose first argument is its address} */
    public static MethodHandle cublasLtLoggerSetMask$handle() {
        return cublasLtLoggerSetMask$mh.HANDLE;
    }

    /** {@return the address of {@code cublasLtLoggerSetMask}} */
    public MemorySegment cublasLtLoggerSetMask$address() {
        return bound(cublasLtLoggerSetMask$addr, "cublasLtLoggerSetMask");
    }

    /** {@code cublasStatus_t cublasLtLoggerSetMask(int mask)}. */
    public int cublasLtLoggerSetMask(int mask) {
        MemorySegment address$ = bound(cublasLtLoggerSetMask$addr, "cublasLtLoggerSetMask");
        try {
            return (int) cublasLtLoggerSetMask$mh.HANDLE.invokeExact(address$, mask);
        } catch (Error | RuntimeException e$) {
            throw e$;
        } catch (Throwable e$) {
            throw unexpected(e$);
        }
    }

    private static final class cublasLtLoggerForceDisable {
        static final FunctionDescriptor DESC = FunctionDescriptor.of(C_INT);

        private cublasLtLoggerForceDisable() {}
    }

    private static final class cublasLtLoggerForceDisable$mh {
        static final MethodHandle HANDLE = Downcalls.unbound(cublasLtLoggerForceDisable.DESC);

        private cublasLtLoggerForceDisable$mh() {}
    }

    /** {@return the parameters and result of {@code cublasLtLoggerForceDisable}} */
    public static FunctionDescriptor cublasLtLoggerForceDisable$descriptor() {
        return cublasLtLoggerForceDisable.DESC;
    }

    /** {@return the handle of {@code cublasLtLoggerForceDisable}, whose first argument is its address} */
    public static MethodHandle cublasLtLoggerForceDisable$handle() {
        return cublasLtLoggerForceDisable$mh.HANDLE;
    }

    /** {@return the address of {@code cublasLtLoggerForceDisable}} */
    public MemorySegment cublasLtLoggerForceDisable$address() {
        return bound(cublasLtLoggerForceDisable$addr, "cublasLtLoggerForceDisable");
    }

    /** {@code cublasStatus_t cublasLtLoggerForceDisable(void)}. */
    public int cublasLtLoggerForceDisable() {
        MemorySegment address$ = bound(cublasLtLoggerForceDisable$addr, "cublasLtLoggerForceDisable");
        try {
            return (int) cublasLtLoggerForceDisable$mh.HANDLE.invokeExact(address$);
        } catch (Error | RuntimeException e$) {
            throw e$;
        } catch (Throwable e$) {
            throw unexpected(e$);
        }
    }

    /** {@return {@code CUBLAS_STATUS_SUCCESS}} */
    public static int CUBLAS_STATUS_SUCCESS() {
        return 0;
    }

    /** {@return {@code CUBLAS_STATUS_NOT_INITIALIZED}} */
    public static int CUBLAS_STATUS_NOT_INITIALIZED() {
        return 1;
    }

    /** {@return {@code CUBLAS_STATUS_ALLOC_FAILED}} */
    public static int CUBLAS_STATUS_ALLOC_FAILED() {
        return 3;
    }

    /** {@return {@code CUBLAS_STATUS_INVALID_VALUE}} */
    public static int CUBLAS_STATUS_INVALID_VALUE() {
        return 7;
    }

    /** {@return {@code CUBLAS_STATUS_ARCH_MISMATCH}} */
    public static int CUBLAS_STATUS_ARCH_MISMATCH() {
        return 8;
    }

    /** {@return {@code CUBLAS_STATUS_MAPPING_ERROR}} */
    public static int CUBLAS_STATUS_MAPPING_ERROR() {
        return 11;
    }

    /** {@return {@code CUBLAS_STATUS_EXECUTION_FAILED}} */
    public static int CUBLAS_STATUS_EXECUTION_FAILED() {
        return 13;
    }

    /** {@return {@code CUBLAS_STATUS_INTERNAL_ERROR}} */
    public static int CUBLAS_STATUS_INTERNAL_ERROR() {
        return 14;
    }

    /** {@return {@code CUBLAS_STATUS_NOT_SUPPORTED}} */
    public static int CUBLAS_STATUS_NOT_SUPPORTED() {
        return 15;
    }

    /** {@return {@code CUBLAS_STATUS_LICENSE_ERROR}} */
    public static int CUBLAS_STATUS_LICENSE_ERROR() {
        return 16;
    }

    /** {@return {@code CUBLAS_OP_N}} */
    public static int CUBLAS_OP_N() {
        return 0;
    }

    /** {@return {@code CUBLAS_OP_T}} */
    public static int CUBLAS_OP_T() {
        return 1;
    }

    /** {@return {@code CUBLAS_COMPUTE_32F}} */
    public static int CUBLAS_COMPUTE_32F() {
        return 68;
    }

    /** {@return {@code CUBLAS_COMPUTE_32F_PEDANTIC}} */
    public static int CUBLAS_COMPUTE_32F_PEDANTIC() {
        return 69;
    }

    /** {@return {@code CUBLAS_COMPUTE_32F_FAST_TF32}} */
    public static int CUBLAS_COMPUTE_32F_FAST_TF32() {
        return 77;
    }

    /** {@return {@code CUBLAS_COMPUTE_32F_FAST_16BF}} */
    public static int CUBLAS_COMPUTE_32F_FAST_16BF() {
        return 75;
    }

    /** {@return {@code CUDA_R_32F}} */
    public static int CUDA_R_32F() {
        return 0;
    }

    /** {@return {@code CUDA_R_16F}} */
    public static int CUDA_R_16F() {
        return 2;
    }

    /** {@return {@code CUDA_R_16BF}} */
    public static int CUDA_R_16BF() {
        return 14;
    }

    /** {@return {@code CUBLASLT_ORDER_COL}} */
    public static int CUBLASLT_ORDER_COL() {
        return 0;
    }

    /** {@return {@code CUBLASLT_ORDER_ROW}} */
    public static int CUBLASLT_ORDER_ROW() {
        return 1;
    }

    /** {@return {@code CUBLASLT_POINTER_MODE_HOST}} */
    public static int CUBLASLT_POINTER_MODE_HOST() {
        return 0;
    }

    /** {@return {@code CUBLASLT_POINTER_MODE_DEVICE}} */
    public static int CUBLASLT_POINTER_MODE_DEVICE() {
        return 1;
    }

    /** {@return {@code CUBLASLT_MATMUL_DESC_COMPUTE_TYPE}} */
    public static int CUBLASLT_MATMUL_DESC_COMPUTE_TYPE() {
        return 0;
    }

    /** {@return {@code CUBLASLT_MATMUL_DESC_SCALE_TYPE}} */
    public static int CUBLASLT_MATMUL_DESC_SCALE_TYPE() {
        return 1;
    }

    /** {@return {@code CUBLASLT_MATMUL_DESC_POINTER_MODE}} */
    public static int CUBLASLT_MATMUL_DESC_POINTER_MODE() {
        return 2;
    }

    /** {@return {@code CUBLASLT_MATMUL_DESC_TRANSA}} */
    public static int CUBLASLT_MATMUL_DESC_TRANSA() {
        return 3;
    }

    /** {@return {@code CUBLASLT_MATMUL_DESC_TRANSB}} */
    public static int CUBLASLT_MATMUL_DESC_TRANSB() {
        return 4;
    }

    /** {@return {@code CUBLASLT_MATMUL_DESC_EPILOGUE}} */
    public static int CUBLASLT_MATMUL_DESC_EPILOGUE() {
        return 7;
    }

    /** {@return {@code CUBLASLT_MATMUL_DESC_BIAS_POINTER}} */
    public static int CUBLASLT_MATMUL_DESC_BIAS_POINTER() {
        return 8;
    }

    /** {@return {@code CUBLASLT_MATMUL_DESC_EPILOGUE_AUX_POINTER}} */
    public static int CUBLASLT_MATMUL_DESC_EPILOGUE_AUX_POINTER() {
        return 11;
    }

    /** {@return {@code CUBLASLT_MATMUL_DESC_EPILOGUE_AUX_LD}} */
    public static int CUBLASLT_MATMUL_DESC_EPILOGUE_AUX_LD() {
        return 12;
    }

    /** {@return {@code CUBLASLT_MATMUL_DESC_EPILOGUE_AUX_DATA_TYPE}} */
    public static int CUBLASLT_MATMUL_DESC_EPILOGUE_AUX_DATA_TYPE() {
        return 22;
    }

    /** {@return {@code CUBLASLT_MATMUL_DESC_BIAS_DATA_TYPE}} */
    public static int CUBLASLT_MATMUL_DESC_BIAS_DATA_TYPE() {
        return 26;
    }

    /** {@return {@code CUBLASLT_EPILOGUE_DEFAULT}} */
    public static int CUBLASLT_EPILOGUE_DEFAULT() {
        return 1;
    }

    /** {@return {@code CUBLASLT_EPILOGUE_RELU}} */
    public static int CUBLASLT_EPILOGUE_RELU() {
        return 2;
    }

    /** {@return {@code CUBLASLT_EPILOGUE_RELU_BIAS}} */
    public static int CUBLASLT_EPILOGUE_RELU_BIAS() {
        return 6;
    }

    /** {@return {@code CUBLASLT_EPILOGUE_BIAS}} */
    public static int CUBLASLT_EPILOGUE_BIAS() {
        return 4;
    }

    /** {@return {@code CUBLASLT_EPILOGUE_GELU}} */
    public static int CUBLASLT_EPILOGUE_GELU() {
        return 32;
    }

    /** {@return {@code CUBLASLT_EPILOGUE_GELU_BIAS}} */
    public static int CUBLASLT_EPILOGUE_GELU_BIAS() {
        return 36;
    }

    /** {@return {@code CUBLASLT_EPILOGUE_GELU_AUX}} */
    public static int CUBLASLT_EPILOGUE_GELU_AUX() {
        return 160;
    }

    /** {@return {@code CUBLASLT_EPILOGUE_GELU_AUX_BIAS}} */
    public static int CUBLASLT_EPILOGUE_GELU_AUX_BIAS() {
        return 164;
    }

    /** {@return {@code CUBLASLT_EPILOGUE_DGELU}} */
    public static int CUBLASLT_EPILOGUE_DGELU() {
        return 192;
    }

    /** {@return {@code CUBLASLT_MATRIX_LAYOUT_TYPE}} */
    public static int CUBLASLT_MATRIX_LAYOUT_TYPE() {
        return 0;
    }

    /** {@return {@code CUBLASLT_MATRIX_LAYOUT_ORDER}} */
    public static int CUBLASLT_MATRIX_LAYOUT_ORDER() {
        return 1;
    }

    /** {@return {@code CUBLASLT_MATRIX_LAYOUT_ROWS}} */
    public static int CUBLASLT_MATRIX_LAYOUT_ROWS() {
        return 2;
    }

    /** {@return {@code CUBLASLT_MATRIX_LAYOUT_COLS}} */
    public static int CUBLASLT_MATRIX_LAYOUT_COLS() {
        return 3;
    }

    /** {@return {@code CUBLASLT_MATRIX_LAYOUT_LD}} */
    public static int CUBLASLT_MATRIX_LAYOUT_LD() {
        return 4;
    }

    /** {@return {@code CUBLASLT_MATRIX_LAYOUT_BATCH_COUNT}} */
    public static int CUBLASLT_MATRIX_LAYOUT_BATCH_COUNT() {
        return 5;
    }

    /** {@return {@code CUBLASLT_MATRIX_LAYOUT_STRIDED_BATCH_OFFSET}} */
    public static int CUBLASLT_MATRIX_LAYOUT_STRIDED_BATCH_OFFSET() {
        return 6;
    }

    /** {@return {@code CUBLASLT_MATMUL_PREF_SEARCH_MODE}} */
    public static int CUBLASLT_MATMUL_PREF_SEARCH_MODE() {
        return 0;
    }

    /** {@return {@code CUBLASLT_MATMUL_PREF_MAX_WORKSPACE_BYTES}} */
    public static int CUBLASLT_MATMUL_PREF_MAX_WORKSPACE_BYTES() {
        return 1;
    }

    /** {@return {@code CUBLASLT_MATMUL_PREF_REDUCTION_SCHEME_MASK}} */
    public static int CUBLASLT_MATMUL_PREF_REDUCTION_SCHEME_MASK() {
        return 3;
    }

    /** {@return {@code CUBLASLT_MATMUL_PREF_MIN_ALIGNMENT_A_BYTES}} */
    public static int CUBLASLT_MATMUL_PREF_MIN_ALIGNMENT_A_BYTES() {
        return 5;
    }

    /** {@return {@code CUBLASLT_MATMUL_PREF_MIN_ALIGNMENT_B_BYTES}} */
    public static int CUBLASLT_MATMUL_PREF_MIN_ALIGNMENT_B_BYTES() {
        return 6;
    }

    /** {@return {@code CUBLASLT_MATMUL_PREF_MIN_ALIGNMENT_C_BYTES}} */
    public static int CUBLASLT_MATMUL_PREF_MIN_ALIGNMENT_C_BYTES() {
        return 7;
    }

    /** {@return {@code CUBLASLT_MATMUL_PREF_MIN_ALIGNMENT_D_BYTES}} */
    public static int CUBLASLT_MATMUL_PREF_MIN_ALIGNMENT_D_BYTES() {
        return 8;
    }

    /** {@return {@code CUBLASLT_REDUCTION_SCHEME_NONE}} */
    public static int CUBLASLT_REDUCTION_SCHEME_NONE() {
        return 0;
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
