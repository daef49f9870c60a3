package org.infoprompt.ffi.headers;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Finds the vendor's headers and a C++ compiler on this machine. */
final class CudaToolkit {
    /** System property with more include folders, separated by colons. */
    private static final String PROPERTY = "infoprompt.cuda.include";

    private CudaToolkit() {}

    /** {@return an include folder that has the header} */
    static Optional<Path> includeFolder(String header) {
        List<Path> folders = new ArrayList<>();
        for (String folder : System.getProperty(PROPERTY, "").split(":", -1)) {
            folders.add(Path.of(folder));
        }
        String home = System.getenv("CUDA_HOME");
        if (home != null) {
            folders.add(Path.of(home, "include"));
        }
        for (String version :
                List.of("", "-13.3", "-13.2", "-13.1", "-13.0", "-12.9", "-12.8", "-12.6", "-12.4", "-12.2", "-12.0")) {
            folders.add(Path.of("/usr/local/cuda" + version, "include"));
        }
        folders.add(Path.of("/usr/include"));
        return folders.stream()
                .filter(folder -> Files.isRegularFile(folder.resolve(header)))
                .findFirst();
    }

    /** {@return the C++ compiler} */
    static Optional<Path> compiler() {
        for (String name : List.of("g++", "c++", "clang++")) {
            for (String folder : System.getenv().getOrDefault("PATH", "").split(":", -1)) {
                Path file = Path.of(folder, name);
                if (Files.isExecutable(file)) {
                    return Optional.of(file);
                }
            }
        }
        return Optional.empty();
    }
}
