package org.infoprompt.ops.nativecpu;

import org.infoprompt.ffi.NativeLibrary;
import org.infoprompt.ffi.kernels.KernelLibrary;
import org.infoprompt.ops.Availability;
import org.infoprompt.ops.Backend;
import org.infoprompt.ops.BackendProvider;
import org.infoprompt.ops.check.BackendProbe;

/** Offers the native kernels, where their library was built or is at hand. */
public final class NativeProvider implements BackendProvider {
    /** Creates the provider; called by the service loader. */
    public NativeProvider() {}

    @Override
    public String name() {
        return NativeBackend.NAME;
    }

    @Override
    public int rank() {
        return 200;
    }

    @Override
    public Availability availability() {
        NativeLibrary library = KernelLibrary.library();
        return library.isLoaded()
                ? BackendProbe.probe(NativeBackend::instance)
                : new Availability(false, library.text(), library.remedy());
    }

    @Override
    public Backend backend() {
        Availability availability = availability();
        if (!availability.usable()) {
            throw new IllegalStateException("backend 'native' cannot run: " + availability.reason());
        }
        return NativeBackend.instance();
    }
}
