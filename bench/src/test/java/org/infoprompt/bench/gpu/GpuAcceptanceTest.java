package org.infoprompt.bench.gpu;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.infoprompt.bench.StepPeer;
import org.infoprompt.bench.gpu.Report.Outcome;
import org.infoprompt.bench.gpu.Report.Status;
import org.infoprompt.cudasim.FakeGpu;
import org.infoprompt.ops.Precision;
import org.infoprompt.ops.cuda.CudaBackend;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * The acceptance itself, on a device made of Java: it passes where all is right, and fails or refuses where not. NVIDIA's tools and
 * Python are stand-ins: scripts that start the program they are given, or another Java program that takes the same steps.
 */
@EnabledOnOs(OS.LINUX) // as the scripts
class GpuAcceptanceTest {
    @TempDir
    private Path folder;

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final FakeGpu gpu = new FakeGpu();

    GpuAcceptanceTest() {
        folder = Path.of("");
    }

    @BeforeEach
    void makeFolders() throws IOException {
        Files.createDirectories(folder.resolve("tools"));
    }

    @Test
    void everyCheckRuns() throws IOException {
        tools();
        int status = run("--python", python("").toString());
        Map<String, JsonNode> checks = checks();
        assertThat(status).as(text()).isEqualTo(GpuAcceptance.PASSED);
        assertThat(report().get("passed").booleanValue()).isTrue();
        assertThat(report().get("device").stringValue()).contains("Fake GPU");
        assertThat(report().get("times").stringValue()).isEqualTo("told, not judged");
        assertThat(checks.keySet())
                .containsExactlyInAnyOrder(
                        "kernels from cubin",
                        "kernels from PTX",
                        "products in bf16",
                        "activations in bf16",
                        "InfoNCE",
                        "loss kernels against their bytes",
                        "gradients by differences",
                        "training in fp32",
                        "training in bf16",
                        "leaks",
                        "step in fp32",
                        "step against PyTorch in fp32",
                        "step in bf16",
                        "step against PyTorch in bf16",
                        "memcheck",
                        "racecheck",
                        "ncu bytes");
        // Nothing is left out but the cubin, which only a build that makes them has.
        checks.forEach((name, check) -> assertThat(check.get("status").stringValue())
                .as(name)
                .isIn(name.equals("kernels from cubin") ? List.of("passed", "skipped") : List.of("passed")));
        for (String name : List.of("step against PyTorch in fp32", "loss kernels against their bytes", "ncu bytes")) {
            assertThat(values(name).get("target").stringValue()).as(name).isNotEmpty();
            assertThat(values(name).get("targetMet").stringValue()).as(name).isIn("yes", "no");
        }
        JsonNode peer = values("step against PyTorch in fp32");
        assertThat(peer.get("lossDifference").doubleValue()).isLessThan(1e-3);
        assertThat(peer.get("ratio5%").doubleValue())
                .isPositive()
                .isLessThanOrEqualTo(peer.get("ratio95%").doubleValue());
        assertThat(Path.of(values("ncu bytes").get("log").stringValue())).isRegularFile();
        assertThat(gpu.driver().fault()).isNull();
        assertThat(gpu.driver().heap().liveBytes()).isZero();
        assertThat(gpu.driver().liveHandles()).isZero();
    }

    @Test
    void aPeerWithOtherLossesIsNotTimed() throws IOException {
        Path model = folder.resolve("model");
        RandomModel.write(Sizes.tiny(), model);
        TorchPeer peer = new TorchPeer(python(" | sed -u 's/\"rep\": */\"rep\": 9/'"), folder, "cpu");
        try (CudaBackend device = (CudaBackend) gpu.backend()) {
            Outcome outcome = new StepTiming(model, Sizes.tiny(), peer).against(device, Precision.FP32, true);
            assertThat(outcome.status()).isEqualTo(Status.FAILED);
            assertThat(outcome.reason())
                    .matches("step 0: rep is .* here and 9.* in PyTorch, so that times say nothing");
            assertThat(outcome.values()).doesNotContainKey("ratioMedian");
        }
    }

    @Test
    void withoutPythonOrToolsThereIsNothingToCompareWith() throws Exception {
        TorchPeer peer = new TorchPeer(folder.resolve("python"), folder, "cpu");
        try (CudaBackend device = (CudaBackend) gpu.backend()) {
            Outcome outcome = new StepTiming(folder, Sizes.tiny(), peer).against(device, Precision.FP32, true);
            assertThat(outcome.status()).isEqualTo(Status.SKIPPED);
            assertThat(outcome.reason()).matches("there is no .*python \\(--python names one\\)");
        }
        ToolChecks tools = new ToolChecks(new SimulatedGpu(gpu, folder), options());
        assertThat(tools.bytes()).isEqualTo(Outcome.skipped("ncu is not installed"));
        assertThat(tools.sanitizer("memcheck")).isEqualTo(Outcome.skipped("compute-sanitizer is not installed"));
    }

