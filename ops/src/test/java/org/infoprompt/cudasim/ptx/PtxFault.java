package org.infoprompt.cudasim.ptx;

/** What a real device would answer with an error, with wrong numbers or by hanging. */
public final class PtxFault extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /** Kinds of fault. */
    public enum Kind {
        /** An access outside of all allocations, or of memory that was freed. */
        OUT_OF_BOUNDS,
        /** An address that is not a multiple of the access's size. */
        MISALIGNED,
        /** Two threads on one word, one of them writing, without a barrier between. */
        RACE,
        /** Threads that wait for threads which never come. */
        DEADLOCK,
        /** More steps than any correct launch takes. */
        ENDLESS,
        /** A launch that a device refuses. */
        LAUNCH
    }

    private final Kind kind;

    PtxFault(Kind kind, String message) {
        super(kind + ": " + message);
        this.kind = kind;
    }

    /** {@return what kind of fault it is} */
    public Kind kind() {
        return kind;
    }
}
