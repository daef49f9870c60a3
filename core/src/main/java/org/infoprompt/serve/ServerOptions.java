package org.infoprompt.serve;

import java.time.Duration;

/**
 * How a server collects, bounds and answers.
 *
 * @param numWorkers threads that run encoder passes; each has buffers of its own
 * @param maxBatchTexts the most texts of a batch
 * @param maxBatchRows the most rows (tokens and prompt slots) of a batch
 * @param collect for how long the first text of a batch waits for others at most; zero takes what is there
 * @param maxQueuedCalls the most calls that wait
 * @param maxQueuedRows the most rows that wait
 * @param cacheBytes the most bytes each worker keeps of plain states of texts, for prompts that are made from them; 0 for none
 */
public record ServerOptions(
        int numWorkers,
        int maxBatchTexts,
        int maxBatchRows,
        Duration collect,
        int maxQueuedCalls,
        long maxQueuedRows,
        long cacheBytes) {

    /** Checks the ranges. */
    public ServerOptions {
        check("numWorkers", numWorkers, 1, 1024);
        check("maxBatchTexts", maxBatchTexts, 1, 4096);
        check("maxBatchRows", maxBatchRows, 1, 1 << 20);
        check("maxQueuedCalls", maxQueuedCalls, 1, 1 << 20);
        check("maxQueuedRows", maxQueuedRows, 1, 1L << 40);
        check("cacheBytes", cacheBytes, 0, 1L << 40);
        if (collect.isNegative() || collect.compareTo(Duration.ofSeconds(10)) > 0) {
            throw new IllegalArgumentException("collect " + collect + " must be in [0, 10 s]");
        }
    }

    private static void check(String name, long value, long low, long high) {
        if (value < low || value > high) {
            throw new IllegalArgumentException(name + " " + value + " must be in [" + low + ", " + high + "]");
        }
    }

    /** {@return one worker, no waiting for others, batches of up to 32 texts and 512 rows, 1024 calls waiting} */
    public static ServerOptions defaults() {
        return new ServerOptions(1, 32, 512, Duration.ZERO, 1024, 1 << 17, 0);
    }

    /**
     * {@return the same with another number of threads}
     *
     * @param workers threads that run encoder passes
     */
    public ServerOptions withWorkers(int workers) {
        return new ServerOptions(
                workers, maxBatchTexts, maxBatchRows, collect, maxQueuedCalls, maxQueuedRows, cacheBytes);
    }

    /**
     * {@return the same with other batches}
     *
     * @param texts the most texts of a batch
     * @param rows the most rows of a batch
     * @param wait for how long the first text of a batch waits for others at most
     */
    public ServerOptions withBatches(int texts, int rows, Duration wait) {
        return new ServerOptions(numWorkers, texts, rows, wait, maxQueuedCalls, maxQueuedRows, cacheBytes);
    }

    /**
     * {@return the same with another queue}
     *
     * @param calls the most calls that wait
     * @param rows the most rows that wait
     */
    public ServerOptions withQueue(int calls, long rows) {
        return new ServerOptions(numWorkers, maxBatchTexts, maxBatchRows, collect, calls, rows, cacheBytes);
    }

    /**
     * {@return the same with a cache of plain states}
     *
     * @param bytes the most bytes each worker keeps; 0 for none
     */
    public ServerOptions withCache(long bytes) {
        return new ServerOptions(
                numWorkers, maxBatchTexts, maxBatchRows, collect, maxQueuedCalls, maxQueuedRows, bytes);
    }
}
