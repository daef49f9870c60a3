package org.infoprompt.bench.gpu;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;
import org.infoprompt.bench.gpu.Report.Outcome;
import org.infoprompt.objective.LossReport;
import org.infoprompt.ops.Precision;
import org.infoprompt.ops.cuda.CudaBackend;
import tools.jackson.databind.JsonNode;

/**
 * Training steps on the device, alone or in turn with PyTorch eager on the same device, model, texts, initial parameters, noise and element
 * type. Rows have all their words, so that neither side has padding. Losses must agree before anything is timed, and the
 * two take turns at going first.
 */
final class StepTiming {
    /** How many times as fast as PyTorch a step must be. */
    private static final double TARGET = 2;

    /** Steps whose losses are compared: each batch once, from the initial parameters on. */
    private static final int AGREEING = StepData.BATCHES;

    private static final int WARMUP = 8;

    private final Path model;
    private final Sizes sizes;
    private final TorchPeer torch;
    private final StepData data;

    StepTiming(Path model, Sizes sizes, TorchPeer torch) {
        this.model = model;
        this.sizes = sizes;
        this.torch = torch;
        data = new StepData(sizes, false);
    }

    /** {@return the seconds of steps without a peer} */
    Outcome alone(CudaBackend device, Precision precision) throws IOException {
        SequencedMap<String, Object> values = new LinkedHashMap<>();
        device.context().restartPeak(); // of the checks before
        try (StepRunner runner = TrainingChecks.onDevice(model, device, device.with(precision), sizes, data)) {
            List<Double> seconds = new ArrayList<>();
            for (int s = 0; s < warmup() + sizes.timedSteps(); s++) {
                double own = timed(runner, s);
                if (s >= warmup()) {
                    seconds.add(own);
                }
            }
            values.put("medianSeconds", quantile(seconds, 0.5));
            values.put("peakDeviceBytes", device.context().peakBytes());
            return Outcome.passed(values);
        }
    }

    private int warmup() {
        return Math.min(WARMUP, 4 * sizes.timedSteps());
    }

    /** Each step ends with the host knowing its losses, so that the host's clock shows the device's time. */
    private static double timed(StepRunner runner, int step) {
        long start = System.nanoTime();
        runner.step(step);
        return (System.nanoTime() - start) / 1e9;
    }

    /** {@return how many times as long PyTorch takes, in turn with it} */
    Outcome against(CudaBackend device, Precision precision, boolean judged) throws IOException {
        String missing = torch.missing();
        if (!missing.isEmpty()) {
            return Outcome.skipped(missing);
        }
        SequencedMap<String, Object> values = new LinkedHashMap<>();
        Path folder = model.resolveSibling("peer-data");
        data.write(folder);
        int first = AGREEING + warmup();
        int steps = first + sizes.timedSteps();
        try (TorchPeer.Running peer = torch.start(model, folder, precision, steps);
                StepRunner runner = TrainingChecks.onDevice(model, device, device.with(precision), sizes, data)) {
            values.put("torch", peer.about("torch") + " on " + peer.about("device"));
            for (int s = 0; s < AGREEING; s++) {
                String difference = difference(runner.step(s), peer.step(), s, precision, values);
                if (!difference.isEmpty()) {
                    return Outcome.failed(difference, values);
                }
            }
            List<Double> ours = new ArrayList<>();
            List<Double> theirs = new ArrayList<>();
            List<Double> ratios = new ArrayList<>();
            for (int s = AGREEING; s < steps; s++) {
                boolean peerFirst = s % 2 == 0;
                double other = peerFirst ? seconds(peer.step()) : 0;
                double own = timed(runner, s);
                other = peerFirst ? other : seconds(peer.step());
                if (s >= first) {
                    ours.add(own);
                    theirs.add(other);
                    ratios.add(other / own);
                }
            }
            values.put("medianSeconds", quantile(ours, 0.5));
            values.put("torchMedianSeconds", quantile(theirs, 0.5));
            values.put("ratio5%", quantile(ratios, 0.05));
            values.put("ratioQuartile1", quantile(ratios, 0.25));
            values.put("ratioMedian", quantile(ratios, 0.5));
            values.put("ratioQuartile3", quantile(ratios, 0.75));
            values.put("ratio95%", quantile(ratios, 0.95));
            return Outcome.target(
                    judged,
                    "a step is " + TARGET + " times as fast as PyTorch eager's in the median",
                    quantile(ratios, 0.5) >= TARGET,
                    values);
        }
    }

    private static double seconds(JsonNode step) {
        return step.get("seconds").doubleValue();
    }

    /** Returns what differs too much between two steps' losses, or nothing; notes the worst. */
    private static String difference(
            LossReport ours, JsonNode theirs, int step, Precision precision, SequencedMap<String, Object> values) {
        // Both sides round in bf16, each in its own way, and drift apart with the steps.
        double limit = (precision == Precision.BF16 ? 5e-2 : 1e-3) * (1 + step);
        SequencedMap<String, Double> terms = new LinkedHashMap<>();
        terms.put("ce", ours.crossEntropy());
        terms.put("head", ours.head());
        terms.put("rep", ours.representation());
        terms.put("kl", ours.kl());
        terms.put("total", ours.total());
        for (var term : terms.entrySet()) {
            double other = theirs.get(term.getKey()).doubleValue();
            double difference = Math.abs(term.getValue() - other) / Math.max(1, Math.abs(other));
            double worst = values.get("lossDifference") instanceof Double before ? before : 0;
            values.put("lossDifference", Math.max(worst, difference));
            if (!(difference <= limit)) {
                return "step " + step + ": " + term.getKey() + " is " + term.getValue() + " here and " + other
                        + " in PyTorch, so that times say nothing";
            }
        }
        return "";
    }

    private static double quantile(List<Double> values, double share) {
        List<Double> sorted = values.stream().sorted().toList();
        return sorted.get((int) Math.min(sorted.size() - 1.0, Math.floor(share * sorted.size())));
    }
}
