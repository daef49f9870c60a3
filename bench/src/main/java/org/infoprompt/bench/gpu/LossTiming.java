package org.infoprompt.bench.gpu;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.SequencedMap;
import org.infoprompt.bench.gpu.Report.Outcome;
import org.infoprompt.bench.gpu.Report.Status;
import org.infoprompt.ops.Kernels;
import org.infoprompt.ops.cuda.CudaBackend;

/**
 * The loss kernels' own time against what moving their bytes takes at the bandwidth that a copy reaches on the same device. The
 * representation loss is left out: its samples are made in registers, so that arithmetic bounds it and not memory.
 */
final class LossTiming {
    /** How much longer than its bytes a kernel may take. */
    private static final double TARGET = 1.3;

    private static final int RUNS = 20;
    private static final long FLOAT = Float.BYTES;

    private final CudaBackend backend;
    private final Kernels kernels;
    private final boolean judged;

    LossTiming(CudaBackend backend, boolean judged) {
        this.backend = backend;
        this.judged = judged;
        kernels = backend.newKernels();
    }

    Outcome run(Sizes sizes) {
        SequencedMap<String, Object> values = new LinkedHashMap<>();
        try (Arena arena = Arena.ofShared()) {
            long copied = judged ? 256L << 20 : 1 << 12;
            MemorySegment from = allocate(copied, arena);
            MemorySegment to = allocate(copied, arena);
            int copyRows = Math.toIntExact(copied / FLOAT / 16);
            double copy = median(() -> kernels.rows().copy(copyRows, 16, from, 0, to, 0));
            double bandwidth = 2.0 * copied / copy;
            values.put("copyGigabytesPerSecond", bandwidth / 1e9);

            int rows = judged ? 2048 : 3;
            int tokens = judged ? 64 : 2;
            int d = sizes.hidden();
            // Every word once, so that no cache helps.
            int[] ids = new int[rows * tokens];
            int[] starts = new int[rows + 1];
            for (int i = 0; i < ids.length; i++) {
                ids[i] = i;
                starts[i / tokens + 1] = i + 1;
            }
            MemorySegment words = allocate(FLOAT * ids.length * d, arena);
            MemorySegment prompts = allocate(FLOAT * rows * d, arena);
            MemorySegment dPrompts = allocate(FLOAT * rows * d, arena);
            MemorySegment dClass = allocate(FLOAT * rows * d, arena);
            MemorySegment classMean = allocate(FLOAT * d, arena);
            MemorySegment losses = allocate(FLOAT * rows, arena);
            double head = median(() -> kernels.information()
                    .headInformation(
                            rows, d, prompts, words, ids, starts, classMean, Double.NaN, 1, losses, dPrompts, dClass));
            double headBytes = FLOAT * ((double) ids.length * d + 4.0 * rows * d + d + 2.0 * rows) + 4.0 * ids.length;
            double headRatio = head / (headBytes / bandwidth);
            values.put("headSeconds", head);
            values.put("headTimesFloor", headRatio);

            int classes = judged ? 30522 : 7;
            MemorySegment logits = allocate(FLOAT * rows * classes, arena);
            MemorySegment dLogits = allocate(FLOAT * rows * classes, arena);
            int[] labels = new int[rows];
            double entropy =
                    median(() -> kernels.loss().crossEntropy(rows, classes, logits, labels, 1, losses, dLogits));
            double entropyRatio = entropy / (FLOAT * 2.0 * rows * classes / bandwidth);
            values.put("crossEntropySeconds", entropy);
            values.put("crossEntropyTimesFloor", entropyRatio);
            if (!judged) {
                return new Outcome(Status.PASSED, "sizes too small to judge times", values);
            }
            return headRatio <= TARGET && entropyRatio <= TARGET
                    ? new Outcome(Status.PASSED, "", values)
                    : new Outcome(Status.FAILED, "a loss takes more than " + TARGET + " times its bytes", values);
        }
    }

    private MemorySegment allocate(long bytes, Arena arena) {
        return backend.memory().allocate(bytes, 64, arena);
    }

    private double median(Runnable work) {
        work.run();
        kernels.await();
        double[] seconds = new double[judged ? RUNS : 1];
        for (int i = 0; i < seconds.length; i++) {
            seconds[i] = backend.deviceSeconds(work);
        }
        Arrays.sort(seconds);
        return seconds[seconds.length / 2];
    }
}
