package org.infoprompt.ops;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.reflect.Method;
import java.util.function.IntConsumer;

/** Counts what a thread allocates, by reflection since the module itself has no use for the management module. */
public final class Allocations {
    private static final int CALLS = 1000;
    private static final int LIMIT = 4 * CALLS;
    /** Until the compiler has replaced everything, the interpreter allocates vectors and segments. */
    private static final int MOST_ROUNDS = 60;

    private Allocations() {}

    /**
     * Fails if no round of calls comes to run without allocating; a call is given its number. Less than four bytes a call is
     * what the counting itself takes.
     */
    public static void assertNone(IntConsumer body) {
        long bytes = Long.MAX_VALUE;
        for (int round = 0; round < MOST_ROUNDS && bytes >= LIMIT; round++) {
            long before = allocatedBytes();
            for (int call = 0; call < CALLS; call++) {
                body.accept(call);
            }
            bytes = allocatedBytes() - before;
        }
        assertThat(bytes).as("bytes in %d calls", CALLS).isLessThan(LIMIT);
    }

    private static long allocatedBytes() {
        try {
            Object threads = Class.forName("java.lang.management.ManagementFactory")
                    .getMethod("getThreadMXBean")
                    .invoke(null);
            Method counter =
                    Class.forName("com.sun.management.ThreadMXBean").getMethod("getThreadAllocatedBytes", long.class);
            return (long) counter.invoke(threads, Thread.currentThread().threadId());
        } catch (ReflectiveOperationException e) {
            throw new LinkageError("no allocation counter", e);
        }
    }
}
