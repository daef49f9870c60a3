package org.infoprompt.bench.gpu;

import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Random;
import java.util.SequencedMap;
import org.infoprompt.bench.gpu.Report.Outcome;
import org.infoprompt.bench.gpu.Report.Status;
import org.infoprompt.ops.Backend;
import org.infoprompt.ops.Backends;
import org.infoprompt.ops.Precision;
import org.infoprompt.ops.cuda.CudaBackend;
import org.infoprompt.tensor.Workspace;

/** Whole training steps: gradients by differences, losses that follow the processor's, and memory that stays the same. */
final class TrainingChecks {
    private static final int DIRECTIONS = 3;

    private final Path model;
    private final Sizes sizes;

    TrainingChecks(Path model, Sizes sizes) {
        this.model = model;
        this.sizes = sizes;
    }

    /** Opens a runner whose buffers lie on the device. */
    static StepRunner onDevice(Path model, CudaBackend device, Backend backend, Sizes sizes) throws IOException {
        Workspace.takeMemoryFrom(device.memory());
        try {
            return new StepRunner(model, backend, sizes);
        } finally {
            Workspace.takeMemoryFrom(null);
        }
    }

    /** {@return whether central differences of the device's own losses agree with its gradient} */
    Outcome differences(CudaBackend device) throws IOException {
        SequencedMap<String, Object> values = new LinkedHashMap<>();
        double worst = 0;
        try (StepRunner runner = onDevice(model, device, device, sizes)) {
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
        return worst <= 0.03
                ? new Outcome(Status.PASSED, "", values)
                : new Outcome(Status.FAILED, "the gradient is not the losses' slope", values);
    }

    /** {@return whether the losses of a run follow the processor's, and fall} */
    Outcome follows(CudaBackend device, Precision precision) throws IOException {
        SequencedMap<String, Object> values = new LinkedHashMap<>();
        int steps = sizes.trainingSteps();
        int half = steps / 2;
        double[] expected = new double[steps];
        try (StepRunner host = new StepRunner(model, Backends.active(), sizes)) {
            for (int s = 0; s < steps; s++) {
                expected[s] = host.step(s).total();
            }
        }
        // A run is chaotic: what begins as rounding grows from step to step.
        double tolerance = precision == Precision.BF16 ? 0.05 : 2e-3;
        double worst = 0;
        double first = 0;
        double last = 0;
        try (StepRunner runner = onDevice(model, device, device.with(precision), sizes)) {
            for (int s = 0; s < steps; s++) {
                double actual = runner.step(s).total();
                double allowed = tolerance * (1 + s / 4.0) * Math.max(1, Math.abs(expected[s]));
                double share = Math.abs(actual - expected[s]) / allowed;
                worst = share <= worst ? worst : share;
                first += s < half ? actual / half : 0;
                last += s >= steps - half ? actual / half : 0;
            }
        }
        values.put("steps", steps);
        values.put("worstShareOfAllowed", worst);
        values.put("meanLossOfFirstHalf", first);
        values.put("meanLossOfLastHalf", last);
        if (!(worst <= 1)) {
            return new Outcome(Status.FAILED, "the losses leave the processor's", values);
        }
        // A handful of steps need not fall.
        return steps >= 10 && !(last < first)
                ? new Outcome(Status.FAILED, "the losses do not fall", values)
                : new Outcome(Status.PASSED, "", values);
    }

    /** {@return whether steps, and engines that come and go, leave the device's memory as it was} */
    Outcome leaks(CudaBackend device) throws IOException {
        SequencedMap<String, Object> values = new LinkedHashMap<>();
        Sizes small = sizes.leakSteps() > Sizes.small().leakSteps() ? Sizes.small() : sizes;
        Path folder = model.resolveSibling("leak-model");
        RandomModel.write(small, folder);
        long free;
        long held;
        try (StepRunner runner = onDevice(folder, device, device, small)) {
            // Twice through the batches, so that buffers have their final sizes.
            int first = 2 * StepRunner.BATCHES;
            for (int s = 0; s < first; s++) {
                runner.step(s);
            }
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
                return new Outcome(Status.FAILED, "device memory grows with the steps", values);
            }
            // Others may use the device too; a leak of the driver's grows with the steps.
            if (free - device.context().freeBytes() > 64L << 20) {
                return new Outcome(Status.FAILED, "the device's free memory shrinks with the steps", values);
            }
        }
        return new Outcome(Status.PASSED, "", values);
    }

    private static double norm(double[] x) {
        double sum = 0;
        for (double v : x) {
            sum += v * v;
        }
        return Math.sqrt(sum);
    }
}
