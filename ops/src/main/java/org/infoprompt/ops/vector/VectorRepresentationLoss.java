package org.infoprompt.ops.vector;

import static org.infoprompt.ops.vector.Lanes.COUNT;
import static org.infoprompt.ops.vector.Lanes.FLOATS;

import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorOperators;
import org.infoprompt.ops.Noise;
import org.jspecify.annotations.Nullable;

/**
 * The representation information loss of one row. Lanes are samples: a tile of one vector's worth of samples is generated,
 * scored and added while it is in the first-level cache, each lane with a maximum and sums of its own, so that only the
 * row's end sums over lanes. A tile takes Z vectors (2 KiB for Z = 32 at 512 bits) however many samples there are.
 *
 * <p>Scores leave out mu·c', which all negatives share, and the positive's score is taken relative to it.
 */
final class VectorRepresentationLoss {
    private static final FloatVector LANE = FloatVector.zero(FLOATS).addIndex(1);

    private final Posterior posterior = new Posterior();
    private final NoiseGenerator generator = new NoiseGenerator();
    private final float[] positivePart = new float[4 * COUNT];
    private final float[] max = new float[COUNT];
    private final float[] sum = new float[COUNT];
    /** Each lane's factors of the sums so far and of the tile. */
    private final float[] factors = new float[2 * COUNT];

    private float[] tile = new float[0];
    private float[] weighted = new float[0];
    private float[] context = new float[0];
    private float[] projection = new float[0];
    private float[] logStd = new float[0];
    private float[] logStdPrompted = new float[0];
    private float[] sigma = new float[0];
    private float[] sigmaPrompted = new float[0];
    private float[] positiveNoise = new float[0];

    VectorRepresentationLoss() {}

    void row(
            int r,
            int width,
            int samples,
            MemorySegment contexts,
            MemorySegment mu,
            MemorySegment logStds,
            MemorySegment muPrompted,
            MemorySegment logStdsPrompted,
            Noise noise,
            @Nullable MemorySegment explicitNoise,
            double logProbFloor,
            double gradientScale,
            MemorySegment losses,
            MemorySegment dContext,
            MemorySegment dMu,
            MemorySegment dLogStd,
            MemorySegment dMuPrompted,
            MemorySegment dLogStdPrompted) {
        ensure(width);
        long row = (long) r * width;
        Memory.read(contexts, row, context, width);
        Memory.read(logStds, row, logStd, width);
        Memory.read(logStdsPrompted, row, logStdPrompted, width);
        VectorInformationKernels.sigmas(width, logStd, sigma);
        VectorInformationKernels.sigmas(width, logStdPrompted, sigmaPrompted);
        for (int l = 0; l < width; l++) {
            projection[l] = sigma[l] * context[l];
        }
        Arrays.fill(weighted, 0, width * COUNT, 0f);
        // The least float instead of -infinity: the difference of two is 0 and not NaN.
        Arrays.fill(max, -Float.MAX_VALUE);
        Arrays.fill(sum, 0f);
        for (int k = 0; k < samples; k += COUNT) {
            int count = Math.min(COUNT, samples - k);
            if (explicitNoise == null) {
                generator.tile(noise, Noise.NEGATIVE, r, k, width, tile);
            } else {
                transpose(explicitNoise, (r * (1L + samples) + 1 + k) * width, count, width);
            }
            score(width, count, tile, projection, max, factors);
            VectorInformationKernels.exponentiate(factors, factors.length);
            add(width, tile, factors, sum, weighted);
        }
        float rowMax = fold(width);
        readPositiveNoise(noise, explicitNoise, r, samples, width);
        double positive = 0;
        for (int l = 0; l < width; l++) {
            double sample = (double) positiveNoise[l] * sigmaPrompted[l] + Memory.get(muPrompted, row + l);
            positive += (sample - Memory.get(mu, row + l)) * context[l];
        }
        posterior.set(positive, rowMax, sum[0], logProbFloor);
        Memory.set(losses, r, (float) posterior.loss);
        write(width, row, gradientScale, mu, muPrompted, dContext, dMu, dLogStd, dMuPrompted, dLogStdPrompted);
    }

    /** Scores one tile; leaves exp(max - new max) and exp(score - new max) of each lane in {@code factors}. */
    private static void score(int width, int count, float[] tile, float[] projection, float[] max, float[] factors) {
        FloatVector even = FloatVector.zero(FLOATS);
        FloatVector odd = FloatVector.zero(FLOATS);
        int l = 0;
        for (; l < width - 1; l += 2) {
            even = FloatVector.fromArray(FLOATS, tile, l * COUNT)
                    .fma(FloatVector.broadcast(FLOATS, projection[l]), even);
            odd = FloatVector.fromArray(FLOATS, tile, (l + 1) * COUNT)
                    .fma(FloatVector.broadcast(FLOATS, projection[l + 1]), odd);
        }
        FloatVector score = even.add(odd);
        if (l < width) {
            score = FloatVector.fromArray(FLOATS, tile, l * COUNT)
                    .fma(FloatVector.broadcast(FLOATS, projection[l]), score);
        }
        score = score.blend(Float.NEGATIVE_INFINITY, LANE.compare(VectorOperators.GE, (float) count));
        FloatVector oldMax = FloatVector.fromArray(FLOATS, max, 0);
        FloatVector newMax = oldMax.max(score);
        newMax.intoArray(max, 0);
        oldMax.sub(newMax).intoArray(factors, 0);
        score.sub(newMax).intoArray(factors, COUNT);
    }

