package org.infoprompt.data;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.Charset;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CoderResult;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import org.infoprompt.io.TextFiles;

/** Reads the text of a data file: strict decoding, no NUL bytes, no byte order mark, no blank lines at the end. */
final class DataText {
    private DataText() {}

    static String read(Path file, Charset charset) throws IOException {
        // One byte is one char of Latin-1, so this is the file's bytes with the error messages of the usual reader.
        return decode(
                file.toString(),
                TextFiles.read(file, StandardCharsets.ISO_8859_1).getBytes(StandardCharsets.ISO_8859_1),
                charset);
    }

    static List<String> readLines(Path file, Charset charset) throws IOException {
        return withoutBlankEnd(TextFiles.lines(read(file, charset)));
    }

    static List<String> withoutBlankEnd(List<String> lines) {
        int end = lines.size();
        while (end > 0 && lines.get(end - 1).isBlank()) {
            end--;
        }
        return lines.subList(0, end);
    }

    static String decode(String source, byte[] bytes, Charset charset) throws DataFormatException {
        for (int i = 0; i < bytes.length; i++) {
            if (bytes[i] == 0) {
                throw new DataFormatException(
                        source,
                        "line " + lineOf(bytes, i),
                        "byte " + i + " is NUL, so this is UTF-16 or no text at all",
                        "convert the file to " + charset.name());
            }
        }
        CharBuffer out = CharBuffer.allocate(bytes.length);
        ByteBuffer in = ByteBuffer.wrap(bytes);
        CharsetDecoder decoder = charset.newDecoder()
                .onMalformedInput(CodingErrorAction.REPORT)
                .onUnmappableCharacter(CodingErrorAction.REPORT);
        CoderResult result = decoder.decode(in, out, true);
        if (result.isError()) {
            throw new DataFormatException(
                    source,
                    "line " + lineOf(bytes, in.position()),
                    "byte " + in.position() + " is not valid " + charset.name(),
                    "convert the file to " + charset.name(),
                    new CharacterCodingException());
        }
        String text = out.flip().toString();
        return text.startsWith("\uFEFF") ? text.substring(1) : text;
    }

    private static int lineOf(byte[] bytes, int position) {
        int line = 1;
        for (int i = 0; i < position; i++) {
            if (bytes[i] == '\n') {
                line++;
            }
        }
        return line;
    }
}
