package org.infoprompt.cli;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import org.infoprompt.io.InputException;
import org.infoprompt.ops.DeviceMemoryException;

/** Turns what was thrown into one line on standard error and an exit status. */
final class Failures {
    /** Status when all went well. */
    static final int OK = 0;
    /** Status of an error in this program. */
    static final int INTERNAL = 1;
    /** Status of input or options that cannot be used. */
    static final int BAD_INPUT = 2;

    private static final String HINT = " (--verbose shows where)";

    private Failures() {}

    static int report(Console console, Throwable thrown) {
        Throwable cause =
                thrown instanceof UncheckedIOException && thrown.getCause() != null ? thrown.getCause() : thrown;
        boolean input = cause instanceof IOException;
        String message = message(cause);
        boolean trace = console.verbose() && !input;
        console.err().println("infoprompt: " + oneLine(message) + (input || trace ? "" : HINT));
        if (trace) {
            thrown.printStackTrace(console.err());
        }
        return input ? BAD_INPUT : INTERNAL;
    }

    private static String message(Throwable cause) {
        String own = cause.getMessage() == null ? "" : cause.getMessage();
        return switch (cause) {
            case InputException e -> own;
            case NoSuchFileException e -> e.getFile() + ": no such file or folder; check the path";
            case AccessDeniedException e -> e.getFile() + ": permission denied; check its permissions";
            case FileSystemException e -> e.getFile() + ": " + (e.getReason() == null ? own : e.getReason());
            case IOException e -> own.isEmpty() ? e.getClass().getSimpleName() : own;
            case DeviceMemoryException e ->
                "out of GPU memory: " + own + "; use a smaller --batch-size or --max-length";
            case OutOfMemoryError e ->
                "out of memory: " + own + "; use a smaller --batch-size, --max-length or --threads, or more memory";
            default -> "internal error: " + cause.getClass().getSimpleName() + (own.isEmpty() ? "" : ": " + own);
        };
    }

    static String oneLine(String text) {
        return text.replaceAll("\\s*[\\r\\n]+\\s*", " ");
    }
}
