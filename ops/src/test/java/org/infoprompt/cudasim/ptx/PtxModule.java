package org.infoprompt.cudasim.ptx;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

/** All kernels of a PTX text. */
public final class PtxModule {
    private final Map<String, PtxKernel> kernels = new LinkedHashMap<>();
    private final Map<String, String> bodies = new LinkedHashMap<>();

    /**
     * Splits a text into kernels; each is parsed when it is first asked for.
     *
     * @param text of the PTX file
     */
    public PtxModule(String text) {
        if (!text.contains(".target sm_80")) {
            throw new IllegalArgumentException("the PTX is not for sm_80");
        }
        String[] parts = text.split("\\.visible \\.entry ", -1);
        for (int i = 1; i < parts.length; i++) {
            bodies.put(parts[i].substring(0, parts[i].indexOf('(')), parts[i]);
        }
    }

    private PtxModule(Map<String, String> bodies) {
        this.bodies.putAll(bodies);
    }

    /** {@return the kernels' names} */
    public Set<String> names() {
        return bodies.keySet();
    }

    /** {@return the text of one kernel, from its name on} */
    public String text(String name) {
        String body = bodies.get(name);
        if (body == null) {
            throw new IllegalArgumentException("no kernel " + name + " among " + bodies.keySet());
        }
        return body;
    }

    /** {@return the same module with another text for one kernel, to show that a fault in it is seen} */
    public PtxModule with(String name, String text) {
        PtxModule changed = new PtxModule(bodies);
        changed.kernels.putAll(kernels);
        changed.kernels.remove(name);
        changed.bodies.put(name, text);
        return changed;
    }

    PtxKernel kernel(String name) {
        return kernels.computeIfAbsent(name, n -> new PtxParser(n).parse(text(n)));
    }
}
