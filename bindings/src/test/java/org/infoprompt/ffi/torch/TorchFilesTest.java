package org.infoprompt.ffi.torch;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TorchFilesTest {
    private static final Platform LINUX = Platform.of("Linux", "amd64");

    @TempDir
    Path folder;

    @Test
    void aFolderWithTheLibrariesIsTakenInTheOrderOfLoading() throws IOException {
        Files.createFile(folder.resolve("libtorch_cpu.so"));
        Files.createFile(folder.resolve("libc10.so"));
        Files.createFile(folder.resolve("libopenblas.so.0"));
        Files.createFile(folder.resolve("libother.so"));
        TorchFiles.Found found = TorchFiles.find(LINUX, folder.toString());
        assertThat(found.libraries())
                .extracting(file -> String.valueOf(file.getFileName()))
                .containsExactly("libopenblas.so.0", "libc10.so", "libtorch_cpu.so");
        assertThat(found.remedy()).isEmpty();
    }

    @Test
    void aFolderWithoutLibTorchIsNamed() throws IOException {
        Files.createFile(folder.resolve("libc10.so"));
        TorchFiles.Found found = TorchFiles.find(LINUX, folder.toString());
        assertThat(found.libraries()).isEmpty();
        assertThat(found.origin()).contains(folder.toString()).contains("libtorch_cpu.so");
        assertThat(found.remedy()).isNotEmpty();
    }

    @Test
    void aMissingJarIsNamedWithItsPlatform() {
        // No test has the jars of another platform.
        TorchFiles.Found found = TorchFiles.find(Platform.of("Mac OS X", "aarch64"), null);
        assertThat(found.libraries()).isEmpty();
        assertThat(found.origin()).contains("macosx-arm64");
        assertThat(found.remedy()).contains("org.bytedeco:pytorch:" + LibTorch.PRESET_VERSION + ":macosx-arm64");
    }

    @Test
    void itCanBeSwitchedOff() {
        TorchFiles.Found found = TorchFiles.find(LINUX, "none");
        assertThat(found.libraries()).isEmpty();
        assertThat(found.origin()).isEqualTo("-Dinfoprompt.torch.path=none switches LibTorch off");
        assertThat(found.remedy()).isEmpty();
    }

    @Test
    void aPlatformWithoutPresetIsSaid() {
        assertThat(TorchFiles.find(Platform.of("Linux", "riscv64"), null).origin())
                .startsWith("there is no LibTorch preset");
    }

    @Test
    void platformsAreNamedAsThePresetsNameThem() {
        assertThat(LINUX.name()).isEqualTo("linux-x86_64");
        assertThat(Platform.of("Mac OS X", "aarch64").libraries().getLast())
                .endsWith("macosx-arm64/libtorch_cpu.dylib");
        assertThat(Platform.of("Windows 11", "amd64").libraries().getLast()).endsWith("windows-x86_64/torch_cpu.dll");
        assertThat(Platform.of("Linux", "aarch64").isKnown()).isFalse();
    }
}