    /** Takes one tile in. */
    private static void add(int width, float[] tile, float[] factors, float[] sum, float[] weighted) {
        FloatVector shrink = FloatVector.fromArray(FLOATS, factors, 0);
        FloatVector factor = FloatVector.fromArray(FLOATS, factors, COUNT);
        FloatVector.fromArray(FLOATS, sum, 0).fma(shrink, factor).intoArray(sum, 0);
        for (int i = 0; i < width * COUNT; i += COUNT) {
            FloatVector old = FloatVector.fromArray(FLOATS, weighted, i).mul(shrink);
            FloatVector.fromArray(FLOATS, tile, i).fma(factor, old).intoArray(weighted, i);
        }
    }

    /** Brings all lanes to one maximum, which it returns, and leaves the sum in sum[0] and those of l in weighted[l]. */
    private float fold(int width) {
        float rowMax = max[0];
        for (float m : max) {
            rowMax = Math.max(rowMax, m);
        }
        for (int i = 0; i < COUNT; i++) {
            factors[i] = max[i] - rowMax;
        }
        VectorInformationKernels.exponentiate(factors, factors.length);
        multiply(sum, 0, factors);
        sum[0] = Folds.sum(sum, 0);
        for (int l = 0; l < width; l++) {
            multiply(weighted, l * COUNT, factors);
            weighted[l] = Folds.sum(weighted, l * COUNT);
        }
        return rowMax;
    }

    private static void multiply(float[] values, int start, float[] factors) {
        FloatVector.fromArray(FLOATS, values, start)
                .mul(FloatVector.fromArray(FLOATS, factors, 0))
                .intoArray(values, start);
    }

    private void transpose(MemorySegment explicitNoise, long start, int count, int width) {
        for (int l = 0; l < width; l++) {
            for (int lane = 0; lane < COUNT; lane++) {
                tile[l * COUNT + lane] = lane < count ? Memory.get(explicitNoise, start + (long) lane * width + l) : 0;
            }
        }
    }

    private void readPositiveNoise(Noise noise, @Nullable MemorySegment explicitNoise, int r, int samples, int width) {
        if (explicitNoise != null) {
            Memory.read(explicitNoise, r * (1L + samples) * width, positiveNoise, width);
            return;
        }
        for (int l = 0; l < width; l += positivePart.length) {
            int count = Math.min(positivePart.length, width - l);
            generator.consecutive(noise, Noise.POSITIVE, r, 0, l, count, positivePart);
            System.arraycopy(positivePart, 0, positiveNoise, l, count);
        }
    }

    private void write(
            int width,
            long row,
            double gradientScale,
            MemorySegment mu,
            MemorySegment muPrompted,
            MemorySegment dContext,
            MemorySegment dMu,
            MemorySegment dLogStd,
            MemorySegment dMuPrompted,
            MemorySegment dLogStdPrompted) {
        float push = (float) (gradientScale * posterior.negativeShare);
        float share = (float) (gradientScale * posterior.negativeFactor);
        for (int l = 0; l < width; l++) {
            long i = row + l;
            if (!posterior.flows) {
                Memory.set(dContext, i, 0);
                continue;
            }
            float pushed = push * context[l];
            float spread = positiveNoise[l] * sigmaPrompted[l];
            float meanNoise = share * weighted[l] * sigma[l];
            float difference = Memory.get(mu, i) - Memory.get(muPrompted, i) - spread;
            Memory.set(dContext, i, push * difference + meanNoise);
            Memory.set(dMuPrompted, i, Memory.get(dMuPrompted, i) - pushed);
            Memory.set(dMu, i, Memory.get(dMu, i) + pushed);
            if (VectorInformationKernels.isInside(logStd[l])) {
                Memory.set(dLogStd, i, Memory.get(dLogStd, i) + meanNoise * context[l]);
            }
            if (VectorInformationKernels.isInside(logStdPrompted[l])) {
                Memory.set(dLogStdPrompted, i, Memory.get(dLogStdPrompted, i) - pushed * spread);
            }
        }
    }

    private void ensure(int width) {
        int padded = Memory.padded(width);
        if (sigma.length < padded) {
            context = new float[padded];
            projection = new float[padded];
            logStd = new float[padded];
            logStdPrompted = new float[padded];
            sigma = new float[padded];
            sigmaPrompted = new float[padded];
            positiveNoise = new float[padded];
            weighted = new float[padded * COUNT];
            tile = new float[padded * COUNT];
        }
    }
}
