package org.infoprompt.ffi;

import java.lang.foreign.SymbolLookup;
import org.jspecify.annotations.Nullable;

/**
 * A native library that was looked for.
 *
 * @param symbols its functions, or null if it cannot be used
 * @param text where it came from, or why it cannot be used
 * @param remedy what the user can do about that; empty if nothing
 */
public record NativeLibrary(@Nullable SymbolLookup symbols, String text, String remedy) {
    /** {@return whether it can be used} */
    public boolean isLoaded() {
        return symbols != null;
    }

    /**
     * {@return a library that cannot be used}
     *
     * @param text why
     * @param remedy what the user can do; empty if nothing
     */
    public static NativeLibrary absent(String text, String remedy) {
        return new NativeLibrary(null, text, remedy);
    }
}
