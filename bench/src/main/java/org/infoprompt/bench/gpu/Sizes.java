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
        int timedSteps) {
    /** {@return the sizes of an acceptance: BERT-base, B = 32, S = 128} */
    static Sizes full() {
        return new Sizes(300, 768, 12, 768, 12, 30522, 32, 121, 40, 10_000, 30);
    }

    /** {@return sizes that take minutes under a sanitizer} */
    static Sizes small() {
        return new Sizes(70, 96, 2, 64, 2, 500, 8, 20, 10, 200, 3);
    }

    /** {@return sizes for a device made of Java} */
    static Sizes tiny() {
        return new Sizes(5, 36, 2, 32, 2, 60, 2, 6, 2, 3, 1);
    }
}
