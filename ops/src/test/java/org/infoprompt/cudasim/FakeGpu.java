package org.infoprompt.cudasim;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import org.infoprompt.cudasim.ptx.PtxModule;
import org.infoprompt.ffi.cublaslt.cublasLt_h;
import org.infoprompt.ffi.cuda.CudaDriver;
import org.infoprompt.ffi.cuda.cuda_h;
import org.infoprompt.ops.Backend;
import org.infoprompt.ops.cuda.CudaBackend;
import org.infoprompt.tensor.Workspace;

/** The CUDA backend on a fake driver with the PTX that ships. */
public final class FakeGpu {
    private static final String PTX = "org/infoprompt/native/cuda/infoprompt_kernels.ptx";
    private static final long CAPACITY = 1L << 30;
    private static final PtxModule SHIPPED = new PtxModule(ptx());

    private final FakeDriver driver = new FakeDriver(SHIPPED, CAPACITY);
    private final FakeCublasLt cublasLt = new FakeCublasLt(driver);

    /** Creates a machine with one GPU. */
    public FakeGpu() {}

    /** {@return its driver} */
    public FakeDriver driver() {
        return driver;
    }

    /** {@return its cuBLASLt} */
    public FakeCublasLt cublasLt() {
        return cublasLt;
    }

    /** {@return a new backend on the device, a {@link CudaBackend}} */
    public Backend backend() {
        return new CudaBackend(new CudaDriver(new cuda_h(driver)), new cublasLt_h(cublasLt), 0);
    }

    /**
     * Makes workspaces lie in a device's memory until they do no more.
     *
     * @param backend as {@link #backend} returned it
     */
    public static void takeWorkspacesFrom(Backend backend) {
        Workspace.takeMemoryFrom(((CudaBackend) backend).memory());
    }

    /**
     * Gives the device back.
     *
     * @param backend as {@link #backend} returned it
     */
    public static void close(Backend backend) {
        ((CudaBackend) backend).close();
    }

    /** {@return the PTX that ships, parsed kernel by kernel as they are used} */
    public static PtxModule shipped() {
        return SHIPPED;
    }

    private static String ptx() {
        try (InputStream in = ClassLoader.getSystemResourceAsStream(PTX)) {
            if (in == null) {
                throw new IllegalStateException("the class path lacks " + PTX);
            }
            return new String(in.readAllBytes(), StandardCharsets.US_ASCII);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
