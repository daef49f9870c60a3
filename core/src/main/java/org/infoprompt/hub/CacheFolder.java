package org.infoprompt.hub;

import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;

/** The user's cache folder for what is unpacked from artifacts; it may be deleted at any time. */
public final class CacheFolder {
    private static final String NAME = "infoprompt";

    private CacheFolder() {}

    /**
     * Returns the folder: {@code INFOPROMPT_CACHE} if set, else {@code infoprompt} in the system's place for caches
     * ({@code XDG_CACHE_HOME} or {@code ~/.cache}; {@code ~/Library/Caches}; {@code %LOCALAPPDATA%}).
     *
     * @return the folder, which may not exist yet
     */
    public static Path path() {
        return path(System.getenv(), System.getProperty("os.name", ""), System.getProperty("user.home", "."));
    }

    static Path path(Map<String, String> environment, String osName, String userHome) {
        String own = environment.getOrDefault("INFOPROMPT_CACHE", "");
        if (!own.isEmpty()) {
            return Path.of(own);
        }
        Path home = Path.of(userHome);
        String os = osName.toLowerCase(Locale.ROOT);
        if (os.startsWith("windows")) {
            String local = environment.getOrDefault("LOCALAPPDATA", "");
            return (local.isEmpty() ? home.resolve("AppData").resolve("Local") : Path.of(local))
                    .resolve(NAME)
                    .resolve("cache");
        }
        if (os.startsWith("mac")) {
            return home.resolve("Library").resolve("Caches").resolve(NAME);
        }
        // The XDG specification tells to ignore a relative path.
        String xdg = environment.getOrDefault("XDG_CACHE_HOME", "");
        return (xdg.startsWith("/") ? Path.of(xdg) : home.resolve(".cache")).resolve(NAME);
    }
}
