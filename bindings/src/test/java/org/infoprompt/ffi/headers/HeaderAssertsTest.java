package org.infoprompt.ffi.headers;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.infoprompt.ffi.headers.HeaderSpec.Field;
import org.infoprompt.ffi.headers.HeaderSpec.Struct;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The specs agree with the vendor's headers in a C++ compiler's eyes, where both are installed. */
class HeaderAssertsTest {
    @TempDir
    private Path folder;

    HeaderAssertsTest() {
        folder = Path.of("");
    }

    @ParameterizedTest
    @ValueSource(strings = {"cuda", "cublasLt"})
    void theSpecAgreesWithTheHeader(String name) throws IOException, InterruptedException {
        assertThat(compile(spec(name))).isEmpty();
    }

    @Test
    void aWrongOffsetIsSeen() throws IOException, InterruptedException {
        HeaderSpec right = spec("cublasLt");
        Struct result = right.structs().getLast();
        List<Field> fields = new ArrayList<>(result.fields());
        fields.set(2, new Field("cublasStatus_t", "state", 68, 0));
        HeaderSpec wrong = new HeaderSpec(
                right.packageName(),
                right.className(),
                right.header(),
                right.types(),
                right.constants(),
                List.of(new Struct(result.name(), result.bytes(), fields)),
                right.functions());
        assertThat(compile(wrong)).contains("cublasLtMatmulHeuristicResult_t.state");
    }

    /** Compiles the assertions against the headers; returns what the compiler says. */
    private String compile(HeaderSpec spec) throws IOException, InterruptedException {
        Set<Path> includes = new LinkedHashSet<>();
        for (String header : List.of(spec.header(), "cuda_runtime_api.h")) {
            Optional<Path> found = CudaToolkit.includeFolder(header);
            Skips.unless(found.isPresent(), "no " + header + " (-Dinfoprompt.cuda.include=FOLDER names more places)");
            found.ifPresent(includes::add);
        }
        Optional<Path> compiler = CudaToolkit.compiler();
        Skips.unless(compiler.isPresent(), "no C++ compiler");
        Path source = Files.writeString(folder.resolve("asserts.cpp"), HeaderAsserts.source(spec));
        List<String> command = new ArrayList<>(
                List.of(compiler.orElseThrow().toString(), "-std=c++17", "-fsyntax-only", source.toString()));
        includes.forEach(include -> command.add("-I" + include));
        Path log = folder.resolve("compiler.log");
        int status = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(log.toFile())
                .start()
                .waitFor();
        String said = Files.readString(log);
        assertThat(status == 0).as(said).isEqualTo(said.isEmpty());
        return said;
    }

    private static HeaderSpec spec(String name) throws IOException {
        return HeaderSpec.read(Path.of("src/main/ffi", name + ".spec"));
    }
}
