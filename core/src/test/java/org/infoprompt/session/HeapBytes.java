package org.infoprompt.session;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.util.List;

/** Counts what this thread allocates on the Java heap. */
public final class HeapBytes {
    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

    private HeapBytes() {}

    /**
     * {@return how many bytes a platform thread has allocated on the Java heap so far}
     *
     * @param thread the thread
     */
    public static long of(Thread thread) {
        return THREADS.getThreadAllocatedBytes(thread.threadId());
    }

    /**
     * {@return how many bytes some platform threads have allocated on the Java heap so far}
     *
     * @param threads the threads
     */
    public static long of(List<Thread> threads) {
        long bytes = 0;
        for (int i = 0; i < threads.size(); i++) {
            bytes += of(threads.get(i));
        }
        return bytes;
    }

    /**
     * {@return the fewest bytes that one of several rounds of calls allocated} A round in which the just-in-time compiler replaces
     * the code that runs may allocate.
     *
     * @param calls how many calls a round has
     * @param call what is called
     */
    public static long leastOf(int calls, Runnable call) {
        long least = Long.MAX_VALUE;
        for (int round = 0; round < 40 && least > 0; round++) {
            long before = THREADS.getCurrentThreadAllocatedBytes();
            for (int i = 0; i < calls; i++) {
                call.run();
            }
            least = Math.min(least, THREADS.getCurrentThreadAllocatedBytes() - before);
        }
        return least;
    }
}
