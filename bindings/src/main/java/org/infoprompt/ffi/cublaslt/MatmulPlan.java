package org.infoprompt.ffi.cublaslt;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import org.infoprompt.ffi.NativeCallException;
import org.infoprompt.ffi.cublaslt.MatmulShape.Epilogue;
import org.infoprompt.ffi.cuda.CudaStream;
import org.infoprompt.ffi.cuda.DeviceMemory;

/**
 * A product prepared for one shape: the operation, the layouts and the algorithm that the library's heuristic puts first.
 *
 * <p>cuBLASLt's native order is column-major, and a row-major matrix is its column-major transpose, so the plan asks for dᵀ =
 * op(b)ᵀ·op(a)ᵀ: b is the library's A, a its B. A bias per column of d is then the library's bias per row.
 */
public final class MatmulPlan implements AutoCloseable {
    private final cublasLt_h api;
    private final MemorySegment handle;
    private final DeviceMemory workspace;
    private final MatmulShape shape;
    private final Arena arena = Arena.ofShared();
    private MemorySegment operation = MemorySegment.NULL;
    private MemorySegment layoutA = MemorySegment.NULL;
    private MemorySegment layoutB = MemorySegment.NULL;
    private MemorySegment layoutD = MemorySegment.NULL;
    private MemorySegment algorithm = MemorySegment.NULL;
    private final MemorySegment factors;
    private final MemorySegment attribute;
    private long workspaceBytes;

    MatmulPlan(cublasLt_h api, MemorySegment handle, DeviceMemory workspace, MatmulShape shape) {
        this.api = api;
        this.handle = handle;
        this.workspace = workspace;
        this.shape = shape;
        factors = arena.allocate(ValueLayout.JAVA_FLOAT, 2);
        attribute = arena.allocate(ValueLayout.JAVA_LONG);
        boolean complete = false;
        try {
            describe();
            complete = true;
        } finally {
            if (!complete) {
                close();
            }
        }
    }

    private void describe() {
        operation = created(
                "cublasLtMatmulDescCreate",
                api.cublasLtMatmulDescCreate(attribute, shape.compute().value, cublasLt_h.CUDA_R_32F()));
        setOperation(cublasLt_h.CUBLASLT_MATMUL_DESC_TRANSA(), operation(shape.transposeB()));
        setOperation(cublasLt_h.CUBLASLT_MATMUL_DESC_TRANSB(), operation(shape.transposeA()));
        setOperation(cublasLt_h.CUBLASLT_MATMUL_DESC_EPILOGUE(), shape.epilogue().value);
        int type = shape.inputs().type;
        layoutA = shape.transposeB() ? layout(type, shape.k(), shape.n()) : layout(type, shape.n(), shape.k());
        layoutB = shape.transposeA() ? layout(type, shape.m(), shape.k()) : layout(type, shape.k(), shape.m());
        layoutD = layout(shape.output().type, shape.n(), shape.m());
        MemorySegment result = cublasLtMatmulHeuristicResult_t.allocate(arena);
        choose(result);
        algorithm = cublasLtMatmulHeuristicResult_t.algo(result);
        workspaceBytes = cublasLtMatmulHeuristicResult_t.workspaceSize(result);
    }

    /**
     * Enqueues d = epilogue(alpha·op(a)·op(b) + beta·c).
     *
     * @param stream where in the order of work
     * @param alpha factor of the product
     * @param a device address of a
     * @param b device address of b
     * @param beta factor of c; 0 does not read it
     * @param c device address of c, laid out as d and often d itself
     * @param d device address of d
     * @param bias device address of the bias, 0 exactly when the epilogue has none
     * @throws IllegalArgumentException if a bias is missing or unused
     * @throws NativeCallException naming the shape, if the library refuses
     */
    public void run(CudaStream stream, float alpha, long a, long b, float beta, long c, long d, long bias) {
        if ((bias == 0) != (shape.epilogue() == Epilogue.NONE)) {
            throw new IllegalArgumentException("a bias must be given exactly with an epilogue that adds it: " + shape);
        }
        factors.setAtIndex(ValueLayout.JAVA_FLOAT, 0, alpha);
        factors.setAtIndex(ValueLayout.JAVA_FLOAT, 1, beta);
        if (bias != 0) {
            attribute.set(ValueLayout.JAVA_LONG, 0, bias);
            set(cublasLt_h.CUBLASLT_MATMUL_DESC_BIAS_POINTER(), Long.BYTES);
        }
        int status = api.cublasLtMatmul(
                handle,
                operation,
                factors,
                MemorySegment.ofAddress(b),
                layoutA,
                MemorySegment.ofAddress(a),
                layoutB,
                factors.asSlice(Float.BYTES),
                MemorySegment.ofAddress(c),
                layoutD,
                MemorySegment.ofAddress(d),
                layoutD,
                algorithm,
                MemorySegment.ofAddress(workspace.address()),
                workspaceBytes,
                stream.handle());
        if (status != 0) {
            CublasLt.check(api, "cublasLtMatmul", status, shape);
        }
    }

