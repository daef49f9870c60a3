package org.infoprompt.ops.vector;

import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorOperators;
import org.infoprompt.ops.LossKernels;
import org.infoprompt.ops.check.LossChecks;
import org.jspecify.annotations.Nullable;

/** Supervised losses; each row is read once, into an array that is padded with -infinity to whole vectors. */
final class VectorLossKernels implements LossKernels {
    private float[] row = new float[0];

    VectorLossKernels() {}

    @Override
    public void crossEntropy(
            int rows,
            int classes,
            MemorySegment logits,
            int[] labels,
            double gradientScale,
            MemorySegment losses,
            @Nullable MemorySegment dLogits) {
        LossChecks.crossEntropy(Float.BYTES, rows, classes, logits, labels, losses, dLogits);
        for (int r = 0; r < rows; r++) {
            long start = (long) r * classes;
            read(classes, logits, start);
            int padded = Memory.padded(classes);
            float label = row[labels[r]];
            float max = max(row, padded);
            double sum = VectorLoops.expSum(row, 0, padded, 1, max);
            Memory.set(losses, r, (float) ((double) max - label + Math.log(sum)));
            if (dLogits != null) {
                scale(row, padded, (float) (gradientScale / sum));
                row[labels[r]] = (float) (gradientScale * (Math.exp((double) label - max) / sum - 1));
                Memory.write(row, dLogits, start, classes);
            }
        }
    }

    @Override
    public void softmax(int rows, int width, MemorySegment x, MemorySegment y) {
        LossChecks.softmax(Float.BYTES, rows, width, x, y);
        for (int r = 0; r < rows; r++) {
            long start = (long) r * width;
            read(width, x, start);
            int padded = Memory.padded(width);
            float sum = VectorLoops.expSum(row, 0, padded, 1, max(row, padded));
            scale(row, padded, 1 / sum);
            Memory.write(row, y, start, width);
        }
    }

    private void read(int n, MemorySegment x, long start) {
        int padded = Memory.padded(n);
        if (row.length < padded) {
            row = new float[padded];
        }
        Memory.read(x, start, row, n);
        Arrays.fill(row, n, padded, Float.NEGATIVE_INFINITY);
    }

    private static float max(float[] row, int n) {
        FloatVector max = FloatVector.broadcast(Lanes.FLOATS, Float.NEGATIVE_INFINITY);
        for (int i = 0; i < n; i += Lanes.COUNT) {
            max = max.max(FloatVector.fromArray(Lanes.FLOATS, row, i));
        }
        return max.reduceLanes(VectorOperators.MAX);
    }

    private static void scale(float[] row, int n, float factor) {
        for (int i = 0; i < n; i += Lanes.COUNT) {
            FloatVector.fromArray(Lanes.FLOATS, row, i).mul(factor).intoArray(row, i);
        }
    }
}
