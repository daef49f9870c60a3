package org.infoprompt.weights;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Locale;

/** A file mapped read-only as a whole, and the arena that owns the mapping and whatever is derived from it. */
final class MappedFile implements AutoCloseable {
    private static final String CONVERT = "convert the model to model.safetensors, which holds numbers only";

    private static final int ZIP_MAGIC = 0x04034B50;

    private final Arena arena;
    private final MemorySegment bytes;

    private MappedFile(Arena arena, MemorySegment bytes) {
        this.arena = arena;
        this.bytes = bytes;
    }

    /** Maps a file; a pickle is refused by its name or its first bytes and never read further. */
    static MappedFile open(Path path) throws IOException {
        String source = path.toString();
        refusePickleName(path);
        if (Files.isDirectory(path)) {
            throw new WeightFormatException(
                    source, "", "is a folder, a weight file was expected", "name the file in it");
        }
        Arena arena = Arena.ofShared();
        boolean done = false;
        try (FileChannel channel = FileChannel.open(path, StandardOpenOption.READ)) {
            MemorySegment bytes = channel.map(FileChannel.MapMode.READ_ONLY, 0, channel.size(), arena);
            refuseZip(source, bytes);
            done = true;
            return new MappedFile(arena, bytes);
        } catch (WeightFormatException e) {
            throw e;
        } catch (NoSuchFileException e) {
            throw new WeightFormatException(source, "", "no such file", "check the path", e);
        } catch (IOException e) {
            String reason = e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
            throw new WeightFormatException(source, "", "cannot be read: " + reason, "check its permissions", e);
        } finally {
            if (!done) {
                arena.close();
            }
        }
    }

    static void refusePickleName(Path path) throws WeightFormatException {
        Path last = path.getFileName();
        String name = last == null ? "" : last.toString().toLowerCase(Locale.ROOT);
        if (name.endsWith(".bin")
                || name.endsWith(".pt")
                || name.endsWith(".pth")
                || name.endsWith(".ckpt")
                || name.endsWith(".pkl")) {
            throw new WeightFormatException(
                    path.toString(), "", "is a pickle, which can run code and is never opened", CONVERT);
        }
    }

    private static void refuseZip(String source, MemorySegment bytes) throws WeightFormatException {
        if (bytes.byteSize() < 4) {
            return;
        }
        if (bytes.get(ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN), 0) == ZIP_MAGIC) {
            throw new WeightFormatException(source, "", "is a zip archive or a PyTorch pickle, not weights", CONVERT);
        }
    }

    MemorySegment bytes() {
        return bytes;
    }

    Arena arena() {
        return arena;
    }

    @Override
    public void close() {
        if (arena.scope().isAlive()) {
            arena.close();
        }
    }
}
