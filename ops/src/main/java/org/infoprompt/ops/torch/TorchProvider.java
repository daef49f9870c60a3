package org.infoprompt.ops.torch;

import org.infoprompt.ffi.torch.LibTorch;
import org.infoprompt.ops.Availability;
import org.infoprompt.ops.Backend;
import org.infoprompt.ops.BackendProvider;
import org.infoprompt.ops.check.BackendProbe;
import org.infoprompt.ops.vector.VectorProvider;

/** Offers LibTorch where its jars are and the vector backend, which it is built upon, runs. */
public final class TorchProvider implements BackendProvider {
    private final BackendProvider vector = new VectorProvider();

    /** Creates the provider; called by the service loader. */
    public TorchProvider() {}

    @Override
    public String name() {
        return "torch";
    }

    @Override
    public int rank() {
        return 90;
    }

    @Override
    public Availability availability() {
        Availability base = vector.availability();
        if (!base.usable()) {
            return new Availability(false, "it needs the vector backend, and " + base.reason(), base.remedy());
        }
        LibTorch.Status status = LibTorch.status();
        return status.loaded()
                ? BackendProbe.probe(this::create)
                : new Availability(false, status.reason(), status.remedy());
    }

    @Override
    public Backend backend() {
        Availability availability = availability();
        if (!availability.usable()) {
            throw new IllegalStateException("backend 'torch' cannot run: " + availability.reason());
        }
        return create();
    }

    private Backend create() {
        return new TorchBackend(vector.backend());
    }
}
