package org.infoprompt.ops.vector;

import jdk.incubator.vector.FloatVector;
import org.infoprompt.ops.Availability;
import org.infoprompt.ops.Backend;
import org.infoprompt.ops.BackendProvider;
import org.infoprompt.ops.check.BackendProbe;

/** Offers the Vector API backend. Touches no class of the incubating module before it knows that there is one. */
public final class VectorProvider implements BackendProvider {
    private static final String MODULE = "jdk.incubator.vector";

    /** Creates the provider; called by the service loader. */
    public VectorProvider() {}

    @Override
    public String name() {
        return "vector";
    }

    @Override
    public int rank() {
        return 100;
    }

    @Override
    public Availability availability() {
        if (ModuleLayer.boot().findModule(MODULE).isEmpty()) {
            return new Availability(
                    false, "the module " + MODULE + " is absent", "start java with --add-modules " + MODULE);
        }
        return BackendProbe.probe(Loaded::backend);
    }

    @Override
    public Backend backend() {
        Availability availability = availability();
        if (!availability.usable()) {
            throw new IllegalStateException("backend 'vector' cannot run: " + availability.reason());
        }
        return Loaded.backend();
    }

    /** Apart, so that nothing of the module is loaded where it is absent. */
    private static final class Loaded {
        static Backend backend() {
            int bits = FloatVector.SPECIES_PREFERRED.vectorBitSize();
            boolean isX86 = System.getProperty("os.arch", "").equals("amd64");
            if (bits < (isX86 ? 256 : 128)) {
                // Without FMA, which comes with these widths, every fma is computed in software.
                throw new UnsupportedOperationException("the processor's vectors of " + bits + " bits are too short");
            }
            return VectorBackend.INSTANCE;
        }
    }
}
