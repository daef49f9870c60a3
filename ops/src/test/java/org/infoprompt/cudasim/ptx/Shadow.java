package org.infoprompt.cudasim.ptx;

/**
 * Who last read and wrote each word of a memory, and when. Time is counted in barriers: a block's own (bar.sync), and a
 * warp's own (bar.warp.sync). Two accesses of one word by two threads, one of them a write, are a race unless a barrier of
 * both lies between them; shuffles order no memory. Also counts which words a launch touches. A word becomes two halves for
 * good once one of them alone is accessed.
 */
final class Shadow {
    /** A thread's number is its block's, then ten bits of its own in the block, of which the upper five are its warp's. */
    static final int BLOCK_SHIFT = 10;

    private static final int WARP_SHIFT = 5;

    // What is kept of a word, side by side.
    private static final int WRITE_LAUNCH = 0;
    private static final int WRITER = 1;
    private static final int WRITE_BLOCK_TIME = 2;
    private static final int WRITE_WARP_TIME = 3;
    private static final int READ_LAUNCH = 4;
    private static final int READER = 5;
    private static final int READ_BLOCK_TIME = 6;
    /** The warp's time, shifted, and whether several threads read in it, several warps in the block's time, or several blocks. */
    private static final int READ_WARP_TIME = 7;

    private static final int FIELDS = 8;
    private static final int SEVERAL_THREADS = 1;
    private static final int SEVERAL_WARPS = 2;
    private static final int SEVERAL_BLOCKS = 4;
    private static final int FLAG_BITS = 3;

    private int[] words;
    private int launch;

    /** The size of what is kept apart, as a power of two. */
    private int unit = 2;

    Shadow(int bytes) {
        words = new int[(bytes + 3) / 4 * FIELDS];
    }

    /** Forgets all accesses; {@code number} must be new. */
    void launch(int number) {
        launch = number;
    }

    /** {@return the size of what is kept apart, as a power of two: of words or of halves} */
    int unit() {
        return unit;
    }

    /** Keeps halves of words apart from now on; what was done to a word was done to both of its halves. */
    void split() {
        if (unit == 1) {
            return;
        }
        int[] halves = new int[2 * words.length];
        for (int at = 0; at < words.length; at += FIELDS) {
            System.arraycopy(words, at, halves, 2 * at, FIELDS);
            System.arraycopy(words, at, halves, 2 * at + FIELDS, FIELDS);
        }
        words = halves;
        unit = 1;
    }

    /** Notes a read; returns the thread it races with, or -1. */
    int read(int word, int thread, int blockTime, int warpTime) {
        int at = word * FIELDS;
        int race = raceWithWriter(at, thread, blockTime, warpTime);
        int flags = 0;
        if (words[at + READ_LAUNCH] == launch) {
            int other = words[at + READER];
            int old = words[at + READ_WARP_TIME];
            flags = old & SEVERAL_BLOCKS;
            if (other >> BLOCK_SHIFT != thread >> BLOCK_SHIFT) {
                flags = SEVERAL_BLOCKS; // no barrier ever orders two blocks
            } else if (words[at + READ_BLOCK_TIME] == blockTime) {
                flags |= old & SEVERAL_WARPS;
                if (other >> WARP_SHIFT != thread >> WARP_SHIFT) {
                    flags |= SEVERAL_WARPS;
                } else if (old >> FLAG_BITS == warpTime) {
                    flags |= (old & SEVERAL_THREADS) | (other == thread ? 0 : SEVERAL_THREADS);
                }
            }
        }
        words[at + READ_LAUNCH] = launch;
        words[at + READER] = thread;
        words[at + READ_BLOCK_TIME] = blockTime;
        words[at + READ_WARP_TIME] = (warpTime << FLAG_BITS) | flags;
        return race;
    }

    /** Notes a write; returns the thread it races with, or -1. */
    int write(int word, int thread, int blockTime, int warpTime) {
        int at = word * FIELDS;
        int race = raceWithWriter(at, thread, blockTime, warpTime);
        if (words[at + READ_LAUNCH] == launch) {
            int other = words[at + READER];
            int flags = words[at + READ_WARP_TIME];
            boolean conflict = (flags & SEVERAL_BLOCKS) != 0 || other >> BLOCK_SHIFT != thread >> BLOCK_SHIFT;
            if (!conflict && words[at + READ_BLOCK_TIME] == blockTime) {
                conflict = (flags & SEVERAL_WARPS) != 0
                        || other >> WARP_SHIFT != thread >> WARP_SHIFT
                        || (flags >> FLAG_BITS == warpTime && ((flags & SEVERAL_THREADS) != 0 || other != thread));
            }
            race = conflict ? other : race;
        }
        words[at + WRITE_LAUNCH] = launch;
        words[at + WRITER] = thread;
        words[at + WRITE_BLOCK_TIME] = blockTime;
        words[at + WRITE_WARP_TIME] = warpTime;
        return race;
    }

    private int raceWithWriter(int at, int thread, int blockTime, int warpTime) {
        int other = words[at + WRITER];
        if (words[at + WRITE_LAUNCH] != launch || other == thread) {
            return -1;
        }
        if (other >> BLOCK_SHIFT != thread >> BLOCK_SHIFT) {
            return other;
        }
        boolean ordered = words[at + WRITE_BLOCK_TIME] != blockTime
                || (other >> WARP_SHIFT == thread >> WARP_SHIFT && words[at + WRITE_WARP_TIME] != warpTime);
        return ordered ? -1 : other;
    }

    /** {@return the bytes that were read in this launch, each once} */
    long bytesRead() {
        return count(READ_LAUNCH);
    }

    /** {@return the bytes that were written in this launch, each once} */
    long bytesWritten() {
        return count(WRITE_LAUNCH);
    }

    private long count(int field) {
        long touched = 0;
        for (int at = field; at < words.length; at += FIELDS) {
            touched += words[at] == launch ? 1 : 0;
        }
        return touched << unit;
    }
}
