package org.infoprompt.bench.torch;

import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;

/** The time that the processor has spent on the calling thread: waiting for a processor that others use does not count. */
final class CpuClock {
    private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();

    private CpuClock() {}

    static long nanos() {
        return THREADS.getCurrentThreadCpuTime();
    }
}