    /** Of a judged run, which only full sizes are. */
    @Test
    void aKernelThatMovesTooMuchMissesItsTarget() throws Exception {
        ToolChecks tools = new ToolChecks(new SimulatedGpu(gpu, folder.resolve("tools")), options());
        executable("tools/ncu", table(Sizes.full(), 0));
        assertThat(tools.bytes().status()).isEqualTo(Status.PASSED);
        executable("tools/ncu", table(Sizes.full(), 9_999_999_999L));
        assertThat(tools.bytes().status()).isEqualTo(Status.FAILED);
        assertThat(tools.bytes().values()).containsEntry("targetMet", "no");
        executable("tools/ncu", "echo nothing");
        assertThat(tools.bytes().reason()).startsWith("ncu did not measure ipk_head_information_f32: nothing");
    }

    @Test
    void aToolThatFindsSomethingFailsAndItsLogStays() throws IOException {
        executable("tools/compute-sanitizer", "echo '========= Invalid __global__ read of size 4 bytes'; exit 99");
        assertThat(run("--only", "tools")).isEqualTo(GpuAcceptance.FAILED);
        assertThat(text()).contains("failed  memcheck: status 99: ========= Invalid __global__ read");
        assertThat(Path.of(values("memcheck").get("log").stringValue()))
                .hasParent(folder.resolve("report-logs"))
                .content()
                .contains("Invalid __global__ read");
    }

    @Test
    void aWrongKernelFails() throws IOException {
        String name = "ipk_group_mean_f32";
        String text = FakeGpu.shipped().text(name);
        gpu.driver().useImage(FakeGpu.shipped().with(name, text.replace("div.rn.f32", "mul.rn.f32")));
        assertThat(run("--only", "kernels")).isEqualTo(GpuAcceptance.FAILED);
        assertThat(text()).contains("failed  kernels from PTX: result 0 of group mean is wrong");
        assertThat(report().get("passed").booleanValue()).isFalse();
    }

    @Test
    void aDeviceThatDoesNotOpenIsReported() throws IOException {
        gpu.driver().fail("cuStreamCreate");
        assertThat(run()).isEqualTo(GpuAcceptance.FAILED);
        assertThat(text()).contains("failed  opening: device: ").contains("cuStreamCreate failed");
        assertThat(report().get("numFailed").intValue()).isPositive();
        assertThat(report().get("passed").booleanValue()).isFalse();
    }

    @Test
    void aDeviceThatFailsWhileItClosesIsReported() throws IOException {
        gpu.driver().fail("cuStreamDestroy_v2");
        assertThat(run("--only", "loss-bytes")).isEqualTo(GpuAcceptance.FAILED);
        assertThat(text()).contains("failed  run: ").contains("cuStreamDestroy_v2 failed");
        assertThat(report().get("passed").booleanValue()).isFalse();
    }

    /** No machine has that many. */
    @Test
    void aMachineWithoutTheDeviceIsRefused() throws IOException {
        AcceptanceOptions options = options("--device", "999");
        assertThat(GpuAcceptance.run(options, new PrintStream(out, true, StandardCharsets.UTF_8)))
                .isEqualTo(GpuAcceptance.REFUSED);
        assertThat(report().get("refused").stringValue()).isNotEmpty();
        assertThat(report().get("passed").booleanValue()).isFalse();
    }

    @Test
    void optionsAreChecked() {
        assertThatThrownBy(() -> options("--device", "one"))
                .hasMessage("--device one must be the number of a GPU, from 0");
        assertThatThrownBy(() -> options("--sizes", "huge")).hasMessage("--sizes huge must be one of full, small");
        assertThatThrownBy(() -> options("--only", "all")).hasMessageStartingWith("--only all must be one of kernels,");
        assertThatThrownBy(() -> options("--fast", "1")).hasMessage("there is no option --fast");
        assertThatThrownBy(() -> options("--device")).hasMessage("--device has no value");
        assertThat(options().judged()).isTrue();
        assertThat(options("--times", "tell").judged()).isFalse();
        assertThat(options("--sizes", "small").judged()).isFalse();
    }

    @Test
    void aLossThatIsNoNumberIsFar() {
        double[] right = {1, 1, 1};
        assertThat(TrainingChecks.worstShare(new double[] {1, 1, 1}, right, 0.1))
                .isZero();
        assertThat(TrainingChecks.worstShare(new double[] {1, Double.NaN, 1}, right, 0.1))
                .isNaN();
    }

