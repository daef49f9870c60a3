package org.infoprompt.cli;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/**
 * Where a command reads and writes. Results go to {@code out}; everything about how they come to be goes to {@code err} and can
 * be silenced. All text is UTF-8, whatever the locale.
 */
final class Console {
    private static final Path STDERR_LINK = Path.of("/proc/self/fd/2");

    private final InputStream in;
    private final PrintStream out;
    private final PrintStream err;
    private final boolean terminal;
    private boolean quiet;
    private boolean verbose;

    /**
     * Creates a console.
     *
     * @param in what a command reads as standard input
     * @param out receives results
     * @param err receives notes, progress and errors
     * @param terminal whether a line on {@code err} can be drawn over
     */
    Console(InputStream in, PrintStream out, PrintStream err, boolean terminal) {
        this.in = in;
        this.out = out;
        this.err = err;
        this.terminal = terminal;
    }

    /** Returns this process's own streams. */
    static Console ofProcess() {
        return new Console(
                System.in,
                new PrintStream(new FileOutputStream(FileDescriptor.out), true, StandardCharsets.UTF_8),
                new PrintStream(new FileOutputStream(FileDescriptor.err), true, StandardCharsets.UTF_8),
                isTerminal());
    }

    private static boolean isTerminal() {
        if ("dumb".equals(System.getenv("TERM"))) {
            return false;
        }
        try {
            if (Files.isSymbolicLink(STDERR_LINK)) {
                String target = Files.readSymbolicLink(STDERR_LINK).toString();
                return target.startsWith("/dev/pts/") || target.startsWith("/dev/tty");
            }
        } catch (IOException e) {
            return false;
        }
        return Optional.ofNullable(System.console())
                .map(java.io.Console::isTerminal)
                .orElse(false);
    }

    void configure(boolean beQuiet, boolean beVerbose) {
        quiet = beQuiet;
        verbose = beVerbose;
    }

    InputStream in() {
        return in;
    }

    PrintStream out() {
        return out;
    }

    PrintStream err() {
        return err;
    }

    /** Tells whether lines on {@link #err} can be drawn over. */
    boolean terminal() {
        return terminal;
    }

    boolean quiet() {
        return quiet;
    }

    boolean verbose() {
        return verbose;
    }

    /** Prints a line of the result. */
    void print(String line) {
        out.println(line);
    }

    /** Prints a note unless silenced. */
    void note(String line) {
        if (!quiet) {
            err.println(line);
        }
    }

    /** Prints a warning, which cannot be silenced. */
    void warn(String line) {
        err.println("infoprompt: warning: " + line);
    }
}
