package org.infoprompt.hub;

import eu.maveniverse.maven.mima.context.Context;
import eu.maveniverse.maven.mima.context.ContextOverrides;
import java.io.File;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.eclipse.aether.DefaultRepositorySystemSession;
import org.eclipse.aether.artifact.Artifact;
import org.eclipse.aether.artifact.DefaultArtifact;
import org.eclipse.aether.repository.LocalArtifactRequest;
import org.eclipse.aether.repository.LocalArtifactResult;
import org.eclipse.aether.resolution.ArtifactRequest;
import org.eclipse.aether.resolution.ArtifactResolutionException;
import org.eclipse.aether.util.repository.SimpleResolutionErrorPolicy;
import org.infoprompt.io.InputException;

/**
 * Fetches single Maven artifacts, without their dependencies, the way the user's own Maven does: with its settings,
 * mirrors, credentials, proxies, local repository and offline mode. A download whose checksum is wrong or missing is
 * refused; what is in the local repository is used without the network.
 *
 * <p>Thread-safe. Built on Maven Resolver through MIMA.
 */
public final class ArtifactResolver implements AutoCloseable {
    private static final String CONNECT_TIMEOUT = "aether.connector.connectTimeout";
    private static final String REQUEST_TIMEOUT = "aether.connector.requestTimeout";

    private final Context context;
    private final boolean offline;

    private ArtifactResolver(Context context, boolean offline) {
        this.context = context;
        this.offline = offline;
    }

    /**
     * Creates a resolver with what the environment says.
     *
     * @return the resolver, to be closed by the caller
     * @throws InputException if the settings cannot be used
     * @see ResolverConfig#fromEnvironment
     */
    public static ArtifactResolver create() throws InputException {
        return create(ResolverConfig.fromEnvironment());
    }

    /**
     * Creates a resolver.
     *
     * @param config which Maven set-up to use
     * @return the resolver, to be closed by the caller
     * @throws InputException if the settings cannot be used
     */
    public static ArtifactResolver create(ResolverConfig config) throws InputException {
        ContextOverrides.Builder overrides = ContextOverrides.create()
                .withUserSettings(true)
                .userProperties(config.properties())
                .configProperties(timeouts(config.properties()))
                .checksumPolicy(ContextOverrides.ChecksumPolicy.FAIL)
                .ignoreArtifactDescriptorRepositories(true);
        if (config.userSettings() != null) {
            overrides.withUserSettingsXmlOverride(config.userSettings());
        }
        if (config.globalSettings() != null) {
            overrides.withGlobalSettingsXmlOverride(config.globalSettings());
        }
        if (config.localRepository() != null) {
            overrides.withLocalRepositoryOverride(config.localRepository());
        }
        try {
            SettingsAwareRuntime runtime = new SettingsAwareRuntime();
            Context context = runtime.create(overrides.build());
            return new ArtifactResolver(context, config.offline() || runtime.isOffline());
        } catch (IllegalStateException | IllegalArgumentException e) {
            throw new InputException(
                    "Maven settings",
                    "",
                    "cannot be used: " + ResolutionErrors.rootMessage(e),
                    "correct settings.xml",
                    e);
        }
    }

    /** A dead route must not look like a hanging program; Maven itself would wait for half an hour. */
    private static Map<String, Object> timeouts(Map<String, String> properties) {
        Map<String, Object> timeouts = new HashMap<>(properties);
        timeouts.putIfAbsent(CONNECT_TIMEOUT, 10_000);
        timeouts.putIfAbsent(REQUEST_TIMEOUT, 60_000);
        return timeouts;
    }

    /**
     * Returns the artifact's file, downloading it if the local repository does not have it.
     *
     * @param coordinates {@code group:artifact:version} or {@code group:artifact:extension[:classifier]:version}
     * @param listener hears the download
     * @return the file in the local repository
     * @throws InputException if the coordinates are malformed, the artifact is unknown, its checksum is wrong, or no
     *     repository can be reached
     */
    public Path resolve(String coordinates, ProgressListener listener) throws InputException {
        Artifact artifact = artifact(coordinates);
        DefaultRepositorySystemSession session = new DefaultRepositorySystemSession(context.repositorySystemSession());
        session.setOffline(offline);
        session.setTransferListener(new TransferProgress(listener));
        // A failure from yesterday must not be reported today without another try.
        session.setResolutionErrorPolicy(new SimpleResolutionErrorPolicy(false, false));
        ArtifactRequest request = new ArtifactRequest(artifact, context.remoteRepositories(), null);
        try {
            File file = context.repositorySystem()
                    .resolveArtifact(session, request)
                    .getArtifact()
                    .getFile();
            return file.toPath();
        } catch (ArtifactResolutionException e) {
            throw ResolutionErrors.describe(coordinates, e);
        }
    }

    /**
     * Looks for an artifact in the local repository only.
     *
     * @param coordinates as for {@link #resolve}
     * @return its file, if it has been downloaded before
     * @throws InputException if the coordinates are malformed
     */
    public Optional<Path> cached(String coordinates) throws InputException {
        LocalArtifactRequest request =
                new LocalArtifactRequest(artifact(coordinates), context.remoteRepositories(), null);
        LocalArtifactResult result = context.repositorySystemSession()
                .getLocalRepositoryManager()
                .find(context.repositorySystemSession(), request);
        File file = result.getFile();
        return result.isAvailable() && file != null ? Optional.of(file.toPath()) : Optional.empty();
    }

    /**
     * Returns the local Maven repository.
     *
     * @return its folder, which may not exist yet
     */
    public Path localRepository() {
        return context.repositorySystemSession()
                .getLocalRepository()
                .getBasedir()
                .toPath();
    }

    private static Artifact artifact(String coordinates) throws InputException {
        try {
            return new DefaultArtifact(coordinates);
        } catch (IllegalArgumentException e) {
            throw new InputException(
                    coordinates, "", "is not group:artifact:version", "give Maven coordinates or a folder", e);
        }
    }

    /** Releases connections; idempotent. */
    @Override
    public void close() {
        context.close();
    }
}
