package org.infoprompt.data;

/**
 * A permutation that depends on the seed alone, not on the platform or the Java version.
 *
 * <p>Source: SplitMix64 (Steele, Lea and Flood, Fast Splittable Pseudorandom Number Generators, OOPSLA 2014, figure 17)
 * drives the shuffle of Fisher and Yates (Knuth, The Art of Computer Programming 2, algorithm 3.4.2 P).
 */
final class SeededShuffle {
    private static final long GOLDEN_GAMMA = 0x9e3779b97f4a7c15L;

    private long state;

    private SeededShuffle(long state) {
        this.state = state;
    }

    /** Returns 0..size-1 shuffled; streams of one seed are independent of each other. */
    static int[] order(int size, long seed, int stream) {
        SeededShuffle random = new SeededShuffle(mix(seed) + mix(stream + 1L) * GOLDEN_GAMMA);
        int[] order = new int[size];
        for (int i = 0; i < size; i++) {
            order[i] = i;
        }
        for (int i = size - 1; i > 0; i--) {
            int j = random.below(i + 1);
            int kept = order[i];
            order[i] = order[j];
            order[j] = kept;
        }
        return order;
    }

    private int below(int bound) {
        // The remainder's bias is below bound / 2^63, far under what any sample could show.
        return (int) ((next() >>> 1) % bound);
    }

    private long next() {
        state += GOLDEN_GAMMA;
        return mix(state);
    }

    private static long mix(long value) {
        long z = value;
        z = (z ^ (z >>> 30)) * 0xbf58476d1ce4e5b9L;
        z = (z ^ (z >>> 27)) * 0x94d049bb133111ebL;
        return z ^ (z >>> 31);
    }
}
