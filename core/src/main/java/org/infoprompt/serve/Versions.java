package org.infoprompt.serve;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** A registered prompt: the version that is served and the one before it. Guarded by itself where it changes. */
final class Versions {
    /**
     * What tells that a folder holds something else than before: the state of the file that is written last, and for formats that
     * write nothing last, of the tensors too. Small, because every registered prompt keeps one.
     *
     * @param modified the file's time, in nanoseconds
     * @param size its size
     * @param identity hash of its name, its identity in the file system, and the tensors' size and time
     */
    record Signature(long modified, long size, long identity) {
        static @Nullable Signature of(Path folder) {
            Path file = PromptLoader.manifest(folder);
            if (file == null) {
                return null;
            }
            try {
                BasicFileAttributes a = Files.readAttributes(file, BasicFileAttributes.class);
                long identity = 31L * String.valueOf(file.getFileName()).hashCode() + Objects.hashCode(a.fileKey());
                Path weights = folder.resolve("adapter_model.safetensors");
                if (file.endsWith(PromptLoader.ADAPTER) && Files.exists(weights)) {
                    BasicFileAttributes w = Files.readAttributes(weights, BasicFileAttributes.class);
                    identity = 31 * (31 * identity + w.size())
                            + w.lastModifiedTime().to(TimeUnit.NANOSECONDS);
                }
                return new Signature(a.lastModifiedTime().to(TimeUnit.NANOSECONDS), a.size(), identity);
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
        /** What the folder held when it could not be loaded; null if that was nothing. */
        volatile @Nullable Signature failed;
        /** Whether a newer version came out of the same folder, so that this one cannot be read there again. */
        volatile boolean replaced;

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
