package org.infoprompt.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code --device} where there is no such device: one line with the reason and the remedy. */
class DeviceOptionTest {
    @TempDir
    private Path folder;

    DeviceOptionTest() {
        folder = Path.of("");
    }

    /** No machine has that many. */
    @Test
    void aMissingGpuIsOneLine() throws IOException {
        Cli.Result result = encode("--device", "cuda:999");
        assertThat(result.status()).isEqualTo(2);
        assertThat(result.err().lines()).hasSize(1);
        assertThat(result.err())
                .startsWith("infoprompt: --device: cuda:999 cannot run: ")
                .contains("(remedy: ", "see infoprompt doctor");
    }

    @ParameterizedTest
    @ValueSource(strings = {"tpu", "cuda:x", "cuda:-1", "gpu:0"})
    void anUnknownDeviceIsOneLine(String device) throws IOException {
        Cli.Result result = encode("--device", device);
        assertThat(result.status()).isEqualTo(2);
        assertThat(result.err()).contains(device + " is no device; there are cpu, cuda:0 and so on");
    }

    @Test
    void aDeviceAndAnotherBackendExcludeEachOther() throws IOException {
        Cli.Result result = encode("--device", "cuda:0", "--backend", "scalar");
        assertThat(result.status()).isEqualTo(2);
        assertThat(result.err()).contains("cuda:0 is not computed by --backend scalar");
    }

    @Test
    void theProcessorIsADevice() throws IOException {
        Cli.Result result = encode("--device", "cpu");
        assertThat(result.err()).doesNotContain("device").contains("no-such-model");
    }

    private Cli.Result encode(String... options) throws IOException {
        Path input = Files.writeString(folder.resolve("texts.txt"), "a text\n");
        String[] all = new String[options.length + 6];
        System.arraycopy(options, 0, all, 6, options.length);
        all[0] = "encode";
        all[1] = "--offline";
        all[2] = "--model=./no-such-model";
        all[3] = "--input=" + input;
        all[4] = "--output=" + folder.resolve("out.safetensors");
        all[5] = "--quiet";
        return Cli.run((Object[]) all);
    }
}
