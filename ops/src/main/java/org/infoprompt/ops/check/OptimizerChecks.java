package org.infoprompt.ops.check;

import java.lang.foreign.MemorySegment;

/** Checks of {@link org.infoprompt.ops.OptimizerKernels}; arguments as there, {@code bytes} is the size of an element. */
@SuppressWarnings("doclint:missing")
public final class OptimizerChecks {
    private OptimizerChecks() {}

    /** Checks {@code adamW}. */
    public static void adamW(
            int bytes,
            long n,
            MemorySegment parameter,
            MemorySegment gradient,
            MemorySegment firstMoment,
            MemorySegment secondMoment,
            long step) {
        RowChecks.elements(bytes, n, "parameter", parameter);
        RowChecks.elements(bytes, n, "gradient", gradient);
        RowChecks.elements(bytes, n, "firstMoment", firstMoment);
        RowChecks.elements(bytes, n, "secondMoment", secondMoment);
        Arguments.positive("step", step);
    }
}
