package org.infoprompt.ops.check;

import java.lang.foreign.MemorySegment;
import org.jspecify.annotations.Nullable;

/** Checks of {@link org.infoprompt.ops.LossKernels}; arguments as there, {@code bytes} is the size of an element. */
@SuppressWarnings("doclint:missing")
public final class LossChecks {
    private LossChecks() {}

    /** Checks {@code crossEntropy}. */
    public static void crossEntropy(
            int bytes,
            int rows,
            int classes,
            MemorySegment logits,
            int[] labels,
            MemorySegment losses,
            @Nullable MemorySegment dLogits) {
        Arguments.size("rows", rows);
        Arguments.positive("classes", classes);
        Arguments.segment("logits", logits, (long) rows * classes, bytes);
        Arguments.segment("losses", losses, rows, bytes);
        if (dLogits != null) {
            Arguments.segment("dLogits", dLogits, (long) rows * classes, bytes);
        }
        Arguments.indices("labels", labels, 0, rows, classes);
    }

    /** Checks {@code softmax}. */
    public static void softmax(int bytes, int rows, int width, MemorySegment x, MemorySegment y) {
        Arguments.positive("width", width);
        RowChecks.shape(bytes, rows, width, "x", x);
        RowChecks.shape(bytes, rows, width, "y", y);
    }
}
