package org.infoprompt.bench.gpu;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Random;
import java.util.SequencedMap;
import org.infoprompt.bench.gpu.Report.Outcome;
import org.infoprompt.ops.Backend;
import org.infoprompt.ops.Backends;
import org.infoprompt.ops.Precision;
import org.infoprompt.ops.cuda.CudaBackend;
import org.infoprompt.tensor.Workspace;

/** Whole training steps: gradients by differences, losses that follow the processor's, and memory that stays the same. */
final class TrainingChecks {
    private static final int DIRECTIONS = 3;

    private static final int MOST_COLLECTIONS = 20;
    private static final int QUIET_COLLECTIONS = 3;
    private static final int COLLECTION_MILLIS = 50;

    private final Path model;
    private final Sizes sizes;
    private final StepData data;

    TrainingChecks(Path model, Sizes sizes) {
        this.model = model;
        this.sizes = sizes;
        data = new StepData(sizes, true);
    }

    /** Opens a runner whose buffers lie on the device. */
    static StepRunner onDevice(Path model, CudaBackend device, Backend backend, Sizes sizes, StepData data)
            throws IOException {
        Workspace.takeMemoryFrom(device.memory());
        try {
            return new StepRunner(model, backend, sizes, data);
        } finally {
            Workspace.takeMemoryFrom(null);
        }
    }

    /** {@return whether central differences of the device's own losses agree with its gradient} */
    Outcome differences(CudaBackend device) throws IOException {
        SequencedMap<String, Object> values = new LinkedHashMap<>();
        double worst = 0;
        try (StepRunner runner = onDevice(model, device, device, sizes, data)) {
            double[] base = runner.values();
            runner.losses(0);
            double[] gradient = runner.gradients();
            double norm = norm(gradient);
            Random random = new Random(3);
            for (int i = 0; i < DIRECTIONS; i++) {
                // Along the gradient and, for the others, half of it at random signs: float32 losses need a slope that
                // is large.
                double[] direction = new double[gradient.length];
                for (int j = 0; j < direction.length; j++) {
                    direction[j] = gradient[j] / norm * (i == 0 || random.nextBoolean() ? 1 : 0);
                }
                double analytic = 0;
                for (int j = 0; j < direction.length; j++) {
                    analytic += gradient[j] * direction[j];
                }
                double step = 5e-3;
                runner.move(base, step, direction);
                double up = runner.losses(0).total();
                runner.move(base, -step, direction);
                double down = runner.losses(0).total();
                double numeric = (up - down) / (2 * step);
                worst = Math.max(worst, Math.abs(numeric - analytic) / Math.abs(analytic));
                values.put("slope" + i, analytic);
                values.put("difference" + i, numeric);
            }
        }
        values.put("worstRelativeError", worst);
        return worst <= 0.03 ? Outcome.passed(values) : Outcome.failed("the gradient is not the losses' slope", values);
    }

    /** {@return whether the losses of a run follow the processor's, and fall} */
    Outcome follows(CudaBackend device, Precision precision) throws IOException {
        SequencedMap<String, Object> values = new LinkedHashMap<>();
        int steps = sizes.trainingSteps();
        int half = steps / 2;
        double[] expected = new double[steps];
        try (StepRunner host = new StepRunner(model, Backends.active(), sizes, data)) {
            for (int s = 0; s < steps; s++) {
                expected[s] = host.step(s).total();
            }
        }
        double[] actual = new double[steps];
        try (StepRunner runner = onDevice(model, device, device.with(precision), sizes, data)) {
            for (int s = 0; s < steps; s++) {
                actual[s] = runner.step(s).total();
            }
        }
        double worst = worstShare(actual, expected, precision == Precision.BF16 ? 0.05 : 2e-3);
        double first = Arrays.stream(actual, 0, half).average().orElse(0);
        double last = Arrays.stream(actual, steps - half, steps).average().orElse(0);
        values.put("steps", steps);
        values.put("worstShareOfAllowed", worst);
        values.put("meanLossOfFirstHalf", first);
        values.put("meanLossOfLastHalf", last);
        if (!(worst <= 1)) {
            return Outcome.failed("the losses leave the processor's", values);
        }
        // A handful of steps need not fall.
        return steps >= 10 && !(last < first)
                ? Outcome.failed("the losses do not fall", values)
                : Outcome.passed(values);
    }

    /** {@return the largest share that a loss's distance is of what is allowed, NaN if any is NaN} */
    static double worstShare(double[] actual, double[] expected, double tolerance) {
        double worst = 0;
        for (int s = 0; s < actual.length; s++) {
            // A run is chaotic: what begins as rounding grows from step to step.
            double allowed = tolerance * (1 + s / 4.0) * Math.max(1, Math.abs(expected[s]));
            worst = Math.max(worst, Math.abs(actual[s] - expected[s]) / allowed);
        }
        return worst;
    }

    /** {@return whether steps, and engines that come and go, leave the device's memory as it was} */
    Outcome leaks(CudaBackend device) throws IOException {
        SequencedMap<String, Object> values = new LinkedHashMap<>();
        Sizes small = sizes.leakSteps() > Sizes.small().leakSteps() ? Sizes.small() : sizes;
        Path folder = model.resolveSibling("leak-model");
        RandomModel.write(small, folder);
        long free;
        long held;
        try (StepRunner runner = onDevice(folder, device, device, small, new StepData(small, true))) {
            // Twice through the batches, so that buffers have their final sizes.
            int first = 2 * StepData.BATCHES;
            for (int s = 0; s < first; s++) {
                runner.step(s);
            }
            settle(device);
            free = device.context().freeBytes();
            held = device.context().allocatedBytes();
            long count = device.context().numAllocations();
            for (int s = 0; s < sizes.leakSteps(); s++) {
                runner.step(first + s);
            }
            values.put("steps", sizes.leakSteps());
            values.put("bytesGrown", device.context().allocatedBytes() - held);
            values.put("freeBytesLost", free - device.context().freeBytes());
            if (device.context().allocatedBytes() != held || device.context().numAllocations() != count) {
                return Outcome.failed("device memory grows with the steps", values);
            }
            // Others may use the device too; a leak of the driver's grows with the steps.
            if (free - device.context().freeBytes() > 64L << 20) {
                return Outcome.failed("the device's free memory shrinks with the steps", values);
            }
        }
        return Outcome.passed(values);
    }

    /** Waits until what earlier checks left to the garbage collector is freed, which would change the counts by chance. */
    private static void settle(CudaBackend device) {
        int unchanged = 0;
        for (int i = 0; i < MOST_COLLECTIONS && unchanged < QUIET_COLLECTIONS; i++) {
            long before = device.context().allocatedBytes();
            System.gc();
            try {
                Thread.sleep(COLLECTION_MILLIS);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return;
            }
            unchanged = device.context().allocatedBytes() == before ? unchanged + 1 : 0;
        }
    }

    private static double norm(double[] x) {
        double sum = 0;
        for (double v : x) {
            sum += v * v;
        }
        return Math.sqrt(sum);
    }
}
