package org.infoprompt.ffi.kernels;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.invoke.MethodHandle;
import java.util.Optional;
import org.infoprompt.ffi.Downcalls;
import org.infoprompt.ffi.NativeLibraries;
import org.infoprompt.ffi.NativeLibrary;

/**
 * The loaded library of native kernels. It runs the highest tier that the processor has; {@code -Dinfoprompt.native.tier} may
 * lower it, never raise it.
 */
public final class KernelLibrary {
    /** The system property that lowers the tier: baseline, avx2, avx512, avx512_vnni, avx512_bf16 or amx. */
    public static final String TIER_PROPERTY = "infoprompt.native.tier";

    private static final String NAME = "infoprompt_kernels";

    private KernelLibrary() {}

    /** What was found, once for the process. */
    private record State(NativeLibrary library, KernelTier tier) {
        static final State STATE = find();

        private static State find() {
            NativeLibrary found = NativeLibraries.load(NAME);
            SymbolLookup symbols = found.symbols();
            if (symbols == null) {
                return new State(found, KernelTier.BASELINE);
            }
            String asked = System.getProperty(TIER_PROPERTY, KernelTier.AMX.text());
            Optional<KernelTier> highest = KernelTier.of(asked);
            if (highest.isEmpty()) {
                return absent(
                        "-D" + TIER_PROPERTY + "=" + asked
                                + " must be baseline, avx2, avx512, avx512_vnni, avx512_bf16 or amx",
                        "");
            }
            try {
                String difference = KernelSignatures.difference(Downcalls.text(
                        (MemorySegment) handle(symbols, "ipk_signatures").invokeExact()));
                if (!difference.isEmpty()) {
                    return absent(found.text() + " is of another version: " + difference, "build it again");
                }
                int tier = (int)
                        handle(symbols, "ipk_init").invokeExact(highest.get().code());
                return new State(found, KernelTier.of(tier));
            } catch (UnsatisfiedLinkError | IllegalArgumentException e) {
                return absent(
                        found.text() + " is not the library of this version: " + e.getMessage(), "build it again");
            } catch (Throwable e) {
                throw unexpected(e);
            }
        }

        private static State absent(String text, String remedy) {
            return new State(NativeLibrary.absent(text, remedy), KernelTier.BASELINE);
        }
    }

    /** {@return the library, or why it cannot be used} */
    public static NativeLibrary library() {
        return State.STATE.library;
    }

    /** {@return the tier that runs} */
    public static KernelTier tier() {
        return State.STATE.tier;
    }

    /**
     * Returns a function of the library, to be kept in a static final field.
     *
     * @throws UnsatisfiedLinkError if the library cannot be used
     */
    static MethodHandle link(String name) {
        SymbolLookup symbols = library().symbols();
        if (symbols == null) {
            throw new UnsatisfiedLinkError(library().text());
        }
        return handle(symbols, name);
    }

    private static MethodHandle handle(SymbolLookup symbols, String name) {
        FunctionDescriptor descriptor = KernelSignatures.of(name);
        return Downcalls.link(symbols, name, descriptor);
    }

    /** Returns what a native call threw; it has no exceptions of its own, so this is a defect or an error of the JVM. */
    static RuntimeException unexpected(Throwable thrown) {
        if (thrown instanceof Error e) {
            throw e;
        }
        if (thrown instanceof RuntimeException e) {
            throw e;
        }
        return new IllegalStateException(thrown);
    }
}
