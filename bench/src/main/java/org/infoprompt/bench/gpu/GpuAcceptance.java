package org.infoprompt.bench.gpu;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.infoprompt.bench.gpu.Report.Check;
import org.infoprompt.bench.gpu.Report.Outcome;
import org.infoprompt.bench.gpu.Report.Status;
import org.infoprompt.ops.Availability;
import org.infoprompt.ops.Precision;
import org.infoprompt.ops.cuda.CudaBackend;
import org.infoprompt.ops.cuda.CudaProvider;

/** Everything that can only be shown where a GPU is, in one run; see {@code bench/gpu-acceptance}. */
public final class GpuAcceptance {
    /** All checks held. */
    static final int PASSED = 0;
    /** A check did not hold. */
    static final int FAILED = 1;
    /** An option is wrong. */
    static final int USAGE = 2;
    /** There is no GPU that can be used. */
    static final int REFUSED = 3;

    private static final String USAGE_TEXT = """
            Usage: bench/gpu-acceptance [--device N] [--sizes full|small] [--only CHECK] [--report FILE] [--work FOLDER]
                                        [--python PYTHON]
            Checks: kernels, differences, training, leaks, loss-times, step-times, tools
            """;

    private final Map<String, String> options;
    private final Report report;
    private final Sizes sizes;
    private final boolean judged;
    private final Path work;

    private GpuAcceptance(Map<String, String> options, Sizes sizes, boolean judged, Path work, PrintStream out) {
        this.options = options;
        this.sizes = sizes;
        this.judged = judged;
        this.work = work;
        report = new Report(out);
    }

    /**
     * Runs the checks and ends the process with their status.
     *
     * @param arguments options
     * @throws IOException if the report cannot be written
     */
    public static void main(String[] arguments) throws IOException {
        Map<String, String> options = new HashMap<>();
        for (int i = 0; i < arguments.length; i += 2) {
            if (i + 1 == arguments.length
                    || !List.of("--device", "--sizes", "--only", "--report", "--work", "--python")
                            .contains(arguments[i])) {
                System.err.print(USAGE_TEXT);
                System.exit(USAGE);
            }
            options.put(arguments[i], arguments[i + 1]);
        }
        String name = options.getOrDefault("--sizes", "full");
        if (!name.equals("full") && !name.equals("small")) {
            System.err.print(USAGE_TEXT);
            System.exit(USAGE);
        }
        Sizes sizes = name.equals("full") ? Sizes.full() : Sizes.small();
        System.exit(run(options, sizes, System.out));
    }

    /** Refuses a machine without a GPU in one line; otherwise runs everything on it. */
    static int run(Map<String, String> options, Sizes sizes, PrintStream out) throws IOException {
        int ordinal = Integer.parseInt(options.getOrDefault("--device", "0"));
        Path file = Path.of(options.getOrDefault("--report", "gpu-acceptance.json"));
        Availability availability = new CudaProvider().availability(ordinal);
        if (!availability.usable()) {
            Report refused = new Report(out);
            refused.about("refused", availability.reason() + "; " + availability.remedy());
            refused.write(file);
            return REFUSED;
        }
        return run(options, sizes, true, Gpu.ofMachine(ordinal), out);
    }

    /** Runs everything on a device; times are judged only where they mean something. */
    static int run(Map<String, String> options, Sizes sizes, boolean judged, Gpu gpu, PrintStream out)
            throws IOException {
        Path file = Path.of(options.getOrDefault("--report", "gpu-acceptance.json"));
        boolean temporary = !options.containsKey("--work");
        Path work = temporary
                ? Files.createTempDirectory("gpu-acceptance")
                : Files.createDirectories(Path.of(options.getOrDefault("--work", "")));
        try {
            GpuAcceptance acceptance = new GpuAcceptance(options, sizes, judged, work, out);
            acceptance.runAll(gpu);
            acceptance.report.write(file);
            return acceptance.report.isPassed() ? PASSED : FAILED;
        } finally {
            if (temporary) {
                delete(work);
            }
        }
    }

    private void runAll(Gpu gpu) throws IOException {
        report.about("when", Instant.now().truncatedTo(ChronoUnit.SECONDS).toString());
        report.about("java", Runtime.version() + ", " + System.getProperty("os.name"));
        try (CudaBackend device = gpu.open();
                CudaBackend compiling = gpu.openCompiling()) {
            report.about("device", device.description());
            report.about("compiling", compiling.description());
            kernels(device, compiling);
            Path model = work.resolve("model");
            RandomModel.write(sizes, model);
            training(device, model);
            times(device, model);
        }
        if (judged) {
            ToolChecks tools = new ToolChecks(work, Integer.parseInt(options.getOrDefault("--device", "0")));
            check("tools", "memcheck", () -> tools.sanitizer("memcheck"));
            check("tools", "racecheck", () -> tools.sanitizer("racecheck"));
            check("tools", "ncu bytes", tools::bytes);
        }
    }

    private void kernels(CudaBackend device, CudaBackend compiling) {
        List<KernelProblem> all = KernelProblems.all(sizes);
        KernelCheck kernels = new KernelCheck();
        boolean cubin = device.description().contains("kernels from cubin");
        check(
                "kernels",
                "kernels from cubin",
                () -> cubin
                        ? kernels.run(device, device.memory(), all)
                        : new Outcome(
                                Status.SKIPPED,
                                "there is no cubin for this device; mvn -Pcubins package makes them where ptxas is",
                                new LinkedHashMap<>()));
        check("kernels", "kernels from PTX", () -> kernels.run(compiling, compiling.memory(), all));
        check(
                "kernels",
                "products in bf16",
                () -> kernels.run(device.with(Precision.BF16), device.memory(), KernelProblems.products(sizes)));
        check("kernels", "InfoNCE", () -> kernels.infoNce(device, sizes));
    }

    private void training(CudaBackend device, Path model) {
        TrainingChecks checks = new TrainingChecks(model, sizes);
        check("differences", "gradients by differences", () -> checks.differences(device));
        check("training", "training in fp32", () -> checks.follows(device, Precision.FP32));
        check("training", "training in bf16", () -> checks.follows(device, Precision.BF16));
        check("leaks", "leaks", () -> checks.leaks(device));
    }

    private void times(CudaBackend device, Path model) {
        check("loss-times", "loss kernels against their bytes", () -> new LossTiming(device, judged).run(sizes));
        Path scripts = Path.of(System.getProperty("infoprompt.bench.python", "bench/python"));
        StepTiming steps = new StepTiming(model, sizes, Path.of(options.getOrDefault("--python", "python3")), scripts);
        for (Precision precision : List.of(Precision.FP32, Precision.BF16)) {
            check("step-times", "step in " + precision.text(), () -> steps.alone(device, precision));
            if (judged) {
                check(
                        "step-times",
                        "step against PyTorch in " + precision.text(),
                        () -> steps.against(device, precision));
            }
        }
    }

    private void check(String group, String name, Check check) {
        String only = options.get("--only");
        if (only == null || only.equals(group)) {
            report.check(name, check);
        }
    }

    private static void delete(Path folder) throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }
}
