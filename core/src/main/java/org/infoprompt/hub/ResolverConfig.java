package org.infoprompt.hub;

import java.nio.file.Path;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Which Maven set-up to resolve with.
 *
 * @param userSettings settings.xml of the user; null for Maven's default
 * @param globalSettings settings.xml of the installation; null for that of {@code MAVEN_HOME}, if set
 * @param localRepository cache of artifacts; null for what the settings say
 * @param offline never use the network, whatever the settings say
 * @param properties user properties, as with {@code -D}
 */
public record ResolverConfig(
        @Nullable Path userSettings,
        @Nullable Path globalSettings,
        @Nullable Path localRepository,
        boolean offline,
        Map<String, String> properties) {

    /**
     * Returns what Maven would use when called without options: {@code ~/.m2/settings.xml}, the installation's
     * settings, and the options in the environment variables {@code MAVEN_OPTS} and {@code MAVEN_ARGS}. The system
     * property {@code infoprompt.offline=true} forbids the network.
     *
     * @return the configuration
     */
    public static ResolverConfig fromEnvironment() {
        return MavenEnvironment.read(System.getenv(), Boolean.getBoolean("infoprompt.offline"));
    }

    /** Copies the properties. */
    public ResolverConfig {
        properties = Map.copyOf(properties);
    }
}
