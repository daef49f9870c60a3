package org.infoprompt.hub;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.infoprompt.io.AtomicFiles;
import org.infoprompt.io.TextFiles;
import org.infoprompt.weights.FileHashes;

/**
 * Which files of a folder had which hash when they were last read as a whole, so that a start does not read hundreds of megabytes
 * again. A file counts as unchanged if its size, its identity and the times of its last change of content and of attributes are the
 * same; whoever writes to a file or replaces it changes one of them, also where the time of the content is set back. After thirty
 * days all files are read again, because disks decay.
 *
 * <p>{@code files.checked} beside the files: a line with the time of the check, then for each file hash, state and name.
 */
final class CheckedFiles {
    static final String NAME = "files.checked";

    private static final Duration VALID = Duration.ofDays(30);
    /** A file that was changed a moment ago might be changed again within the clock's grain. */
    private static final Duration SETTLED = Duration.ofSeconds(2);

    private final Path folder;
    private final Map<String, String> known = new TreeMap<>();
    private final Map<String, String> now = new TreeMap<>();
    private final Instant time;
    private Instant checked;
    private boolean anew;

    private CheckedFiles(Path folder, Instant time) {
        this.folder = folder;
        this.time = time;
        checked = time;
    }

    /** Reads what is known about a folder's files; what cannot be read is unknown. */
    static CheckedFiles of(Path folder) {
        return of(folder, Instant.now());
    }

    /** The same at a given time. */
    static CheckedFiles of(Path folder, Instant time) {
        CheckedFiles files = new CheckedFiles(folder, time);
        Path record = folder.resolve(NAME);
        if (!Files.isRegularFile(record)) {
            return files;
        }
        try {
            List<String> lines = TextFiles.readLines(record);
            Instant then = Instant.ofEpochSecond(Long.parseLong(lines.getFirst()));
            if (then.isAfter(files.time) || then.plus(VALID).isBefore(files.time)) {
                return files;
            }
            for (String line : lines.subList(1, lines.size())) {
                files.known.put(line.substring(line.lastIndexOf(' ') + 1), line);
            }
            files.checked = then;
        } catch (IOException | RuntimeException e) {
            files.known.clear();
        }
        return files;
    }

    /** Returns whether a file has a hash, reading it only if that is not known. */
    boolean hasHash(String name, String hash) throws IOException {
        Path file = folder.resolve(name);
        String line = hash + " " + state(file) + " " + name;
        if (line.equals(known.get(name))) {
            now.put(name, line);
            return true;
        }
        if (!hash.equals(FileHashes.sha256(List.of(file)))) {
            return false;
        }
        anew = true;
        Instant written = Files.getLastModifiedTime(file).toInstant();
        Instant settled = time.minus(SETTLED);
        // Either time: that of the content can be set, that of the attributes some file systems do not keep.
        if (written.isBefore(settled)
                && Instant.ofEpochSecond(0, changedNanos(file)).isBefore(settled)
                && line.equals(hash + " " + state(file) + " " + name)) {
            now.put(name, line);
        }
        return true;
    }

    private static String state(Path file) throws IOException {
        BasicFileAttributes attributes = Files.readAttributes(file, BasicFileAttributes.class);
        return attributes.size() + ":" + attributes.lastModifiedTime().to(TimeUnit.NANOSECONDS) + ":"
                + changedNanos(file) + ":"
                + String.valueOf(attributes.fileKey()).replace(' ', '_');
    }

    /** Returns when content or attributes changed last, since 1970; 0 on a file system that keeps no such time. */
    private static long changedNanos(Path file) throws IOException {
        try {
            return Files.getAttribute(file, "unix:ctime") instanceof FileTime changed
                    ? changed.to(TimeUnit.NANOSECONDS)
                    : 0;
        } catch (UnsupportedOperationException | IllegalArgumentException e) {
            return 0;
        }
    }

    /** Keeps what was found out, if anything was; a folder that cannot be written is checked again next time. */
    void save() {
        if (!anew || now.isEmpty()) {
            return;
        }
        Instant when = known.isEmpty() ? time : checked;
        String text = when.getEpochSecond() + "\n" + String.join("\n", now.values()) + "\n";
        try {
            AtomicFiles.write(folder.resolve(NAME), text.getBytes(StandardCharsets.UTF_8));
        } catch (IOException e) {
            System.getLogger(CheckedFiles.class.getName())
                    .log(System.Logger.Level.DEBUG, "{0} cannot be written: {1}", folder.resolve(NAME), e.getMessage());
        }
    }
}
