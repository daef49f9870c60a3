package org.infoprompt.train;

import org.infoprompt.ops.Backend;

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
    /** Buffers for what an example has beside its rows need not grow with a device's large blocks. */
    private static final int MOST_SCORED_EXAMPLES = 512;

    /** The least rows of a training block that a batch of any size may fill. */
    private static final int USUAL_ROWS = 384;

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
     * @param backend what it runs on
     * @param numThreads workers, of which a device gets as many as it has use for
     * @param maxBatch the most examples of a training step
     * @param maxLength rows of the longest example
     * @param training whether steps are run
     */
    public static EngineSizes of(Backend backend, int numThreads, int maxBatch, int maxLength, boolean training) {
        int blockRows = backend.blockRows();
        if (training) { // a batch that is smaller needs no more
            blockRows = (int) Math.min(blockRows, Math.max((long) maxBatch * maxLength, USUAL_ROWS));
        }
        int rows = Math.max(maxLength, blockRows);
        // A sequence has at least [CLS], mask and [SEP].
        int examples = Math.min(rows / 3, training ? maxBatch : MOST_SCORED_EXAMPLES);
        return new EngineSizes(
                Math.min(numThreads, backend.maxWorkers()), maxBatch, rows, Math.max(1, examples), training);
    }
}
