package org.infoprompt.ffi.headers;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import org.infoprompt.ffi.cublaslt.cublasLt_h;
import org.infoprompt.ffi.cuda.CudaLibraries;

/**
 * Calls the real library in a JVM of its own, because a wrong binding would end the process: descriptors, layouts and preferences
 * go round trip, and the library's log then shows how it decoded the arguments of a product that no device carries out.
 */
final class LiveCublasLt {
    private LiveCublasLt() {}

    public static void main(String[] arguments) {
        CudaLibraries.Found library = CudaLibraries.cublasLt();
        cublasLt_h lt = new cublasLt_h(library.symbols());
        try (Arena arena = Arena.ofConfined()) {
            check(lt.cublasLtLoggerOpenFile(arena.allocateFrom(arguments[0])));
            check(lt.cublasLtLoggerSetLevel(5));
            MemorySegment out = arena.allocate(ValueLayout.JAVA_LONG);
            MemorySegment value = arena.allocate(ValueLayout.JAVA_LONG);
            check(lt.cublasLtMatmulDescCreate(out, cublasLt_h.CUBLAS_COMPUTE_32F(), cublasLt_h.CUDA_R_32F()));
            MemorySegment operation = out.get(ValueLayout.ADDRESS, 0);
            value.set(ValueLayout.JAVA_INT, 0, cublasLt_h.CUBLASLT_EPILOGUE_GELU_BIAS());
            int epilogue = cublasLt_h.CUBLASLT_MATMUL_DESC_EPILOGUE();
            check(lt.cublasLtMatmulDescSetAttribute(operation, epilogue, value, Integer.BYTES));
            value.set(ValueLayout.JAVA_INT, 0, -1);
            check(lt.cublasLtMatmulDescGetAttribute(operation, epilogue, value, Integer.BYTES, out));
            print("epilogue", value.get(ValueLayout.JAVA_INT, 0));
            MemorySegment[] layouts = new MemorySegment[3];
            for (int i = 0; i < layouts.length; i++) {
                check(lt.cublasLtMatrixLayoutCreate(out, cublasLt_h.CUDA_R_16BF(), 3 + i, 7 + i, 13 + i));
                layouts[i] = out.get(ValueLayout.ADDRESS, 0);
                print("layout" + i, layouts[i].address());
                int rows = cublasLt_h.CUBLASLT_MATRIX_LAYOUT_ROWS();
                check(lt.cublasLtMatrixLayoutGetAttribute(layouts[i], rows, value, Long.BYTES, out));
                print("rows" + i, value.get(ValueLayout.JAVA_LONG, 0));
            }
            check(lt.cublasLtMatmulPreferenceCreate(out));
            MemorySegment preference = out.get(ValueLayout.ADDRESS, 0);
            int workspace = cublasLt_h.CUBLASLT_MATMUL_PREF_MAX_WORKSPACE_BYTES();
            value.set(ValueLayout.JAVA_LONG, 0, 12345);
            check(lt.cublasLtMatmulPreferenceSetAttribute(preference, workspace, value, Long.BYTES));
            value.set(ValueLayout.JAVA_LONG, 0, 0);
            check(lt.cublasLtMatmulPreferenceGetAttribute(preference, workspace, value, Long.BYTES, out));
            print("workspace", value.get(ValueLayout.JAVA_LONG, 0));
            MemorySegment factors = arena.allocateFrom(ValueLayout.JAVA_FLOAT, 2, 3);
            print("operation", operation.address());
            print(
                    "matmul",
                    lt.cublasLtMatmul(
                            MemorySegment.NULL,
                            operation,
                            factors,
                            MemorySegment.ofAddress(0xA00),
                            layouts[0],
                            MemorySegment.ofAddress(0xB00),
                            layouts[1],
                            factors.asSlice(Float.BYTES),
                            MemorySegment.ofAddress(0xC00),
                            layouts[2],
                            MemorySegment.ofAddress(0xD00),
                            layouts[2],
                            MemorySegment.NULL,
                            MemorySegment.ofAddress(0xE00),
                            4096,
                            MemorySegment.ofAddress(0xF00)));
            check(lt.cublasLtMatmulPreferenceDestroy(preference));
            check(lt.cublasLtMatmulDescDestroy(operation));
            for (MemorySegment layout : layouts) {
                check(lt.cublasLtMatrixLayoutDestroy(layout));
            }
            print("version", lt.cublasLtGetVersion());
        }
    }

    private static void check(int status) {
        if (status != 0) {
            throw new IllegalStateException("status " + status);
        }
    }

    private static void print(String name, long value) {
        System.out.println(name + "=" + value);
    }
}
