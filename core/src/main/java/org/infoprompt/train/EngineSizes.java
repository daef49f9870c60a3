package org.infoprompt.train;

/**
 * How much an engine allocates.
 *
 * @param numThreads workers, the caller included
 * @param maxBatch the most examples of a training step
 * @param maxBlockRows the most rows one worker takes at once; at least the longest example
 * @param maxBlockExamples the most examples one worker takes at once
 * @param training whether steps are run, or only scores
 */
public record EngineSizes(int numThreads, int maxBatch, int maxBlockRows, int maxBlockExamples, boolean training) {
    /**
     * Rows of a block where sequences are shorter: enough for full register tiles, few enough that a block's activations stay
     * near the second-level cache.
     */
    private static final int USUAL_BLOCK_ROWS = 384;

    /** Checks the ranges. */
    public EngineSizes {
        if (numThreads < 1 || maxBatch < 1 || maxBlockRows < 1 || maxBlockExamples < 1) {
            throw new IllegalArgumentException("engine sizes must be positive: " + numThreads + " threads, batch "
                    + maxBatch + ", blocks of " + maxBlockRows + " rows and " + maxBlockExamples + " examples");
        }
    }

    /**
     * {@return sizes for examples up to a length}
     *
     * @param numThreads workers
     * @param maxBatch the most examples of a training step
     * @param maxLength rows of the longest example
     * @param training whether steps are run
     */
    public static EngineSizes of(int numThreads, int maxBatch, int maxLength, boolean training) {
        int rows = Math.max(maxLength, USUAL_BLOCK_ROWS);
        // A sequence has at least [CLS], mask and [SEP].
        int examples = training ? Math.min(maxBatch, rows / 3) : rows / 3;
        return new EngineSizes(numThreads, maxBatch, rows, Math.max(1, examples), training);
    }
}
