package org.infoprompt.ops.cuda;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import org.infoprompt.ffi.cublaslt.cublasLt_h;
import org.infoprompt.ffi.cuda.CudaContext;
import org.infoprompt.ffi.cuda.CudaDriver;
import org.infoprompt.ffi.cuda.CudaFunction;
import org.infoprompt.ffi.cuda.CudaModule;
import org.jspecify.annotations.Nullable;

/** One GPU with its kernels loaded. Lives as long as the process, or until a test closes it. Safe for all threads. */
final class CudaDevice implements AutoCloseable {
    /** System property that makes the driver compile the PTX even where a cubin for the device is at hand. */
    private static final String JIT_PROPERTY = "infoprompt.cuda.jit";

    private static final String RESOURCE = "org/infoprompt/native/cuda/infoprompt_kernels";

    private final CudaContext context;
    private final CudaModule module;
    private final ManagedMemory memory;
    private final cublasLt_h cublasLt;
    private final String image;

    /**
     * Opens a device.
     *
     * @param driver the driver
     * @param cublasLt the functions of cuBLASLt
     * @param ordinal the device's number
     */
    CudaDevice(CudaDriver driver, cublasLt_h cublasLt, int ordinal) {
        this.cublasLt = cublasLt;
        context = new CudaContext(driver, ordinal);
        String cubin = RESOURCE + ".sm_" + context.computeCapability() + ".cubin";
        byte[] binary = Boolean.getBoolean(JIT_PROPERTY) ? null : resource(cubin);
        byte[] loaded = binary != null ? binary : resource(RESOURCE + ".ptx");
        if (loaded == null) {
            context.close();
            throw new IllegalStateException("the class path lacks " + RESOURCE + ".ptx of infoprompt-native");
        }
        image = binary != null ? "cubin" : "PTX";
        try {
            module = new CudaModule(context, loaded);
        } catch (RuntimeException e) {
            context.close();
            throw e;
        }
        memory = new ManagedMemory(context);
    }

    private static byte @Nullable [] resource(String name) {
        try (InputStream in = ClassLoader.getSystemResourceAsStream(name)) {
            return in == null ? null : in.readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read " + name, e);
        }
    }

    CudaContext context() {
        return context;
    }

    ManagedMemory memory() {
        return memory;
    }

    cublasLt_h cublasLt() {
        return cublasLt;
    }

    /** {@return a kernel in float32} */
    CudaFunction kernel(String name) {
        return module.function("ipk_" + name + "_f32");
    }

    /** {@return what it is and how the kernels came to it} */
    String description() {
        return context + ", driver for CUDA " + context.driver().version() / 1000 + "."
                + context.driver().version() % 1000 / 10 + ", kernels from " + image;
    }

    @Override
    public void close() {
        module.close();
        context.close();
    }
}
