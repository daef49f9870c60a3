package org.infoprompt.ops.cuda;

import org.infoprompt.ffi.NativeCallException;
import org.infoprompt.ffi.cublaslt.CublasLt;
import org.infoprompt.ffi.cuda.CudaDriver;
import org.infoprompt.ops.Availability;
import org.infoprompt.ops.Backend;
import org.infoprompt.ops.BackendProvider;
import org.infoprompt.ops.check.BackendProbe;
import org.infoprompt.tensor.Workspace;
import org.jspecify.annotations.Nullable;

/** Offers the CUDA backend, by name only: no kernel of it has run on a GPU yet. */
public final class CudaProvider implements BackendProvider {
    /** System property with the number of the GPU, from 0. */
    public static final String DEVICE_PROPERTY = "infoprompt.cuda.device";

    private static @Nullable CudaBackend backend;

    /** Creates the provider; called by the service loader. */
    public CudaProvider() {}

    @Override
    public String name() {
        return "cuda";
    }

    @Override
    public int rank() {
        return -1;
    }

    @Override
    public Availability availability() {
        try {
            return BackendProbe.probe(CudaProvider::open);
        } catch (NativeCallException | IllegalArgumentException | IllegalStateException e) {
            return new Availability(false, String.valueOf(e.getMessage()), "check the driver with nvidia-smi");
        }
    }

    @Override
    public Backend backend() {
        CudaBackend opened = open();
        Workspace.takeMemoryFrom(opened.memory());
        return opened;
    }

    private static synchronized CudaBackend open() {
        CudaBackend opened = backend;
        if (opened == null) {
            CudaDriver driver = CudaDriver.load();
            opened = new CudaBackend(driver, CublasLt.load(), Integer.getInteger(DEVICE_PROPERTY, 0));
            backend = opened;
        }
        return opened;
    }
}
