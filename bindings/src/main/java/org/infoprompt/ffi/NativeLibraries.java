package org.infoprompt.ffi;

import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.io.StringReader;
import java.lang.System.Logger.Level;
import java.nio.charset.StandardCharsets;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Locale;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Finds the project's own native libraries and loads each once. Looked at in this order: {@code -Dinfoprompt.native.path}, a
 * file or folder, and nothing else if it is set; the folders of {@code java.library.path}; the jar of this platform, whose library
 * is copied to the user's cache folder under the hash of its content.
 */
public final class NativeLibraries {
    /** The system property with the library's file or folder, or {@link #NONE}. */
    public static final String PATH_PROPERTY = "infoprompt.native.path";

    /** The property's value that switches native libraries off. */
    public static final String NONE = "none";

    private static final String RESOURCES = "org/infoprompt/native/";
    private static final Map<String, NativeLibrary> LIBRARIES = new ConcurrentHashMap<>();

    private NativeLibraries() {}

    /**
     * {@return a library, loaded once for the whole process; says why if it cannot be used}
     *
     * @param name its name without the system's prefix and suffix
     */
    public static NativeLibrary load(String name) {
        return LIBRARIES.computeIfAbsent(name, NativeLibraries::find);
    }

    private static NativeLibrary find(String name) {
        String file = System.mapLibraryName(name);
        String asked = System.getProperty(PATH_PROPERTY, "");
        NativeLibrary found;
        if (asked.equals(NONE)) {
            found = NativeLibrary.absent("-D" + PATH_PROPERTY + "=" + NONE + " switches native code off", "");
        } else if (!asked.isEmpty()) {
            found = byPath(asked, file);
        } else {
            Path onPath = onLibraryPath(file);
            found = onPath != null ? open(onPath) : fromJar(file);
        }
        System.getLogger(NativeLibraries.class.getName()).log(Level.DEBUG, name + ": " + found.text());
        return found;
    }

    private static NativeLibrary byPath(String asked, String file) {
        try {
            Path path = Path.of(asked);
            return open(Files.isDirectory(path) ? path.resolve(file) : path);
        } catch (InvalidPathException e) {
            return NativeLibrary.absent("-D" + PATH_PROPERTY + "=" + asked + " is not a path", "");
        }
    }

    private static @Nullable Path onLibraryPath(String file) {
        for (String folder : System.getProperty("java.library.path", "").split(File.pathSeparator, -1)) {
            if (!folder.isEmpty()) {
                Path path = Path.of(folder, file);
                if (Files.isRegularFile(path)) {
                    return path;
                }
            }
        }
        return null;
    }

    private static NativeLibrary fromJar(String file) {
        String folder = RESOURCES + platform() + "/";
        byte[] content;
        try (InputStream in = ClassLoader.getSystemResourceAsStream(folder + file)) {
            if (in == null) {
                return notBuilt(folder);
            }
            content = in.readAllBytes();
        } catch (IOException e) {
            return NativeLibrary.absent("the jar's " + file + " cannot be read: " + e, "");
        }
        try {
            return open(unpack(content, file));
        } catch (IOException e) {
            return NativeLibrary.absent(
                    file + " cannot be unpacked: " + e,
                    "make the cache folder writable or set INFOPROMPT_CACHE to one");
        }
    }

    private static NativeLibrary notBuilt(String folder) {
        Properties note = new Properties();
        try (InputStream in = ClassLoader.getSystemResourceAsStream(folder + "build.properties")) {
            if (in != null) {
                note.load(new StringReader(new String(in.readAllBytes(), StandardCharsets.UTF_8)));
            }
        } catch (IOException e) {
            return NativeLibrary.absent("the jar's build note cannot be read: " + e, "");
        }
        return NativeLibrary.absent(
                note.getProperty("reason", "no library for " + platform() + " is on the class path"),
                note.getProperty("remedy", ""));
    }

    /** {@return this machine's system and processor, as the jars' classifiers name them} */
    public static String platform() {
        String os = System.getProperty("os.name", "").toLowerCase(Locale.ROOT);
        String system = os.startsWith("mac") ? "macosx" : os.startsWith("windows") ? "windows" : "linux";
        String arch = System.getProperty("os.arch", "");
        return system + "-" + (arch.equals("amd64") ? "x86_64" : arch);
    }

    /** Returns the file in the cache that has exactly this content, writing it if it is not there. */
    static Path unpack(byte[] content, String file) throws IOException {
        return unpack(content, file, CacheRoot.path());
    }

    static Path unpack(byte[] content, String file, Path cache) throws IOException {
        Path folder = cache.resolve("native").resolve(hash(content));
        Path target = folder.resolve(file);
        if (Files.isRegularFile(target) && Arrays.equals(Files.readAllBytes(target), content)) {
            return target;
        }
        Files.createDirectories(folder);
        Path temporary = Files.createTempFile(folder, file, ".tmp");
        try {
            Files.write(temporary, content);
            try {
                Files.move(temporary, target, StandardCopyOption.ATOMIC_MOVE);
            } catch (AtomicMoveNotSupportedException e) {
                Files.move(temporary, target, StandardCopyOption.REPLACE_EXISTING);
            }
        } finally {
            Files.deleteIfExists(temporary);
        }
        return target;
    }

    private static String hash(byte[] content) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(content);
            return HexFormat.of().formatHex(digest, 0, 12);
        } catch (NoSuchAlgorithmException e) {
            throw new LinkageError("every Java platform has SHA-256", e);
        }
    }

    private static NativeLibrary open(Path path) {
        if (!Files.isRegularFile(path)) {
            return NativeLibrary.absent("there is no file " + path, "");
        }
        try {
            return new NativeLibrary(Downcalls.open(path), path.toString(), "");
        } catch (IllegalCallerException e) {
            return NativeLibrary.absent(
                    "native access is denied to " + moduleName(),
                    "start java with --enable-native-access=" + moduleName());
        } catch (IllegalArgumentException e) {
            return NativeLibrary.absent(path + " cannot be loaded: " + e.getMessage(), "");
        }
    }

    private static String moduleName() {
        String name = NativeLibraries.class.getModule().getName();
        return name == null ? "ALL-UNNAMED" : name;
    }
}
