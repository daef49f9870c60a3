package org.infoprompt.serve.http;

import java.util.LinkedHashMap;
import java.util.Map;

/** A bucket of tokens for each client, filled at a steady rate up to what one second gives; of bounded size. */
final class RateLimiter {
    private static final int MAX_CLIENTS = 10_000;

    private static final class Bucket {
        double tokens;
        long filledNanos;
    }

    private final double perSecond;
    private final Map<String, Bucket> buckets = new LinkedHashMap<>(16, .75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Bucket> eldest) {
            return size() > MAX_CLIENTS;
        }
    };

    RateLimiter(double perSecond) {
        this.perSecond = perSecond;
    }

    /** Returns whether a client may be served now. */
    synchronized boolean admits(String client, long nowNanos) {
        if (perSecond == 0) {
            return true;
        }
        double most = Math.max(1, perSecond);
        Bucket bucket = buckets.get(client);
        if (bucket == null) {
            bucket = new Bucket();
            bucket.tokens = most;
            buckets.put(client, bucket);
        } else {
            bucket.tokens = Math.min(most, bucket.tokens + (nowNanos - bucket.filledNanos) * 1e-9 * perSecond);
        }
        bucket.filledNanos = nowNanos;
        if (bucket.tokens < 1) {
            return false;
        }
        bucket.tokens--;
        return true;
    }
}
