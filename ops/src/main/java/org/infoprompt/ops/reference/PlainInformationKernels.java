package org.infoprompt.ops.reference;

import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import org.infoprompt.ops.InformationKernels;
import org.infoprompt.ops.Noise;
import org.infoprompt.ops.check.InformationChecks;
import org.infoprompt.tensor.DType;
import org.jspecify.annotations.Nullable;

/** The bottleneck and the information losses, one row at a time in one streaming pass over its negatives. */
public final class PlainInformationKernels implements InformationKernels {
    private static final double MIN_LOG_STD = -2;
    private static final double MAX_LOG_STD = 10;

    private final Elements e;
    private final int[] counter = new int[4];
    private double[] normals = new double[0];
    private double[] weighted = new double[0];

    /** Maximum, sum and weighted sum of what was streamed so far: Σ exp(s_k - max) and Σ exp(s_k - max)·x_k. */
    private double max;

    private double sum;

    /**
     * Creates the kernels.
     *
     * @param dtype F32 or F64
     */
    public PlainInformationKernels(DType dtype) {
        this.e = Elements.of(dtype);
    }

    @Override
    public void gaussian(Noise noise, int stream, int rows, int samples, int width, MemorySegment out) {
        InformationChecks.gaussian(e.bytes(), noise, stream, rows, samples, width, out);
        ensure(width);
        for (int r = 0; r < rows; r++) {
            for (int k = 0; k < samples; k++) {
                Philox.normals(noise, stream, r, k, width, counter, normals);
                for (int l = 0; l < width; l++) {
                    e.set(out, ((long) r * samples + k) * width + l, normals[l]);
                }
            }
        }
    }

