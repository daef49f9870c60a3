package org.infoprompt.serve;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Random;
import org.infoprompt.model.SequenceRows;

/**
 * The first hidden state of the plain pass of texts that were seen before, for one worker. Bounded: texts share sets of eight
 * places, in which the one that was not used for the longest time makes room. Keys are 128 bits of a keyed hash of the rows, drawn
 * anew for each cache, so that nobody can choose texts that collide. Nothing is allocated after construction.
 */
final class PlainCache implements AutoCloseable {
    private static final int WAYS = 8;

    private final Arena arena = Arena.ofShared();
    private final MemorySegment states;
    private final long stateBytes;
    private final int numSets;
    private final long[] high;
    private final long[] low;
    private final long[] used;
    private final long seedHigh;
    private final long seedLow;
    private long clock;
    private long hashHigh;
    private long hashLow;

    /**
     * Allocates.
     *
     * @param bytes the most bytes of states
     * @param stateBytes bytes of one state
     */
    PlainCache(long bytes, long stateBytes) {
        this.stateBytes = stateBytes;
        numSets = (int) Math.min(1 << 20, bytes / (stateBytes * WAYS));
        int places = numSets * WAYS;
        states = arena.allocate(Math.max(1, places * stateBytes), 64);
        high = new long[places];
        low = new long[places];
        used = new long[places];
        Random random = new java.security.SecureRandom();
        seedHigh = random.nextLong();
        seedLow = random.nextLong();
    }

    /** Copies a text's state if it is known. */
    boolean find(SequenceRows plain, MemorySegment target, long row) {
        if (numSets == 0) {
            return false;
        }
        hash(plain);
        int at = place(false);
        if (at < 0) {
            return false;
        }
        used[at] = ++clock;
        MemorySegment.copy(states, at * stateBytes, target, row * stateBytes, stateBytes);
        return true;
    }

    /** Keeps a text's state. */
    void keep(SequenceRows plain, MemorySegment source, long row) {
        if (numSets == 0) {
            return;
        }
        hash(plain);
        int at = place(true);
        high[at] = hashHigh;
        low[at] = hashLow;
        used[at] = ++clock;
        MemorySegment.copy(source, row * stateBytes, states, at * stateBytes, stateBytes);
    }

    /** Returns where the hashed text is, else -1 or the place to be given up for it. */
    private int place(boolean oldest) {
        int first = (int) Math.floorMod(hashHigh ^ (hashHigh >>> 32), (long) numSets) * WAYS;
        int given = first;
        for (int i = first; i < first + WAYS; i++) {
            if (used[i] != 0 && high[i] == hashHigh && low[i] == hashLow) {
                return i;
            }
            if (used[i] < used[given]) {
                given = i;
            }
        }
        return oldest ? given : -1;
    }

    private void hash(SequenceRows plain) {
        long a = seedHigh ^ plain.readRow();
        long b = seedLow ^ plain.length();
        for (int r = 0; r < plain.length(); r++) {
            long value = ((long) plain.types().get(r) << 32) | (plain.source().get(r) & 0xFFFFFFFFL);
            a = mix(a ^ value);
            b = mix(b + value * 0x9E3779B97F4A7C15L);
        }
        hashHigh = a;
        hashLow = b;
    }

    /** The finaliser of SplitMix64. */
    private static long mix(long z) {
        z = (z ^ (z >>> 30)) * 0xBF58476D1CE4E5B9L;
        z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
        return z ^ (z >>> 31);
    }

    /** Frees the memory; idempotent. */
    @Override
    public void close() {
        if (arena.scope().isAlive()) {
            arena.close();
        }
    }
}
