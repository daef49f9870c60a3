package org.infoprompt.hub;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.infoprompt.io.InputException;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ArtifactResolverTest {
    private static final String COORDINATES = "org.example:thing:1.0";
    private static final byte[] CONTENT = "the artifact".getBytes(StandardCharsets.UTF_8);

    @TempDir
    Path folder;

    private FakeRepository repository = new FakeRepository(Path.of(""));

    @BeforeEach
    void makeRepository() {
        repository = new FakeRepository(folder.resolve("remote"));
    }

    @Test
    void fetchesOnceWithProgressAndThenNeedsNoRepository() throws IOException {
        repository.publish(COORDINATES, CONTENT);
        List<String> heard = new ArrayList<>();
        ProgressListener listener = new ProgressListener() {
            @Override
            public void progressed(String resource, long doneBytes, long totalBytes) {
                heard.add(resource + " " + doneBytes + "/" + totalBytes);
            }

            @Override
            public void finished(String resource, long totalBytes) {
                heard.add(resource + " " + totalBytes);
            }
        };
        ResolverConfig config = repository.settings(folder);
        Path file;
        try (ArtifactResolver resolver = ArtifactResolver.create(config)) {
            assertThat(resolver.cached(COORDINATES)).isEmpty();
            file = resolver.resolve(COORDINATES, listener);
            assertThat(file).startsWith(folder.resolve("local")).hasBinaryContent(CONTENT);
            assertThat(resolver.cached(COORDINATES)).contains(file);
        }
        assertThat(heard).contains("thing-1.0.jar 0/12").endsWith("thing-1.0.jar 12");
        heard.clear();
        Files.delete(repository.jar(COORDINATES));
        try (ArtifactResolver resolver = ArtifactResolver.create(config)) {
            assertThat(resolver.resolve(COORDINATES, listener)).isEqualTo(file);
        }
        assertThat(heard).isEmpty();
    }

    @Test
    void refusesADamagedDownloadAndKeepsNothingOfIt() throws IOException {
        Path jar = repository.publish(COORDINATES, CONTENT);
        FakeRepository.writeChecksum(jar, new byte[] {1});
        try (ArtifactResolver resolver = ArtifactResolver.create(repository.settings(folder))) {
            assertThatThrownBy(() -> resolver.resolve(COORDINATES, ProgressListener.none()))
                    .isInstanceOf(InputException.class)
                    .hasMessageContaining(COORDINATES)
                    .hasMessageContaining("damaged");
            assertThat(resolver.cached(COORDINATES)).isEmpty();
            FakeRepository.writeChecksum(jar, CONTENT);
            assertThat(resolver.resolve(COORDINATES, ProgressListener.none())).hasBinaryContent(CONTENT);
        }
    }

    @Test
    void refusesADownloadWithoutAnyChecksum() throws IOException {
        Path jar = repository.publish(COORDINATES, CONTENT);
        Files.delete(jar.resolveSibling(jar.getFileName() + ".sha1"));
        assertFails(repository.settings(folder), "damaged");
    }

    @Test
    void saysWhenTheArtifactIsUnknown() throws IOException {
        Files.createDirectories(folder.resolve("remote"));
        assertFails(repository.settings(folder), "no repository has it");
        repository.publish(COORDINATES, CONTENT);
        try (ArtifactResolver resolver = ArtifactResolver.create(repository.settings(folder))) {
            assertThat(resolver.resolve(COORDINATES, ProgressListener.none())).hasBinaryContent(CONTENT);
        }
    }

    @Test
    void saysWhenNoRepositoryCanBeReached() throws IOException {
        int port;
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = socket.getLocalPort();
        }
        assertFails(
                FakeRepository.settings(folder, "http://127.0.0.1:" + port + "/"),
                "no repository can be reached",
                "mvn dependency:get -Dtransitive=false -Dartifact=" + COORDINATES,
                "--model DIR");
    }

    @Test
    void offlineModeComesFromSettingsOrFromTheCaller() throws IOException {
        repository.publish(COORDINATES, CONTENT);
        ResolverConfig online = repository.settings(folder);
        assertFails(
                new ResolverConfig(online.userSettings(), null, online.localRepository(), true, Map.of()),
                "Maven is offline");
        Path settings =
                Files.writeString(folder.resolve("offline.xml"), "<settings><offline>true</offline></settings>");
        assertFails(new ResolverConfig(settings, null, online.localRepository(), false, Map.of()), "Maven is offline");
    }

    @Test
    void refusesMalformedCoordinatesAndSettings() throws IOException {
        try (ArtifactResolver resolver = ArtifactResolver.create(repository.settings(folder))) {
            assertThatThrownBy(() -> resolver.resolve("a:b", ProgressListener.none()))
                    .isInstanceOf(InputException.class)
                    .hasMessageContaining("group:artifact:version");
        }
        Path settings = Files.writeString(folder.resolve("bad.xml"), "<settings><mirrors></settings>");
        assertThatThrownBy(() -> ArtifactResolver.create(new ResolverConfig(settings, null, null, false, Map.of())))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("settings");
    }

    @Test
    void readsTheOptionsThatMavenReads() throws IOException {
        Path home = Files.createDirectories(folder.resolve("maven"));
        Path installed = Files.createDirectories(home.resolve("conf")).resolve("settings.xml");
        Files.writeString(installed, "<settings/>");
        ResolverConfig config = MavenEnvironment.read(
                Map.of(
                        "MAVEN_HOME", home.toString(),
                        "MAVEN_OPTS", "-Xmx1g -Dmaven.repo.local=/x  -Dflag",
                        "MAVEN_ARGS", "-B -o -s own.xml"),
                false);
        assertThat(config.offline()).isTrue();
        assertThat(config.userSettings()).isEqualTo(Path.of("own.xml"));
        assertThat(config.globalSettings()).isEqualTo(installed);
        assertThat(config.properties()).containsExactly(Map.entry("maven.repo.local", "/x"));
        assertThat(MavenEnvironment.read(Map.of("PATH", folder.toString()), false))
                .isEqualTo(new ResolverConfig(null, null, null, false, Map.of()));
    }

    private static void assertFails(ResolverConfig config, String... parts) throws InputException {
        try (ArtifactResolver resolver = ArtifactResolver.create(config)) {
            assertThatThrownBy(() -> resolver.resolve(COORDINATES, ProgressListener.none()))
                    .isInstanceOf(InputException.class)
                    .hasMessageContaining(COORDINATES)
                    .hasMessageContainingAll(parts)
                    .hasMessageNotContaining("\n");
        }
    }
}
