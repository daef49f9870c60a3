package org.infoprompt.hub;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import org.infoprompt.io.AtomicFiles;
import org.infoprompt.io.InputException;
import org.infoprompt.io.TextFiles;
import org.infoprompt.weights.FileHashes;
import org.jspecify.annotations.Nullable;

/**
 * The model files of a jar, unpacked so that they can be memory-mapped. {@code files.sha256} beside them is written last
 * and records the jar's size and, for each file, hash and size; what does not agree with it is unpacked again. Files that have not
 * changed since they were last read as a whole are not read again ({@link CheckedFiles}).
 *
 * @param folder a model folder
 * @param hashes file name to SHA-256
 */
record ExtractedModel(Path folder, SortedMap<String, String> hashes) {
    private static final String MANIFEST = "files.sha256";
    private static final String LOCK = ".lock";
    /** A file lock belongs to the process; its threads take turns here. */
    private static final Object THREADS = new Object();

    /** Returns the files that are in a folder already, whatever has become of their jar; null if not all are. */
    static @Nullable ExtractedModel known(Path folder) throws IOException {
        return verified(null, folder);
    }

    /** Returns the files of a jar, unpacking them if the folder does not have them yet. */
    static ExtractedModel of(Path jar, Path folder, ProgressListener listener) throws IOException {
        ExtractedModel known = verified(jar, folder);
        if (known != null) {
            return known;
        }
        synchronized (THREADS) {
            createFolder(folder);
            try (FileChannel channel = openLock(folder);
                    FileLock lock = channel.lock()) {
                known = lock.isValid() ? verified(jar, folder) : null;
                return known == null ? extract(jar, folder, listener) : known;
            }
        }
    }

    private static ExtractedModel extract(Path jar, Path folder, ProgressListener listener) throws IOException {
        StringBuilder manifest = new StringBuilder(firstLine(jar)).append('\n');
        SortedMap<String, String> hashes = new TreeMap<>();
        try (ModelJar model = ModelJar.open(jar)) {
            for (String name : model.extract(folder, listener)) {
                Path target = folder.resolve(name);
                String hash = FileHashes.sha256(List.of(target));
                hashes.put(name, hash);
                manifest.append(hash)
                        .append(' ')
                        .append(Files.size(target))
                        .append(' ')
                        .append(name)
                        .append('\n');
            }
        }
        AtomicFiles.write(folder.resolve(MANIFEST), manifest.toString().getBytes(StandardCharsets.UTF_8));
        return new ExtractedModel(folder, hashes);
    }

    /** Returns the files if all of them, and the jar if one is given, are as recorded, else null. */
    private static @Nullable ExtractedModel verified(@Nullable Path jar, Path folder) throws IOException {
        Path manifest = folder.resolve(MANIFEST);
        if (!Files.isRegularFile(manifest)) {
            return null;
        }
        List<String> lines;
        try {
            lines = TextFiles.readLines(manifest);
        } catch (InputException e) {
            return unusable(manifest, e);
        }
        if (lines.size() < 2 || (jar != null && !lines.getFirst().equals(firstLine(jar)))) {
            return null;
        }
        SortedMap<String, String> hashes = new TreeMap<>();
        CheckedFiles checked = CheckedFiles.of(folder);
        for (String line : lines.subList(1, lines.size())) {
            String[] parts = line.split(" ", 3);
            if (parts.length != 3 || parts[2].contains("/") || parts[2].contains("\\")) {
                return null;
            }
            Path file = folder.resolve(parts[2]);
            try {
                if (!parts[1].equals(Long.toString(Files.size(file))) || !checked.hasHash(parts[2], parts[0])) {
                    return null;
                }
            } catch (IOException e) {
                return unusable(file, e);
            }
            hashes.put(parts[2], parts[0]);
        }
        checked.save();
        return new ExtractedModel(folder, hashes);
    }

    private static @Nullable ExtractedModel unusable(Path file, IOException e) {
        System.getLogger(ExtractedModel.class.getName())
                .log(System.Logger.Level.DEBUG, "{0} is unpacked again: {1}", file, e.getMessage());
        return null;
    }

    private static String firstLine(Path jar) throws IOException {
        return "jar " + Files.size(jar) + " " + jar.getFileName();
    }

    private static void createFolder(Path folder) throws InputException {
        try {
            Files.createDirectories(folder);
        } catch (IOException e) {
            throw notWritable(folder, e);
        }
    }

    private static FileChannel openLock(Path folder) throws IOException {
        try {
            return FileChannel.open(folder.resolve(LOCK), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        } catch (FileSystemException e) {
            throw notWritable(folder, e);
        }
    }

    private static InputException notWritable(Path folder, IOException e) {
        return new InputException(
                folder.toString(),
                "",
                "the cache folder cannot be written: " + e.getClass().getSimpleName(),
                "set INFOPROMPT_CACHE to a folder that can",
                e);
    }
}
