package org.infoprompt.weights;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;

/** SHA-256 over files. */
public final class FileHashes {
    private static final int BUFFER_BYTES = 1 << 20;

    private FileHashes() {}

    /**
     * Hashes the bytes of files, one after the other.
     *
     * @param files the files
     * @return lower-case hex
     * @throws IOException if one cannot be read
     */
    public static String sha256(List<Path> files) throws IOException {
        MessageDigest digest;
        try {
            digest = MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
        long longest = 1;
        for (Path file : files) {
            longest = Math.max(longest, Files.size(file));
        }
        // Freed here and not by the next collection: a server hashes each prompt that it loads, and what waits for a
        // collection would
        // add up until the virtual machine forces a full one.
        try (Arena arena = Arena.ofConfined()) {
            ByteBuffer buffer = arena.allocate(Math.min(BUFFER_BYTES, longest)).asByteBuffer();
            for (Path file : files) {
                try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
                    while (channel.read(buffer.clear()) >= 0) {
                        digest.update(buffer.flip());
                    }
                }
            }
        }
        return HexFormat.of().formatHex(digest.digest());
    }
}
