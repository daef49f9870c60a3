package org.infoprompt.io;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.Charset;
import java.nio.charset.CoderResult;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Reads text files strictly: a byte that is not valid in the character set is an error with a line number. */
public final class TextFiles {
    private TextFiles() {}

    /**
     * {@return the whole file as UTF-8 text, without a leading byte order mark}
     *
     * @param file the file
     * @throws InputException if it is missing, unreadable or not UTF-8
     */
    public static String read(Path file) throws IOException {
        return read(file, StandardCharsets.UTF_8);
    }

    /**
     * {@return the whole file as text, without a leading byte order mark}
     *
     * @param file the file
     * @param charset its character set
     * @throws InputException if it is missing, unreadable or not in this character set
     */
    public static String read(Path file, Charset charset) throws IOException {
        if (Files.isDirectory(file)) {
            throw new InputException(file.toString(), "", "is a folder, a file was expected", "");
        }
        byte[] bytes;
        try {
            bytes = Files.readAllBytes(file);
        } catch (NoSuchFileException e) {
            throw new InputException(file.toString(), "", "no such file", "check the path", e);
        } catch (IOException e) {
            throw new InputException(
                    file.toString(), "", "cannot be read: " + e.getMessage(), "check its permissions", e);
        }
        return decode(file.toString(), bytes, charset);
    }

    /**
     * Decodes bytes strictly.
     *
     * @param source what to call them in an error
     * @param bytes the text
     * @param charset its character set
     * @return the text, without a leading byte order mark
     * @throws InputException at the first byte that is not valid, with its line
     */
    public static String decode(String source, byte[] bytes, Charset charset) throws IOException {
        ByteBuffer in = ByteBuffer.wrap(bytes);
        CharBuffer out = CharBuffer.allocate(bytes.length + 1);
        CoderResult result = charset.newDecoder()
                .onMalformedInput(CodingErrorAction.REPORT)
                .onUnmappableCharacter(CodingErrorAction.REPORT)
                .decode(in, out, true);
        if (result.isError()) {
            int line = 1;
            for (int i = 0; i < in.position(); i++) {
                if (bytes[i] == '\n') {
                    line++;
                }
            }
            throw new InputException(
                    source,
                    "line " + line,
                    "byte " + in.position() + " is not valid " + charset.name(),
                    "convert the file to " + charset.name(),
                    new CharacterCodingException());
        }
        out.flip();
        String text = out.toString();
        return text.startsWith("\uFEFF") ? text.substring(1) : text;
    }

    /**
     * {@return the lines of a UTF-8 file; CRLF and LF both end a line, a last line without an end counts}
     *
     * @param file the file
     * @throws InputException if it is missing, unreadable or not UTF-8
     */
    public static List<String> readLines(Path file) throws IOException {
        return lines(read(file));
    }

    /**
     * Splits text at LF or CRLF only, so that exotic separators inside a sentence stay in it.
     *
     * @param text any text
     * @return the lines, without their ends
     */
    public static List<String> lines(String text) {
        List<String> lines = new ArrayList<>();
        int start = 0;
        while (start < text.length()) {
            int end = text.indexOf('\n', start);
            int next = end < 0 ? text.length() : end + 1;
            int stop = end < 0 ? text.length() : end;
            if (stop > start && text.charAt(stop - 1) == '\r') {
                stop--;
            }
            lines.add(text.substring(start, stop));
            start = next;
        }
        return lines;
    }
}
