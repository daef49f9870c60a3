package org.infoprompt.cli;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import org.infoprompt.io.InputException;
import org.infoprompt.io.TextFiles;
import org.jspecify.annotations.Nullable;

/** Reads lines of strict UTF-8 from a stream, each as soon as it is there. */
final class LineReader {
    private final String source;
    private final InputStream in;
    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    private int line;

    LineReader(String source, InputStream in) {
        this.source = source;
        this.in = new BufferedInputStream(in);
    }

    /** Returns the number of the line read last, from 1. */
    int line() {
        return line;
    }

    /**
     * Returns the next line without its end, or null after the last.
     *
     * @throws InputException at a byte that is not UTF-8, with the line's number
     */
    @Nullable
    String next() throws IOException {
        bytes.reset();
        int b = in.read();
        if (b < 0) {
            return null;
        }
        line++;
        while (b >= 0 && b != '\n') {
            bytes.write(b);
            b = in.read();
        }
        String text;
        try {
            text = TextFiles.decode(source, bytes.toByteArray(), StandardCharsets.UTF_8);
        } catch (InputException e) {
            throw new InputException(source, "line " + line, "is not valid UTF-8", "convert it to UTF-8", e);
        }
        return text.endsWith("\r") ? text.substring(0, text.length() - 1) : text;
    }
}
