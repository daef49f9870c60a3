package org.infoprompt.ffi.headers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Regenerating the headers gives the committed sources; {@code -Dinfoprompt.regenerate=true} writes them. */
class HeaderSourcesTest {
    private static final Path FOLDER = Path.of("src/main/ffi");

    @ParameterizedTest
    @ValueSource(strings = {"cuda", "cublasLt"})
    void theCommittedSourcesAreWhatTheSpecSays(String name) throws IOException {
        for (Map.Entry<Path, String> file : generated(name).entrySet()) {
            if (Boolean.getBoolean("infoprompt.regenerate")) {
                Files.createDirectories(file.getKey().getParent());
                Files.writeString(file.getKey(), file.getValue());
            }
            assertThat(withoutLayout(Files.readString(file.getKey())))
                    .as("%s; run with -Dinfoprompt.regenerate=true after changing the spec", file.getKey())
                    .isEqualTo(withoutLayout(file.getValue()));
        }
    }

    @Test
    void anUnknownTypeIsNamed(@TempDir Path folder) throws IOException {
        Path spec = Files.writeString(folder.resolve("x.spec"), "type int int\nfunction int f(size_t n)\n");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> HeaderSpec.read(spec))
                .withMessageContaining("no type line for size_t");
    }

    @Test
    void aWrongOffsetOrSizeIsNamed(@TempDir Path folder) throws IOException {
        String right = Files.readString(FOLDER.resolve("cublasLt.spec"));
        Path offset = Files.writeString(folder.resolve("offset.spec"), right.replace("state 72", "state 68"));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> HeaderSpec.read(offset))
                .withMessage("field cublasLtMatmulHeuristicResult_t.state is at 72 by C's rules, the spec says 68");
        Path size = Files.writeString(folder.resolve("size.spec"), right.replace("Algo_t 64", "Algo_t 72"));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> HeaderSpec.read(size))
                .withMessageContaining("struct cublasLtMatmulAlgo_t has 64 bytes by C's rules");
    }

    private static Map<Path, String> generated(String name) throws IOException {
        HeaderSpec spec = HeaderSpec.read(FOLDER.resolve(name + ".spec"));
        Path folder = Path.of("src/main/java", spec.packageName().split("\\.", -1));
        Map<Path, String> files = new LinkedHashMap<>();
        files.put(folder.resolve(spec.className() + ".java"), HeaderSource.header(spec, name + ".spec"));
        for (HeaderSpec.Struct struct : spec.structs()) {
            files.put(folder.resolve(struct.name() + ".java"), HeaderSource.struct(spec, struct, name + ".spec"));
        }
        files.put(FOLDER.resolve(name + ".includes"), HeaderSource.includes(spec));
        return files;
    }

    /** The formatter breaks lines; what it may not change is everything else. */
    private static String withoutLayout(String source) {
        return source.replaceAll("\\s+", "");
    }
}
