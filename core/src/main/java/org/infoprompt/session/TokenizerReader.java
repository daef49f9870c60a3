package org.infoprompt.session;

import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import org.infoprompt.text.Tokenizer;
import org.infoprompt.text.Tokenizers;

/**
 * Reads a tokenizer while others read the weights: at a cold start each takes some tenths of a second. To be closed by whoever
 * creates it; then nothing of it goes on.
 */
final class TokenizerReader implements AutoCloseable {
    private final Path folder;
    private final FutureTask<Tokenizer> reading;
    private final Thread thread;

    /** Starts to read the tokenizer of a model's folder. */
    TokenizerReader(Path folder) {
        this.folder = folder;
        reading = new FutureTask<>(() -> Tokenizers.load(folder));
        thread = Thread.ofPlatform().daemon(true).name("infoprompt-tokenizer").start(reading);
    }

    /** Returns the folder. */
    Path folder() {
        return folder;
    }

    /** Waits for the tokenizer, even if interrupted; the interrupt is passed on. */
    Tokenizer await() throws IOException {
        boolean interrupted = false;
        try {
            while (true) {
                try {
                    return reading.get();
                } catch (InterruptedException e) {
                    interrupted = true;
                }
            }
        } catch (ExecutionException e) {
            if (e.getCause() instanceof IOException cause) {
                throw cause;
            } else if (e.getCause() instanceof RuntimeException cause) {
                throw cause;
            } else if (e.getCause() instanceof Error cause) {
                throw cause;
            }
            throw new IllegalStateException(e.getCause());
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    /** Stops reading and waits for the thread's end, which comes at once if the tokenizer was read; idempotent. */
    @Override
    public void close() {
        reading.cancel(true);
        boolean interrupted = false;
        while (thread.isAlive()) {
            try {
                thread.join();
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
