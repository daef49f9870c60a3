package org.infoprompt.ops.cuda;

import java.lang.foreign.MemorySegment;
import org.infoprompt.ffi.cuda.CudaFunction;
import org.infoprompt.ops.InformationKernels;
import org.infoprompt.ops.Noise;
import org.infoprompt.ops.check.InformationChecks;
import org.jspecify.annotations.Nullable;

/** The Gaussian bottleneck and the information losses, a block per row; see {@code information.cu}. */
final class CudaInformationKernels implements InformationKernels {
    private static final int KL_BLOCK = 128;

    private final DeviceCall call;
    private final CudaFunction gaussian;
    private final CudaFunction sampleForward;
    private final CudaFunction sampleBackward;
    private final CudaFunction kl;
    private final CudaFunction head;
    private final CudaFunction representation;
    private int[] rowNumbers = new int[0];

    CudaInformationKernels(CudaDevice device, DeviceCall call) {
        this.call = call;
        gaussian = device.kernel("gaussian");
        sampleForward = device.kernel("sample_forward");
        sampleBackward = device.kernel("sample_backward");
        kl = device.kernel("kl");
        head = device.kernel("head_information");
        representation = device.kernel("representation_information");
    }

    @Override
    public void gaussian(Noise noise, int stream, int rows, int samples, int width, MemorySegment out) {
        InformationChecks.gaussian(Float.BYTES, noise, stream, rows, samples, width, out);
        long n = (long) rows * samples * width;
        if (n == 0) {
            return;
        }
        call.start();
        call.arguments()
                .int32(rows)
                .int32(samples)
                .int32(width)
                .pointer(rowNumbers(noise, rows))
                .int64(noise.seed())
                .int32(noise.step())
                .int32(stream)
                .pointer(call.out(out, n));
        call.launchElements(gaussian, (long) rows * samples * ((width + 3) / 4));
        call.finish();
    }

    @Override
    public void sampleForward(
            int rows, int width, MemorySegment mu, MemorySegment logStd, MemorySegment eps, MemorySegment z) {
        InformationChecks.sampleForward(Float.BYTES, rows, width, mu, logStd, eps, z);
        long n = (long) rows * width;
        if (n == 0) {
            return;
        }
        call.start();
        call.arguments()
                .int64(n)
                .pointer(call.in(mu, n))
                .pointer(call.in(logStd, n))
                .pointer(call.in(eps, n))
                .pointer(call.out(z, n));
        call.launchElements(sampleForward, n);
        call.finish();
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
        long n = (long) rows * width;
        if (n == 0) {
            return;
        }
        call.start();
        call.arguments()
                .int64(n)
                .pointer(call.in(logStd, n))
                .pointer(call.in(eps, n))
                .pointer(call.in(dz, n))
                .pointer(call.inOut(dMu, n))
                .pointer(call.inOut(dLogStd, n));
        call.launchElements(sampleBackward, n);
        call.finish();
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
        if (rows == 0) {
            return;
        }
        long n = (long) rows * width;
        call.start();
        call.arguments()
                .int32(width)
                .pointer(call.in(mu, n))
                .pointer(call.in(logStd, n))
                .float32((float) gradientScale)
                .pointer(call.inOut(losses, rows))
                .pointer(call.inOut(dMu, n))
                .pointer(call.inOut(dLogStd, n));
        call.launch(kl, rows, 1, KL_BLOCK, 0);
        call.finish();
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
        int warps = Blocks.warps("width", width, 0, 2);
        if (rows == 0) {
            return;
        }
        long n = (long) rows * width;
        call.start();
        call.arguments()
                .int32(width)
                .pointer(call.in(meanPrompts, n))
                .pointer(call.in(words, words.byteSize() / Float.BYTES))
                .pointer(call.ints(tokenIds, 0, tokenStarts[rows]))
                .pointer(call.ints(tokenStarts, 0, rows + 1))
                .pointer(call.in(classMean, width))
                .float32((float) logProbFloor)
                .float32((float) gradientScale)
                .pointer(call.out(losses, rows))
                .pointer(call.inOut(dMeanPrompts, n))
                .pointer(call.out(dClassMean, n));
        call.launch(head, rows, 1, warps * Blocks.WARP, Blocks.shared("width", width, 2 * warps));
        call.finish();
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
        int padded = (width + 3) & -4;
        int warps = Blocks.warps("width", padded, 1, 2);
        if (rows == 0) {
            return;
        }
        long n = (long) rows * width;
        call.start();
        call.arguments()
                .int32(width)
                .int32(samples)
                .pointer(call.in(context, n))
                .pointer(call.in(mu, n))
                .pointer(call.in(logStd, n))
                .pointer(call.in(muPrompted, n))
                .pointer(call.in(logStdPrompted, n))
                .pointer(explicitNoise == null ? rowNumbers(noise, rows) : 0)
                .int64(noise.seed())
                .int32(noise.step())
                .pointer(call.inOrNone(explicitNoise, rows * (1L + samples) * width))
                .float32((float) logProbFloor)
                .float32((float) gradientScale)
                .pointer(call.out(losses, rows))
                .pointer(call.out(dContext, n))
                .pointer(call.inOut(dMu, n))
                .pointer(call.inOut(dLogStd, n))
                .pointer(call.inOut(dMuPrompted, n))
                .pointer(call.inOut(dLogStdPrompted, n));
        int sharedBytes = Blocks.shared("width", padded, 1 + 2 * warps);
        call.launch(representation, rows, 1, warps * Blocks.WARP, sharedBytes);
        call.finish();
    }

    private long rowNumbers(Noise noise, int rows) {
        if (rowNumbers.length < rows) {
            rowNumbers = new int[rows];
        }
        for (int r = 0; r < rows; r++) {
            rowNumbers[r] = noise.row(r);
        }
        return call.ints(rowNumbers, 0, rows);
    }
}
