package org.infoprompt.bench;

import com.sun.management.OperatingSystemMXBean;
import com.sun.management.ThreadMXBean;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import org.infoprompt.model.EncoderWeights;
import org.infoprompt.objective.LossReport;
import org.infoprompt.objective.ParameterLayout;
import org.infoprompt.objective.ParameterSet;
import org.infoprompt.ops.Backend;
import org.infoprompt.ops.Backends;
import org.infoprompt.train.EngineSizes;
import org.infoprompt.train.PlainStates;
import org.infoprompt.train.PreparedExamples;
import org.infoprompt.train.PromptEngine;
import org.infoprompt.train.TrainingConfig;
import org.infoprompt.weights.ModelFiles;
import org.infoprompt.weights.SafetensorsFile;
import tools.jackson.databind.node.ObjectNode;

/**
 * The Java side of the training step comparison: takes one step for each line of input and prints its seconds and losses as a JSON
 * line, exactly as {@code bench/python/infoprompt_torch.py --interactive} does, on the same weights, inputs and noise.
 */
public final class StepPeer {
    private StepPeer() {}

    /**
     * Runs the peer.
     *
     * @param arguments {@code --model DIR --data DIR --threads N --steps N --warmup N}
     * @throws IOException if a file cannot be read
     */
    public static void main(String[] arguments) throws IOException {
        Options options = new Options(arguments);
        Path model = options.path("model");
        Path data = options.path("data");
        int threads = options.number("threads", 1);
        int warmup = options.number("warmup", 20);
        int steps = options.number("steps", 20);
        run(model, data, threads, warmup, steps);
    }

    private static void run(Path model, Path data, int threads, int warmup, int steps) throws IOException {
        StepInputs inputs = StepInputs.read(data);
        Backend backend = Backends.active();
        ParameterLayout layout = inputs.layout();
        TrainingConfig config = inputs.training();
        int[][] batches = inputs.batches();
        int largest = 0;
        for (int[] batch : batches) {
            largest = Math.max(largest, batch.length);
        }
        try (ModelFiles files = ModelFiles.openFolder(model);
                EncoderWeights weights = EncoderWeights.load(files, backend, true);
                SafetensorsFile initial = SafetensorsFile.open(data.resolve("parameters.safetensors"));
                ParameterSet parameters = new ParameterSet(backend.dtype(), layout.shapes())) {
            for (String name : layout.shapes().keySet()) {
                parameters.load(name, initial.tensor(name));
            }
            PreparedExamples examples = inputs.examples(files.config().maxPositions());
            EngineSizes sizes = EngineSizes.of(weights.backend(), threads, largest, examples.maxLength(), true);
            try (PromptEngine engine = new PromptEngine(weights, layout, parameters, sizes);
                    PlainStates plain = engine.plainStates(examples, done -> {})) {
                int[] step = {0};
                PeerLoop.run(
                        PeerLoop.about(backend)
                                .put("program", "infoprompt_java")
                                .put("threads", threads)
                                .put("batchSize", largest),
                        line -> {
                            int now = step[0]++;
                            return now == warmup + steps
                                    ? null
                                    : step(
                                            engine,
                                            parameters,
                                            config,
                                            examples,
                                            plain,
                                            batches,
                                            inputs.informationWeight(),
                                            now,
                                            warmup);
                        });
            }
        }
        System.out.println(PeerLoop.answer("end").put("peakResidentKiB", peakResidentKiB()));
    }

    private static ObjectNode step(
            PromptEngine engine,
            ParameterSet parameters,
            TrainingConfig config,
            PreparedExamples examples,
            PlainStates plain,
            int[][] batches,
            double weight,
            int step,
            int warmup) {
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        int[] batch = batches[step % batches.length];
        long allocated = threads.getTotalThreadAllocatedBytes();
        OperatingSystemMXBean system = (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
        long startCpu = system.getProcessCpuTime();
        long start = System.nanoTime();
        LossReport losses = engine.step(examples, plain, batch, weight, config.seed(), step);
        engine.update(parameters, config, step, config.learningRate());
        double seconds = (System.nanoTime() - start) / 1e9;
        double cpuSeconds = (system.getProcessCpuTime() - startCpu) / 1e9;
        allocated = threads.getTotalThreadAllocatedBytes() - allocated;
        return PeerLoop.answer("step")
                .put("step", step)
                .put("measured", step >= warmup)
                .put("seconds", seconds)
                .put("cpuSeconds", cpuSeconds)
                .put("allocatedBytes", allocated)
                .put("ce", losses.crossEntropy())
                .put("head", losses.head())
                .put("rep", losses.representation())
                .put("kl", losses.kl())
                .put("total", losses.total());
    }

    /** Peak resident memory as the kernel counts it, 0 where it does not say. */
    private static long peakResidentKiB() throws IOException {
        Path status = Path.of("/proc/self/status");
        if (!Files.isReadable(status)) {
            return 0;
        }
        for (String line : Files.readAllLines(status)) {
            if (line.startsWith("VmHWM:")) {
                return Long.parseLong(line.replaceAll("[^0-9]", ""));
            }
        }
        return 0;
    }
}
