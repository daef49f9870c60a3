package org.infoprompt.ffi.headers;

import org.junit.jupiter.api.Assumptions;

/** Skips a proof that this machine cannot give, and says so where the build's output is read. */
final class Skips {
    private Skips() {}

    /** Skips the calling test, printing one line, unless a condition holds. */
    static void unless(boolean condition, String reason) {
        if (!condition) {
            String test = StackWalker.getInstance(StackWalker.Option.RETAIN_CLASS_REFERENCE)
                    .getCallerClass()
                    .getSimpleName();
            System.out.println("SKIPPED " + test + ": " + reason);
        }
        Assumptions.assumeTrue(condition, reason);
    }
}
