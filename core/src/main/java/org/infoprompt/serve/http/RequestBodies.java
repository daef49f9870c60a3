package org.infoprompt.serve.http;

import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Semaphore;
import org.jspecify.annotations.Nullable;

/**
 * Reads bodies of requests. Memory is taken from a common budget part by part, each before it is read into: clients that send slowly
 * keep no more than they have sent, and all clients together no more than the budget. Safe for all threads.
 */
final class RequestBodies {
    static final int PART_BYTES = 8192;

    private final int maxBytes;
    private final long timeoutNanos;
    private final Semaphore parts;
    private final int numParts;

    /**
     * Creates a reader.
     *
     * @param maxBytes the most bytes of a body
     * @param budgetBytes the most bytes of all bodies that are held; at least one body's are allowed
     * @param timeoutNanos for how long a body may come in
     */
    RequestBodies(int maxBytes, long budgetBytes, long timeoutNanos) {
        this.maxBytes = maxBytes;
        this.timeoutNanos = timeoutNanos;
        // One part more, because the end of a body is seen by reading on.
        long needed = maxBytes / PART_BYTES + 1L;
        numParts = (int) Math.min(Integer.MAX_VALUE, Math.max(needed, budgetBytes / PART_BYTES));
        parts = new Semaphore(numParts);
    }

    /** Returns the bytes that bodies hold now. */
    long heldBytes() {
        return (long) PART_BYTES * (numParts - parts.availablePermits());
    }

    /** A body that was read; holds its bytes until it is closed. */
    final class Body implements AutoCloseable {
        private int held;
        private byte[] bytes = {};

        private void take() throws HttpProblem {
            if (!parts.tryAcquire()) {
                throw new HttpProblem(503, "OVERLOADED", "requests under way take all memory there is for bodies");
            }
            held++;
        }

        byte[] bytes() {
            return bytes;
        }

        /** Gives its memory back to the budget; idempotent. */
        @Override
        public void close() {
            parts.release(held);
            held = 0;
            bytes = new byte[0];
        }
    }

    /**
     * Reads a body to its end. The stream is not closed here: that would wait for the rest of a body that was refused, before the
     * client hears of it.
     *
     * @param in the body, however long
     * @param declared what the client says its length is, or null
     * @throws HttpProblem if it is too long, takes too long, or there is no memory for it
     */
    Body read(InputStream in, @Nullable String declared) throws IOException, HttpProblem {
        // What is said to be too long is refused unread.
        if (declared != null
                && declared.length() < 19
                && declared.matches("\\d+")
                && Long.parseLong(declared) > maxBytes) {
            throw tooLarge();
        }
        long start = System.nanoTime();
        Body body = new Body();
        boolean complete = false;
        try {
            List<byte[]> filled = new ArrayList<>();
            body.take();
            byte[] part = new byte[PART_BYTES];
            int used = 0;
            int size = 0;
            // Not readNBytes: it ends with a read of no bytes, for which a chunked stream waits.
            for (int n = in.read(part, 0, PART_BYTES); n >= 0; n = in.read(part, used, PART_BYTES - used)) {
                used += n;
                size += n;
                if (size > maxBytes) {
                    throw tooLarge();
                }
                if (System.nanoTime() - start > timeoutNanos) {
                    throw new HttpProblem(408, "SLOW", "the body did not come in time");
                }
                if (used == PART_BYTES) {
                    filled.add(part);
                    body.take();
                    part = new byte[PART_BYTES];
                    used = 0;
                }
            }
            body.bytes = join(filled, part, used);
            complete = true;
            return body;
        } finally {
            if (!complete) {
                body.close();
            }
        }
    }

    private static byte[] join(List<byte[]> filled, byte[] last, int used) {
        byte[] all = new byte[filled.size() * PART_BYTES + used];
        for (int i = 0; i < filled.size(); i++) {
            System.arraycopy(filled.get(i), 0, all, i * PART_BYTES, PART_BYTES);
        }
        System.arraycopy(last, 0, all, filled.size() * PART_BYTES, used);
        return all;
    }

    private HttpProblem tooLarge() {
        return new HttpProblem(413, "TOO_LARGE", "the body exceeds " + maxBytes + " bytes");
    }
}
