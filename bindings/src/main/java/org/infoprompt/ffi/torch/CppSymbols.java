package org.infoprompt.ffi.torch;

import java.util.Map;

/**
 * The symbols of the C++ functions in {@link cpublas_h}, by the platform's mangling. Those of Linux x86-64 are verified by a
 * test on the library; those of macOS (where {@code int64_t} is {@code long long}) and Windows were read from the export
 * tables of the preset's libraries of version 2.10.0.
 */
final class CppSymbols {
    private static final Map<String, String> ITANIUM = Map.of(
            "brgemm_f32", "_ZN2at6native7cpublas6brgemmE######bPKfS3_Pfb",
            "brgemm_bf16", "_ZN2at6native7cpublas6brgemmE######bPKN3c108BFloat16ES5_Pfb",
            "brgemm_release", "_ZN2at6native7cpublas14brgemm_releaseEb",
            "pack", "_ZN2at6native7cpublas4packE####N3c1010ScalarTypeES3_PKvPv",
            "could_pack", "_ZN2at6native7cpublas10could_packEN3c1010ScalarTypeE",
            "set_num_threads", "_ZN2at15set_num_threadsEi");

    private static final Map<String, String> MICROSOFT = Map.of(
            "brgemm_f32", "?brgemm@cpublas@native@at@@YAX_J00000_NPEBM2PEAM_N@Z",
            "brgemm_bf16", "?brgemm@cpublas@native@at@@YAX_J00000_NPEBUBFloat16@c10@@2PEAM_N@Z",
            "brgemm_release", "?brgemm_release@cpublas@native@at@@YAX_N@Z",
            "pack", "?pack@cpublas@native@at@@YAX_J000W4ScalarType@c10@@1PEBXPEAX@Z",
            "could_pack", "?could_pack@cpublas@native@at@@YA_NW4ScalarType@c10@@@Z",
            "set_num_threads", "?set_num_threads@at@@YAXH@Z");

    private CppSymbols() {}

    /** Returns the symbol of a function on this platform. */
    static String of(String function) {
        return of(function, Platform.current());
    }

    /** Returns the symbol of a function on a platform. */
    static String of(String function, Platform platform) {
        String symbol = (platform.isWindows() ? MICROSOFT : ITANIUM).get(function);
        if (symbol == null) {
            throw new IllegalArgumentException("no C++ function " + function);
        }
        // The integer type that 64-bit sizes have: long, or long long.
        return symbol.replace('#', platform.isMac() ? 'x' : 'l');
    }
}
