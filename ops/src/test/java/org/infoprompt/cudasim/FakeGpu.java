package org.infoprompt.ops.cuda;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import org.infoprompt.ffi.cublaslt.cublasLt_h;
import org.infoprompt.ffi.cuda.CudaDriver;
import org.infoprompt.ffi.cuda.cuda_h;
import org.infoprompt.ops.cuda.ptx.PtxModule;

/** The CUDA backend on a fake driver with the PTX that ships. */
public final class FakeGpu {
    private static final String PTX = "org/infoprompt/native/cuda/infoprompt_kernels.ptx";
    private static final long CAPACITY = 1L << 30;
    private static final PtxModule SHIPPED = new PtxModule(ptx());

    final FakeDriver driver = new FakeDriver(SHIPPED, CAPACITY);
    final FakeCublasLt cublasLt = new FakeCublasLt(driver);

    /** {@return the backend's first device} */
    public CudaBackend open() {
        return new CudaBackend(new CudaDriver(new cuda_h(driver)), new cublasLt_h(cublasLt), 0);
    }

    /** {@return the PTX that ships, parsed kernel by kernel as they are used} */
    static PtxModule shipped() {
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