    /** The script builds what is older than its sources, with cubins, and then runs the program with its options and status. */
    @Test
    void theScriptBuildsAndRuns() throws IOException, InterruptedException {
        Path root = Files.createDirectories(folder.resolve("root"));
        Files.createDirectories(root.resolve("bench/target"));
        Files.createDirectories(root.resolve("ops/src/main"));
        Files.writeString(root.resolve("pom.xml"), "");
        Files.writeString(root.resolve("ops/pom.xml"), "");
        Path script = Files.copy(
                Path.of("gpu-acceptance"),
                root.resolve("bench/gpu-acceptance"),
                java.nio.file.StandardCopyOption.COPY_ATTRIBUTES);
        Files.copy(
                Path.of("../infoprompt"), root.resolve("infoprompt"), java.nio.file.StandardCopyOption.COPY_ATTRIBUTES);
        executable("home/bin/javac", "exit 7");
        Files.writeString(folder.resolve("home/release"), "JAVA_VERSION=\"25.0.1\"\n");
        executable("tools/mvn", "echo \"mvn $*\" >>" + folder.resolve("mvn.log"));
        // A java that takes another main class, on this test's class path.
        executable("home/bin/java", """
            while [ "$1" != org.infoprompt.bench.gpu.GpuAcceptance ]; do shift; done
            shift
            exec %s "$@"
            """.formatted(quoted(new SimulatedGpu(gpu, folder).program())));
        assertThat(run(script, "--only", "loss-bytes")).as(text()).isEqualTo(GpuAcceptance.PASSED);
        assertThat(report().get("device").stringValue()).contains("Fake GPU");
        assertThat(checks().keySet()).containsExactly("loss kernels once");
        assertThat(run(script, "--only", "none")).isEqualTo(1); // an exception of the stand-in's
        assertThat(Files.readAllLines(folder.resolve("mvn.log")))
                .containsExactly("mvn -B -q -Pcubins -Dmaven.test.skip=true package");
    }

    private int run(Path script, String... options) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of(script.toString()));
        command.addAll(List.of(options));
        command.addAll(List.of("--report", folder.resolve("report.json").toString()));
        ProcessBuilder builder = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve("script.log").toFile());
        builder.environment().put("JAVA_HOME", folder.resolve("home").toString());
        builder.environment().merge("PATH", folder.resolve("tools").toString(), (old, first) -> first + ":" + old);
        int status = builder.start().waitFor();
        out.writeBytes(Files.readAllBytes(folder.resolve("script.log")));
        return status;
    }

    private int run(String... options) throws IOException {
        return GpuAcceptance.run(
                options(options).withSizes(Sizes.tiny()),
                new SimulatedGpu(gpu, folder.resolve("tools")),
                new PrintStream(out, true, StandardCharsets.UTF_8));
    }

    private AcceptanceOptions options(String... options) {
        List<String> all = new ArrayList<>(
                List.of("--report", folder.resolve("report.json").toString()));
        all.addAll(List.of(options));
        return AcceptanceOptions.parse(all.toArray(String[]::new));
    }

    /** Stand-ins for NVIDIA's: both start the program; ncu also prints its table, with the bytes of operands of the tiny sizes. */
    private void tools() throws IOException {
        executable("tools/compute-sanitizer", """
            [ "$1 $3" = '--tool --error-exitcode' ] || exit 7
            [ "$2" = memcheck ] || exit 0 # once is enough
            shift 4
            exec "$@"
            """);
        executable("tools/ncu", """
            [ "$1" = --csv ] || exit 7
            while [ "${1##*/}" != java ]; do shift; done
            "$@" || exit
            """ + table(Sizes.tiny(), 0));
    }

    /** Returns a script that prints what ncu says of kernels that read what they must, and write something. */
    private static String table(Sizes sizes, long written) {
        StringBuilder table = new StringBuilder(
                "cat <<'EOF'\n\"ID\",\"Kernel Name\",\"Metric Name\",\"Metric Unit\",\"Metric Value\"\n");
        LossWork.bytes(sizes)
                .forEach((kernel, bytes) ->
                        table.append(row(kernel, "read", bytes.longValue())).append(row(kernel, "write", written)));
        return table.append("EOF\n").toString();
    }

    private static String row(String kernel, String what, long bytes) {
        return "\"0\",\"%s\",\"dram__bytes_%s.sum\",\"byte\",\"%d\"\n".formatted(kernel, what, bytes);
    }

    /** Returns a stand-in for Python: takes the steps in Java, with what it prints filtered. */
    private Path python(String filter) throws IOException {
        List<String> command = new ArrayList<>(Gpu.java());
        command.add(StepPeer.class.getName());
        return executable("python", """
            [ "$1" != -c ] || exit 0
            [ "${1##*/}" = infoprompt_torch.py ] || exit 7
            shift
            for option do # but for the one without a value
                shift
                [ "$option" = --interactive ] || set -- "$@" "$option"
            done
            %s "$@"%s
            """.formatted(quoted(command), filter));
    }

    private Path executable(String name, String script) throws IOException {
        Path file = folder.resolve(name);
        Files.createDirectories(file.toAbsolutePath().getParent());
        Files.writeString(file, "#!/bin/sh\n" + script);
        return Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
    }

    private static String quoted(List<String> command) {
        return "'" + String.join("' '", command) + "'";
    }

    private String text() {
        return out.toString(StandardCharsets.UTF_8);
    }

    private JsonNode values(String check) throws IOException {
        return java.util.Objects.requireNonNull(checks().get(check), check).get("values");
    }

    private Map<String, JsonNode> checks() throws IOException {
        Map<String, JsonNode> checks = new HashMap<>();
        report().get("checks").forEach(check -> checks.put(check.get("name").stringValue(), check));
        return checks;
    }

    private JsonNode report() throws IOException {
        return JsonMapper.builder().build().readTree(Files.readString(folder.resolve("report.json")));
    }
}
