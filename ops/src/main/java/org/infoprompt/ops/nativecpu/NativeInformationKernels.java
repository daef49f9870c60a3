package org.infoprompt.ops.nativecpu;

import java.lang.foreign.MemorySegment;
import org.infoprompt.ffi.kernels.InformationFunctions;
import org.infoprompt.ops.InformationKernels;
import org.infoprompt.ops.Noise;
import org.infoprompt.ops.check.InformationChecks;
import org.jspecify.annotations.Nullable;

/** The Gaussian bottleneck and the information losses in C; noise is generated where it is used. */
final class NativeInformationKernels implements InformationKernels {
    private final Scratch scratch = new Scratch();
    private final OffHeapInts ids = new OffHeapInts();
    private final OffHeapInts numbers = new OffHeapInts();

    @Override
    public void gaussian(Noise noise, int stream, int rows, int samples, int width, MemorySegment out) {
        InformationChecks.gaussian(Float.BYTES, noise, stream, rows, samples, width, out);
        InformationFunctions.gaussian(
                rows, samples, width, noise.seed(), call(noise, stream), numbers.rows(noise, rows), out);
    }

    @Override
    public void sampleForward(
            int rows, int width, MemorySegment mu, MemorySegment logStd, MemorySegment eps, MemorySegment z) {
        InformationChecks.sampleForward(Float.BYTES, rows, width, mu, logStd, eps, z);
        InformationFunctions.sampleForward((long) rows * width, mu, logStd, eps, z);
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
        InformationFunctions.sampleBackward((long) rows * width, logStd, eps, dz, dMu, dLogStd);
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
        InformationFunctions.kl(rows, width, mu, logStd, gradientScale, losses, dMu, dLogStd);
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
        int tokens = tokenStarts[rows];
        InformationFunctions.headInformation(
                rows,
                width,
                meanPrompts,
                words,
                tokens,
                ids.copy(tokenIds, tokens),
                numbers.copy(tokenStarts, rows + 1),
                classMean,
                logProbFloor,
                gradientScale,
                losses,
                dMeanPrompts,
                dClassMean,
                scratch.bytes(InformationFunctions.headScratchBytes(width)));
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
        InformationFunctions.representationInformation(
                rows,
                width,
                samples,
                context,
                mu,
                logStd,
                muPrompted,
                logStdPrompted,
                noise.seed(),
                call(noise, Noise.POSITIVE),
                call(noise, Noise.NEGATIVE),
                numbers.rows(noise, explicitNoise == null ? rows : 0),
                explicitNoise,
                logProbFloor,
                gradientScale,
                losses,
                dContext,
                dMu,
                dLogStd,
                dMuPrompted,
                dLogStdPrompted,
                scratch.bytes(InformationFunctions.representationScratchBytes(width)));
    }

    /** The last word of the generator's counter. */
    private static int call(Noise noise, int stream) {
        return noise.step() * 4 + stream;
    }
}
