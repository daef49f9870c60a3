package org.infoprompt.ffi.torch;

import java.io.IOException;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Finds LibTorch's files: in the folder that a property names, else in the jars of the JavaCPP preset, extracted by JavaCPP
 * into its own cache. What another program left in that cache is not used by itself: which libraries run must follow from
 * how this one was started.
 */
final class TorchFiles {
    private TorchFiles() {}

    /**
     * The libraries, or why there are none.
     *
     * @param libraries in the order of loading, LibTorch last; empty if there are none
     * @param origin where they were found, or what is missing
     * @param remedy what the user can do; empty if they were found
     */
    record Found(List<Path> libraries, String origin, String remedy) {
        Found {
            libraries = List.copyOf(libraries);
        }

        private static Found missing(String reason, String remedy) {
            return new Found(List.of(), reason, remedy);
        }
    }

    /** Looks for the libraries of a platform; {@code folder} is the property's value. Never throws. */
    static Found find(Platform platform, @Nullable String folder) {
        if (!platform.isKnown()) {
            return Found.missing(
                    "there is no LibTorch preset for " + System.getProperty("os.name") + " on "
                            + System.getProperty("os.arch"),
                    "");
        }
        if (LibTorch.NONE.equals(folder)) {
            return Found.missing("-D" + LibTorch.PATH_PROPERTY + "=" + LibTorch.NONE + " switches LibTorch off", "");
        }
        return folder != null ? inFolder(platform, Path.of(folder)) : inJars(platform);
    }

    private static Found inFolder(Platform platform, Path folder) {
        List<Path> libraries = new ArrayList<>();
        for (String resource : platform.libraries()) {
            Path file = folder.resolve(resource.substring(resource.lastIndexOf('/') + 1));
            if (Files.isRegularFile(file)) {
                libraries.add(file.toAbsolutePath());
            }
        }
        if (endsWithTorch(platform, libraries)) {
            return new Found(libraries, folder.toString(), "");
        }
        return Found.missing(
                "-D" + LibTorch.PATH_PROPERTY + "=" + folder + " has no " + fileName(platform),
                "give the folder that holds LibTorch's libraries");
    }

    private static Found inJars(Platform platform) {
        String resource = platform.libraries().getLast();
        if (LibTorch.class.getClassLoader().getResource(resource) == null) {
            return Found.missing(
                    "the jar with LibTorch for " + platform.name() + " is not there", LibTorch.remedy(platform));
        }
        try {
            return extract(platform);
        } catch (IOException e) {
            return Found.missing(
                    "LibTorch cannot be extracted: " + e,
                    "make room, or choose another folder with -Dorg.bytedeco.javacpp.cachedir=FOLDER");
        } catch (NoClassDefFoundError | ExceptionInInitializerError e) {
            return Found.missing("JavaCPP, which extracts LibTorch, is not there: " + e, LibTorch.remedy(platform));
        }
    }

    private static Found extract(Platform platform) throws IOException {
        List<Path> libraries = new ArrayList<>();
        for (String resource : platform.libraries()) {
            URL url = LibTorch.class.getClassLoader().getResource(resource);
            if (url != null) {
                libraries.add(JavacppCache.file(url));
            }
        }
        return new Found(libraries, String.valueOf(libraries.getLast().getParent()), "");
    }

    private static boolean endsWithTorch(Platform platform, List<Path> libraries) {
        return !libraries.isEmpty() && libraries.getLast().endsWith(fileName(platform));
    }

    private static String fileName(Platform platform) {
        String last = platform.libraries().getLast();
        return last.substring(last.lastIndexOf('/') + 1);
    }
}
