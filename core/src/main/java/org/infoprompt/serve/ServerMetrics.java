package org.infoprompt.serve;

import java.util.concurrent.atomic.LongAdder;

/** Counts and times of a registry and its servers. Safe for all threads; reading is not atomic over several values. */
public final class ServerMetrics {
    private final LongAdder completed = new LongAdder();
    private final LongAdder rejected = new LongAdder();
    private final LongAdder expired = new LongAdder();
    private final LongAdder cancelled = new LongAdder();
    private final LongAdder failed = new LongAdder();
    private final LongAdder batches = new LongAdder();
    private final LongAdder batchTexts = new LongAdder();
    private final LongAdder batchRows = new LongAdder();
    private final LongAdder passes = new LongAdder();
    private final LongAdder swaps = new LongAdder();
    private final LongAdder evictions = new LongAdder();
    private final LongAdder refusals = new LongAdder();
    private final LatencyCounts queue = new LatencyCounts();
    private final LatencyCounts encode = new LatencyCounts();
    private final LatencyCounts total = new LatencyCounts();
    private final LatencyCounts loads = new LatencyCounts();

    ServerMetrics() {}

    void batch(int texts, int rows, int numPasses, long encodeNanos) {
        batches.increment();
        batchTexts.add(texts);
        batchRows.add(rows);
        passes.add(numPasses);
        encode.record(encodeNanos);
    }

    void answered(long queueNanos, long totalNanos) {
        completed.increment();
        queue.record(queueNanos);
        total.record(totalNanos);
    }

    void missed(ServingException.Reason reason) {
        switch (reason) {
            case OVERLOADED -> rejected.increment();
            case DEADLINE -> expired.increment();
            case CANCELLED -> cancelled.increment();
            default -> failed.increment();
        }
    }

    void swapped() {
        swaps.increment();
    }

    void evicted() {
        evictions.increment();
    }

    void refused() {
        refusals.increment();
    }

    /** {@return requests that were answered} */
    public long completed() {
        return completed.sum();
    }

    /** {@return requests turned away because too much was waiting} */
    public long rejected() {
        return rejected.sum();
    }

    /** {@return requests whose deadline passed} */
    public long expired() {
        return expired.sum();
    }

    /** {@return requests given up by their callers} */
    public long cancelled() {
        return cancelled.sum();
    }

    /** {@return requests that failed for another reason} */
    public long failed() {
        return failed.sum();
    }

    /** {@return batches} */
    public long batches() {
        return batches.sum();
    }

    /** {@return texts of all batches} */
    public long batchTexts() {
        return batchTexts.sum();
    }

    /** {@return encoder rows of all batches} */
    public long batchRows() {
        return batchRows.sum();
    }

    /** {@return encoder passes of all batches} */
    public long passes() {
        return passes.sum();
    }

    /** {@return how often a version took another's place} */
    public long swaps() {
        return swaps.sum();
    }

    /** {@return how many prompts made room for others} */
    public long evictions() {
        return evictions.sum();
    }

    /** {@return how often files in the watched folder could not be used} */
    public long refusals() {
        return refusals.sum();
    }

    /** {@return how long requests waited} */
    public LatencyCounts queue() {
        return queue;
    }

    /** {@return how long batches were computed} */
    public LatencyCounts encode() {
        return encode;
    }

    /** {@return how long requests took from arrival to answer} */
    public LatencyCounts total() {
        return total;
    }

    /** {@return how long prompts took to load} */
    public LatencyCounts loads() {
        return loads;
    }
}
