package org.infoprompt.ffi.kernels;

import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import org.jspecify.annotations.Nullable;

/**
 * The Gaussian bottleneck and the information losses: {@code ipk_gaussian_f32} and what follows it in {@code
 * infoprompt_kernels.h}. Token ids and row numbers are 32-bit numbers; that ids lie within the words was checked by the caller.
 */
public final class InformationFunctions {
    private static final MethodHandle gaussian$mh = KernelLibrary.link("ipk_gaussian_f32");
    private static final MethodHandle sampleForward$mh = KernelLibrary.link("ipk_sample_forward_f32");
    private static final MethodHandle sampleBackward$mh = KernelLibrary.link("ipk_sample_backward_f32");
    private static final MethodHandle kl$mh = KernelLibrary.link("ipk_kl_f32");
    private static final MethodHandle headScratch$mh = KernelLibrary.link("ipk_head_information_scratch_f32");
    private static final MethodHandle head$mh = KernelLibrary.link("ipk_head_information_f32");
    private static final MethodHandle representationScratch$mh = KernelLibrary.link("ipk_representation_scratch_f32");
    private static final MethodHandle representation$mh = KernelLibrary.link("ipk_representation_information_f32");

    private InformationFunctions() {}

    /**
     * Writes standard normals.
     *
     * @param rows R
     * @param samples K
     * @param width Z
     * @param seed the generator's key
     * @param call last word of the counter
     * @param rowNumbers [R], third word of the counter
     * @param out [R, K, Z]
     * @throws IndexOutOfBoundsException if a segment is too short
     */
    public static void gaussian(
            long rows, long samples, long width, long seed, int call, MemorySegment rowNumbers, MemorySegment out) {
        Sizes.ints("rowNumbers", rowNumbers, rows);
        Sizes.floats("out", out, Sizes.area(Sizes.area(rows, samples), width));
        try {
            gaussian$mh.invokeExact(rows, samples, width, seed, call, rowNumbers, out);
        } catch (Throwable e) {
            throw KernelLibrary.unexpected(e);
        }
    }

    /**
     * z = mu + eps·exp(logStd).
     *
     * @param n number of elements
     * @param mu [n]
     * @param logStd [n]
     * @param eps [n]
     * @param z [n]
     * @throws IndexOutOfBoundsException if a segment is too short
     */
    public static void sampleForward(
            long n, MemorySegment mu, MemorySegment logStd, MemorySegment eps, MemorySegment z) {
        Sizes.floats("mu", mu, n);
        Sizes.floats("logStd", logStd, n);
        Sizes.floats("eps", eps, n);
        Sizes.floats("z", z, n);
        try {
            sampleForward$mh.invokeExact(n, mu, logStd, eps, z);
        } catch (Throwable e) {
            throw KernelLibrary.unexpected(e);
        }
    }

    /**
     * dMu += dz and dLogStd += dz·eps·exp(logStd).
     *
     * @param n number of elements
     * @param logStd [n]
     * @param eps [n]
     * @param dz [n]
     * @param dMu [n]
     * @param dLogStd [n]
     * @throws IndexOutOfBoundsException if a segment is too short
     */
    public static void sampleBackward(
            long n,
            MemorySegment logStd,
            MemorySegment eps,
            MemorySegment dz,
            MemorySegment dMu,
            MemorySegment dLogStd) {
        Sizes.floats("logStd", logStd, n);
        Sizes.floats("eps", eps, n);
        Sizes.floats("dz", dz, n);
        Sizes.floats("dMu", dMu, n);
        Sizes.floats("dLogStd", dLogStd, n);
        try {
            sampleBackward$mh.invokeExact(n, logStd, eps, dz, dMu, dLogStd);
        } catch (Throwable e) {
            throw KernelLibrary.unexpected(e);
        }
    }

    /**
     * Adds each row's divergence to N(0, I) and its gradients.
     *
     * @param rows R
     * @param width Z
     * @param mu [R, Z]
     * @param logStd [R, Z]
     * @param gradientScale factor of the gradients
     * @param losses [R]
     * @param dMu [R, Z]
     * @param dLogStd [R, Z]
     * @throws IndexOutOfBoundsException if a segment is too short
     */
    public static void kl(
            long rows,
            long width,
            MemorySegment mu,
            MemorySegment logStd,
            double gradientScale,
            MemorySegment losses,
            MemorySegment dMu,
            MemorySegment dLogStd) {
        long size = Sizes.area(rows, width);
        Sizes.floats("mu", mu, size);
        Sizes.floats("logStd", logStd, size);
        Sizes.floats("losses", losses, rows);
        Sizes.floats("dMu", dMu, size);
        Sizes.floats("dLogStd", dLogStd, size);
        try {
            kl$mh.invokeExact(rows, width, mu, logStd, gradientScale, losses, dMu, dLogStd);
        } catch (Throwable e) {
            throw KernelLibrary.unexpected(e);
        }
    }

    /**
     * {@return the bytes of scratch that {@link #headInformation} needs}
     *
     * @param width D
     */
    public static long headScratchBytes(long width) {
        try {
            return (long) headScratch$mh.invokeExact(width);
        } catch (Throwable e) {
            throw KernelLibrary.unexpected(e);
        }
    }

