package org.infoprompt.hub;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Reads from the environment what the {@code mvn} command reads from it. */
final class MavenEnvironment {
    private static final Pattern SPACE = Pattern.compile("\\s+");

    private MavenEnvironment() {}

    static ResolverConfig read(Map<String, String> environment, boolean offline) {
        List<String> options = Stream.of("MAVEN_OPTS", "MAVEN_ARGS")
                .flatMap(name -> SPACE.splitAsStream(environment.getOrDefault(name, "")))
                .filter(option -> !option.isEmpty())
                .toList();
        Map<String, String> properties = new HashMap<>();
        boolean off = offline;
        Path user = null;
        Path global = null;
        for (int i = 0; i < options.size(); i++) {
            String option = options.get(i);
            String next = i + 1 < options.size() ? options.get(i + 1) : "";
            switch (option) {
                case "-o", "--offline" -> off = true;
                case "-s", "--settings" -> user = path(next);
                case "-gs", "--global-settings" -> global = path(next);
                default -> addProperty(option, properties);
            }
        }
        return new ResolverConfig(
                user, global == null ? installedSettings(environment) : global, null, off, properties);
    }

    private static void addProperty(String option, Map<String, String> properties) {
        int equals = option.indexOf('=');
        if (option.startsWith("-D") && equals > 2) {
            properties.put(option.substring(2, equals), option.substring(equals + 1));
        }
    }

    /** Finds conf/settings.xml of {@code MAVEN_HOME} or of the {@code mvn} on the path. */
    private static @Nullable Path installedSettings(Map<String, String> environment) {
        Path home = path(environment.getOrDefault("MAVEN_HOME", ""));
        if (home == null) {
            for (String folder : environment.getOrDefault("PATH", "").split(Pattern.quote(File.pathSeparator), -1)) {
                home = home == null ? homeOfCommand(path(folder)) : home;
            }
        }
        Path settings = home == null ? null : home.resolve("conf").resolve("settings.xml");
        return settings != null && Files.isReadable(settings) ? settings : null;
    }

    private static @Nullable Path homeOfCommand(@Nullable Path folder) {
        Path command = folder == null ? null : folder.resolve("mvn");
        if (command == null || !Files.isExecutable(command)) {
            return null;
        }
        try {
            Path bin = command.toRealPath().getParent();
            return bin == null ? null : bin.getParent();
        } catch (IOException e) {
            System.getLogger(MavenEnvironment.class.getName())
                    .log(System.Logger.Level.DEBUG, "{0} is passed over: {1}", command, e.getMessage());
            return null;
        }
    }

    private static @Nullable Path path(String text) {
        try {
            return text.isEmpty() ? null : Path.of(text);
        } catch (InvalidPathException e) {
            return null;
        }
    }
}
