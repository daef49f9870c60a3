package org.infoprompt.ops.cuda;

import java.util.HashMap;
import java.util.Map;
import org.infoprompt.ffi.NativeCallException;
import org.infoprompt.ffi.cublaslt.CublasLt;
import org.infoprompt.ffi.cuda.CudaDriver;
import org.infoprompt.ops.Availability;
import org.infoprompt.ops.Backend;
import org.infoprompt.ops.BackendProvider;
import org.infoprompt.ops.DeviceMemoryException;
import org.infoprompt.ops.check.BackendProbe;
import org.infoprompt.tensor.Workspace;

/** Offers the CUDA backend, by name only: no kernel of it has run on a GPU yet. */
public final class CudaProvider implements BackendProvider {
    /** System property with the number of the GPU that is taken where none is named, from 0. */
    public static final String DEVICE_PROPERTY = "infoprompt.cuda.device";

    private static final Map<Integer, CudaBackend> OPENED = new HashMap<>();

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
    public boolean hasDevices() {
        return true;
    }

    @Override
    public Availability availability() {
        try {
            return availability(device());
        } catch (IllegalArgumentException e) {
            return unusable(e, "set it to a number from 0, as in -D" + DEVICE_PROPERTY + "=1");
        }
    }

    @Override
    public Availability availability(int device) {
        try {
            CudaBackend opened = open(device);
            return BackendProbe.probe(() -> opened);
        } catch (UnsatisfiedLinkError e) {
            return unusable(e, "a machine with an NVIDIA GPU needs NVIDIA's driver and CUDA 12 or 13");
        } catch (UnsupportedOperationException e) {
            return unusable(e, "install a newer driver from nvidia.com/drivers");
        } catch (DeviceMemoryException e) {
            return unusable(e, "nvidia-smi shows who holds the GPU's memory");
        } catch (IllegalArgumentException e) {
            return unusable(e, "nvidia-smi -L lists the GPUs");
        } catch (NativeCallException | IllegalStateException e) {
            return unusable(e, "check the driver with nvidia-smi");
        }
    }

    private static int device() {
        String text = System.getProperty(DEVICE_PROPERTY, "0");
        try {
            int device = Integer.parseInt(text.strip());
            if (device >= 0) {
                return device;
            }
        } catch (NumberFormatException e) {
            // Said below.
        }
        throw new IllegalArgumentException("-D" + DEVICE_PROPERTY + "=" + text + " is no number of a GPU");
    }

    private static Availability unusable(Throwable e, String remedy) {
        return new Availability(false, String.valueOf(e.getMessage()), remedy);
    }

    @Override
    public Backend backend() {
        return backend(device());
    }

    @Override
    public Backend backend(int device) {
        CudaBackend opened = open(device);
        Workspace.takeMemoryFrom(opened.memory());
        return opened;
    }

    private static CudaBackend open(int device) {
        synchronized (OPENED) {
            CudaBackend opened = OPENED.get(device);
            if (opened == null) {
                opened = new CudaBackend(CudaDriver.load(), CublasLt.load(), device);
                OPENED.put(device, opened);
            }
            return opened;
        }
    }
}
