package org.infoprompt.ops.contract;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import org.infoprompt.ops.InformationKernels;
import org.infoprompt.ops.Noise;
import org.infoprompt.ops.reference.PlainInformationKernels;
import org.infoprompt.tensor.DType;

/** Broken on purpose: no gradient flows through the positive's score to the class mean and to the projected prompt. */
final class DetachedInformation implements InformationKernels {
    private final InformationKernels right = new PlainInformationKernels(DType.F64);

    @Override
    public void gaussian(Noise noise, int stream, int rows, int samples, int width, MemorySegment out) {
        right.gaussian(noise, stream, rows, samples, width, out);
    }

    @Override
    public void sampleForward(
            int rows, int width, MemorySegment mu, MemorySegment logStd, MemorySegment eps, MemorySegment z) {
        right.sampleForward(rows, width, mu, logStd, eps, z);
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
        right.sampleBackward(rows, width, logStd, eps, dz, dMu, dLogStd);
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
        right.kl(rows, width, mu, logStd, gradientScale, losses, dMu, dLogStd);
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
        right.headInformation(
                rows,
                width,
                meanPrompts,
                words,
                tokenIds,
                tokenStarts,
                classMean,
                logProbFloor,
                gradientScale,
                losses,
                dMeanPrompts,
                dClassMean);
        for (int i = 0; i < rows * width; i++) {
            double share = 1 - Math.exp(-at(losses, i / width));
            add(dClassMean, i, gradientScale / Math.sqrt(width) * share * at(meanPrompts, i));
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
            MemorySegment explicitNoise,
            double logProbFloor,
            double gradientScale,
            MemorySegment losses,
            MemorySegment dContext,
            MemorySegment dMu,
            MemorySegment dLogStd,
            MemorySegment dMuPrompted,
            MemorySegment dLogStdPrompted) {
        right.representationInformation(
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
                logProbFloor,
                gradientScale,
                losses,
                dContext,
                dMu,
                dLogStd,
                dMuPrompted,
                dLogStdPrompted);
        for (int i = 0; i < rows * width; i++) {
            double share = 1 - Math.exp(-at(losses, i / width));
            add(dContext, i, gradientScale * share * at(muPrompted, i));
        }
    }

    private static double at(MemorySegment segment, int i) {
        return segment.getAtIndex(ValueLayout.JAVA_DOUBLE_UNALIGNED, i);
    }

    private static void add(MemorySegment segment, int i, double value) {
        segment.setAtIndex(ValueLayout.JAVA_DOUBLE_UNALIGNED, i, at(segment, i) + value);
    }
}
