package org.infoprompt.bench.gpu;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.SequencedMap;
import org.infoprompt.bench.gpu.Report.Outcome;
import org.infoprompt.ops.Kernels;
import org.infoprompt.ops.cuda.CudaBackend;

/**
 * The loss kernels' own time against what moving their bytes takes at the bandwidth that a copy reaches on the same device. The
 * representation loss is told and not judged: its samples are made in registers, so that arithmetic bounds it and not memory.
 */
final class LossTiming {
    /** How much longer than its bytes a kernel may take. */
    private static final double TARGET = 1.3;

    private final CudaBackend backend;
    private final Kernels kernels;
    private final Sizes sizes;
    private final boolean judged;

    LossTiming(CudaBackend backend, Sizes sizes, boolean judged) {
        this.backend = backend;
        this.sizes = sizes;
        this.judged = judged;
        kernels = backend.newKernels();
    }

    /** {@return the kernels' times} */
    Outcome run() {
        SequencedMap<String, Object> values = new LinkedHashMap<>();
        SequencedMap<String, Double> bytes = LossWork.bytes(sizes);
        try (LossWork work = new LossWork(backend, kernels, sizes)) {
            double bandwidth = 2.0 * sizes.losses().copyBytes() / median(work, work.copy());
            values.put("copyGigabytesPerSecond", bandwidth / 1e9);
            double head =
                    timesFloor(work, values, "head", work.head(), bytes.getOrDefault(LossWork.HEAD, 0.0) / bandwidth);
            double entropy = timesFloor(
                    work,
                    values,
                    "crossEntropy",
                    work.entropy(),
                    bytes.getOrDefault(LossWork.ENTROPY, 0.0) / bandwidth);
            timesFloor(
                    work,
                    values,
                    "representation",
                    work.representation(),
                    bytes.getOrDefault(LossWork.REPRESENTATION, 0.0) / bandwidth);
            return Outcome.target(
                    judged,
                    "head loss and cross-entropy take at most " + TARGET + " times as long as their bytes",
                    head <= TARGET && entropy <= TARGET,
                    values);
        }
    }

    /** {@return that each kernel was launched once, for a tool that counts what it moves} */
    Outcome once() {
        try (LossWork work = new LossWork(backend, kernels, sizes)) {
            work.head().run();
            work.entropy().run();
            work.representation().run();
            kernels.await();
        }
        return Outcome.passed(new LinkedHashMap<>());
    }

    private double timesFloor(
            LossWork all, SequencedMap<String, Object> values, String name, Runnable work, double floor) {
        double seconds = median(all, work);
        values.put(name + "Seconds", seconds);
        values.put(name + "FloorSeconds", floor);
        values.put(name + "TimesFloor", seconds / floor);
        return seconds / floor;
    }

    /** Each time behind a copy: what the host does to ask for the work is not the device's time. */
    private double median(LossWork all, Runnable work) {
        work.run();
        kernels.await();
        double[] seconds = new double[sizes.losses().runs()];
        for (int i = 0; i < seconds.length; i++) {
            seconds[i] = backend.deviceSeconds(all.copy(), work);
        }
        Arrays.sort(seconds);
        return seconds[seconds.length / 2];
    }
}
