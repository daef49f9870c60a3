package org.infoprompt.ffi.kernels;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.infoprompt.ffi.Downcalls;
import org.infoprompt.ffi.NativeLibraries;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;

/** The header, the library that ships and the Java side must state the same functions. */
final class KernelSignaturesTest {
    private static final String FOLDER = "org/infoprompt/native/";
    private static final Pattern ENTRY = Pattern.compile("\\bX\\(\\s*([^,]+),\\s*(ipk_\\w+),\\s*\\(([^)]*)\\)");

    @Test
    void theHeaderStatesWhatIsCalled() throws IOException {
        String header = new String(resource(FOLDER + "infoprompt_kernels.h"), StandardCharsets.UTF_8)
                .replace("\\\n", " ")
                .replaceAll("\\s+", " ");
        StringBuilder lines = new StringBuilder();
        for (Matcher m = ENTRY.matcher(header); m.find(); ) {
            lines.append(m.group(1))
                    .append(' ')
                    .append(m.group(2))
                    .append('(')
                    .append(m.group(3))
                    .append(")\n");
        }
        assertThat(KernelSignatures.difference(lines.toString())).isEmpty();
    }

    @Test
    void theLibraryStatesTheSame() throws Throwable {
        assumeLibrary();
        String signatures = Downcalls.text(
                (MemorySegment) KernelLibrary.link("ipk_signatures").invokeExact());
        assertThat(KernelSignatures.difference(signatures)).isEmpty();
    }

    @Test
    void aDifferenceIsSeen() throws Throwable {
        assumeLibrary();
        String signatures = Downcalls.text(
                (MemorySegment) KernelLibrary.link("ipk_signatures").invokeExact());
        assertThat(KernelSignatures.difference(signatures.replaceFirst("int64_t k", "int32_t k")))
                .contains("ipk_linear_bytes_f32");
        assertThat(KernelSignatures.difference(signatures + "void ipk_more(float x)\n"))
                .contains("ipk_more");
        assertThat(KernelSignatures.difference(signatures.substring(signatures.indexOf('\n') + 1)))
                .contains("ipk_init");
    }

    @Test
    void theLibraryExportsExactlyTheseFunctions() throws IOException {
        assumeLibrary();
        Assumptions.assumeTrue(NativeLibraries.platform().startsWith("linux"), "not an ELF library");
        byte[] library =
                resource(FOLDER + NativeLibraries.platform() + "/" + System.mapLibraryName("infoprompt_kernels"));
        Set<String> exported = ElfExports.of(library);
        assertThat(exported).isEqualTo(new TreeSet<>(KernelSignatures.all().keySet()));
    }

    @Test
    void everyTierUpToTheProcessorsHasAName() throws Throwable {
        assumeLibrary();
        for (KernelTier tier : KernelTier.values()) {
            MemorySegment name =
                    (MemorySegment) KernelLibrary.link("ipk_tier_name").invokeExact(tier.code());
            assertThat(Downcalls.text(name)).isEqualTo(tier.text());
        }
        assertThat(Files.isRegularFile(Path.of(KernelLibrary.library().text()))).isTrue();
    }

    private static void assumeLibrary() {
        Assumptions.assumeTrue(
                KernelLibrary.library().isLoaded(),
                () -> KernelLibrary.library().text());
    }

    private static byte[] resource(String name) throws IOException {
        try (InputStream in = ClassLoader.getSystemResourceAsStream(name)) {
            assertThat(in).as(name).isNotNull();
            return in.readAllBytes();
        }
    }
}
