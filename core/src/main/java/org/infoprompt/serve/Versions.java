package org.infoprompt.serve;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** A registered prompt: the version that is served and the one before it. Guarded by itself where it changes. */
final class Versions {
    /**
     * What tells that a folder holds something else than before: the state of the file that is written last.
     *
     * @param file the file
     * @param modified its time, in nanoseconds
     * @param size its size
     * @param key its identity in the file system
     * @param tensors size and time of the tensors beside it
     */
    record Signature(Path file, long modified, long size, String key, long tensors) {
        static @Nullable Signature of(Path folder) {
            Path file = PromptLoader.manifest(folder);
            if (file == null) {
                return null;
            }
            try {
                BasicFileAttributes a = Files.readAttributes(file, BasicFileAttributes.class);
                long tensors = 0;
                Path weights = folder.resolve("adapter_model.safetensors");
                if (file.endsWith(PromptLoader.ADAPTER) && Files.exists(weights)) {
                    BasicFileAttributes w = Files.readAttributes(weights, BasicFileAttributes.class);
                    tensors = 31 * w.size() + w.lastModifiedTime().to(TimeUnit.NANOSECONDS);
                }
                return new Signature(
                        file,
                        a.lastModifiedTime().to(TimeUnit.NANOSECONDS),
                        a.size(),
                        String.valueOf(a.fileKey()),
                        tensors);
            } catch (IOException e) {
                return null;
            }
        }
    }

    /** One version. */
    static final class Version {
        final long number;
        final Path folder;
        final Signature signature;
        volatile @Nullable LoadedPrompt loaded;
        volatile @Nullable ServingException failure;

        Version(long number, Path folder, Signature signature) {
            this.number = number;
            this.folder = folder;
            this.signature = signature;
        }

        /** Returns whether its files are still those it was made from. */
        boolean isOnDisk() {
            return signature.equals(Signature.of(folder));
        }
    }

    final String name;
    volatile Version current;
    volatile @Nullable Version previous;
    /** The last state of the folder that could not be used. */
    volatile @Nullable Signature refused;

    Versions(String name, Version current) {
        this.name = name;
        this.current = current;
    }
}
