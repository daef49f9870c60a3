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
 * @param threadsPerWorker how many threads compute a text that is alone, its worker included: for a batch of one text while nothing else
 *     waits, and only for texts that are long enough and prompts that leave weights and rows between layers alone. Answers are the
 *     same, bit for bit. {@code numWorkers} times as many threads should not be more than there are processors
 */
public record ServerOptions(
        int numWorkers,
        int maxBatchTexts,
        int maxBatchRows,
        Duration collect,
        int maxQueuedCalls,
        long maxQueuedRows,
        long cacheBytes,
        int threadsPerWorker) {

    /** Checks the ranges. */
    public ServerOptions {
        check("numWorkers", numWorkers, 1, 1024);
        check("maxBatchTexts", maxBatchTexts, 1, 4096);
        check("maxBatchRows", maxBatchRows, 1, 1 << 20);
        check("maxQueuedCalls", maxQueuedCalls, 1, 1 << 20);
        check("maxQueuedRows", maxQueuedRows, 1, 1L << 40);
        check("cacheBytes", cacheBytes, 0, 1L << 40);
        check("threadsPerWorker", threadsPerWorker, 1, 1024);
        if (collect.isNegative() || collect.compareTo(Duration.ofSeconds(10)) > 0) {
            throw new IllegalArgumentException("collect " + collect + " must be in [0, 10 s]");
        }
    }

    private static void check(String name, long value, long low, long high) {
        if (value < low || value > high) {
            throw new IllegalArgumentException(name + " " + value + " must be in [" + low + ", " + high + "]");
        }
    }

    /** {@return one worker of one thread, no waiting for others, batches of up to 32 texts and 512 rows, 1024 calls waiting} */
    public static ServerOptions defaults() {
        return new ServerOptions(1, 32, 512, Duration.ZERO, 1024, 1 << 17, 0, 1);
    }

    /**
     * {@return the same with another number of threads}
     *
     * @param workers threads that run encoder passes
     */
    public ServerOptions withWorkers(int workers) {
        return new ServerOptions(
                workers,
                maxBatchTexts,
                maxBatchRows,
                collect,
                maxQueuedCalls,
                maxQueuedRows,
                cacheBytes,
                threadsPerWorker);
    }

    /**
     * {@return the same with other batches}
     *
     * @param texts the most texts of a batch
     * @param rows the most rows of a batch
     * @param wait for how long the first text of a batch waits for others at most
     */
    public ServerOptions withBatches(int texts, int rows, Duration wait) {
        return new ServerOptions(
                numWorkers, texts, rows, wait, maxQueuedCalls, maxQueuedRows, cacheBytes, threadsPerWorker);
    }

    /**
     * {@return the same with another queue}
     *
     * @param calls the most calls that wait
     * @param rows the most rows that wait
     */
    public ServerOptions withQueue(int calls, long rows) {
        return new ServerOptions(
                numWorkers, maxBatchTexts, maxBatchRows, collect, calls, rows, cacheBytes, threadsPerWorker);
    }

    /**
     * {@return the same with a cache of plain states}
     *
     * @param bytes the most bytes each worker keeps; 0 for none
     */
    public ServerOptions withCache(long bytes) {
        return new ServerOptions(
                numWorkers,
                maxBatchTexts,
                maxBatchRows,
                collect,
                maxQueuedCalls,
                maxQueuedRows,
                bytes,
                threadsPerWorker);
    }

    /**
     * {@return the same with several threads for a text that is alone, for the least time a text rather than the most texts a second}
     *
     * @param threads how many compute such a text, its worker included; fewer where texts are too short for as many
     */
    public ServerOptions withThreadsPerWorker(int threads) {
        return new ServerOptions(
                numWorkers, maxBatchTexts, maxBatchRows, collect, maxQueuedCalls, maxQueuedRows, cacheBytes, threads);
    }
}
