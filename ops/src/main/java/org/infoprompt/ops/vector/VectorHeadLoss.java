package org.infoprompt.ops.vector;

import static java.nio.ByteOrder.LITTLE_ENDIAN;
import static org.infoprompt.ops.vector.Lanes.COUNT;
import static org.infoprompt.ops.vector.Lanes.FLOATS;

import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import jdk.incubator.vector.FloatVector;

/**
 * The head information loss of one row: attention of one query, the class mean, over the row's word embeddings as both keys
 * and values. Words come in groups of four, which share the loads of the query and of the running sum; a group is scored
 * and added while it is in the first-level cache, so each embedding is read from memory once.
 */
final class VectorHeadLoss {
    private static final int GROUP = 4;

    private final float[] scores = new float[GROUP];
    private final float[] lanes = new float[GROUP * COUNT];
    private final Posterior posterior = new Posterior();
    private float[] weighted = new float[0];
    private float[] classMean = new float[0];
    private float[] prompt = new float[0];
    private float[] gradient = new float[0];

    VectorHeadLoss() {}

    /** Reads the query that all rows of a call share. */
    void prepare(int width, MemorySegment classMeanSegment) {
        int padded = Memory.padded(width);
        if (weighted.length != padded) {
            weighted = new float[padded];
            classMean = new float[padded];
            prompt = new float[padded];
            gradient = new float[padded];
        }
        Memory.read(classMeanSegment, 0, classMean, width);
    }

    void row(
            int r,
            int width,
            MemorySegment meanPrompts,
            MemorySegment words,
            int[] tokenIds,
            int tokenStart,
            int tokenEnd,
            double logProbFloor,
            double gradientScale,
            MemorySegment losses,
            MemorySegment dMeanPrompts,
            MemorySegment dClassMean) {
        Arrays.fill(weighted, 0f);
        Memory.read(meanPrompts, (long) r * width, prompt, width);
        double perRoot = 1 / Math.sqrt(width);
        double max = Double.NEGATIVE_INFINITY;
        double sum = 0;
        for (int t = tokenStart; t < tokenEnd; t += GROUP) {
            // A short group repeats its last word, which then gets the factor 0.
            long w0 = (long) tokenIds[t] * width;
            long w1 = (long) tokenIds[Math.min(t + 1, tokenEnd - 1)] * width;
            long w2 = (long) tokenIds[Math.min(t + 2, tokenEnd - 1)] * width;
            long w3 = (long) tokenIds[Math.min(t + 3, tokenEnd - 1)] * width;
            score(width, words, w0, w1, w2, w3);
            int count = Math.min(GROUP, tokenEnd - t);
            double groupMax = max;
            for (int j = 0; j < count; j++) {
                groupMax = Math.max(groupMax, perRoot * scores[j]);
            }
            if (groupMax == Double.NEGATIVE_INFINITY) {
                continue; // all weigh nothing
            }
            if (groupMax != max) {
                double shrink = Math.exp(max - groupMax);
                sum *= shrink;
                scale(weighted, (float) shrink);
                max = groupMax;
            }
            for (int j = 0; j < GROUP; j++) {
                double factor = j < count ? Math.exp(perRoot * scores[j] - max) : 0;
                sum += factor;
                scores[j] = (float) factor;
            }
            add(width, words, w0, w1, w2, w3);
        }
        posterior.set(perRoot * dot(prompt, classMean, lanes), max, sum, logProbFloor);
        Memory.set(losses, r, (float) posterior.loss);
        double scale = gradientScale * perRoot;
        write(
                width,
                (long) r * width,
                (float) (-scale * posterior.negativeShare),
                (float) (scale * posterior.negativeFactor),
                dMeanPrompts,
                dClassMean);
    }

    private void score(int width, MemorySegment words, long w0, long w1, long w2, long w3) {
        int whole = FLOATS.loopBound(width);
        scoreWhole(whole, words, w0, w1, w2, w3, classMean, lanes, scores);
        for (int i = whole; i < width; i++) {
            scores[0] = Math.fma(Memory.get(words, w0 + i), classMean[i], scores[0]);
            scores[1] = Math.fma(Memory.get(words, w1 + i), classMean[i], scores[1]);
            scores[2] = Math.fma(Memory.get(words, w2 + i), classMean[i], scores[2]);
            scores[3] = Math.fma(Memory.get(words, w3 + i), classMean[i], scores[3]);
        }
    }

