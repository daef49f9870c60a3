package org.infoprompt.ops.nativecpu;

import org.infoprompt.ffi.kernels.KernelLibrary;

/** Whether tests of the native backend can run. */
final class NativeTests {
    private NativeTests() {}

    static boolean canRun() {
        return KernelLibrary.library().isLoaded();
    }
}
