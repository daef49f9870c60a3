package org.infoprompt.io;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.security.SecureRandom;

/** Writes a file so that its name always holds either the old bytes or all of the new ones, also after a crash. */
public final class AtomicFiles {
    /** Writes the content into an open channel. */
    @FunctionalInterface
    public interface Content {
        /**
         * Writes everything.
         *
         * @param channel the temporary file, open for writing at 0
         * @throws IOException if it cannot be written
         */
        void writeTo(FileChannel channel) throws IOException;
    }

    private static final SecureRandom RANDOM = new SecureRandom();

    private AtomicFiles() {}

    /**
     * Writes to a temporary file beside the target, forces it to disk, then moves it over the target atomically.
     *
     * @param target the file to make or replace; its folder is made if missing
     * @param content writes the bytes
     * @throws InputException if the folder cannot be written or the disk is full; the target is then as before
     */
    public static void write(Path target, Content content) throws IOException {
        Path absolute = target.toAbsolutePath();
        Path folder = absolute.getParent();
        if (folder == null || Files.isDirectory(absolute)) {
            throw new InputException(target.toString(), "", "is a folder, not a file", "name a file to write");
        }
        Path temporary = null;
        try {
            Files.createDirectories(folder);
            temporary = createTemporary(folder, "." + absolute.getFileName() + ".");
            try (FileChannel channel = FileChannel.open(temporary, StandardOpenOption.WRITE)) {
                content.writeTo(channel);
                channel.force(true);
            }
            Files.move(temporary, absolute, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
            temporary = null;
            forceFolder(folder);
        } catch (InputException e) {
            throw e;
        } catch (AccessDeniedException e) {
            throw new InputException(
                    target.toString(), "", "cannot be written: permission denied", "choose another folder", e);
        } catch (FileSystemException e) {
            String reason = e.getReason() == null ? e.getClass().getSimpleName() : e.getReason();
            throw new InputException(target.toString(), "", "cannot be written: " + reason, "choose another folder", e);
        } catch (IOException e) {
            throw new InputException(
                    target.toString(),
                    "",
                    "cannot be written: " + e.getMessage(),
                    "free space or choose another folder",
                    e);
        } finally {
            if (temporary != null) {
                Files.deleteIfExists(temporary);
            }
        }
    }

    /**
     * Writes bytes as {@link #write(Path, Content)} does.
     *
     * @param target the file to make or replace; its folder is made if missing
     * @param bytes all that it will hold
     * @throws InputException if the folder cannot be written or the disk is full; the target is then as before
     */
    public static void write(Path target, byte[] bytes) throws IOException {
        write(target, channel -> {
            ByteBuffer left = ByteBuffer.wrap(bytes);
            while (left.hasRemaining()) {
                channel.write(left);
            }
        });
    }

    /** Unlike {@link Files#createTempFile}, gives the file the permissions any new file of the user gets. */
    private static Path createTemporary(Path folder, String start) throws IOException {
        while (true) {
            Path file = folder.resolve(start + Long.toUnsignedString(RANDOM.nextLong(), 36) + ".tmp");
            try {
                return Files.createFile(file);
            } catch (FileAlreadyExistsException e) {
                System.getLogger(AtomicFiles.class.getName())
                        .log(System.Logger.Level.DEBUG, "{0} is taken, another name is tried", file);
            }
        }
    }

    /** A rename survives a power cut only once its folder is on disk; not every system can open a folder. */
    private static void forceFolder(Path folder) {
        try (FileChannel channel = FileChannel.open(folder, StandardOpenOption.READ)) {
            channel.force(true);
        } catch (IOException e) {
            System.getLogger(AtomicFiles.class.getName())
                    .log(System.Logger.Level.DEBUG, "folder {0} cannot be forced to disk: {1}", folder, e.getMessage());
        }
    }
}
