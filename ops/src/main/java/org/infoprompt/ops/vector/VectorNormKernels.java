package org.infoprompt.ops.vector;

import static org.infoprompt.ops.vector.Lanes.COUNT;
import static org.infoprompt.ops.vector.Lanes.FLOATS;

import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import jdk.incubator.vector.FloatVector;
import org.infoprompt.ops.NormKernels;
import org.infoprompt.ops.check.NormChecks;
import org.jspecify.annotations.Nullable;

/**
 * Layer normalisation. The mean of the differences to the rounded mean corrects both mean and variance, which keeps float
 * accuracy for rows far from zero (the corrected two-pass algorithm: Chan, Golub, LeVeque, The American Statistician 37,
 * 1983).
 */
final class VectorNormKernels implements NormKernels {
    private final float[] first = new float[COUNT];
    private final float[] second = new float[COUNT];
    private float[] row = new float[0];
    private float[] out = new float[0];
    private float[] factors = new float[0];
    private float[] shifts = new float[0];

    VectorNormKernels() {}

    @Override
    public void layerNormForward(
            int rows,
            int width,
            MemorySegment x,
            MemorySegment gamma,
            MemorySegment beta,
            double epsilon,
            MemorySegment y,
            @Nullable MemorySegment normalized,
            @Nullable MemorySegment rstd) {
        NormChecks.forward(Float.BYTES, rows, width, x, gamma, beta, y, normalized, rstd);
        ensure(width);
        int padded = row.length;
        Memory.read(gamma, 0, factors, width);
        Memory.read(beta, 0, shifts, width);
        for (int r = 0; r < rows; r++) {
            long start = (long) r * width;
            Memory.read(x, start, row, width);
            Arrays.fill(row, width, padded, 0f);
            sum(padded, row, first);
            float mean = Folds.sum(first, 0) / width;
            Arrays.fill(row, width, padded, mean); // then the padding adds nothing to the next sums
            sumCentred(padded, row, mean, first, second);
            float correction = Folds.sum(first, 0) / width;
            double variance = (double) Folds.sum(second, 0) / width - (double) correction * correction;
            float scale = (float) (1 / Math.sqrt(variance + epsilon));
            normalize(padded, row, mean, correction, scale, factors, shifts, out);
            Memory.write(out, y, start, width);
            if (normalized != null && rstd != null) {
                Memory.write(row, normalized, start, width);
                Memory.set(rstd, r, scale);
            }
        }
    }

    private static void sum(int n, float[] x, float[] lanes) {
        FloatVector sum = FloatVector.zero(FLOATS);
        for (int i = 0; i < n; i += COUNT) {
            sum = sum.add(FloatVector.fromArray(FLOATS, x, i));
        }
        sum.intoArray(lanes, 0);
    }

    private static void sumCentred(int n, float[] x, float mean, float[] first, float[] second) {
        FloatVector s1 = FloatVector.zero(FLOATS);
        FloatVector s2 = FloatVector.zero(FLOATS);
        for (int i = 0; i < n; i += COUNT) {
            FloatVector centred = FloatVector.fromArray(FLOATS, x, i).sub(mean);
            s1 = s1.add(centred);
            s2 = centred.fma(centred, s2);
        }
        s1.intoArray(first, 0);
        s2.intoArray(second, 0);
    }

    /** Leaves the normalized row in {@code x}. */
    private static void normalize(
            int n, float[] x, float mean, float correction, float scale, float[] gamma, float[] beta, float[] y) {
        for (int i = 0; i < n; i += COUNT) {
            FloatVector unit = FloatVector.fromArray(FLOATS, x, i)
                    .sub(mean)
                    .sub(correction)
                    .mul(scale);
            unit.intoArray(x, i);
            unit.fma(FloatVector.fromArray(FLOATS, gamma, i), FloatVector.fromArray(FLOATS, beta, i))
                    .intoArray(y, i);
        }
    }

    @Override
    public void layerNormBackward(
            int rows,
            int width,
            MemorySegment dy,
            MemorySegment gamma,
            MemorySegment normalized,
            MemorySegment rstd,
            MemorySegment dx) {
        NormChecks.backward(Float.BYTES, rows, width, dy, gamma, normalized, rstd, dx);
        ensure(width);
        int padded = row.length;
        Memory.read(gamma, 0, factors, width);
        Arrays.fill(factors, width, padded, 0f);
        for (int r = 0; r < rows; r++) {
            long start = (long) r * width;
            Memory.read(dy, start, out, width);
            Memory.read(normalized, start, row, width);
            Arrays.fill(out, width, padded, 0f);
            Arrays.fill(row, width, padded, 0f);
            sumGradients(padded, out, factors, row, first, second);
            float mean = Folds.sum(first, 0) / width;
            float projection = Folds.sum(second, 0) / width;
            project(padded, out, row, mean, projection, Memory.get(rstd, r));
            Memory.write(out, dx, start, width);
        }
    }

    /** Leaves dy ∘ gamma in {@code dy}. */
    private static void sumGradients(
            int n, float[] dy, float[] gamma, float[] normalized, float[] first, float[] second) {
        FloatVector s1 = FloatVector.zero(FLOATS);
        FloatVector s2 = FloatVector.zero(FLOATS);
        for (int i = 0; i < n; i += COUNT) {
            FloatVector g = FloatVector.fromArray(FLOATS, dy, i).mul(FloatVector.fromArray(FLOATS, gamma, i));
            g.intoArray(dy, i);
            s1 = s1.add(g);
            s2 = g.fma(FloatVector.fromArray(FLOATS, normalized, i), s2);
        }
        s1.intoArray(first, 0);
        s2.intoArray(second, 0);
    }

    private static void project(int n, float[] g, float[] normalized, float mean, float projection, float scale) {
        for (int i = 0; i < n; i += COUNT) {
            FloatVector centred = FloatVector.fromArray(FLOATS, g, i).sub(mean);
            FloatVector along = FloatVector.fromArray(FLOATS, normalized, i).mul(projection);
            centred.sub(along).mul(scale).intoArray(g, i);
        }
    }

    private void ensure(int width) {
        int padded = Memory.padded(width);
        if (row.length != padded) {
            row = new float[padded];
            out = new float[padded];
            factors = new float[padded];
            shifts = new float[padded];
        }
    }
}
