package org.infoprompt.ops;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/**
 * Names standard normal numbers without storing them: number l of sample k of row r at a step is a pure function of its
 * coordinates and the seed. Reused from step to step; belongs to one thread.
 *
 * <p>Generator: Philox4x32-10 (Salmon et al., SC 2011) with key (seed low, seed high) and counter (l/4, k, row,
 * step·4 + stream), lowest word first. Its four words w0..w3 give uniforms u = ((w &gt;&gt;&gt; 8) + ½)·2⁻²⁴ and by
 * Box-Muller the normals 4·(l/4) + 0..3: √(-2 ln u0)·cos 2πu1, √(-2 ln u0)·sin 2πu1, √(-2 ln u2)·cos 2πu3, √(-2 ln u2)·sin
 * 2πu3.
 */
public final class Noise {
    /** Stream of the sample that is classified. */
    public static final int CLASSIFIED = 0;

    /** Stream of the positive sample of the representation loss; its only sample is k = 0. */
    public static final int POSITIVE = 1;

    /** Stream of the negative samples of the representation loss, k = 0 .. K-1. */
    public static final int NEGATIVE = 2;

    private final int[] rows;
    private long seed;
    private int step;

    /**
     * Makes room for the row numbers of one call.
     *
     * @param capacity the most rows one call has
     */
    public Noise(int capacity) {
        rows = new int[capacity];
    }

    /**
     * Sets the run's seed and the step.
     *
     * @param newSeed the run's seed
     * @param newStep the training step, in [0, 2³⁰)
     * @throws IllegalArgumentException if the step is out of range
     */
    public void set(long newSeed, int newStep) {
        if (newStep < 0 || newStep >= 1 << 30) {
            throw new IllegalArgumentException("step " + newStep + " must be in [0, 2^30)");
        }
        seed = newSeed;
        step = newStep;
    }

    /**
     * Sets the number in the batch of a row of the next call.
     *
     * @param localRow the row in the call
     * @param batchRow its number in the batch
     */
    public void setRow(int localRow, int batchRow) {
        rows[localRow] = batchRow;
    }

    /** {@return the run's seed} */
    public long seed() {
        return seed;
    }

    /** {@return the step} */
    public int step() {
        return step;
    }

    /**
     * {@return the number in the batch of a row of the call}
     *
     * @param localRow the row in the call
     */
    public int row(int localRow) {
        return rows[localRow];
    }

    /**
     * Writes the numbers in the batch of the first rows of the call, as 32-bit numbers in this machine's byte order.
     *
     * @param count how many
     * @param target receives them
     */
    public void copyRows(int count, MemorySegment target) {
        MemorySegment.copy(rows, 0, target, ValueLayout.JAVA_INT_UNALIGNED, 0, count);
    }

    /** {@return how many rows one call may have} */
    public int capacity() {
        return rows.length;
    }
}