    @Override
    public void sampleForward(
            int rows, int width, MemorySegment mu, MemorySegment logStd, MemorySegment eps, MemorySegment z) {
        InformationChecks.sampleForward(e.bytes(), rows, width, mu, logStd, eps, z);
        for (long i = 0; i < (long) rows * width; i++) {
            e.set(z, i, e.get(mu, i) + e.get(eps, i) * sigma(logStd, i));
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
        InformationChecks.sampleBackward(e.bytes(), rows, width, logStd, eps, dz, dMu, dLogStd);
        for (long i = 0; i < (long) rows * width; i++) {
            e.add(dMu, i, e.get(dz, i));
            addLogStd(dLogStd, i, logStd, e.get(dz, i) * e.get(eps, i) * sigma(logStd, i));
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
        InformationChecks.kl(e.bytes(), rows, width, mu, logStd, losses, dMu, dLogStd);
        double scale = gradientScale / width;
        for (int r = 0; r < rows; r++) {
            double loss = 0;
            for (int l = 0; l < width; l++) {
                long i = (long) r * width + l;
                double m = e.get(mu, i);
                double s = clamped(e.get(logStd, i));
                double variance = Math.exp(2 * s);
                loss += -s + 0.5 * variance + 0.5 * m * m - 0.5;
                e.add(dMu, i, scale * m);
                addLogStd(dLogStd, i, logStd, scale * (variance - 1));
            }
            e.add(losses, r, loss / width);
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
                e.bytes(),
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
        ensure(width);
        double perRoot = 1 / Math.sqrt(width);
        for (int r = 0; r < rows; r++) {
            long row = (long) r * width;
            double positive = perRoot * dot(width, meanPrompts, row, classMean);
            start(width);
            for (int t = tokenStarts[r]; t < tokenStarts[r + 1]; t++) {
                long word = (long) tokenIds[t] * width;
                double factor = stream(width, perRoot * dot(width, words, word, classMean));
                for (int i = 0; i < width; i++) {
                    weighted[i] += factor * e.get(words, word + i);
                }
            }
            boolean flows = finish(positive, logProbFloor, losses, r);
            double scale = flows ? gradientScale * perRoot : 0;
            double pull = -negativeShare(positive);
            double share = negativeFactor(positive);
            for (int i = 0; i < width; i++) {
                if (flows) {
                    e.add(dMeanPrompts, row + i, scale * pull * e.get(classMean, i));
                }
                double own = pull * e.get(meanPrompts, row + i) + share * weighted[i];
                e.set(dClassMean, row + i, flows ? scale * own : 0);
            }
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
                e.bytes(),
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
        ensure(width);
        for (int r = 0; r < rows; r++) {
            long row = (long) r * width;
            start(width);
            for (int k = 0; k < samples; k++) {
                readNoise(noise, explicitNoise, Noise.NEGATIVE, r, k, samples, width);
                double score = 0;
                for (int l = 0; l < width; l++) {
                    long i = row + l;
                    score += (e.get(mu, i) + normals[l] * sigma(logStd, i)) * e.get(context, i);
                }
                double factor = stream(width, score);
                for (int l = 0; l < width; l++) {
                    weighted[l] += factor * normals[l];
                }
            }
            readNoise(noise, explicitNoise, Noise.POSITIVE, r, 0, samples, width);
            double positive = 0;
            for (int l = 0; l < width; l++) {
                long i = row + l;
                positive += (e.get(muPrompted, i) + normals[l] * sigma(logStdPrompted, i)) * e.get(context, i);
            }
            boolean flows = finish(positive, logProbFloor, losses, r);
            double push = negativeShare(positive);
            double share = negativeFactor(positive);
            for (int l = 0; l < width; l++) {
                long i = row + l;
                if (!flows) {
                    e.set(dContext, i, 0);
                    continue;
                }
                double c = gradientScale * e.get(context, i);
                double spread = normals[l] * sigma(logStdPrompted, i);
                double meanNoise = share * weighted[l] * sigma(logStd, i);
                e.add(dMuPrompted, i, -push * c);
                addLogStd(dLogStdPrompted, i, logStdPrompted, -push * c * spread);
                e.add(dMu, i, push * c);
                addLogStd(dLogStd, i, logStd, c * meanNoise);
                double own = push * (e.get(mu, i) - e.get(muPrompted, i) - spread) + meanNoise;
                e.set(dContext, i, gradientScale * own);
            }
        }
    }

    /** Forgets what was streamed. */
    private void start(int width) {
        max = Double.NEGATIVE_INFINITY;
        sum = 0;
        Arrays.fill(weighted, 0, width, 0);
    }

    /** Takes a negative's score in; returns the factor exp(score - max) for the weighted sum. */
    private double stream(int width, double score) {
        if (score == Double.NEGATIVE_INFINITY) {
            return 0; // weighs nothing; the difference to an equal maximum would be NaN
        }
        if (score > max) {
            double shrink = Math.exp(max - score);
            sum *= shrink;
            for (int i = 0; i < width; i++) {
                weighted[i] *= shrink;
            }
            max = score;
        }
        double factor = Math.exp(score - max);
        sum += factor;
        return factor;
    }

    /** Writes the row's loss; returns whether a gradient flows. */
    private boolean finish(double positive, double logProbFloor, MemorySegment losses, int r) {
        double loss = softplus(max + Math.log(sum) - positive);
        boolean below = -loss < logProbFloor;
        e.set(losses, r, below ? -logProbFloor : loss);
        return !below;
    }

    /** log(1 + eᵗ), the loss when the negatives' log-sum-exp exceeds the positive by t. */
    private static double softplus(double t) {
        return Math.max(t, 0) + Math.log1p(Math.exp(-Math.abs(t)));
    }

    /** 1 - p₀: the negatives' share of the softmax. */
    private double negativeShare(double positive) {
        return 1 / (1 + Math.exp(positive - max - Math.log(sum)));
    }

    /** The factor that turns the weighted sum into Σ p_k·x_k. */
    private double negativeFactor(double positive) {
        return sum == 0 ? 0 : negativeShare(positive) / sum;
    }

    private void readNoise(
            Noise noise, @Nullable MemorySegment explicitNoise, int stream, int r, int sample, int samples, int width) {
        if (explicitNoise == null) {
            Philox.normals(noise, stream, r, sample, width, counter, normals);
            return;
        }
        long slot = stream == Noise.POSITIVE ? 0 : 1 + sample;
        long start = (r * (1L + samples) + slot) * width;
        for (int l = 0; l < width; l++) {
            normals[l] = e.get(explicitNoise, start + l);
        }
    }

    private double dot(int n, MemorySegment a, long start, MemorySegment b) {
        double total = 0;
        for (int i = 0; i < n; i++) {
            total += e.get(a, start + i) * e.get(b, i);
        }
        return total;
    }

    private double sigma(MemorySegment logStd, long i) {
        return Math.exp(clamped(e.get(logStd, i)));
    }

    private static double clamped(double logStd) {
        return Math.clamp(logStd, MIN_LOG_STD, MAX_LOG_STD);
    }

    private void addLogStd(MemorySegment dLogStd, long i, MemorySegment logStd, double gradient) {
        double raw = e.get(logStd, i);
        if (raw >= MIN_LOG_STD && raw <= MAX_LOG_STD) {
            e.add(dLogStd, i, gradient);
        }
    }

    private void ensure(int width) {
        if (normals.length < width) {
            normals = new double[width];
            weighted = new double[width];
        }
    }
}
