package org.infoprompt.layers;

import java.lang.foreign.Linker;
import java.lang.foreign.SymbolLookup;

/** Breaks the rule that only {@code org.infoprompt.ffi} links native code, to show that the check finds it. */
final class ClassThatLinks {
    private ClassThatLinks() {}

    static SymbolLookup symbols() {
        return Linker.nativeLinker().defaultLookup();
    }
}
