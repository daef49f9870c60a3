package org.infoprompt.ffi;

import java.nio.file.Path;
import java.util.Locale;

/** The user's cache folder, as core's {@code hub.CacheFolder} finds it; this module must not know that one. */
final class CacheRoot {
    private static final String NAME = "infoprompt";

    private CacheRoot() {}

    static Path path() {
        String own = environment("INFOPROMPT_CACHE");
        if (!own.isEmpty()) {
            return Path.of(own);
        }
        Path home = Path.of(System.getProperty("user.home", "."));
        String os = System.getProperty("os.name", "").toLowerCase(Locale.ROOT);
        if (os.startsWith("windows")) {
            String local = environment("LOCALAPPDATA");
            return (local.isEmpty() ? home.resolve("AppData").resolve("Local") : Path.of(local))
                    .resolve(NAME)
                    .resolve("cache");
        }
        if (os.startsWith("mac")) {
            return home.resolve("Library").resolve("Caches").resolve(NAME);
        }
        String xdg = environment("XDG_CACHE_HOME");
        return (xdg.startsWith("/") ? Path.of(xdg) : home.resolve(".cache")).resolve(NAME);
    }

    private static String environment(String name) {
        String value = System.getenv(name);
        return value == null ? "" : value;
    }
}