    /**
     * Each row's mean prompt against its words.
     *
     * @param rows R
     * @param width D
     * @param meanPrompts [R, D]
     * @param words [any, D]
     * @param tokens how many token ids there are
     * @param tokenIds [tokens]
     * @param tokenStarts [R+1]
     * @param classMean [D]
     * @param logProbFloor the clamp of log-probabilities, NaN for none
     * @param gradientScale factor of the gradients
     * @param losses [R], overwritten
     * @param dMeanPrompts [R, D], added to
     * @param dClassMean [R, D], overwritten
     * @param scratch {@link #headScratchBytes} long
     * @throws IndexOutOfBoundsException if a segment is too short
     */
    public static void headInformation(
            long rows,
            long width,
            MemorySegment meanPrompts,
            MemorySegment words,
            long tokens,
            MemorySegment tokenIds,
            MemorySegment tokenStarts,
            MemorySegment classMean,
            double logProbFloor,
            double gradientScale,
            MemorySegment losses,
            MemorySegment dMeanPrompts,
            MemorySegment dClassMean,
            MemorySegment scratch) {
        long size = Sizes.area(rows, width);
        Sizes.floats("meanPrompts", meanPrompts, size);
        Sizes.ints("tokenIds", tokenIds, tokens);
        Sizes.ints("tokenStarts", tokenStarts, rows + 1);
        Sizes.floats("classMean", classMean, width);
        Sizes.floats("losses", losses, rows);
        Sizes.floats("dMeanPrompts", dMeanPrompts, size);
        Sizes.floats("dClassMean", dClassMean, size);
        Sizes.bytes("scratch", scratch, headScratchBytes(width));
        try {
            head$mh.invokeExact(
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
                    dClassMean,
                    scratch);
        } catch (Throwable e) {
            throw KernelLibrary.unexpected(e);
        }
    }

    /**
     * {@return the bytes of scratch that {@link #representationInformation} needs}
     *
     * @param width Z
     */
    public static long representationScratchBytes(long width) {
        try {
            return (long) representationScratch$mh.invokeExact(width);
        } catch (Throwable e) {
            throw KernelLibrary.unexpected(e);
        }
    }

    /**
     * A sample of each row's prompted Gaussian against samples of its plain one.
     *
     * @param rows R
     * @param width Z
     * @param samples K
     * @param context [R, Z]
     * @param mu [R, Z]
     * @param logStd [R, Z]
     * @param muPrompted [R, Z]
     * @param logStdPrompted [R, Z]
     * @param seed the generator's key
     * @param positiveCall last word of the positive's counter
     * @param negativeCall last word of the negatives' counters
     * @param rowNumbers [R], third word of the counters; may be empty with explicit noise
     * @param explicitNoise [R, 1+K, Z] to use instead, or null
     * @param logProbFloor the clamp of log-probabilities, NaN for none
     * @param gradientScale factor of the gradients
     * @param losses [R], overwritten
     * @param dContext [R, Z], overwritten
     * @param dMu [R, Z], added to
     * @param dLogStd [R, Z], added to
     * @param dMuPrompted [R, Z], added to
     * @param dLogStdPrompted [R, Z], added to
     * @param scratch {@link #representationScratchBytes} long
     * @throws IndexOutOfBoundsException if a segment is too short
     */
    public static void representationInformation(
            long rows,
            long width,
            long samples,
            MemorySegment context,
            MemorySegment mu,
            MemorySegment logStd,
            MemorySegment muPrompted,
            MemorySegment logStdPrompted,
            long seed,
            int positiveCall,
            int negativeCall,
            MemorySegment rowNumbers,
            @Nullable MemorySegment explicitNoise,
            double logProbFloor,
            double gradientScale,
            MemorySegment losses,
            MemorySegment dContext,
            MemorySegment dMu,
            MemorySegment dLogStd,
            MemorySegment dMuPrompted,
            MemorySegment dLogStdPrompted,
            MemorySegment scratch) {
        long size = Sizes.area(rows, width);
        Sizes.floats("context", context, size);
        Sizes.floats("mu", mu, size);
        Sizes.floats("logStd", logStd, size);
        Sizes.floats("muPrompted", muPrompted, size);
        Sizes.floats("logStdPrompted", logStdPrompted, size);
        Sizes.ints("rowNumbers", rowNumbers, explicitNoise == null ? rows : 0);
        MemorySegment given = Sizes.floatsOrNull("explicitNoise", explicitNoise, Sizes.area(1 + samples, size));
        Sizes.floats("losses", losses, rows);
        Sizes.floats("dContext", dContext, size);
        Sizes.floats("dMu", dMu, size);
        Sizes.floats("dLogStd", dLogStd, size);
        Sizes.floats("dMuPrompted", dMuPrompted, size);
        Sizes.floats("dLogStdPrompted", dLogStdPrompted, size);
        Sizes.bytes("scratch", scratch, representationScratchBytes(width));
        try {
            representation$mh.invokeExact(
                    rows,
                    width,
                    samples,
                    context,
                    mu,
                    logStd,
                    muPrompted,
                    logStdPrompted,
                    seed,
                    positiveCall,
                    negativeCall,
                    rowNumbers,
                    given,
                    logProbFloor,
                    gradientScale,
                    losses,
                    dContext,
                    dMu,
                    dLogStd,
                    dMuPrompted,
                    dLogStdPrompted,
                    scratch);
        } catch (Throwable e) {
            throw KernelLibrary.unexpected(e);
        }
    }
}
