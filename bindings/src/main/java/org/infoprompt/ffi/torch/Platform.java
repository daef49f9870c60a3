package org.infoprompt.ffi.torch;

import java.util.List;
import java.util.Locale;

/**
 * A platform by the name the JavaCPP presets give it, and the libraries to load there: each only needs those before it. A
 * library that the preset's jar lacks is part of the system.
 *
 * @param name as in {@code linux-x86_64}; empty if there is no preset for it
 */
record Platform(String name) {
    private static final String PYTORCH = "org/bytedeco/pytorch/";
    private static final String OPENBLAS = "org/bytedeco/openblas/";

    /** Returns the platform of this process. */
    static Platform current() {
        return of(System.getProperty("os.name", ""), System.getProperty("os.arch", ""));
    }

    /** Returns the platform of an operating system and a processor as Java names them. */
    static Platform of(String system, String architecture) {
        String os = system.toLowerCase(Locale.ROOT);
        boolean isX86 = architecture.equals("amd64") || architecture.equals("x86_64");
        if (os.startsWith("linux") && isX86) {
            return new Platform("linux-x86_64");
        } else if (os.startsWith("mac") && architecture.equals("aarch64")) {
            return new Platform("macosx-arm64");
        } else if (os.startsWith("windows") && isX86) {
            return new Platform("windows-x86_64");
        }
        return new Platform("");
    }

    boolean isKnown() {
        return !name.isEmpty();
    }

    boolean isMac() {
        return name.startsWith("macosx");
    }

    boolean isWindows() {
        return name.startsWith("windows");
    }

    /** Returns the resources of the libraries that LibTorch needs, in the order of loading; itself last. */
    List<String> libraries() {
        String torch = PYTORCH + name + "/";
        String blas = OPENBLAS + name + "/";
        if (isMac()) {
            return List.of(
                    blas + "libgcc_s.1.1.dylib",
                    blas + "libquadmath.0.dylib",
                    blas + "libgfortran.5.dylib",
                    blas + "libopenblas.0.dylib",
                    torch + "libiomp5.dylib",
                    torch + "libc10.dylib",
                    torch + "libtorch_cpu.dylib");
        } else if (isWindows()) {
            return List.of(blas + "libopenblas.dll", torch + "uv.dll", torch + "c10.dll", torch + "torch_cpu.dll");
        }
        return List.of(
                blas + "libgcc_s.so.1",
                blas + "libquadmath.so.0",
                blas + "libgfortran.so.5",
                blas + "libopenblas.so.0",
                torch + "libc10.so",
                torch + "libgomp.so.1",
                torch + "libtorch_cpu.so");
    }
}
