package org.infoprompt.ffi.cuda;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.lang.foreign.SymbolLookup;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.infoprompt.ffi.cuda.CudaLibraries.Found;
import org.infoprompt.ffi.cuda.CudaLibraries.Named;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Where libraries are looked for, and in which order. */
class CudaLibrariesTest {
    private static final List<String> NAMES = List.of("lib.so.13", "lib.so.12");

    @TempDir
    private Path cache = Path.of("");

    private final List<String> asked = new ArrayList<>();

    @Test
    void propertyVariableCacheNewestOldest() throws IOException {
        Path cached = Files.createDirectories(cache.resolve("a.jar/org/linux")).resolve("lib.so.12");
        Files.createFile(cached);
        Named property = new Named("-Dp", "/p.so");
        Named variable = new Named("V", "/v.so");
        assertThat(search(property, variable, "/p.so").place()).isEqualTo("/p.so");
        assertThat(search(null, variable, "/v.so").place()).isEqualTo("/v.so");
        assertThat(search(null, null, "lib.so.12").place()).isEqualTo("lib.so.12");
        assertThat(asked).containsExactly("/p.so", "/v.so", cached.toString(), "lib.so.13", "lib.so.12");
    }

    @Test
    void aNamedFileIsNeverPassedOver() {
        assertThatThrownBy(() -> search(new Named("-Dp", "/p.so"), new Named("V", "/v.so"), "/v.so"))
                .isInstanceOf(UnsatisfiedLinkError.class)
                .hasMessageContaining("-Dp=/p.so cannot be loaded");
    }

    @Test
    void nothingFoundNamesAllPlacesAndTheRemedy() {
        assertThatThrownBy(() -> search(null, null, "other"))
                .isInstanceOf(UnsatisfiedLinkError.class)
                .hasMessage("none of lib.so.13, lib.so.12 can be loaded; install it");
    }

    private Found search(@Nullable Named property, @Nullable Named variable, String loadable) {
        return CudaLibraries.search(property, variable, cache, NAMES, place -> load(place, loadable), "install it");
    }

    private SymbolLookup load(String place, String loadable) {
        asked.add(place);
        if (!place.equals(loadable)) {
            throw new IllegalArgumentException("Cannot open library: " + place);
        }
        return name -> Optional.empty();
    }
}
