package org.infoprompt.bench.gpu;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Comparator;
import java.util.List;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.infoprompt.bench.gpu.Report.Check;
import org.infoprompt.bench.gpu.Report.Outcome;
import org.infoprompt.ops.Availability;
import org.infoprompt.ops.Precision;
import org.infoprompt.ops.cuda.CudaBackend;
import org.infoprompt.ops.cuda.CudaProvider;
import org.jspecify.annotations.Nullable;

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

    private final AcceptanceOptions options;
    private final Report report;
    private final Gpu gpu;
    private final Sizes sizes;
    private final Path work;

    private GpuAcceptance(AcceptanceOptions options, Gpu gpu, Path work, PrintStream out) {
        this.options = options;
        this.gpu = gpu;
        this.work = work;
        sizes = options.sizes();
        report = new Report(out);
    }

    /**
     * Runs the checks and ends the process with their status.
     *
     * @param arguments options
     * @throws IOException if the report cannot be written
     */
    public static void main(String[] arguments) throws IOException {
        AcceptanceOptions options;
        try {
            options = AcceptanceOptions.parse(arguments);
        } catch (IllegalArgumentException e) {
            System.err.print("gpu-acceptance: " + e.getMessage() + "\n" + AcceptanceOptions.USAGE);
            System.exit(USAGE);
            return;
        }
        System.exit(run(options, System.out));
    }

    /** Refuses a machine without a GPU in one line; otherwise runs everything on it. */
    static int run(AcceptanceOptions options, PrintStream out) throws IOException {
        Availability availability = new CudaProvider().availability(options.device());
        if (!availability.usable()) {
            Report refused = new Report(out);
            refused.about("refused", availability.reason() + "; " + availability.remedy());
            refused.write(options.report());
            return REFUSED;
        }
        return run(options, Gpu.ofMachine(options.device()), out);
    }

    /** Runs everything on a device; whatever goes wrong, there is a report that says so. */
    static int run(AcceptanceOptions options, Gpu gpu, PrintStream out) throws IOException {
        Path kept = options.work();
        Path work = kept == null ? Files.createTempDirectory("gpu-acceptance") : Files.createDirectories(kept);
        try {
            GpuAcceptance acceptance = new GpuAcceptance(options, gpu, work, out);
            try {
                acceptance.runAll();
            } catch (IOException | RuntimeException | LinkageError e) {
                acceptance.report.failed("run", e);
            }
            acceptance.report.write(options.report());
            return acceptance.report.isPassed() ? PASSED : FAILED;
        } finally {
            if (kept == null) {
                delete(work);
            }
        }
    }

    private void runAll() throws IOException {
        report.about("when", Instant.now().truncatedTo(ChronoUnit.SECONDS).toString());
        report.about("java", Runtime.version() + ", " + System.getProperty("os.name"));
        report.about("times", options.judged() ? "judged" : "told, not judged");
        try (CudaBackend device = opened("device", gpu::open);
                CudaBackend compiling = opened("compiling", gpu::openCompiling)) {
            if (device == null) {
                return;
            }
            kernels(device, compiling);
            losses(device);
            if (Stream.of("differences", "training", "leaks", "step-times").anyMatch(options::wants)) {
                Path model = work.resolve("model");
                RandomModel.write(sizes, model);
                training(device, model);
                steps(device, model);
            }
        }
        ToolChecks tools = new ToolChecks(gpu, options);
        check("tools", "memcheck", () -> tools.sanitizer("memcheck"));
        check("tools", "racecheck", () -> tools.sanitizer("racecheck"));
        check("tools", "ncu bytes", tools::bytes);
    }

    /** Returns the device, or null if it does not open, which is then a check that failed. */
    private @Nullable CudaBackend opened(String name, Supplier<CudaBackend> opening) {
        try {
            CudaBackend opened = opening.get();
            report.about(name, opened.description());
            return opened;
        } catch (RuntimeException | LinkageError e) {
            report.failed("opening: " + name, e);
            return null;
        }
    }

    private void kernels(CudaBackend device, @Nullable CudaBackend compiling) {
        List<KernelProblem> all = KernelProblems.all(sizes);
        KernelCheck kernels = new KernelCheck();
        boolean cubin = device.description().contains("kernels from cubin");
        check(
                "kernels",
                "kernels from cubin",
                () -> cubin
                        ? kernels.run(device, device.memory(), all)
                        : Outcome.skipped(
                                "there is no cubin for this device; mvn -Pcubins package makes them where ptxas is"));
        if (compiling != null) {
            check("kernels", "kernels from PTX", () -> kernels.run(compiling, compiling.memory(), all));
        }
        check(
                "kernels",
                "products in bf16",
                () -> kernels.run(device.with(Precision.BF16), device.memory(), KernelProblems.products(sizes)));
        check(
                "kernels",
                "activations in bf16",
                () -> kernels.run(device.with(Precision.BF16), device.memory(), InnerProblems.all(sizes)));
        check("kernels", "InfoNCE", () -> kernels.infoNce(device, sizes));
    }

    private void training(CudaBackend device, Path model) {
        TrainingChecks checks = new TrainingChecks(model, sizes);
        check("differences", "gradients by differences", () -> checks.differences(device));
        check("training", "training in fp32", () -> checks.follows(device, Precision.FP32));
        check("training", "training in bf16", () -> checks.follows(device, Precision.BF16));
        check("leaks", "leaks", () -> checks.leaks(device));
    }

    private void losses(CudaBackend device) {
        LossTiming losses = new LossTiming(device, sizes, options.judged());
        check("loss-times", "loss kernels against their bytes", losses::run);
        check("loss-bytes", "loss kernels once", losses::once);
    }

    private void steps(CudaBackend device, Path model) {
        Path scripts = Path.of(System.getProperty("infoprompt.bench.python", "bench/python"));
        StepTiming steps = new StepTiming(model, sizes, new TorchPeer(options.python(), scripts, gpu.torchDevice()));
        for (Precision precision : List.of(Precision.FP32, Precision.BF16)) {
            check("step-times", "step in " + precision.text(), () -> steps.alone(device, precision));
            check(
                    "step-times",
                    "step against PyTorch in " + precision.text(),
                    () -> steps.against(device, precision, options.judged()));
        }
    }

    private void check(String group, String name, Check check) {
        if (options.wants(group)) {
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