    /** {@return the device memory that the algorithm uses beside the operands} */
    public long workspaceBytes() {
        return workspaceBytes;
    }

    private void choose(MemorySegment result) {
        MemorySegment preference =
                created("cublasLtMatmulPreferenceCreate", api.cublasLtMatmulPreferenceCreate(attribute));
        try {
            attribute.set(ValueLayout.JAVA_LONG, 0, workspace.byteSize());
            prefer(preference, cublasLt_h.CUBLASLT_MATMUL_PREF_MAX_WORKSPACE_BYTES(), Long.BYTES);
            attribute.set(ValueLayout.JAVA_INT, 0, shape.alignment());
            prefer(preference, cublasLt_h.CUBLASLT_MATMUL_PREF_MIN_ALIGNMENT_A_BYTES(), Integer.BYTES);
            prefer(preference, cublasLt_h.CUBLASLT_MATMUL_PREF_MIN_ALIGNMENT_B_BYTES(), Integer.BYTES);
            prefer(preference, cublasLt_h.CUBLASLT_MATMUL_PREF_MIN_ALIGNMENT_C_BYTES(), Integer.BYTES);
            prefer(preference, cublasLt_h.CUBLASLT_MATMUL_PREF_MIN_ALIGNMENT_D_BYTES(), Integer.BYTES);
            MemorySegment count = attribute;
            check(
                    "cublasLtMatmulAlgoGetHeuristic",
                    api.cublasLtMatmulAlgoGetHeuristic(
                            handle, operation, layoutA, layoutB, layoutD, layoutD, preference, 1, result, count));
            if (count.get(ValueLayout.JAVA_INT, 0) == 0) {
                check("cublasLtMatmulAlgoGetHeuristic", cublasLt_h.CUBLAS_STATUS_NOT_SUPPORTED());
            }
            check("cublasLtMatmulAlgoGetHeuristic", cublasLtMatmulHeuristicResult_t.state(result));
        } finally {
            api.cublasLtMatmulPreferenceDestroy(preference);
        }
    }

    private static int operation(boolean transpose) {
        return transpose ? cublasLt_h.CUBLAS_OP_T() : cublasLt_h.CUBLAS_OP_N();
    }

    private MemorySegment layout(int type, long rows, long columns) {
        return created(
                "cublasLtMatrixLayoutCreate", api.cublasLtMatrixLayoutCreate(attribute, type, rows, columns, rows));
    }

    private MemorySegment created(String function, int status) {
        check(function, status);
        return attribute.get(ValueLayout.ADDRESS, 0);
    }

    private void setOperation(int which, int value) {
        attribute.set(ValueLayout.JAVA_INT, 0, value);
        set(which, Integer.BYTES);
    }

    private void set(int which, long bytes) {
        int status = api.cublasLtMatmulDescSetAttribute(operation, which, attribute, bytes);
        if (status != 0) {
            check("cublasLtMatmulDescSetAttribute", status);
        }
    }

    private void prefer(MemorySegment preference, int which, long bytes) {
        check(
                "cublasLtMatmulPreferenceSetAttribute",
                api.cublasLtMatmulPreferenceSetAttribute(preference, which, attribute, bytes));
    }

    private void check(String function, int status) {
        CublasLt.check(api, function, status, shape);
    }

    /** Destroys the descriptors; called once, by the handle that made the plan. */
    @Override
    public void close() {
        destroyLayout(layoutA);
        destroyLayout(layoutB);
        destroyLayout(layoutD);
        if (operation.address() != 0) {
            check("cublasLtMatmulDescDestroy", api.cublasLtMatmulDescDestroy(operation));
        }
        arena.close();
    }

    private void destroyLayout(MemorySegment layout) {
        if (layout.address() != 0) {
            check("cublasLtMatrixLayoutDestroy", api.cublasLtMatrixLayoutDestroy(layout));
        }
    }
}
