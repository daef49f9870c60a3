package org.infoprompt.ffi.cuda;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.Arena;
import java.lang.foreign.SymbolLookup;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Finds NVIDIA's libraries: first where a system property says, then where an environment variable says, then in JavaCPP's
 * cache, then by the library's name wherever the system looks. A property or variable that names a file which cannot be
 * loaded is an error, never passed over.
 */
public final class CudaLibraries {
    /** System property with the path of the driver's library. */
    public static final String DRIVER_PROPERTY = "infoprompt.cuda.library";

    /** System property with the path of cuBLASLt. */
    public static final String CUBLASLT_PROPERTY = "infoprompt.cublasLt.library";

    private static final String DRIVER_VARIABLE = "INFOPROMPT_CUDA_LIBRARY";
    private static final String CUBLASLT_VARIABLE = "INFOPROMPT_CUBLASLT_LIBRARY";
    private static final List<String> DRIVER_NAMES = List.of("libcuda.so.1");
    private static final List<String> CUBLASLT_NAMES = List.of("libcublasLt.so.13", "libcublasLt.so.12");

    /** JavaCPP unpacks at most this deep under its cache: jar, package folders, platform. */
    private static final int CACHE_DEPTH = 8;

    private CudaLibraries() {}

    /**
     * A library that was loaded for as long as the process runs.
     *
     * @param symbols its functions
     * @param place the file or name it was loaded from
     */
    public record Found(SymbolLookup symbols, String place) {}

    /**
     * {@return the driver's library}
     *
     * @throws UnsatisfiedLinkError naming every place that was looked at, if there is none
     */
    public static Found driver() {
        return find(DRIVER_PROPERTY, DRIVER_VARIABLE, DRIVER_NAMES, "install NVIDIA's driver for CUDA 12 or newer");
    }

    /**
     * {@return cuBLASLt}
     *
     * @throws UnsatisfiedLinkError naming every place that was looked at, if there is none
     */
    public static Found cublasLt() {
        return find(
                CUBLASLT_PROPERTY,
                CUBLASLT_VARIABLE,
                CUBLASLT_NAMES,
                "install CUDA 12 or 13, or set -D" + CUBLASLT_PROPERTY + "=PATH");
    }

    private static Found find(String property, String variable, List<String> names, String remedy) {
        Path cache = Path.of(System.getProperty(
                "org.bytedeco.javacpp.cachedir", System.getProperty("user.home", "") + "/.javacpp/cache"));
        return search(
                named("-D" + property, System.getProperty(property)),
                named(variable, System.getenv(variable)),
                cache,
                names,
                CudaLibraries::load,
                remedy);
    }

    /**
     * A library file that the user named.
     *
     * @param by the property or variable that names it
     * @param file the file
     */
    record Named(String by, String file) {}

    private static @Nullable Named named(String by, @Nullable String file) {
        return file == null || file.isEmpty() ? null : new Named(by, file);
    }

    static Found search(
            @Nullable Named property,
            @Nullable Named variable,
            Path cache,
            List<String> names,
            Function<String, SymbolLookup> loader,
            String remedy) {
        Named named = property != null ? property : variable;
        if (named != null) {
            try {
                return new Found(loader.apply(named.file), named.file);
            } catch (IllegalArgumentException e) {
                throw unsatisfied(named.by + "=" + named.file + " cannot be loaded (" + e.getMessage() + ")", e);
            }
        }
        List<String> tried = new ArrayList<>();
        List<String> places = new ArrayList<>();
        names.forEach(name -> cached(cache, name).ifPresent(places::add));
        places.addAll(names);
        for (String place : places) {
            try {
                return new Found(loader.apply(place), place);
            } catch (IllegalArgumentException e) {
                tried.add(place);
            }
        }
        throw unsatisfied("none of " + String.join(", ", tried) + " can be loaded; " + remedy, null);
    }

    private static UnsatisfiedLinkError unsatisfied(String message, @Nullable Throwable cause) {
        UnsatisfiedLinkError error = new UnsatisfiedLinkError(message);
        if (cause != null) {
            error.initCause(cause);
        }
        return error;
    }

    private static Optional<String> cached(Path cache, String name) {
        if (!Files.isDirectory(cache)) {
            return Optional.empty();
        }
        try (Stream<Path> files = Files.find(
                cache,
                CACHE_DEPTH,
                (file, attributes) -> file.getFileName().toString().equals(name))) {
            return files.map(Path::toString).sorted().findFirst();
        } catch (IOException | UncheckedIOException e) {
            return Optional.empty(); // an unreadable cache holds nothing for us; the system's libraries follow
        }
    }

    @SuppressWarnings("restricted") // loading a library is what this class is for
    private static SymbolLookup load(String place) {
        return place.contains("/")
                ? SymbolLookup.libraryLookup(Path.of(place), Arena.global())
                : SymbolLookup.libraryLookup(place, Arena.global());
    }
}
