package org.infoprompt.serve;

import java.util.concurrent.atomic.AtomicLongArray;
import java.util.concurrent.atomic.LongAdder;

/**
 * Counts durations in classes that are at most an eighth wide: enough for percentiles of a running server, without a lock and
 * without allocation. Safe for all threads.
 */
public final class LatencyCounts {
    private static final int SUB_BITS = 3;
    private static final int SUBS = 1 << SUB_BITS;

    private final AtomicLongArray counts = new AtomicLongArray(64 * SUBS);
    private final LongAdder count = new LongAdder();
    private final LongAdder sum = new LongAdder();

    LatencyCounts() {}

    void record(long nanos) {
        long n = Math.max(0, nanos);
        counts.incrementAndGet(bucket(n));
        count.increment();
        sum.add(n);
    }

    private static int bucket(long n) {
        if (n < SUBS) {
            return (int) n;
        }
        int high = 63 - Long.numberOfLeadingZeros(n);
        return ((high - SUB_BITS + 1) << SUB_BITS) + (int) ((n >>> (high - SUB_BITS)) & (SUBS - 1));
    }

    private static long upper(int bucket) {
        if (bucket < SUBS) {
            return bucket;
        }
        int shift = (bucket >> SUB_BITS) - 1;
        return ((long) (SUBS + (bucket & (SUBS - 1)) + 1) << shift) - 1;
    }

    /** {@return how many durations were counted} */
    public long count() {
        return count.sum();
    }

    /** {@return their sum in nanoseconds} */
    public long totalNanos() {
        return sum.sum();
    }

    /**
     * {@return the duration in nanoseconds that this share of all durations does not exceed, up to an eighth too high; 0 if there
     * are none}
     *
     * @param share in [0, 1]
     */
    public long quantileNanos(double share) {
        long total = 0;
        for (int i = 0; i < counts.length(); i++) {
            total += counts.get(i);
        }
        long rank = Math.max(1, (long) Math.ceil(share * total));
        long seen = 0;
        for (int i = 0; i < counts.length(); i++) {
            seen += counts.get(i);
            if (total > 0 && seen >= rank) {
                return upper(i);
            }
        }
        return 0;
    }
}
