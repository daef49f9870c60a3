package org.infoprompt.serve.http;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * What a front lets in.
 *
 * @param host address to listen on
 * @param port 0 for any free one
 * @param token what requests must carry as {@code Authorization: Bearer}, or null for none
 * @param maxBodyBytes the most bytes of a request's body; all bodies under way together may take as much for each of {@code
 *     maxConcurrent} requests, but 64 MiB at most unless one alone is larger
 * @param maxTexts the most texts of a request
 * @param maxConcurrent the most requests that are worked on at once
 * @param requestsPerSecond of one client address; 0 for no limit
 * @param timeout after which a request is given up, and a body that is still coming in is not waited for
 */
public record HttpOptions(
        String host,
        int port,
        @Nullable String token,
        int maxBodyBytes,
        int maxTexts,
        int maxConcurrent,
        double requestsPerSecond,
        Duration timeout) {
    /** Checks the ranges. */
    public HttpOptions {
        if (port < 0 || port > 65535) {
            throw new IllegalArgumentException("port " + port + " must be in [0, 65535]");
        }
        if (maxBodyBytes < 1 || maxTexts < 1 || maxConcurrent < 1) {
            throw new IllegalArgumentException("maxBodyBytes " + maxBodyBytes + ", maxTexts " + maxTexts
                    + " and maxConcurrent " + maxConcurrent + " must be positive");
        }
        if (!(requestsPerSecond >= 0) || timeout.isNegative() || timeout.isZero()) {
            throw new IllegalArgumentException("requestsPerSecond " + requestsPerSecond
                    + " must not be negative, timeout " + timeout + " positive");
        }
    }

    /**
     * {@return loopback, no token, bodies of 1 MiB, 256 texts, 256 requests at once, no rate limit, 10 s}
     *
     * @param port 0 for any free one
     */
    public static HttpOptions loopback(int port) {
        return new HttpOptions("127.0.0.1", port, null, 1 << 20, 256, 256, 0, Duration.ofSeconds(10));
    }
}
