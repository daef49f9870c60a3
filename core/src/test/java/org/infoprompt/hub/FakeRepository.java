package org.infoprompt.hub;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Map;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/** A Maven repository in a folder, and user settings that mirror everything to it. */
final class FakeRepository {
    private final Path root;

    FakeRepository(Path root) {
        this.root = root;
    }

    Path jar(String coordinates) {
        String[] parts = coordinates.split(":", -1);
        return root.resolve(parts[0].replace('.', '/'))
                .resolve(parts[1])
                .resolve(parts[2])
                .resolve(parts[1] + "-" + parts[2] + ".jar");
    }

    /** Publishes an artifact with its checksum. */
    Path publish(String coordinates, byte[] content) throws IOException {
        Path jar = jar(coordinates);
        Files.createDirectories(jar.getParent());
        Files.write(jar, content);
        writeChecksum(jar, content);
        return jar;
    }

    static void writeChecksum(Path jar, byte[] content) throws IOException {
        try {
            String sha1 =
                    HexFormat.of().formatHex(MessageDigest.getInstance("SHA-1").digest(content));
            Files.writeString(jar.resolveSibling(jar.getFileName() + ".sha1"), sha1);
        } catch (NoSuchAlgorithmException e) {
            throw new IOException(e);
        }
    }

    /** Writes settings whose only repository is at an address. */
    static ResolverConfig settings(Path folder, String url) throws IOException {
        Path settings = folder.resolve("settings.xml");
        Files.writeString(settings, """
                <settings><mirrors><mirror><id>test</id><mirrorOf>*</mirrorOf><url>%s</url></mirror></mirrors></settings>
                """.formatted(url));
        return new ResolverConfig(settings, null, folder.resolve("local"), false, Map.of());
    }

    ResolverConfig settings(Path folder) throws IOException {
        return settings(folder, root.toUri().toString());
    }

    static byte[] zip(Map<String, byte[]> entries) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ZipOutputStream zip = new ZipOutputStream(bytes, StandardCharsets.UTF_8)) {
            for (Map.Entry<String, byte[]> entry : entries.entrySet()) {
                zip.putNextEntry(new ZipEntry(entry.getKey()));
                zip.write(entry.getValue());
                zip.closeEntry();
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return bytes.toByteArray();
    }
}
