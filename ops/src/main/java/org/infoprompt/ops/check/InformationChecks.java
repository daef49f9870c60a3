package org.infoprompt.ops.check;

import java.lang.foreign.MemorySegment;
import org.infoprompt.ops.Noise;
import org.jspecify.annotations.Nullable;

/** Checks of {@link org.infoprompt.ops.InformationKernels}; arguments as there, {@code bytes} is the size of an element. */
@SuppressWarnings("doclint:missing")
public final class InformationChecks {
    private InformationChecks() {}

    /** Checks {@code gaussian}. */
    public static void gaussian(
            int bytes, Noise noise, int stream, int rows, int samples, int width, MemorySegment out) {
        Arguments.size("rows", rows);
        Arguments.size("samples", samples);
        Arguments.size("width", width);
        if (stream < 0 || stream > 3) {
            throw new IllegalArgumentException("stream " + stream + " must be in [0, 3]");
        }
        noise(noise, rows);
        Arguments.segment("out", out, Math.multiplyExact((long) rows * samples, (long) width), bytes);
    }

    /** Checks {@code sampleForward}. */
    public static void sampleForward(
            int bytes,
            int rows,
            int width,
            MemorySegment mu,
            MemorySegment logStd,
            MemorySegment eps,
            MemorySegment z) {
        RowChecks.shape(bytes, rows, width, "mu", mu);
        RowChecks.shape(bytes, rows, width, "logStd", logStd);
        RowChecks.shape(bytes, rows, width, "eps", eps);
        RowChecks.shape(bytes, rows, width, "z", z);
    }

    /** Checks {@code sampleBackward}. */
    public static void sampleBackward(
            int bytes,
            int rows,
            int width,
            MemorySegment logStd,
            MemorySegment eps,
            MemorySegment dz,
            MemorySegment dMu,
            MemorySegment dLogStd) {
        RowChecks.shape(bytes, rows, width, "logStd", logStd);
        RowChecks.shape(bytes, rows, width, "eps", eps);
        RowChecks.shape(bytes, rows, width, "dz", dz);
        RowChecks.shape(bytes, rows, width, "dMu", dMu);
        RowChecks.shape(bytes, rows, width, "dLogStd", dLogStd);
    }

    /** Checks {@code kl}. */
    public static void kl(
            int bytes,
            int rows,
            int width,
            MemorySegment mu,
            MemorySegment logStd,
            MemorySegment losses,
            MemorySegment dMu,
            MemorySegment dLogStd) {
        Arguments.positive("width", width);
        RowChecks.shape(bytes, rows, width, "mu", mu);
        RowChecks.shape(bytes, rows, width, "logStd", logStd);
        Arguments.segment("losses", losses, rows, bytes);
        RowChecks.shape(bytes, rows, width, "dMu", dMu);
        RowChecks.shape(bytes, rows, width, "dLogStd", dLogStd);
    }

    /** Checks {@code headInformation}. */
    public static void head(
            int bytes,
            int rows,
            int width,
            MemorySegment meanPrompts,
            MemorySegment words,
            int[] tokenIds,
            int[] tokenStarts,
            MemorySegment classMean,
            MemorySegment losses,
            MemorySegment dMeanPrompts,
            MemorySegment dClassMean) {
        Arguments.positive("width", width);
        RowChecks.shape(bytes, rows, width, "meanPrompts", meanPrompts);
        Arguments.starts("tokenStarts", tokenStarts, rows);
        Arguments.indices(
                "tokenIds", tokenIds, tokenStarts[0], tokenStarts[rows], Arguments.tableRows(words, width, bytes));
        Arguments.segment("classMean", classMean, width, bytes);
        Arguments.segment("losses", losses, rows, bytes);
        RowChecks.shape(bytes, rows, width, "dMeanPrompts", dMeanPrompts);
        RowChecks.shape(bytes, rows, width, "dClassMean", dClassMean);
    }

    /** Checks {@code representationInformation}. */
    public static void representation(
            int bytes,
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
            MemorySegment losses,
            MemorySegment dContext,
            MemorySegment dMu,
            MemorySegment dLogStd,
            MemorySegment dMuPrompted,
            MemorySegment dLogStdPrompted) {
        Arguments.size("samples", samples);
        RowChecks.shape(bytes, rows, width, "context", context);
        RowChecks.shape(bytes, rows, width, "mu", mu);
        RowChecks.shape(bytes, rows, width, "logStd", logStd);
        RowChecks.shape(bytes, rows, width, "muPrompted", muPrompted);
        RowChecks.shape(bytes, rows, width, "logStdPrompted", logStdPrompted);
        if (explicitNoise == null) {
            noise(noise, rows);
        } else {
            Arguments.segment(
                    "explicitNoise", explicitNoise, Math.multiplyExact(rows * (1L + samples), (long) width), bytes);
        }
        Arguments.segment("losses", losses, rows, bytes);
        RowChecks.shape(bytes, rows, width, "dContext", dContext);
        RowChecks.shape(bytes, rows, width, "dMu", dMu);
        RowChecks.shape(bytes, rows, width, "dLogStd", dLogStd);
        RowChecks.shape(bytes, rows, width, "dMuPrompted", dMuPrompted);
        RowChecks.shape(bytes, rows, width, "dLogStdPrompted", dLogStdPrompted);
    }

    private static void noise(Noise noise, int rows) {
        if (noise.capacity() < rows) {
            throw new IndexOutOfBoundsException(
                    "noise with room for " + noise.capacity() + " rows must have at least " + rows);
        }
    }
}
