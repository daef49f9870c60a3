package org.infoprompt.ops;

import java.lang.foreign.MemorySegment;
import org.jspecify.annotations.Nullable;

/** Supervised losses; natural logarithms. */
public interface LossKernels {
    /**
     * Cross-entropy of each row and its gradient in one pass.
     *
     * @param rows R
     * @param classes C
     * @param logits [R, C]
     * @param labels per row, in [0, C)
     * @param gradientScale factor of the gradient, 1/B for a mean over the batch
     * @param losses [R], receives -log softmax(logits)[label], unscaled
     * @param dLogits [R, C], receives gradientScale·(softmax - onehot); null if not wanted
     */
    void crossEntropy(
            int rows,
            int classes,
            MemorySegment logits,
            int[] labels,
            double gradientScale,
            MemorySegment losses,
            @Nullable MemorySegment dLogits);

    /**
     * y = softmax(x) per row; may run in place.
     *
     * @param rows R
     * @param width elements of a row
     * @param x [R, width]
     * @param y [R, width]
     */
    void softmax(int rows, int width, MemorySegment x, MemorySegment y);
}
