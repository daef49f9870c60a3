package org.infoprompt.ffi.headers;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.infoprompt.ffi.cuda.CudaLibraries;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The real cuBLASLt, where there is one: it needs no device for descriptors and for logging what it was asked. */
class LiveCublasLtTest {
    @Test
    void theLibraryDecodesWhatWasPassed(@TempDir Path folder) throws IOException, InterruptedException {
        String place = "";
        try {
            place = CudaLibraries.cublasLt().place();
        } catch (UnsatisfiedLinkError e) {
            Skips.unless(false, String.valueOf(e.getMessage()));
        }
        Path log = folder.resolve("cublasLt.log");
        Path output = folder.resolve("output");
        int status = new ProcessBuilder(List.of(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "--enable-native-access=ALL-UNNAMED",
                        "-D" + CudaLibraries.CUBLASLT_PROPERTY + "=" + place,
                        "-cp",
                        "target/classes:target/test-classes",
                        LiveCublasLt.class.getName(),
                        log.toString()))
                .redirectErrorStream(true)
                .redirectOutput(output.toFile())
                .start()
                .waitFor();
        String said = Files.readString(output);
        assertThat(status).as(said).isZero();
        Map<String, Long> values = new HashMap<>();
        said.lines().map(line -> line.split("=", -1)).forEach(pair -> values.put(pair[0], Long.valueOf(pair[1])));
        assertThat(values)
                .containsEntry("epilogue", 36L)
                .containsEntry("rows0", 3L)
                .containsEntry("rows2", 5L)
                .containsEntry("workspace", 12345L);
        assertThat(values.get("version")).isBetween(120000L, 140000L);
        assertThat(Files.readString(log))
                .contains("type=R_16BF rows=4 cols=8 ld=14")
                .contains("A=0XA00 Adesc=" + hex(values, "layout0") + " B=0XB00 Bdesc=" + hex(values, "layout1")
                        + " C=0XC00 Cdesc=" + hex(values, "layout2") + " D=0XD00 Ddesc=" + hex(values, "layout2")
                        + " computeDesc=" + hex(values, "operation")
                        + " algo=0X0 workSpace=0XE00 workSpaceSizeInBytes=4096 stream=0XF00");
    }

    private static String hex(Map<String, Long> values, String name) {
        return "0X" + Long.toHexString(values.getOrDefault(name, 0L)).toUpperCase(Locale.ROOT);
    }
}
