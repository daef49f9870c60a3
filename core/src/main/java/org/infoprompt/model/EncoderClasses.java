package org.infoprompt.model;

/**
 * Classes that an encoder's code names but may not need for a long time. The just-in-time compiler halts at those that are not
 * loaded yet, and the thread that comes by then loads them: in the middle of requests, with some kilobytes of heap memory for each.
 */
public final class EncoderClasses {
    private static final Class<?>[] NAMED = {LayerInserts.class, LinearAdapters.class, KeyValueExchange.class};

    private EncoderClasses() {}

    /** {@return how many classes are loaded now, if they were not before} */
    public static int load() {
        return NAMED.length;
    }
}
