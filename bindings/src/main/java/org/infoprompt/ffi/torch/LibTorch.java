package org.infoprompt.ffi.torch;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.infoprompt.ffi.Downcalls;
import org.jspecify.annotations.Nullable;

/**
 * The library itself: found, loaded and checked once, at the first question about it. It stays loaded until the process
 * ends.
 */
public final class LibTorch {
    /** The system property that names the folder with LibTorch's libraries, instead of the preset's jars; or {@link #NONE}. */
    public static final String PATH_PROPERTY = "infoprompt.torch.path";

    /** The value of the property that switches LibTorch off. */
    public static final String NONE = "none";

    /** The version of the preset whose signatures were verified. */
    public static final String PRESET_VERSION = "2.10.0-1.5.13";

    private static final String JAVACPP_VERSION = "1.5.13";
    private static final String OPENBLAS_VERSION = "0.3.31-" + JAVACPP_VERSION;

    /** The version that {@code aoti_torch_abi_version} must answer, up to the patch number: major, minor, patch, tag. */
    public static final long ABI_VERSION = 2L << 56 | 10L << 48;

    private static final long PATCH_AND_TAG = (1L << 48) - 1;

    private LibTorch() {}

    /**
     * Whether LibTorch is loaded.
     *
     * @param loaded whether it can be called
     * @param reason its version and where it lies, or why it is not loaded
     * @param remedy what the user can do; empty if nothing or if loaded
     */
    public record Status(boolean loaded, String reason, String remedy) {}

    /** {@return whether LibTorch is loaded} Loads it at the first call, which takes about a second; never throws. */
    public static Status status() {
        return Holder.INSTANCE.status;
    }

    /** Returns its functions, and OpenMP's and OpenBLAS's. */
    static SymbolLookup symbols() {
        SymbolLookup symbols = Holder.INSTANCE.symbols;
        if (symbols == null) {
            throw new IllegalStateException("LibTorch is not loaded: " + Holder.INSTANCE.status.reason);
        }
        return symbols;
    }

    static MemorySegment address(String symbol) {
        return symbols().find(symbol).orElseThrow(() -> new UnsatisfiedLinkError("LibTorch has no function " + symbol));
    }

    static String remedy(Platform platform) {
        return "add org.bytedeco:pytorch:" + PRESET_VERSION + ":" + platform.name() + ", openblas:" + OPENBLAS_VERSION
                + ":"
                + platform.name() + " and javacpp:" + JAVACPP_VERSION
                + " to the class path; for ./infoprompt once: mvn -Ptorch -Dmaven.test.skip package";
    }

    private static final class Holder {
        static final Loaded INSTANCE = Loaded.load();
    }

    private record Loaded(@Nullable SymbolLookup symbols, Status status) {
        static Loaded load() {
            Platform platform = Platform.current();
            TorchFiles.Found found = TorchFiles.find(platform, System.getProperty(PATH_PROPERTY));
            if (found.libraries().isEmpty()) {
                return failed(found.origin(), found.remedy());
            }
            try {
                SymbolLookup symbols = open(found);
                long version = abiVersion(symbols);
                if ((version & ~PATCH_AND_TAG) != ABI_VERSION) {
                    return failed(
                            "it is version " + text(version) + ", and " + text(ABI_VERSION) + " is needed",
                            remedy(platform));
                }
                useOneThread(symbols);
                return new Loaded(symbols, new Status(true, "LibTorch " + text(version) + " in " + found.origin(), ""));
            } catch (IllegalArgumentException | UnsatisfiedLinkError e) {
                return failed(
                        "it cannot be loaded: " + e.getMessage(), "a system with glibc 2.35 or newer, or its like");
            } catch (IllegalCallerException e) {
                return failed(
                        "native access is denied", "start java with --enable-native-access=org.infoprompt.bindings");
            }
        }

        private static Loaded failed(String reason, String remedy) {
            return new Loaded(null, new Status(false, reason, remedy));
        }
    }

    @SuppressWarnings("restricted") // what this class exists for
    private static SymbolLookup open(TorchFiles.Found found) {
        SymbolLookup all = name -> Optional.empty();
        for (Path library : found.libraries()) {
            // The linker finds what a library needs among those that are loaded already: only one copy of each may
            // exist.
            all = SymbolLookup.libraryLookup(library, Arena.global()).or(all);
        }
        return all;
    }

    private static long abiVersion(SymbolLookup symbols) {
        MethodHandle version =
                Downcalls.link(symbols, "aoti_torch_abi_version", FunctionDescriptor.of(ValueLayout.JAVA_LONG));
        try {
            return (long) version.invokeExact();
        } catch (Throwable e) {
            throw new AssertionError("aoti_torch_abi_version", e);
        }
    }

    /** Both libraries would start threads of their own otherwise. */
    private static void useOneThread(SymbolLookup symbols) {
        for (String function : List.of(CppSymbols.of("set_num_threads"), "openblas_set_num_threads")) {
            MethodHandle setThreads =
                    Downcalls.link(symbols, function, FunctionDescriptor.ofVoid(ValueLayout.JAVA_INT));
            try {
                setThreads.invokeExact(1);
            } catch (Throwable e) {
                throw new AssertionError(function, e);
            }
        }
    }

    private static String text(long version) {
        return (version >>> 56) + "." + (version >>> 48 & 0xff) + "." + (version >>> 40 & 0xff);
    }
}
