package org.infoprompt.ops.vector;

import java.lang.foreign.MemorySegment;
import org.infoprompt.ops.InformationKernels;
import org.infoprompt.ops.Noise;
import org.infoprompt.ops.check.InformationChecks;
import org.jspecify.annotations.Nullable;

/** The Gaussian bottleneck, its divergence, and the two information losses of {@link VectorHeadLoss} and {@link VectorRepresentationLoss}. */
final class VectorInformationKernels implements InformationKernels {
    private static final float MIN_LOG_STD = -2f;
    private static final float MAX_LOG_STD = 10f;

    private final VectorHeadLoss headLoss = new VectorHeadLoss();
    private final VectorRepresentationLoss representationLoss = new VectorRepresentationLoss();
    private final NoiseGenerator generator = new NoiseGenerator();
    private final float[] sample = new float[4 * Lanes.COUNT];
    private float[] raw = new float[0];
    private float[] sigma = new float[0];

    VectorInformationKernels() {}

    @Override
    public void gaussian(Noise noise, int stream, int rows, int samples, int width, MemorySegment out) {
        InformationChecks.gaussian(Float.BYTES, noise, stream, rows, samples, width, out);
        for (int r = 0; r < rows; r++) {
            for (int k = 0; k < samples; k++) {
                long start = ((long) r * samples + k) * width;
                for (int l = 0; l < width; l += 4 * Lanes.COUNT) {
                    int count = Math.min(4 * Lanes.COUNT, width - l);
                    generator.consecutive(noise, stream, r, k, l, count, sample);
                    Memory.write(sample, out, start + l, count);
                }
            }
        }
    }

    @Override
    public void sampleForward(
            int rows, int width, MemorySegment mu, MemorySegment logStd, MemorySegment eps, MemorySegment z) {
        InformationChecks.sampleForward(Float.BYTES, rows, width, mu, logStd, eps, z);
        ensure(width);
        for (int r = 0; r < rows; r++) {
            long row = (long) r * width;
            Memory.read(logStd, row, raw, width);
            sigmas(width, raw, sigma);
            for (int l = 0; l < width; l++) {
                Memory.set(z, row + l, Math.fma(sigma[l], Memory.get(eps, row + l), Memory.get(mu, row + l)));
            }
        }
    }

    @Override
    public void sampleBackward(
            int rows,
            int width,
            MemorySegment logStd,
            MemorySegment eps,
            MemorySegment dz,
            MemorySegment dMu,
            MemorySegment dLogStd) {
        InformationChecks.sampleBackward(Float.BYTES, rows, width, logStd, eps, dz, dMu, dLogStd);
        ensure(width);
        for (int r = 0; r < rows; r++) {
            long row = (long) r * width;
            Memory.read(logStd, row, raw, width);
            sigmas(width, raw, sigma);
            for (int l = 0; l < width; l++) {
                long i = row + l;
                float d = Memory.get(dz, i);
                Memory.set(dMu, i, Memory.get(dMu, i) + d);
                if (isInside(raw[l])) {
                    Memory.set(dLogStd, i, Math.fma(d * Memory.get(eps, i), sigma[l], Memory.get(dLogStd, i)));
                }
            }
        }
    }

    @Override
    public void kl(
            int rows,
            int width,
            MemorySegment mu,
            MemorySegment logStd,
            double gradientScale,
            MemorySegment losses,
            MemorySegment dMu,
            MemorySegment dLogStd) {
        InformationChecks.kl(Float.BYTES, rows, width, mu, logStd, losses, dMu, dLogStd);
        ensure(width);
        float scale = (float) (gradientScale / width);
        for (int r = 0; r < rows; r++) {
            long row = (long) r * width;
            Memory.read(logStd, row, raw, width);
            variances(width, raw, sigma);
            double sum = 0;
            for (int l = 0; l < width; l++) {
                long i = row + l;
                float m = Memory.get(mu, i);
                float excess = sigma[l] - 1;
                sum += 0.5 * ((double) m * m + excess) - clamped(raw[l]);
                Memory.set(dMu, i, Math.fma(m, scale, Memory.get(dMu, i)));
                if (isInside(raw[l])) {
                    Memory.set(dLogStd, i, Math.fma(excess, scale, Memory.get(dLogStd, i)));
                }
            }
            Memory.set(losses, r, (float) (Memory.get(losses, r) + sum / width));
        }
    }

    @Override
    public void headInformation(
            int rows,
            int width,
            MemorySegment meanPrompts,
            MemorySegment words,
            int[] tokenIds,
            int[] tokenStarts,
            MemorySegment classMean,
            double logProbFloor,
            double gradientScale,
            MemorySegment losses,
            MemorySegment dMeanPrompts,
            MemorySegment dClassMean) {
        InformationChecks.head(
                Float.BYTES,
                rows,
                width,
                meanPrompts,
                words,
                tokenIds,
                tokenStarts,
                classMean,
                losses,
                dMeanPrompts,
                dClassMean);
        headLoss.prepare(width, classMean);
        for (int r = 0; r < rows; r++) {
            headLoss.row(
                    r,
                    width,
                    meanPrompts,
                    words,
                    tokenIds,
                    tokenStarts[r],
                    tokenStarts[r + 1],
                    logProbFloor,
                    gradientScale,
                    losses,
                    dMeanPrompts,
                    dClassMean);
        }
    }

    @Override
    public void representationInformation(
            int rows,
            int width,
            int samples,
            MemorySegment context,
            MemorySegment mu,
            MemorySegment logStd,
            MemorySegment muPrompted,
            MemorySegment logStdPrompted,
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
        InformationChecks.representation(
                Float.BYTES,
                rows,
                width,
                samples,
                context,
                mu,
                logStd,
                muPrompted,
                logStdPrompted,
                noise,
                explicitNoise,
                losses,
                dContext,
                dMu,
                dLogStd,
                dMuPrompted,
                dLogStdPrompted);
        for (int r = 0; r < rows; r++) {
            representationLoss.row(
                    r,
                    width,
                    samples,
                    context,
                    mu,
                    logStd,
                    muPrompted,
                    logStdPrompted,
                    noise,
                    explicitNoise,
                    logProbFloor,
                    gradientScale,
                    losses,
                    dContext,
                    dMu,
                    dLogStd,
                    dMuPrompted,
                    dLogStdPrompted);
        }
    }

    /** Writes exp of the clamped log standard deviations, with rubbish up to a whole vector. */
    static void sigmas(int width, float[] logStd, float[] sigma) {
        for (int l = 0; l < width; l++) {
            sigma[l] = clamped(logStd[l]);
        }
        exponentiate(sigma, width);
    }

    private static void variances(int width, float[] logStd, float[] variance) {
        for (int l = 0; l < width; l++) {
            variance[l] = 2 * clamped(logStd[l]);
        }
        exponentiate(variance, width);
    }

    /** Replaces numbers by their exponentials, with rubbish up to a whole vector. */
    static void exponentiate(float[] values, int n) {
        VectorLoops.expSum(values, 0, n, 1, 0);
    }

    private static float clamped(float logStd) {
        return Math.clamp(logStd, MIN_LOG_STD, MAX_LOG_STD);
    }

    /** Tells whether the clamp lets a gradient through. */
    static boolean isInside(float logStd) {
        return logStd >= MIN_LOG_STD && logStd <= MAX_LOG_STD;
    }

    private void ensure(int width) {
        if (raw.length < width) {
            raw = new float[Memory.padded(width)];
            sigma = new float[Memory.padded(width)];
        }
    }
}
