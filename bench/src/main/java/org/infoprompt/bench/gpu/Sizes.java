package org.infoprompt.bench.gpu;

/**
 * How much is computed.
 *
 * @param kernelRows rows of the kernel checks
 * @param kernelWidth their width
 * @param layers of the model
 * @param hidden its width
 * @param heads its attention heads
 * @param vocabulary its words
 * @param batch examples of a step
 * @param textLength words of an example
 * @param trainingSteps steps that must follow the processor's
 * @param leakSteps steps of the leak loop
 * @param timedSteps steps that are timed
 * @param losses of the loss kernels that are timed and whose bytes are counted
 */
record Sizes(
        int kernelRows,
        int kernelWidth,
        int layers,
        int hidden,
        int heads,
        int vocabulary,
        int batch,
        int textLength,
        int trainingSteps,
        int leakSteps,
        int timedSteps,
        Losses losses) {
    /**
     * Sizes of single launches of the loss kernels: so large that the caches do not hold the operands, with as few classes as prompts are
     * tuned for.
     *
     * @param rows of the information losses
     * @param tokens of a row of the head loss
     * @param samples of a row of the representation loss
     * @param entropyRows of the cross-entropy
     * @param classes of a row of it
     * @param copyBytes of the copy that shows the bandwidth
     * @param runs of which the median is taken
     */
    record Losses(int rows, int tokens, int samples, int entropyRows, int classes, long copyBytes, int runs) {}

    /** {@return the sizes of an acceptance: BERT-base, B = 32, S = 128} */
    static Sizes full() {
        return new Sizes(
                300,
                768,
                12,
                768,
                12,
                30522,
                32,
                121,
                40,
                10_000,
                30,
                new Losses(2048, 64, 128, 1 << 18, 256, 256L << 20, 20));
    }

    /** {@return sizes that take minutes under a sanitizer} */
    static Sizes small() {
        return new Sizes(70, 96, 2, 64, 2, 500, 8, 20, 10, 200, 3, new Losses(64, 16, 8, 512, 64, 1 << 20, 3));
    }

    /** {@return sizes for a device made of Java} */
    static Sizes tiny() {
        return new Sizes(5, 36, 2, 32, 2, 60, 2, 6, 2, 3, 1, new Losses(3, 2, 3, 3, 7, 1 << 12, 1));
    }
}