    private static void scoreWhole(
            int n,
            MemorySegment words,
            long w0,
            long w1,
            long w2,
            long w3,
            float[] query,
            float[] lanes,
            float[] scores) {
        FloatVector s0 = FloatVector.broadcast(FLOATS, 0f);
        FloatVector s1 = FloatVector.broadcast(FLOATS, 0f);
        FloatVector s2 = FloatVector.broadcast(FLOATS, 0f);
        FloatVector s3 = FloatVector.broadcast(FLOATS, 0f);
        for (int i = 0; i < n; i += COUNT) {
            FloatVector q = FloatVector.fromArray(FLOATS, query, i);
            s0 = q.fma(FloatVector.fromMemorySegment(FLOATS, words, (w0 + i) * Float.BYTES, LITTLE_ENDIAN), s0);
            s1 = q.fma(FloatVector.fromMemorySegment(FLOATS, words, (w1 + i) * Float.BYTES, LITTLE_ENDIAN), s1);
            s2 = q.fma(FloatVector.fromMemorySegment(FLOATS, words, (w2 + i) * Float.BYTES, LITTLE_ENDIAN), s2);
            s3 = q.fma(FloatVector.fromMemorySegment(FLOATS, words, (w3 + i) * Float.BYTES, LITTLE_ENDIAN), s3);
        }
        s0.intoArray(lanes, 0);
        s1.intoArray(lanes, COUNT);
        s2.intoArray(lanes, 2 * COUNT);
        s3.intoArray(lanes, 3 * COUNT);
        for (int j = 0; j < GROUP; j++) {
            scores[j] = Folds.sum(lanes, j * COUNT);
        }
    }

    private void add(int width, MemorySegment words, long w0, long w1, long w2, long w3) {
        int whole = FLOATS.loopBound(width);
        addWhole(whole, words, w0, w1, w2, w3, scores, weighted);
        for (int i = whole; i < width; i++) {
            float a = Math.fma(scores[2], Memory.get(words, w2 + i), scores[0] * Memory.get(words, w0 + i));
            float b = Math.fma(scores[3], Memory.get(words, w3 + i), scores[1] * Memory.get(words, w1 + i));
            weighted[i] += a + b;
        }
    }

    private static void addWhole(
            int n, MemorySegment words, long w0, long w1, long w2, long w3, float[] factors, float[] sums) {
        FloatVector f0 = FloatVector.broadcast(FLOATS, factors[0]);
        FloatVector f1 = FloatVector.broadcast(FLOATS, factors[1]);
        FloatVector f2 = FloatVector.broadcast(FLOATS, factors[2]);
        FloatVector f3 = FloatVector.broadcast(FLOATS, factors[3]);
        for (int i = 0; i < n; i += COUNT) {
            FloatVector a = f2.fma(
                    FloatVector.fromMemorySegment(FLOATS, words, (w2 + i) * Float.BYTES, LITTLE_ENDIAN),
                    f0.mul(FloatVector.fromMemorySegment(FLOATS, words, (w0 + i) * Float.BYTES, LITTLE_ENDIAN)));
            FloatVector b = f3.fma(
                    FloatVector.fromMemorySegment(FLOATS, words, (w3 + i) * Float.BYTES, LITTLE_ENDIAN),
                    f1.mul(FloatVector.fromMemorySegment(FLOATS, words, (w1 + i) * Float.BYTES, LITTLE_ENDIAN)));
            FloatVector.fromArray(FLOATS, sums, i).add(a.add(b)).intoArray(sums, i);
        }
    }

    private static void scale(float[] values, float factor) {
        for (int i = 0; i < values.length; i += COUNT) {
            FloatVector.fromArray(FLOATS, values, i).mul(factor).intoArray(values, i);
        }
    }

    /** Returns a·b; both are padded with zeros to whole vectors. */
    private static float dot(float[] a, float[] b, float[] lanes) {
        FloatVector sum = FloatVector.broadcast(FLOATS, 0f);
        for (int i = 0; i < a.length; i += COUNT) {
            sum = FloatVector.fromArray(FLOATS, a, i).fma(FloatVector.fromArray(FLOATS, b, i), sum);
        }
        sum.intoArray(lanes, 0);
        return Folds.sum(lanes, 0);
    }

    /** dPbar += pull·c and dC = pull·pbar + share·weighted. */
    private void write(
            int width, long row, float pull, float share, MemorySegment dMeanPrompts, MemorySegment dClassMean) {
        if (!posterior.flows) {
            Arrays.fill(gradient, 0f);
            Memory.write(gradient, dClassMean, row, width);
            return;
        }
        Memory.read(dMeanPrompts, row, gradient, width);
        combine(pull, classMean, 1, gradient, gradient);
        Memory.write(gradient, dMeanPrompts, row, width);
        combine(pull, prompt, share, weighted, gradient);
        Memory.write(gradient, dClassMean, row, width);
    }

    /** out = a·x + b·y. */
    private static void combine(float a, float[] x, float b, float[] y, float[] out) {
        FloatVector factor = FloatVector.broadcast(FLOATS, a);
        for (int i = 0; i < out.length; i += COUNT) {
            FloatVector scaled = FloatVector.fromArray(FLOATS, y, i).mul(b);
            FloatVector.fromArray(FLOATS, x, i).fma(factor, scaled).intoArray(out, i);
        }
    }
}
