package org.infoprompt.peft;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import org.infoprompt.tensor.Shape;

/**
 * Arithmetic that folds an adapter into F32 weights [out, in], once at load. Sums run in double, so that folding costs one
 * rounding a number.
 *
 * <p>Sources: Hu et al., arXiv 2106.09685; Liu et al., arXiv 2205.05638; forward passes of PEFT 0.21.
 */
final class LowRank {
    private LowRank() {}

    /** weight += scale·b·a, with a [rank, in] and b [out, rank]. */
    static void add(MemorySegment weight, Shape shape, MemorySegment a, MemorySegment b, int rank, double scale) {
        int out = Math.toIntExact(shape.size(0));
        int in = Math.toIntExact(shape.size(1));
        double[] sum = new double[in];
        for (int o = 0; o < out; o++) {
            long row = (long) o * in;
            for (int i = 0; i < in; i++) {
                sum[i] = get(weight, row + i);
            }
            for (int k = 0; k < rank; k++) {
                double factor = scale * get(b, (long) o * rank + k);
                long from = (long) k * in;
                for (int i = 0; i < in; i++) {
                    sum[i] += factor * get(a, from + i);
                }
            }
            for (int i = 0; i < in; i++) {
                set(weight, row + i, sum[i]);
            }
        }
    }

    /** Multiplies row o of a weight, or element o of a bias, with factors[o]. */
    static void scaleRows(MemorySegment values, Shape shape, MemorySegment factors) {
        long width = shape.numElements() / Math.max(1, shape.size(0));
        for (long i = 0; i < shape.numElements(); i++) {
            set(values, i, get(values, i) * (double) get(factors, i / width));
        }
    }

    /** Multiplies column i of a weight with factors[i]. */
    static void scaleColumns(MemorySegment values, Shape shape, MemorySegment factors) {
        long width = shape.size(1);
        for (long i = 0; i < shape.numElements(); i++) {
            set(values, i, get(values, i) * (double) get(factors, i % width));
        }
    }

    private static float get(MemorySegment values, long index) {
        return values.get(ValueLayout.JAVA_FLOAT_UNALIGNED, index * Float.BYTES);
    }

    private static void set(MemorySegment values, long index, double value) {
        values.set(ValueLayout.JAVA_FLOAT_UNALIGNED, index * Float.BYTES, (float) value);
    }
}
