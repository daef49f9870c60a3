package org.infoprompt.hub;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.util.zip.ZipException;
import org.infoprompt.io.AtomicFiles;

/** Writes a stream to a file, whole or not at all, and tells how far it is. */
final class EntryCopy {
    private static final int CHUNK_BYTES = 1 << 16;

    private EntryCopy() {}

    /** Something to check once all bytes have been read, before the file gets its name. */
    @FunctionalInterface
    interface Check {
        void check(long numBytes) throws IOException;
    }

    static void write(
            Path jar, InputStream in, String name, long totalBytes, Path target, ProgressListener listener, Check check)
            throws IOException {
        AtomicFiles.write(target, channel -> {
            long done = copy(jar, in, name, totalBytes, channel, listener);
            check.check(done);
            listener.finished(name, done);
        });
    }

    private static long copy(
            Path jar, InputStream in, String name, long totalBytes, FileChannel channel, ProgressListener listener)
            throws IOException {
        byte[] chunk = new byte[CHUNK_BYTES];
        long done = 0;
        for (int n = read(jar, in, name, chunk); n >= 0; n = read(jar, in, name, chunk)) {
            done += n;
            if (totalBytes >= 0 && done > totalBytes) {
                throw ModelJar.damaged(jar, name + " is longer than its entry says", null);
            }
            for (ByteBuffer buffer = ByteBuffer.wrap(chunk, 0, n); buffer.hasRemaining(); ) {
                channel.write(buffer);
            }
            listener.progressed(name, done, totalBytes);
        }
        return done;
    }

    /** Reads a part; what the archive itself gets wrong must not look like a disk that is full. */
    private static int read(Path jar, InputStream in, String name, byte[] chunk) throws IOException {
        try {
            return in.read(chunk);
        } catch (ZipException | EOFException e) {
            throw ModelJar.damaged(jar, name + ": " + e.getMessage(), e);
        }
    }
}
