package org.infoprompt.cli;

import java.nio.file.Path;

/** Says how to go on when the user interrupts a run. */
final class ResumeHint implements AutoCloseable {
    private final Thread hook;
    private volatile boolean over;

    ResumeHint(Console console, Path folder) {
        hook = new Thread(
                () -> {
                    if (!over) {
                        console.err().println();
                        console.err()
                                .println(
                                        "infoprompt: interrupted; the same command with --resume goes on in " + folder);
                        console.err().flush();
                    }
                },
                "resume-hint");
        Runtime.getRuntime().addShutdownHook(hook);
    }

    void done() {
        over = true;
    }

    @Override
    public void close() {
        over = true;
        try {
            Runtime.getRuntime().removeShutdownHook(hook);
        } catch (IllegalStateException e) {
            // The JVM is going down already; the hook has seen to it.
            over = true;
        }
    }
}
