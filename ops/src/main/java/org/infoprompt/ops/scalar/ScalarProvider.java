package org.infoprompt.ops.scalar;

import org.infoprompt.ops.Availability;
import org.infoprompt.ops.Backend;
import org.infoprompt.ops.BackendProvider;

/** Offers the backend that runs everywhere. */
public final class ScalarProvider implements BackendProvider {
    /** Creates the provider; called by the service loader. */
    public ScalarProvider() {}

    @Override
    public String name() {
        return "scalar";
    }

    @Override
    public int rank() {
        return 0;
    }

    @Override
    public Availability availability() {
        return new Availability(true, ScalarBackend.instance().description(), "");
    }

    @Override
    public Backend backend() {
        return ScalarBackend.instance();
    }
}
