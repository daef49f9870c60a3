package org.infoprompt.bench.gpu;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStreamWriter;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;
import org.infoprompt.bench.gpu.Report.Outcome;
import org.infoprompt.bench.gpu.Report.Status;
import org.infoprompt.ops.Precision;
import org.infoprompt.ops.cuda.CudaBackend;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Training steps on the device, alone or in turn with PyTorch eager on the same device, model, sizes and element type
 * ({@code bench/python/infoprompt_torch.py}).
 */
final class StepTiming {
    /** How many times as fast as PyTorch a step must be. */
    private static final double TARGET = 2;

    private static final int WARMUP = 5;

    private final Path model;
    private final Sizes sizes;
    private final Path python;
    private final Path scripts;

    /**
     * Prepares.
     *
     * @param model a folder of {@link RandomModel}
     * @param sizes of the steps
     * @param python the interpreter
     * @param scripts bench/python
     */
    StepTiming(Path model, Sizes sizes, Path python, Path scripts) {
        this.model = model;
        this.sizes = sizes;
        this.python = python;
        this.scripts = scripts;
    }

    /** {@return the seconds of steps without a peer} */
    Outcome alone(CudaBackend device, Precision precision) throws IOException {
        SequencedMap<String, Object> values = new LinkedHashMap<>();
        try (StepRunner runner = TrainingChecks.onDevice(model, device, device.with(precision), sizes)) {
            double[] seconds = new double[sizes.timedSteps()];
            for (int s = 0; s < WARMUP; s++) {
                runner.step(s);
            }
            for (int s = 0; s < seconds.length; s++) {
                seconds[s] = timed(runner, WARMUP + s);
            }
            values.put("medianSeconds", median(seconds));
            values.put("peakDeviceBytes", device.context().peakBytes());
            return new Outcome(Status.PASSED, "", values);
        }
    }

    /** Each step ends with the host knowing its losses, so that the host's clock shows the device's time. */
    private static double timed(StepRunner runner, int step) {
        long start = System.nanoTime();
        runner.step(step);
        return (System.nanoTime() - start) / 1e9;
    }

    /** {@return how many times as long PyTorch takes, in turn with it} */
    Outcome against(CudaBackend device, Precision precision) throws IOException, InterruptedException {
        SequencedMap<String, Object> values = new LinkedHashMap<>();
        String missing = missing();
        if (!missing.isEmpty()) {
            return new Outcome(Status.SKIPPED, missing, values);
        }
        Path data = Files.createDirectories(model.resolveSibling("peer-data"));
        int rows = sizes.textLength() + 7;
        run(
                scripts.resolve("make_inputs.py").toString(),
                "--model",
                model.toString(),
                "--out",
                data.toString(),
                "--batch",
                String.valueOf(sizes.batch()),
                "--rows",
                String.valueOf(rows),
                "--strategy",
                "instance",
                "--classification",
                "bottleneck");
        List<String> command = List.of(
                python.toString(),
                scripts.resolve("infoprompt_torch.py").toString(),
                "--model",
                model.toString(),
                "--data",
                data.toString(),
                "--device",
                "cuda",
                "--dtype",
                precision.text(),
                "--noise",
                "torch",
                "--interactive",
                "--warmup",
                String.valueOf(WARMUP),
                "--steps",
                String.valueOf(sizes.timedSteps()));
        Process process = new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        try (Writer to = new OutputStreamWriter(process.getOutputStream(), StandardCharsets.UTF_8);
                BufferedReader from =
                        new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
                StepRunner runner = TrainingChecks.onDevice(model, device, device.with(precision), sizes)) {
            JsonNode about = line(from);
            values.put("torch", about.get("torch").stringValue());
            List<Double> ours = new ArrayList<>();
            List<Double> theirs = new ArrayList<>();
            List<Double> ratios = new ArrayList<>();
            for (int s = 0; s < WARMUP + sizes.timedSteps(); s++) {
                to.write("\n");
                to.flush();
                JsonNode step = line(from);
                double own = timed(runner, s);
                if (s >= WARMUP) {
                    theirs.add(step.get("seconds").doubleValue());
                    ours.add(own);
                    ratios.add(theirs.getLast() / own);
                }
            }
            values.put("medianSeconds", median(ours));
            values.put("torchMedianSeconds", median(theirs));
            values.put("ratioQuartile1", quantile(ratios, 0.25));
            values.put("ratioMedian", quantile(ratios, 0.5));
            values.put("ratioQuartile3", quantile(ratios, 0.75));
            return quantile(ratios, 0.5) >= TARGET
                    ? new Outcome(Status.PASSED, "", values)
                    : new Outcome(Status.FAILED, "a step is not " + TARGET + " times as fast as PyTorch's", values);
        } finally {
            process.destroy();
        }
    }

    private String missing() {
        try {
            Process process = new ProcessBuilder(
                            python.toString(),
                            "-c",
                            "import torch, transformers, safetensors, tokenizers; assert torch.cuda.is_available()")
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .start();
            return process.waitFor() == 0
                    ? ""
                    : python + " has no PyTorch for CUDA with transformers (--python names another)";
        } catch (IOException e) {
            return "there is no " + python + " (--python names one)";
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return "interrupted";
        }
    }

    private void run(String... arguments) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of(python.toString()));
        command.addAll(Arrays.asList(arguments));
        int status = new ProcessBuilder(command).inheritIO().start().waitFor();
        if (status != 0) {
            throw new IOException(arguments[0] + " ended with status " + status);
        }
    }

    private static JsonNode line(BufferedReader from) throws IOException {
        String line = from.readLine();
        if (line == null) {
            throw new IOException("the peer ended");
        }
        return JsonMapper.builder().build().readTree(line);
    }

    private static double median(List<Double> values) {
        return quantile(values, 0.5);
    }

    private static double median(double[] values) {
        return quantile(Arrays.stream(values).boxed().toList(), 0.5);
    }

    private static double quantile(List<Double> values, double share) {
        List<Double> sorted = values.stream().sorted().toList();
        return sorted.get((int) Math.min(sorted.size() - 1.0, Math.floor(share * sorted.size())));
    }
}
