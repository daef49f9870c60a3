package org.infoprompt.ops.reference;

import org.infoprompt.ops.Availability;
import org.infoprompt.ops.Backend;
import org.infoprompt.ops.BackendProvider;

/** Offers the oracle by name. */
public final class ReferenceProvider implements BackendProvider {
    /** Creates the provider; called by the service loader. */
    public ReferenceProvider() {}

    @Override
    public String name() {
        return "reference";
    }

    @Override
    public int rank() {
        return -1;
    }

    @Override
    public Availability availability() {
        return new Availability(true, ReferenceBackend.instance().description(), "");
    }

    @Override
    public Backend backend() {
        return ReferenceBackend.instance();
    }
}
