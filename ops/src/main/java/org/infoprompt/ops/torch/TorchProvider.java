package org.infoprompt.ops.torch;

import org.infoprompt.ffi.torch.LibTorch;
import org.infoprompt.ops.Availability;
import org.infoprompt.ops.Backend;
import org.infoprompt.ops.BackendProvider;
import org.infoprompt.ops.check.BackendProbe;
import org.infoprompt.ops.vector.VectorProvider;

/** Offers LibTorch where its jars are and the vector backend, which it is built upon, runs. */
public final class TorchProvider implements BackendProvider {
    /** Creates the provider; called by the service loader. */
    public TorchProvider() {}

    @Override
    public String name() {
        return TorchBackend.NAME;
    }

    /** Above the vector backend, which it never is slower than, below the project's own kernels, which fuse more. */
    @Override
    public int rank() {
        return 150;
    }

    @Override
    public Availability availability() {
        Availability vector = new VectorProvider().availability();
        if (!vector.usable()) {
            // Its remedy is the vector backend's own, which is told there.
            return new Availability(false, "it needs the vector backend: " + vector.reason(), "");
        }
        LibTorch.Status status = LibTorch.status();
        return status.loaded()
                ? BackendProbe.probe(TorchBackend::instance)
                : new Availability(false, status.reason(), status.remedy());
    }

    @Override
    public Backend backend() {
        Availability availability = availability();
        if (!availability.usable()) {
            throw new IllegalStateException("backend 'torch' cannot run: " + availability.reason());
        }
        return TorchBackend.instance();
    }
}
