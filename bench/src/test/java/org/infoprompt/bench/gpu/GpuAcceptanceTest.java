package org.infoprompt.bench.gpu;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.infoprompt.cudasim.FakeGpu;
import org.infoprompt.ops.cuda.CudaBackend;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The acceptance itself, on a device made of Java: it passes where all is right, and fails or refuses where not. */
class GpuAcceptanceTest {
    @TempDir
    private Path folder;

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();

    GpuAcceptanceTest() {
        folder = Path.of("");
    }

    @Test
    void everyCheckRuns() throws IOException {
        FakeGpu gpu = new FakeGpu();
        int status = run(gpu, Map.of());
        JsonNode report = report();
        assertThat(status).as(out.toString(StandardCharsets.UTF_8)).isEqualTo(GpuAcceptance.PASSED);
        assertThat(report.get("passed").booleanValue()).isTrue();
        assertThat(report.get("device").stringValue()).contains("Fake GPU");
        assertThat(report.get("numFailed").intValue()).isZero();
        assertThat(report.get("numPassed").intValue()).isGreaterThanOrEqualTo(9);
        assertThat(gpu.driver().fault()).isNull();
        assertThat(gpu.driver().heap().liveBytes()).isZero();
        assertThat(gpu.driver().liveHandles()).isZero();
    }

    @Test
    void aWrongKernelFails() throws IOException {
        FakeGpu gpu = new FakeGpu();
        String name = "ipk_group_mean_f32";
        String text = FakeGpu.shipped().text(name);
        gpu.driver().useImage(FakeGpu.shipped().with(name, text.replace("div.rn.f32", "mul.rn.f32")));
        assertThat(run(gpu, Map.of("--only", "kernels"))).isEqualTo(GpuAcceptance.FAILED);
        assertThat(out.toString(StandardCharsets.UTF_8))
                .contains("failed  kernels from PTX: result 0 of group mean is wrong");
        assertThat(report().get("passed").booleanValue()).isFalse();
    }

    /** No machine has that many. */
    @Test
    void aMachineWithoutTheDeviceIsRefused() throws IOException {
        int status = GpuAcceptance.run(
                Map.of(
                        "--device",
                        "999",
                        "--report",
                        folder.resolve("report.json").toString()),
                Sizes.tiny(),
                new PrintStream(out, true, StandardCharsets.UTF_8));
        assertThat(status).isEqualTo(GpuAcceptance.REFUSED);
        assertThat(report().get("refused").stringValue()).isNotEmpty();
        assertThat(report().get("passed").booleanValue()).isFalse();
    }

    private int run(FakeGpu gpu, Map<String, String> options) throws IOException {
        Map<String, String> all = new java.util.HashMap<>(options);
        all.put("--report", folder.resolve("report.json").toString());
        return GpuAcceptance.run(
                all,
                Sizes.tiny(),
                false,
                () -> (CudaBackend) gpu.backend(),
                new PrintStream(out, true, StandardCharsets.UTF_8));
    }

    private JsonNode report() throws IOException {
        return JsonMapper.builder().build().readTree(Files.readString(folder.resolve("report.json")));
    }
}
