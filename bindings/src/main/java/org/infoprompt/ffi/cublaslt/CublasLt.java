package org.infoprompt.ffi.cublaslt;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import org.infoprompt.ffi.NativeCallException;
import org.infoprompt.ffi.cuda.CudaContext;
import org.infoprompt.ffi.cuda.CudaLibraries;
import org.infoprompt.ffi.cuda.DeviceMemory;

/** A cuBLASLt handle with its workspace on the device and one plan per shape. Belongs to one thread and one stream. */
public final class CublasLt implements AutoCloseable {
    /** The workspace: what NVIDIA recommends for compute capability 9, enough for every algorithm of older ones. */
    public static final long WORKSPACE_BYTES = 32L << 20;

    private final cublasLt_h api;
    private final MemorySegment handle;
    private final DeviceMemory workspace;
    /** The most shapes that keep a plan: lengths of batches differ, and every number of rows is a shape. */
    public static final int MOST_PLANS = 512;

    private final Map<MatmulShape, MatmulPlan> plans = new LinkedHashMap<>(16, .75f, true);
    private boolean closed;

    /**
     * Creates a handle for the current context's device.
     *
     * @param api the library's functions
     * @param context the current context
     * @throws NativeCallException if the library or the device refuses
     */
    public CublasLt(cublasLt_h api, CudaContext context) {
        this.api = api;
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment out = arena.allocate(ValueLayout.ADDRESS);
            check(api, "cublasLtCreate", api.cublasLtCreate(out));
            handle = out.get(ValueLayout.ADDRESS, 0);
        }
        try {
            workspace = context.allocate(WORKSPACE_BYTES);
        } catch (RuntimeException e) {
            api.cublasLtDestroy(handle);
            throw e;
        }
    }

    /**
     * {@return the functions of the library found by {@link CudaLibraries#cublasLt()}}
     *
     * @throws UnsatisfiedLinkError if there is none
     */
    public static cublasLt_h load() {
        return new cublasLt_h(CudaLibraries.cublasLt().symbols());
    }

    /**
     * {@return the plan for a shape, made on its first use, to be run before the next one is asked for}
     *
     * @param shape the shape
     * @throws NativeCallException naming the shape, if the library has no algorithm for it
     */
    public MatmulPlan plan(MatmulShape shape) {
        MatmulPlan plan = plans.get(shape);
        if (plan == null) {
            plan = new MatmulPlan(api, handle, workspace, shape);
            if (plans.size() == MOST_PLANS) {
                // Descriptors are the host's: work that was asked for does not read them.
                Iterator<MatmulPlan> oldest = plans.values().iterator();
                MatmulPlan unused = oldest.next();
                oldest.remove();
                unused.close();
            }
            plans.put(shape, plan);
        }
        return plan;
    }

    /** {@return how many shapes have a plan} */
    public int numPlans() {
        return plans.size();
    }

    /** {@return the library's version, as 10000·major + 100·minor + patch} */
    public long version() {
        return api.cublasLtGetVersion();
    }

    /** Destroys the plans, the workspace and the handle; idempotent. The stream must have been synchronised. */
    @Override
    public void close() {
        if (!closed) {
            closed = true;
            plans.values().forEach(MatmulPlan::close);
            workspace.close();
            check(api, "cublasLtDestroy", api.cublasLtDestroy(handle));
        }
    }

    /**
     * Checks what a function returned.
     *
     * @throws NativeCallException with the library's name and text of the status, if it is not success
     */
    @SuppressWarnings("restricted") // the library returns C strings of its own
    static void check(cublasLt_h api, String function, int status, Object... where) {
        if (status != cublasLt_h.CUBLAS_STATUS_SUCCESS()) {
            StringBuilder text = new StringBuilder()
                    .append(api.cublasLtGetStatusName(status)
                            .reinterpret(Long.MAX_VALUE)
                            .getString(0))
                    .append(", ")
                    .append(api.cublasLtGetStatusString(status)
                            .reinterpret(Long.MAX_VALUE)
                            .getString(0));
            for (Object object : where) {
                text.append("; ").append(object);
            }
            throw new NativeCallException(function, status, text.toString());
        }
    }
}
