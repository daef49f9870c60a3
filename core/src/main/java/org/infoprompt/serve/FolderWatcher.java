package org.infoprompt.serve;

import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;
import org.infoprompt.serve.Versions.Signature;
import org.jspecify.annotations.Nullable;

/**
 * Polls a folder of prompts. Polling sees changes on every file system, and a round costs two looks at a prompt; notifications of
 * the system are lost on network folders and are limited in number.
 */
final class FolderWatcher implements AutoCloseable {
    private static final System.Logger LOGGER = System.getLogger(FolderWatcher.class.getName());

    private final PromptRegistry registry;
    private final Path root;
    private final Duration interval;
    private Map<String, Signature> before = new HashMap<>();
    private boolean first = true;
    private boolean unlisted;
    private volatile boolean closed;
    private @Nullable Thread thread;

    FolderWatcher(PromptRegistry registry, Path root, Duration interval) {
        if (interval.toMillis() < 10) {
            throw new IllegalArgumentException("interval " + interval + " must be at least 10 ms");
        }
        this.registry = registry;
        this.root = root;
        this.interval = interval;
    }

    void start() {
        thread = Thread.ofPlatform().name("infoprompt-watch").daemon(true).start(this::loop);
    }

    private void loop() {
        while (!closed) {
            LockSupport.parkNanos(this, interval.toNanos());
            Thread.interrupted(); // Nobody may interrupt it; it ends when it is closed.
            if (!closed) {
                try {
                    round();
                    unlisted = false;
                } catch (IOException | RuntimeException e) {
                    if (!unlisted) {
                        LOGGER.log(
                                System.Logger.Level.WARNING, "folder {0} cannot be watched: {1}", root, e.getMessage());
                    }
                    unlisted = true;
                }
            }
        }
    }

    /** Looks once; the first time, what is there is taken at once. */
    void round() throws IOException {
        Map<String, Signature> now = new HashMap<>();
        try (DirectoryStream<Path> folders = Files.newDirectoryStream(root, Files::isDirectory)) {
            for (Path folder : folders) {
                Signature signature = Signature.of(folder);
                if (signature == null) {
                    continue;
                }
                String name = String.valueOf(folder.getFileName());
                now.put(name, signature);
                if (first || signature.equals(before.get(name))) {
                    registry.seen(name, folder, signature);
                }
            }
        } catch (DirectoryIteratorException e) {
            throw e.getCause();
        }
        for (Map.Entry<String, Signature> each : before.entrySet()) {
            String name = each.getKey();
            if (now.containsKey(name)) {
                continue;
            }
            if (Files.exists(root.resolve(name))) {
                // Its files are being replaced or taken away: what it held is served until the folder is gone.
                now.put(name, each.getValue());
            } else {
                registry.unregister(name);
            }
        }
        before = now;
        first = false;
    }

    /** Stops; idempotent. */
    @Override
    public void close() {
        closed = true;
        Thread running = thread;
        if (running != null) {
            LockSupport.unpark(running);
            try {
                running.join(Duration.ofSeconds(10));
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
