package org.infoprompt.ops.vector;

import static org.infoprompt.ops.vector.Lanes.COUNT;
import static org.infoprompt.ops.vector.Lanes.FLOATS;

import jdk.incubator.vector.FloatVector;

/**
 * Register-blocked products of a few rows with one panel: {@code c[r][j] (+)= Σ_k a[r][k]·panel[k][j]} for the {@link
 * #WIDTH} columns of a panel, one accumulator for every row and vector, all of them named so that they stay in registers.
 *
 * <p>{@code a} has rows of the constant stride {@link #STRIDE}, which makes the row offsets immediate displacements; in
 * the {@code transposed} products it is read as {@code a[k][r]}. Every output is one chain of fused multiply-adds in the
 * order of k, whatever the height: a row's result does not depend on the rows beside it. Everything is {@code float[]}
 * and {@code int}: segments and long indices cost up to two orders of magnitude here. The methods that start at zero
 * and the ones that add are apart because a branch inside deoptimises.
 */
final class TileProducts {
    /** Columns of a panel. */
    static final int WIDTH = 2 * COUNT;

    /** Most values of k in one call. */
    static final int MAX_DEPTH = 384;

    /** Elements between the rows of {@code a}: not a multiple of the 4 KiB after which cache lines compete. */
    static final int STRIDE = MAX_DEPTH + 16;

    /** Rows of the highest tile: 24 accumulators of 32 registers, or 12 of 16. */
    static final int HEIGHT = Lanes.MANY_REGISTERS ? 12 : 6;

    private TileProducts() {}

    /** Returns the height of the smallest tile that holds this many rows. */
    static int heightFor(int rows) {
        if (rows > 8) {
            return 12;
        }
        return rows > 6 ? 8 : rows > 4 ? 6 : rows > 2 ? 4 : rows;
    }

    /** c = a·panel for a height of {@link #heightFor}. */
    static void multiply(int height, float[] a, int a0, float[] b, int b0, int depth, float[] c, int c0, int cs) {
        switch (height) {
            case 12 -> zero12(a, a0, b, b0, depth, c, c0, cs);
            case 8 -> zero8(a, a0, b, b0, depth, c, c0, cs);
            case 6 -> zero6(a, a0, b, b0, depth, c, c0, cs);
            case 4 -> zero4(a, a0, b, b0, depth, c, c0, cs);
            case 2 -> zero2(a, a0, b, b0, depth, c, c0, cs);
            default -> zero1(a, a0, b, b0, depth, c, c0);
        }
    }

    /** c += a·panel for a height of {@link #heightFor}. */
    static void multiplyAdd(int height, float[] a, int a0, float[] b, int b0, int depth, float[] c, int c0, int cs) {
        switch (height) {
            case 12 -> add12(a, a0, b, b0, depth, c, c0, cs);
            case 8 -> add8(a, a0, b, b0, depth, c, c0, cs);
            case 6 -> add6(a, a0, b, b0, depth, c, c0, cs);
            case 4 -> add4(a, a0, b, b0, depth, c, c0, cs);
            case 2 -> add2(a, a0, b, b0, depth, c, c0, cs);
            default -> add1(a, a0, b, b0, depth, c, c0);
        }
    }

    /** c += aᵀ·panel, a being [k][r], for a height of 12, 8, 6 or 4. */
    static void transposedAdd(int height, float[] a, int a0, float[] b, int b0, int depth, float[] c, int c0, int cs) {
        switch (height) {
            case 12 -> transposed12(a, a0, b, b0, depth, c, c0, cs);
            case 8 -> transposed8(a, a0, b, b0, depth, c, c0, cs);
            case 6 -> transposed6(a, a0, b, b0, depth, c, c0, cs);
            default -> transposed4(a, a0, b, b0, depth, c, c0, cs);
        }
    }

    private static void zero12(float[] a, int a0, float[] b, int b0, int depth, float[] c, int c0, int cs) {
        FloatVector p0 = FloatVector.zero(FLOATS);
        FloatVector q0 = FloatVector.zero(FLOATS);
        FloatVector p1 = FloatVector.zero(FLOATS);
        FloatVector q1 = FloatVector.zero(FLOATS);
        FloatVector p2 = FloatVector.zero(FLOATS);
        FloatVector q2 = FloatVector.zero(FLOATS);
        FloatVector p3 = FloatVector.zero(FLOATS);
        FloatVector q3 = FloatVector.zero(FLOATS);
        FloatVector p4 = FloatVector.zero(FLOATS);
        FloatVector q4 = FloatVector.zero(FLOATS);
        FloatVector p5 = FloatVector.zero(FLOATS);
        FloatVector q5 = FloatVector.zero(FLOATS);
        FloatVector p6 = FloatVector.zero(FLOATS);
        FloatVector q6 = FloatVector.zero(FLOATS);
        FloatVector p7 = FloatVector.zero(FLOATS);
        FloatVector q7 = FloatVector.zero(FLOATS);
        FloatVector p8 = FloatVector.zero(FLOATS);
        FloatVector q8 = FloatVector.zero(FLOATS);
        FloatVector p9 = FloatVector.zero(FLOATS);
        FloatVector q9 = FloatVector.zero(FLOATS);
        FloatVector p10 = FloatVector.zero(FLOATS);
        FloatVector q10 = FloatVector.zero(FLOATS);
        FloatVector p11 = FloatVector.zero(FLOATS);
        FloatVector q11 = FloatVector.zero(FLOATS);
        for (int k = 0; k < depth; k++) {
            FloatVector u = FloatVector.fromArray(FLOATS, b, b0 + k * WIDTH);
            FloatVector v = FloatVector.fromArray(FLOATS, b, b0 + k * WIDTH + COUNT);
            FloatVector x0 = FloatVector.broadcast(FLOATS, a[a0 + k]);
            p0 = x0.fma(u, p0);
            q0 = x0.fma(v, q0);
            FloatVector x1 = FloatVector.broadcast(FLOATS, a[a0 + k + STRIDE]);
            p1 = x1.fma(u, p1);
            q1 = x1.fma(v, q1);
            FloatVector x2 = FloatVector.broadcast(FLOATS, a[a0 + k + 2 * STRIDE]);
            p2 = x2.fma(u, p2);
            q2 = x2.fma(v, q2);
            FloatVector x3 = FloatVector.broadcast(FLOATS, a[a0 + k + 3 * STRIDE]);
            p3 = x3.fma(u, p3);
            q3 = x3.fma(v, q3);
            FloatVector x4 = FloatVector.broadcast(FLOATS, a[a0 + k + 4 * STRIDE]);
            p4 = x4.fma(u, p4);
            q4 = x4.fma(v, q4);
            FloatVector x5 = FloatVector.broadcast(FLOATS, a[a0 + k + 5 * STRIDE]);
            p5 = x5.fma(u, p5);
            q5 = x5.fma(v, q5);
            FloatVector x6 = FloatVector.broadcast(FLOATS, a[a0 + k + 6 * STRIDE]);
            p6 = x6.fma(u, p6);
            q6 = x6.fma(v, q6);
            FloatVector x7 = FloatVector.broadcast(FLOATS, a[a0 + k + 7 * STRIDE]);
            p7 = x7.fma(u, p7);
            q7 = x7.fma(v, q7);
            FloatVector x8 = FloatVector.broadcast(FLOATS, a[a0 + k + 8 * STRIDE]);
            p8 = x8.fma(u, p8);
            q8 = x8.fma(v, q8);
            FloatVector x9 = FloatVector.broadcast(FLOATS, a[a0 + k + 9 * STRIDE]);
            p9 = x9.fma(u, p9);
            q9 = x9.fma(v, q9);
            FloatVector x10 = FloatVector.broadcast(FLOATS, a[a0 + k + 10 * STRIDE]);
            p10 = x10.fma(u, p10);
            q10 = x10.fma(v, q10);
            FloatVector x11 = FloatVector.broadcast(FLOATS, a[a0 + k + 11 * STRIDE]);
            p11 = x11.fma(u, p11);
            q11 = x11.fma(v, q11);
        }
        p0.intoArray(c, c0);
        q0.intoArray(c, c0 + COUNT);
        p1.intoArray(c, c0 + cs);
        q1.intoArray(c, c0 + cs + COUNT);
        p2.intoArray(c, c0 + 2 * cs);
        q2.intoArray(c, c0 + 2 * cs + COUNT);
        p3.intoArray(c, c0 + 3 * cs);
        q3.intoArray(c, c0 + 3 * cs + COUNT);
        p4.intoArray(c, c0 + 4 * cs);
        q4.intoArray(c, c0 + 4 * cs + COUNT);
        p5.intoArray(c, c0 + 5 * cs);
        q5.intoArray(c, c0 + 5 * cs + COUNT);
        p6.intoArray(c, c0 + 6 * cs);
        q6.intoArray(c, c0 + 6 * cs + COUNT);
        p7.intoArray(c, c0 + 7 * cs);
        q7.intoArray(c, c0 + 7 * cs + COUNT);
        p8.intoArray(c, c0 + 8 * cs);
        q8.intoArray(c, c0 + 8 * cs + COUNT);
        p9.intoArray(c, c0 + 9 * cs);
        q9.intoArray(c, c0 + 9 * cs + COUNT);
        p10.intoArray(c, c0 + 10 * cs);
        q10.intoArray(c, c0 + 10 * cs + COUNT);
        p11.intoArray(c, c0 + 11 * cs);
        q11.intoArray(c, c0 + 11 * cs + COUNT);
    }

    private static void add12(float[] a, int a0, float[] b, int b0, int depth, float[] c, int c0, int cs) {
        FloatVector p0 = FloatVector.fromArray(FLOATS, c, c0);
        FloatVector q0 = FloatVector.fromArray(FLOATS, c, c0 + COUNT);
        FloatVector p1 = FloatVector.fromArray(FLOATS, c, c0 + cs);
        FloatVector q1 = FloatVector.fromArray(FLOATS, c, c0 + cs + COUNT);
        FloatVector p2 = FloatVector.fromArray(FLOATS, c, c0 + 2 * cs);
        FloatVector q2 = FloatVector.fromArray(FLOATS, c, c0 + 2 * cs + COUNT);
        FloatVector p3 = FloatVector.fromArray(FLOATS, c, c0 + 3 * cs);
        FloatVector q3 = FloatVector.fromArray(FLOATS, c, c0 + 3 * cs + COUNT);
        FloatVector p4 = FloatVector.fromArray(FLOATS, c, c0 + 4 * cs);
        FloatVector q4 = FloatVector.fromArray(FLOATS, c, c0 + 4 * cs + COUNT);
        FloatVector p5 = FloatVector.fromArray(FLOATS, c, c0 + 5 * cs);
        FloatVector q5 = FloatVector.fromArray(FLOATS, c, c0 + 5 * cs + COUNT);
        FloatVector p6 = FloatVector.fromArray(FLOATS, c, c0 + 6 * cs);
        FloatVector q6 = FloatVector.fromArray(FLOATS, c, c0 + 6 * cs + COUNT);
        FloatVector p7 = FloatVector.fromArray(FLOATS, c, c0 + 7 * cs);
        FloatVector q7 = FloatVector.fromArray(FLOATS, c, c0 + 7 * cs + COUNT);
        FloatVector p8 = FloatVector.fromArray(FLOATS, c, c0 + 8 * cs);
        FloatVector q8 = FloatVector.fromArray(FLOATS, c, c0 + 8 * cs + COUNT);
        FloatVector p9 = FloatVector.fromArray(FLOATS, c, c0 + 9 * cs);
        FloatVector q9 = FloatVector.fromArray(FLOATS, c, c0 + 9 * cs + COUNT);
        FloatVector p10 = FloatVector.fromArray(FLOATS, c, c0 + 10 * cs);
        FloatVector q10 = FloatVector.fromArray(FLOATS, c, c0 + 10 * cs + COUNT);
        FloatVector p11 = FloatVector.fromArray(FLOATS, c, c0 + 11 * cs);
        FloatVector q11 = FloatVector.fromArray(FLOATS, c, c0 + 11 * cs + COUNT);
        for (int k = 0; k < depth; k++) {
            FloatVector u = FloatVector.fromArray(FLOATS, b, b0 + k * WIDTH);
            FloatVector v = FloatVector.fromArray(FLOATS, b, b0 + k * WIDTH + COUNT);
            FloatVector x0 = FloatVector.broadcast(FLOATS, a[a0 + k]);
            p0 = x0.fma(u, p0);
            q0 = x0.fma(v, q0);
            FloatVector x1 = FloatVector.broadcast(FLOATS, a[a0 + k + STRIDE]);
            p1 = x1.fma(u, p1);
            q1 = x1.fma(v, q1);
            FloatVector x2 = FloatVector.broadcast(FLOATS, a[a0 + k + 2 * STRIDE]);
            p2 = x2.fma(u, p2);
            q2 = x2.fma(v, q2);
            FloatVector x3 = FloatVector.broadcast(FLOATS, a[a0 + k + 3 * STRIDE]);
            p3 = x3.fma(u, p3);
            q3 = x3.fma(v, q3);
            FloatVector x4 = FloatVector.broadcast(FLOATS, a[a0 + k + 4 * STRIDE]);
            p4 = x4.fma(u, p4);
            q4 = x4.fma(v, q4);
            FloatVector x5 = FloatVector.broadcast(FLOATS, a[a0 + k + 5 * STRIDE]);
            p5 = x5.fma(u, p5);
            q5 = x5.fma(v, q5);
            FloatVector x6 = FloatVector.broadcast(FLOATS, a[a0 + k + 6 * STRIDE]);
            p6 = x6.fma(u, p6);
            q6 = x6.fma(v, q6);
            FloatVector x7 = FloatVector.broadcast(FLOATS, a[a0 + k + 7 * STRIDE]);
            p7 = x7.fma(u, p7);
            q7 = x7.fma(v, q7);
            FloatVector x8 = FloatVector.broadcast(FLOATS, a[a0 + k + 8 * STRIDE]);
            p8 = x8.fma(u, p8);
            q8 = x8.fma(v, q8);
            FloatVector x9 = FloatVector.broadcast(FLOATS, a[a0 + k + 9 * STRIDE]);
            p9 = x9.fma(u, p9);
            q9 = x9.fma(v, q9);
            FloatVector x10 = FloatVector.broadcast(FLOATS, a[a0 + k + 10 * STRIDE]);
            p10 = x10.fma(u, p10);
            q10 = x10.fma(v, q10);
            FloatVector x11 = FloatVector.broadcast(FLOATS, a[a0 + k + 11 * STRIDE]);
            p11 = x11.fma(u, p11);
            q11 = x11.fma(v, q11);
        }
        p0.intoArray(c, c0);
        q0.intoArray(c, c0 + COUNT);
        p1.intoArray(c, c0 + cs);
        q1.intoArray(c, c0 + cs + COUNT);
        p2.intoArray(c, c0 + 2 * cs);
        q2.intoArray(c, c0 + 2 * cs + COUNT);
        p3.intoArray(c, c0 + 3 * cs);
        q3.intoArray(c, c0 + 3 * cs + COUNT);
        p4.intoArray(c, c0 + 4 * cs);
        q4.intoArray(c, c0 + 4 * cs + COUNT);
        p5.intoArray(c, c0 + 5 * cs);
        q5.intoArray(c, c0 + 5 * cs + COUNT);
        p6.intoArray(c, c0 + 6 * cs);
        q6.intoArray(c, c0 + 6 * cs + COUNT);
        p7.intoArray(c, c0 + 7 * cs);
        q7.intoArray(c, c0 + 7 * cs + COUNT);
        p8.intoArray(c, c0 + 8 * cs);
        q8.intoArray(c, c0 + 8 * cs + COUNT);
        p9.intoArray(c, c0 + 9 * cs);
        q9.intoArray(c, c0 + 9 * cs + COUNT);
        p10.intoArray(c, c0 + 10 * cs);
        q10.intoArray(c, c0 + 10 * cs + COUNT);
        p11.intoArray(c, c0 + 11 * cs);
        q11.intoArray(c, c0 + 11 * cs + COUNT);
    }

    private static void zero8(float[] a, int a0, float[] b, int b0, int depth, float[] c, int c0, int cs) {
        FloatVector p0 = FloatVector.zero(FLOATS);
        FloatVector q0 = FloatVector.zero(FLOATS);
        FloatVector p1 = FloatVector.zero(FLOATS);
        FloatVector q1 = FloatVector.zero(FLOATS);
        FloatVector p2 = FloatVector.zero(FLOATS);
        FloatVector q2 = FloatVector.zero(FLOATS);
        FloatVector p3 = FloatVector.zero(FLOATS);
        FloatVector q3 = FloatVector.zero(FLOATS);
        FloatVector p4 = FloatVector.zero(FLOATS);
        FloatVector q4 = FloatVector.zero(FLOATS);
        FloatVector p5 = FloatVector.zero(FLOATS);
        FloatVector q5 = FloatVector.zero(FLOATS);
        FloatVector p6 = FloatVector.zero(FLOATS);
        FloatVector q6 = FloatVector.zero(FLOATS);
        FloatVector p7 = FloatVector.zero(FLOATS);
        FloatVector q7 = FloatVector.zero(FLOATS);
        for (int k = 0; k < depth; k++) {
            FloatVector u = FloatVector.fromArray(FLOATS, b, b0 + k * WIDTH);
            FloatVector v = FloatVector.fromArray(FLOATS, b, b0 + k * WIDTH + COUNT);
            FloatVector x0 = FloatVector.broadcast(FLOATS, a[a0 + k]);
            p0 = x0.fma(u, p0);
            q0 = x0.fma(v, q0);
            FloatVector x1 = FloatVector.broadcast(FLOATS, a[a0 + k + STRIDE]);
            p1 = x1.fma(u, p1);
            q1 = x1.fma(v, q1);
            FloatVector x2 = FloatVector.broadcast(FLOATS, a[a0 + k + 2 * STRIDE]);
            p2 = x2.fma(u, p2);
            q2 = x2.fma(v, q2);
            FloatVector x3 = FloatVector.broadcast(FLOATS, a[a0 + k + 3 * STRIDE]);
            p3 = x3.fma(u, p3);
            q3 = x3.fma(v, q3);
            FloatVector x4 = FloatVector.broadcast(FLOATS, a[a0 + k + 4 * STRIDE]);
            p4 = x4.fma(u, p4);
            q4 = x4.fma(v, q4);
            FloatVector x5 = FloatVector.broadcast(FLOATS, a[a0 + k + 5 * STRIDE]);
            p5 = x5.fma(u, p5);
            q5 = x5.fma(v, q5);
            FloatVector x6 = FloatVector.broadcast(FLOATS, a[a0 + k + 6 * STRIDE]);
            p6 = x6.fma(u, p6);
            q6 = x6.fma(v, q6);
            FloatVector x7 = FloatVector.broadcast(FLOATS, a[a0 + k + 7 * STRIDE]);
            p7 = x7.fma(u, p7);
            q7 = x7.fma(v, q7);
        }
        p0.intoArray(c, c0);
        q0.intoArray(c, c0 + COUNT);
        p1.intoArray(c, c0 + cs);
        q1.intoArray(c, c0 + cs + COUNT);
        p2.intoArray(c, c0 + 2 * cs);
        q2.intoArray(c, c0 + 2 * cs + COUNT);
        p3.intoArray(c, c0 + 3 * cs);
        q3.intoArray(c, c0 + 3 * cs + COUNT);
        p4.intoArray(c, c0 + 4 * cs);
        q4.intoArray(c, c0 + 4 * cs + COUNT);
        p5.intoArray(c, c0 + 5 * cs);
        q5.intoArray(c, c0 + 5 * cs + COUNT);
        p6.intoArray(c, c0 + 6 * cs);
        q6.intoArray(c, c0 + 6 * cs + COUNT);
        p7.intoArray(c, c0 + 7 * cs);
        q7.intoArray(c, c0 + 7 * cs + COUNT);
    }

    private static void add8(float[] a, int a0, float[] b, int b0, int depth, float[] c, int c0, int cs) {
        FloatVector p0 = FloatVector.fromArray(FLOATS, c, c0);
        FloatVector q0 = FloatVector.fromArray(FLOATS, c, c0 + COUNT);
        FloatVector p1 = FloatVector.fromArray(FLOATS, c, c0 + cs);
        FloatVector q1 = FloatVector.fromArray(FLOATS, c, c0 + cs + COUNT);
        FloatVector p2 = FloatVector.fromArray(FLOATS, c, c0 + 2 * cs);
        FloatVector q2 = FloatVector.fromArray(FLOATS, c, c0 + 2 * cs + COUNT);
        FloatVector p3 = FloatVector.fromArray(FLOATS, c, c0 + 3 * cs);
        FloatVector q3 = FloatVector.fromArray(FLOATS, c, c0 + 3 * cs + COUNT);
        FloatVector p4 = FloatVector.fromArray(FLOATS, c, c0 + 4 * cs);
        FloatVector q4 = FloatVector.fromArray(FLOATS, c, c0 + 4 * cs + COUNT);
        FloatVector p5 = FloatVector.fromArray(FLOATS, c, c0 + 5 * cs);
        FloatVector q5 = FloatVector.fromArray(FLOATS, c, c0 + 5 * cs + COUNT);
        FloatVector p6 = FloatVector.fromArray(FLOATS, c, c0 + 6 * cs);
        FloatVector q6 = FloatVector.fromArray(FLOATS, c, c0 + 6 * cs + COUNT);
        FloatVector p7 = FloatVector.fromArray(FLOATS, c, c0 + 7 * cs);
        FloatVector q7 = FloatVector.fromArray(FLOATS, c, c0 + 7 * cs + COUNT);
        for (int k = 0; k < depth; k++) {
            FloatVector u = FloatVector.fromArray(FLOATS, b, b0 + k * WIDTH);
            FloatVector v = FloatVector.fromArray(FLOATS, b, b0 + k * WIDTH + COUNT);
            FloatVector x0 = FloatVector.broadcast(FLOATS, a[a0 + k]);
            p0 = x0.fma(u, p0);
            q0 = x0.fma(v, q0);
            FloatVector x1 = FloatVector.broadcast(FLOATS, a[a0 + k + STRIDE]);
            p1 = x1.fma(u, p1);
            q1 = x1.fma(v, q1);
            FloatVector x2 = FloatVector.broadcast(FLOATS, a[a0 + k + 2 * STRIDE]);
            p2 = x2.fma(u, p2);
            q2 = x2.fma(v, q2);
            FloatVector x3 = FloatVector.broadcast(FLOATS, a[a0 + k + 3 * STRIDE]);
            p3 = x3.fma(u, p3);
            q3 = x3.fma(v, q3);
            FloatVector x4 = FloatVector.broadcast(FLOATS, a[a0 + k + 4 * STRIDE]);
            p4 = x4.fma(u, p4);
            q4 = x4.fma(v, q4);
            FloatVector x5 = FloatVector.broadcast(FLOATS, a[a0 + k + 5 * STRIDE]);
            p5 = x5.fma(u, p5);
            q5 = x5.fma(v, q5);
            FloatVector x6 = FloatVector.broadcast(FLOATS, a[a0 + k + 6 * STRIDE]);
            p6 = x6.fma(u, p6);
            q6 = x6.fma(v, q6);
            FloatVector x7 = FloatVector.broadcast(FLOATS, a[a0 + k + 7 * STRIDE]);
            p7 = x7.fma(u, p7);
            q7 = x7.fma(v, q7);
        }
        p0.intoArray(c, c0);
        q0.intoArray(c, c0 + COUNT);
        p1.intoArray(c, c0 + cs);
        q1.intoArray(c, c0 + cs + COUNT);
        p2.intoArray(c, c0 + 2 * cs);
        q2.intoArray(c, c0 + 2 * cs + COUNT);
        p3.intoArray(c, c0 + 3 * cs);
        q3.intoArray(c, c0 + 3 * cs + COUNT);
        p4.intoArray(c, c0 + 4 * cs);
        q4.intoArray(c, c0 + 4 * cs + COUNT);
        p5.intoArray(c, c0 + 5 * cs);
        q5.intoArray(c, c0 + 5 * cs + COUNT);
        p6.intoArray(c, c0 + 6 * cs);
        q6.intoArray(c, c0 + 6 * cs + COUNT);
        p7.intoArray(c, c0 + 7 * cs);
        q7.intoArray(c, c0 + 7 * cs + COUNT);
    }

    private static void zero6(float[] a, int a0, float[] b, int b0, int depth, float[] c, int c0, int cs) {
        FloatVector p0 = FloatVector.zero(FLOATS);
        FloatVector q0 = FloatVector.zero(FLOATS);
        FloatVector p1 = FloatVector.zero(FLOATS);
        FloatVector q1 = FloatVector.zero(FLOATS);
        FloatVector p2 = FloatVector.zero(FLOATS);
        FloatVector q2 = FloatVector.zero(FLOATS);
        FloatVector p3 = FloatVector.zero(FLOATS);
        FloatVector q3 = FloatVector.zero(FLOATS);
        FloatVector p4 = FloatVector.zero(FLOATS);
        FloatVector q4 = FloatVector.zero(FLOATS);
        FloatVector p5 = FloatVector.zero(FLOATS);
        FloatVector q5 = FloatVector.zero(FLOATS);
        for (int k = 0; k < depth; k++) {
            FloatVector u = FloatVector.fromArray(FLOATS, b, b0 + k * WIDTH);
            FloatVector v = FloatVector.fromArray(FLOATS, b, b0 + k * WIDTH + COUNT);
            FloatVector x0 = FloatVector.broadcast(FLOATS, a[a0 + k]);
            p0 = x0.fma(u, p0);
            q0 = x0.fma(v, q0);
            FloatVector x1 = FloatVector.broadcast(FLOATS, a[a0 + k + STRIDE]);
            p1 = x1.fma(u, p1);
            q1 = x1.fma(v, q1);
            FloatVector x2 = FloatVector.broadcast(FLOATS, a[a0 + k + 2 * STRIDE]);
            p2 = x2.fma(u, p2);
            q2 = x2.fma(v, q2);
            FloatVector x3 = FloatVector.broadcast(FLOATS, a[a0 + k + 3 * STRIDE]);
            p3 = x3.fma(u, p3);
            q3 = x3.fma(v, q3);
            FloatVector x4 = FloatVector.broadcast(FLOATS, a[a0 + k + 4 * STRIDE]);
            p4 = x4.fma(u, p4);
            q4 = x4.fma(v, q4);
            FloatVector x5 = FloatVector.broadcast(FLOATS, a[a0 + k + 5 * STRIDE]);
            p5 = x5.fma(u, p5);
            q5 = x5.fma(v, q5);
        }
        p0.intoArray(c, c0);
        q0.intoArray(c, c0 + COUNT);
        p1.intoArray(c, c0 + cs);
        q1.intoArray(c, c0 + cs + COUNT);
        p2.intoArray(c, c0 + 2 * cs);
        q2.intoArray(c, c0 + 2 * cs + COUNT);
        p3.intoArray(c, c0 + 3 * cs);
        q3.intoArray(c, c0 + 3 * cs + COUNT);
        p4.intoArray(c, c0 + 4 * cs);
        q4.intoArray(c, c0 + 4 * cs + COUNT);
        p5.intoArray(c, c0 + 5 * cs);
        q5.intoArray(c, c0 + 5 * cs + COUNT);
    }

    private static void add6(float[] a, int a0, float[] b, int b0, int depth, float[] c, int c0, int cs) {
        FloatVector p0 = FloatVector.fromArray(FLOATS, c, c0);
        FloatVector q0 = FloatVector.fromArray(FLOATS, c, c0 + COUNT);
        FloatVector p1 = FloatVector.fromArray(FLOATS, c, c0 + cs);
        FloatVector q1 = FloatVector.fromArray(FLOATS, c, c0 + cs + COUNT);
        FloatVector p2 = FloatVector.fromArray(FLOATS, c, c0 + 2 * cs);
        FloatVector q2 = FloatVector.fromArray(FLOATS, c, c0 + 2 * cs + COUNT);
        FloatVector p3 = FloatVector.fromArray(FLOATS, c, c0 + 3 * cs);
        FloatVector q3 = FloatVector.fromArray(FLOATS, c, c0 + 3 * cs + COUNT);
        FloatVector p4 = FloatVector.fromArray(FLOATS, c, c0 + 4 * cs);
        FloatVector q4 = FloatVector.fromArray(FLOATS, c, c0 + 4 * cs + COUNT);
        FloatVector p5 = FloatVector.fromArray(FLOATS, c, c0 + 5 * cs);
        FloatVector q5 = FloatVector.fromArray(FLOATS, c, c0 + 5 * cs + COUNT);
        for (int k = 0; k < depth; k++) {
            FloatVector u = FloatVector.fromArray(FLOATS, b, b0 + k * WIDTH);
            FloatVector v = FloatVector.fromArray(FLOATS, b, b0 + k * WIDTH + COUNT);
            FloatVector x0 = FloatVector.broadcast(FLOATS, a[a0 + k]);
            p0 = x0.fma(u, p0);
            q0 = x0.fma(v, q0);
            FloatVector x1 = FloatVector.broadcast(FLOATS, a[a0 + k + STRIDE]);
            p1 = x1.fma(u, p1);
            q1 = x1.fma(v, q1);
            FloatVector x2 = FloatVector.broadcast(FLOATS, a[a0 + k + 2 * STRIDE]);
            p2 = x2.fma(u, p2);
            q2 = x2.fma(v, q2);
            FloatVector x3 = FloatVector.broadcast(FLOATS, a[a0 + k + 3 * STRIDE]);
            p3 = x3.fma(u, p3);
            q3 = x3.fma(v, q3);
            FloatVector x4 = FloatVector.broadcast(FLOATS, a[a0 + k + 4 * STRIDE]);
            p4 = x4.fma(u, p4);
            q4 = x4.fma(v, q4);
            FloatVector x5 = FloatVector.broadcast(FLOATS, a[a0 + k + 5 * STRIDE]);
            p5 = x5.fma(u, p5);
            q5 = x5.fma(v, q5);
        }
        p0.intoArray(c, c0);
        q0.intoArray(c, c0 + COUNT);
        p1.intoArray(c, c0 + cs);
        q1.intoArray(c, c0 + cs + COUNT);
        p2.intoArray(c, c0 + 2 * cs);
        q2.intoArray(c, c0 + 2 * cs + COUNT);
        p3.intoArray(c, c0 + 3 * cs);
        q3.intoArray(c, c0 + 3 * cs + COUNT);
        p4.intoArray(c, c0 + 4 * cs);
        q4.intoArray(c, c0 + 4 * cs + COUNT);
        p5.intoArray(c, c0 + 5 * cs);
        q5.intoArray(c, c0 + 5 * cs + COUNT);
    }

    private static void zero4(float[] a, int a0, float[] b, int b0, int depth, float[] c, int c0, int cs) {
        FloatVector p0 = FloatVector.zero(FLOATS);
        FloatVector q0 = FloatVector.zero(FLOATS);
        FloatVector p1 = FloatVector.zero(FLOATS);
        FloatVector q1 = FloatVector.zero(FLOATS);
        FloatVector p2 = FloatVector.zero(FLOATS);
        FloatVector q2 = FloatVector.zero(FLOATS);
        FloatVector p3 = FloatVector.zero(FLOATS);
        FloatVector q3 = FloatVector.zero(FLOATS);
        for (int k = 0; k < depth; k++) {
            FloatVector u = FloatVector.fromArray(FLOATS, b, b0 + k * WIDTH);
            FloatVector v = FloatVector.fromArray(FLOATS, b, b0 + k * WIDTH + COUNT);
            FloatVector x0 = FloatVector.broadcast(FLOATS, a[a0 + k]);
            p0 = x0.fma(u, p0);
            q0 = x0.fma(v, q0);
            FloatVector x1 = FloatVector.broadcast(FLOATS, a[a0 + k + STRIDE]);
            p1 = x1.fma(u, p1);
            q1 = x1.fma(v, q1);
            FloatVector x2 = FloatVector.broadcast(FLOATS, a[a0 + k + 2 * STRIDE]);
            p2 = x2.fma(u, p2);
            q2 = x2.fma(v, q2);
            FloatVector x3 = FloatVector.broadcast(FLOATS, a[a0 + k + 3 * STRIDE]);
            p3 = x3.fma(u, p3);
            q3 = x3.fma(v, q3);
        }
        p0.intoArray(c, c0);
        q0.intoArray(c, c0 + COUNT);
        p1.intoArray(c, c0 + cs);
        q1.intoArray(c, c0 + cs + COUNT);
        p2.intoArray(c, c0 + 2 * cs);
        q2.intoArray(c, c0 + 2 * cs + COUNT);
        p3.intoArray(c, c0 + 3 * cs);
        q3.intoArray(c, c0 + 3 * cs + COUNT);
    }

    private static void add4(float[] a, int a0, float[] b, int b0, int depth, float[] c, int c0, int cs) {
        FloatVector p0 = FloatVector.fromArray(FLOATS, c, c0);
        FloatVector q0 = FloatVector.fromArray(FLOATS, c, c0 + COUNT);
        FloatVector p1 = FloatVector.fromArray(FLOATS, c, c0 + cs);
        FloatVector q1 = FloatVector.fromArray(FLOATS, c, c0 + cs + COUNT);
        FloatVector p2 = FloatVector.fromArray(FLOATS, c, c0 + 2 * cs);
        FloatVector q2 = FloatVector.fromArray(FLOATS, c, c0 + 2 * cs + COUNT);
        FloatVector p3 = FloatVector.fromArray(FLOATS, c, c0 + 3 * cs);
        FloatVector q3 = FloatVector.fromArray(FLOATS, c, c0 + 3 * cs + COUNT);
        for (int k = 0; k < depth; k++) {
            FloatVector u = FloatVector.fromArray(FLOATS, b, b0 + k * WIDTH);
            FloatVector v = FloatVector.fromArray(FLOATS, b, b0 + k * WIDTH + COUNT);
            FloatVector x0 = FloatVector.broadcast(FLOATS, a[a0 + k]);
            p0 = x0.fma(u, p0);
            q0 = x0.fma(v, q0);
            FloatVector x1 = FloatVector.broadcast(FLOATS, a[a0 + k + STRIDE]);
            p1 = x1.fma(u, p1);
            q1 = x1.fma(v, q1);
            FloatVector x2 = FloatVector.broadcast(FLOATS, a[a0 + k + 2 * STRIDE]);
            p2 = x2.fma(u, p2);
            q2 = x2.fma(v, q2);
            FloatVector x3 = FloatVector.broadcast(FLOATS, a[a0 + k + 3 * STRIDE]);
            p3 = x3.fma(u, p3);
            q3 = x3.fma(v, q3);
        }
        p0.intoArray(c, c0);
        q0.intoArray(c, c0 + COUNT);
        p1.intoArray(c, c0 + cs);
        q1.intoArray(c, c0 + cs + COUNT);
        p2.intoArray(c, c0 + 2 * cs);
        q2.intoArray(c, c0 + 2 * cs + COUNT);
        p3.intoArray(c, c0 + 3 * cs);
        q3.intoArray(c, c0 + 3 * cs + COUNT);
    }

    private static void zero2(float[] a, int a0, float[] b, int b0, int depth, float[] c, int c0, int cs) {
        FloatVector p0 = FloatVector.zero(FLOATS);
        FloatVector q0 = FloatVector.zero(FLOATS);
        FloatVector p1 = FloatVector.zero(FLOATS);
        FloatVector q1 = FloatVector.zero(FLOATS);
        for (int k = 0; k < depth; k++) {
            FloatVector u = FloatVector.fromArray(FLOATS, b, b0 + k * WIDTH);
            FloatVector v = FloatVector.fromArray(FLOATS, b, b0 + k * WIDTH + COUNT);
            FloatVector x0 = FloatVector.broadcast(FLOATS, a[a0 + k]);
            p0 = x0.fma(u, p0);
            q0 = x0.fma(v, q0);
            FloatVector x1 = FloatVector.broadcast(FLOATS, a[a0 + k + STRIDE]);
            p1 = x1.fma(u, p1);
            q1 = x1.fma(v, q1);
        }
        p0.intoArray(c, c0);
        q0.intoArray(c, c0 + COUNT);
        p1.intoArray(c, c0 + cs);
        q1.intoArray(c, c0 + cs + COUNT);
    }

    private static void add2(float[] a, int a0, float[] b, int b0, int depth, float[] c, int c0, int cs) {
        FloatVector p0 = FloatVector.fromArray(FLOATS, c, c0);
        FloatVector q0 = FloatVector.fromArray(FLOATS, c, c0 + COUNT);
        FloatVector p1 = FloatVector.fromArray(FLOATS, c, c0 + cs);
        FloatVector q1 = FloatVector.fromArray(FLOATS, c, c0 + cs + COUNT);
        for (int k = 0; k < depth; k++) {
            FloatVector u = FloatVector.fromArray(FLOATS, b, b0 + k * WIDTH);
            FloatVector v = FloatVector.fromArray(FLOATS, b, b0 + k * WIDTH + COUNT);
            FloatVector x0 = FloatVector.broadcast(FLOATS, a[a0 + k]);
            p0 = x0.fma(u, p0);
            q0 = x0.fma(v, q0);
            FloatVector x1 = FloatVector.broadcast(FLOATS, a[a0 + k + STRIDE]);
            p1 = x1.fma(u, p1);
            q1 = x1.fma(v, q1);
        }
        p0.intoArray(c, c0);
        q0.intoArray(c, c0 + COUNT);
        p1.intoArray(c, c0 + cs);
        q1.intoArray(c, c0 + cs + COUNT);
    }

    private static void zero1(float[] a, int a0, float[] b, int b0, int depth, float[] c, int c0) {
        FloatVector p0 = FloatVector.zero(FLOATS);
        FloatVector q0 = FloatVector.zero(FLOATS);
        for (int k = 0; k < depth; k++) {
            FloatVector u = FloatVector.fromArray(FLOATS, b, b0 + k * WIDTH);
            FloatVector v = FloatVector.fromArray(FLOATS, b, b0 + k * WIDTH + COUNT);
            FloatVector x0 = FloatVector.broadcast(FLOATS, a[a0 + k]);
            p0 = x0.fma(u, p0);
            q0 = x0.fma(v, q0);
        }
        p0.intoArray(c, c0);
        q0.intoArray(c, c0 + COUNT);
    }

    private static void add1(float[] a, int a0, float[] b, int b0, int depth, float[] c, int c0) {
        FloatVector p0 = FloatVector.fromArray(FLOATS, c, c0);
        FloatVector q0 = FloatVector.fromArray(FLOATS, c, c0 + COUNT);
        for (int k = 0; k < depth; k++) {
            FloatVector u = FloatVector.fromArray(FLOATS, b, b0 + k * WIDTH);
            FloatVector v = FloatVector.fromArray(FLOATS, b, b0 + k * WIDTH + COUNT);
            FloatVector x0 = FloatVector.broadcast(FLOATS, a[a0 + k]);
            p0 = x0.fma(u, p0);
            q0 = x0.fma(v, q0);
        }
        p0.intoArray(c, c0);
        q0.intoArray(c, c0 + COUNT);
    }

    private static void transposed12(float[] a, int a0, float[] b, int b0, int depth, float[] c, int c0, int cs) {
        FloatVector p0 = FloatVector.fromArray(FLOATS, c, c0);
        FloatVector q0 = FloatVector.fromArray(FLOATS, c, c0 + COUNT);
        FloatVector p1 = FloatVector.fromArray(FLOATS, c, c0 + cs);
        FloatVector q1 = FloatVector.fromArray(FLOATS, c, c0 + cs + COUNT);
        FloatVector p2 = FloatVector.fromArray(FLOATS, c, c0 + 2 * cs);
        FloatVector q2 = FloatVector.fromArray(FLOATS, c, c0 + 2 * cs + COUNT);
        FloatVector p3 = FloatVector.fromArray(FLOATS, c, c0 + 3 * cs);
        FloatVector q3 = FloatVector.fromArray(FLOATS, c, c0 + 3 * cs + COUNT);
        FloatVector p4 = FloatVector.fromArray(FLOATS, c, c0 + 4 * cs);
        FloatVector q4 = FloatVector.fromArray(FLOATS, c, c0 + 4 * cs + COUNT);
        FloatVector p5 = FloatVector.fromArray(FLOATS, c, c0 + 5 * cs);
        FloatVector q5 = FloatVector.fromArray(FLOATS, c, c0 + 5 * cs + COUNT);
        FloatVector p6 = FloatVector.fromArray(FLOATS, c, c0 + 6 * cs);
        FloatVector q6 = FloatVector.fromArray(FLOATS, c, c0 + 6 * cs + COUNT);
        FloatVector p7 = FloatVector.fromArray(FLOATS, c, c0 + 7 * cs);
        FloatVector q7 = FloatVector.fromArray(FLOATS, c, c0 + 7 * cs + COUNT);
        FloatVector p8 = FloatVector.fromArray(FLOATS, c, c0 + 8 * cs);
        FloatVector q8 = FloatVector.fromArray(FLOATS, c, c0 + 8 * cs + COUNT);
        FloatVector p9 = FloatVector.fromArray(FLOATS, c, c0 + 9 * cs);
        FloatVector q9 = FloatVector.fromArray(FLOATS, c, c0 + 9 * cs + COUNT);
        FloatVector p10 = FloatVector.fromArray(FLOATS, c, c0 + 10 * cs);
        FloatVector q10 = FloatVector.fromArray(FLOATS, c, c0 + 10 * cs + COUNT);
        FloatVector p11 = FloatVector.fromArray(FLOATS, c, c0 + 11 * cs);
        FloatVector q11 = FloatVector.fromArray(FLOATS, c, c0 + 11 * cs + COUNT);
        for (int k = 0; k < depth; k++) {
            FloatVector u = FloatVector.fromArray(FLOATS, b, b0 + k * WIDTH);
            FloatVector v = FloatVector.fromArray(FLOATS, b, b0 + k * WIDTH + COUNT);
            FloatVector x0 = FloatVector.broadcast(FLOATS, a[a0 + k * STRIDE]);
            p0 = x0.fma(u, p0);
            q0 = x0.fma(v, q0);
            FloatVector x1 = FloatVector.broadcast(FLOATS, a[a0 + k * STRIDE + 1]);
            p1 = x1.fma(u, p1);
            q1 = x1.fma(v, q1);
            FloatVector x2 = FloatVector.broadcast(FLOATS, a[a0 + k * STRIDE + 2]);
            p2 = x2.fma(u, p2);
            q2 = x2.fma(v, q2);
            FloatVector x3 = FloatVector.broadcast(FLOATS, a[a0 + k * STRIDE + 3]);
            p3 = x3.fma(u, p3);
            q3 = x3.fma(v, q3);
            FloatVector x4 = FloatVector.broadcast(FLOATS, a[a0 + k * STRIDE + 4]);
            p4 = x4.fma(u, p4);
            q4 = x4.fma(v, q4);
            FloatVector x5 = FloatVector.broadcast(FLOATS, a[a0 + k * STRIDE + 5]);
            p5 = x5.fma(u, p5);
            q5 = x5.fma(v, q5);
            FloatVector x6 = FloatVector.broadcast(FLOATS, a[a0 + k * STRIDE + 6]);
            p6 = x6.fma(u, p6);
            q6 = x6.fma(v, q6);
            FloatVector x7 = FloatVector.broadcast(FLOATS, a[a0 + k * STRIDE + 7]);
            p7 = x7.fma(u, p7);
            q7 = x7.fma(v, q7);
            FloatVector x8 = FloatVector.broadcast(FLOATS, a[a0 + k * STRIDE + 8]);
            p8 = x8.fma(u, p8);
            q8 = x8.fma(v, q8);
            FloatVector x9 = FloatVector.broadcast(FLOATS, a[a0 + k * STRIDE + 9]);
            p9 = x9.fma(u, p9);
            q9 = x9.fma(v, q9);
            FloatVector x10 = FloatVector.broadcast(FLOATS, a[a0 + k * STRIDE + 10]);
            p10 = x10.fma(u, p10);
            q10 = x10.fma(v, q10);
            FloatVector x11 = FloatVector.broadcast(FLOATS, a[a0 + k * STRIDE + 11]);
            p11 = x11.fma(u, p11);
            q11 = x11.fma(v, q11);
        }
        p0.intoArray(c, c0);
        q0.intoArray(c, c0 + COUNT);
        p1.intoArray(c, c0 + cs);
        q1.intoArray(c, c0 + cs + COUNT);
        p2.intoArray(c, c0 + 2 * cs);
        q2.intoArray(c, c0 + 2 * cs + COUNT);
        p3.intoArray(c, c0 + 3 * cs);
        q3.intoArray(c, c0 + 3 * cs + COUNT);
        p4.intoArray(c, c0 + 4 * cs);
        q4.intoArray(c, c0 + 4 * cs + COUNT);
        p5.intoArray(c, c0 + 5 * cs);
        q5.intoArray(c, c0 + 5 * cs + COUNT);
        p6.intoArray(c, c0 + 6 * cs);
        q6.intoArray(c, c0 + 6 * cs + COUNT);
        p7.intoArray(c, c0 + 7 * cs);
        q7.intoArray(c, c0 + 7 * cs + COUNT);
        p8.intoArray(c, c0 + 8 * cs);
        q8.intoArray(c, c0 + 8 * cs + COUNT);
        p9.intoArray(c, c0 + 9 * cs);
        q9.intoArray(c, c0 + 9 * cs + COUNT);
        p10.intoArray(c, c0 + 10 * cs);
        q10.intoArray(c, c0 + 10 * cs + COUNT);
        p11.intoArray(c, c0 + 11 * cs);
        q11.intoArray(c, c0 + 11 * cs + COUNT);
    }

    private static void transposed8(float[] a, int a0, float[] b, int b0, int depth, float[] c, int c0, int cs) {
        FloatVector p0 = FloatVector.fromArray(FLOATS, c, c0);
        FloatVector q0 = FloatVector.fromArray(FLOATS, c, c0 + COUNT);
        FloatVector p1 = FloatVector.fromArray(FLOATS, c, c0 + cs);
        FloatVector q1 = FloatVector.fromArray(FLOATS, c, c0 + cs + COUNT);
        FloatVector p2 = FloatVector.fromArray(FLOATS, c, c0 + 2 * cs);
        FloatVector q2 = FloatVector.fromArray(FLOATS, c, c0 + 2 * cs + COUNT);
        FloatVector p3 = FloatVector.fromArray(FLOATS, c, c0 + 3 * cs);
        FloatVector q3 = FloatVector.fromArray(FLOATS, c, c0 + 3 * cs + COUNT);
        FloatVector p4 = FloatVector.fromArray(FLOATS, c, c0 + 4 * cs);
        FloatVector q4 = FloatVector.fromArray(FLOATS, c, c0 + 4 * cs + COUNT);
        FloatVector p5 = FloatVector.fromArray(FLOATS, c, c0 + 5 * cs);
        FloatVector q5 = FloatVector.fromArray(FLOATS, c, c0 + 5 * cs + COUNT);
        FloatVector p6 = FloatVector.fromArray(FLOATS, c, c0 + 6 * cs);
        FloatVector q6 = FloatVector.fromArray(FLOATS, c, c0 + 6 * cs + COUNT);
        FloatVector p7 = FloatVector.fromArray(FLOATS, c, c0 + 7 * cs);
        FloatVector q7 = FloatVector.fromArray(FLOATS, c, c0 + 7 * cs + COUNT);
        for (int k = 0; k < depth; k++) {
            FloatVector u = FloatVector.fromArray(FLOATS, b, b0 + k * WIDTH);
            FloatVector v = FloatVector.fromArray(FLOATS, b, b0 + k * WIDTH + COUNT);
            FloatVector x0 = FloatVector.broadcast(FLOATS, a[a0 + k * STRIDE]);
            p0 = x0.fma(u, p0);
            q0 = x0.fma(v, q0);
            FloatVector x1 = FloatVector.broadcast(FLOATS, a[a0 + k * STRIDE + 1]);
            p1 = x1.fma(u, p1);
            q1 = x1.fma(v, q1);
            FloatVector x2 = FloatVector.broadcast(FLOATS, a[a0 + k * STRIDE + 2]);
            p2 = x2.fma(u, p2);
            q2 = x2.fma(v, q2);
            FloatVector x3 = FloatVector.broadcast(FLOATS, a[a0 + k * STRIDE + 3]);
            p3 = x3.fma(u, p3);
            q3 = x3.fma(v, q3);
            FloatVector x4 = FloatVector.broadcast(FLOATS, a[a0 + k * STRIDE + 4]);
            p4 = x4.fma(u, p4);
            q4 = x4.fma(v, q4);
            FloatVector x5 = FloatVector.broadcast(FLOATS, a[a0 + k * STRIDE + 5]);
            p5 = x5.fma(u, p5);
            q5 = x5.fma(v, q5);
            FloatVector x6 = FloatVector.broadcast(FLOATS, a[a0 + k * STRIDE + 6]);
            p6 = x6.fma(u, p6);
            q6 = x6.fma(v, q6);
            FloatVector x7 = FloatVector.broadcast(FLOATS, a[a0 + k * STRIDE + 7]);
            p7 = x7.fma(u, p7);
            q7 = x7.fma(v, q7);
        }
        p0.intoArray(c, c0);
        q0.intoArray(c, c0 + COUNT);
        p1.intoArray(c, c0 + cs);
        q1.intoArray(c, c0 + cs + COUNT);
        p2.intoArray(c, c0 + 2 * cs);
        q2.intoArray(c, c0 + 2 * cs + COUNT);
        p3.intoArray(c, c0 + 3 * cs);
        q3.intoArray(c, c0 + 3 * cs + COUNT);
        p4.intoArray(c, c0 + 4 * cs);
        q4.intoArray(c, c0 + 4 * cs + COUNT);
        p5.intoArray(c, c0 + 5 * cs);
        q5.intoArray(c, c0 + 5 * cs + COUNT);
        p6.intoArray(c, c0 + 6 * cs);
        q6.intoArray(c, c0 + 6 * cs + COUNT);
        p7.intoArray(c, c0 + 7 * cs);
        q7.intoArray(c, c0 + 7 * cs + COUNT);
    }

    private static void transposed6(float[] a, int a0, float[] b, int b0, int depth, float[] c, int c0, int cs) {
        FloatVector p0 = FloatVector.fromArray(FLOATS, c, c0);
        FloatVector q0 = FloatVector.fromArray(FLOATS, c, c0 + COUNT);
        FloatVector p1 = FloatVector.fromArray(FLOATS, c, c0 + cs);
        FloatVector q1 = FloatVector.fromArray(FLOATS, c, c0 + cs + COUNT);
        FloatVector p2 = FloatVector.fromArray(FLOATS, c, c0 + 2 * cs);
        FloatVector q2 = FloatVector.fromArray(FLOATS, c, c0 + 2 * cs + COUNT);
        FloatVector p3 = FloatVector.fromArray(FLOATS, c, c0 + 3 * cs);
        FloatVector q3 = FloatVector.fromArray(FLOATS, c, c0 + 3 * cs + COUNT);
        FloatVector p4 = FloatVector.fromArray(FLOATS, c, c0 + 4 * cs);
        FloatVector q4 = FloatVector.fromArray(FLOATS, c, c0 + 4 * cs + COUNT);
        FloatVector p5 = FloatVector.fromArray(FLOATS, c, c0 + 5 * cs);
        FloatVector q5 = FloatVector.fromArray(FLOATS, c, c0 + 5 * cs + COUNT);
        for (int k = 0; k < depth; k++) {
            FloatVector u = FloatVector.fromArray(FLOATS, b, b0 + k * WIDTH);
            FloatVector v = FloatVector.fromArray(FLOATS, b, b0 + k * WIDTH + COUNT);
            FloatVector x0 = FloatVector.broadcast(FLOATS, a[a0 + k * STRIDE]);
            p0 = x0.fma(u, p0);
            q0 = x0.fma(v, q0);
            FloatVector x1 = FloatVector.broadcast(FLOATS, a[a0 + k * STRIDE + 1]);
            p1 = x1.fma(u, p1);
            q1 = x1.fma(v, q1);
            FloatVector x2 = FloatVector.broadcast(FLOATS, a[a0 + k * STRIDE + 2]);
            p2 = x2.fma(u, p2);
            q2 = x2.fma(v, q2);
            FloatVector x3 = FloatVector.broadcast(FLOATS, a[a0 + k * STRIDE + 3]);
            p3 = x3.fma(u, p3);
            q3 = x3.fma(v, q3);
            FloatVector x4 = FloatVector.broadcast(FLOATS, a[a0 + k * STRIDE + 4]);
            p4 = x4.fma(u, p4);
            q4 = x4.fma(v, q4);
            FloatVector x5 = FloatVector.broadcast(FLOATS, a[a0 + k * STRIDE + 5]);
            p5 = x5.fma(u, p5);
            q5 = x5.fma(v, q5);
        }
        p0.intoArray(c, c0);
        q0.intoArray(c, c0 + COUNT);
        p1.intoArray(c, c0 + cs);
        q1.intoArray(c, c0 + cs + COUNT);
        p2.intoArray(c, c0 + 2 * cs);
        q2.intoArray(c, c0 + 2 * cs + COUNT);
        p3.intoArray(c, c0 + 3 * cs);
        q3.intoArray(c, c0 + 3 * cs + COUNT);
        p4.intoArray(c, c0 + 4 * cs);
        q4.intoArray(c, c0 + 4 * cs + COUNT);
        p5.intoArray(c, c0 + 5 * cs);
        q5.intoArray(c, c0 + 5 * cs + COUNT);
    }

    private static void transposed4(float[] a, int a0, float[] b, int b0, int depth, float[] c, int c0, int cs) {
        FloatVector p0 = FloatVector.fromArray(FLOATS, c, c0);
        FloatVector q0 = FloatVector.fromArray(FLOATS, c, c0 + COUNT);
        FloatVector p1 = FloatVector.fromArray(FLOATS, c, c0 + cs);
        FloatVector q1 = FloatVector.fromArray(FLOATS, c, c0 + cs + COUNT);
        FloatVector p2 = FloatVector.fromArray(FLOATS, c, c0 + 2 * cs);
        FloatVector q2 = FloatVector.fromArray(FLOATS, c, c0 + 2 * cs + COUNT);
        FloatVector p3 = FloatVector.fromArray(FLOATS, c, c0 + 3 * cs);
        FloatVector q3 = FloatVector.fromArray(FLOATS, c, c0 + 3 * cs + COUNT);
        for (int k = 0; k < depth; k++) {
            FloatVector u = FloatVector.fromArray(FLOATS, b, b0 + k * WIDTH);
            FloatVector v = FloatVector.fromArray(FLOATS, b, b0 + k * WIDTH + COUNT);
            FloatVector x0 = FloatVector.broadcast(FLOATS, a[a0 + k * STRIDE]);
            p0 = x0.fma(u, p0);
            q0 = x0.fma(v, q0);
            FloatVector x1 = FloatVector.broadcast(FLOATS, a[a0 + k * STRIDE + 1]);
            p1 = x1.fma(u, p1);
            q1 = x1.fma(v, q1);
            FloatVector x2 = FloatVector.broadcast(FLOATS, a[a0 + k * STRIDE + 2]);
            p2 = x2.fma(u, p2);
            q2 = x2.fma(v, q2);
            FloatVector x3 = FloatVector.broadcast(FLOATS, a[a0 + k * STRIDE + 3]);
            p3 = x3.fma(u, p3);
            q3 = x3.fma(v, q3);
        }
        p0.intoArray(c, c0);
        q0.intoArray(c, c0 + COUNT);
        p1.intoArray(c, c0 + cs);
        q1.intoArray(c, c0 + cs + COUNT);
        p2.intoArray(c, c0 + 2 * cs);
        q2.intoArray(c, c0 + 2 * cs + COUNT);
        p3.intoArray(c, c0 + 3 * cs);
        q3.intoArray(c, c0 + 3 * cs + COUNT);
    }

    /** Computes 1 row times 4 panels that start {@code bs} apart; panel p of c starts at {@code c0 + p * cp}. */
    static void zero1x4(float[] a, int a0, float[] b, int b0, int bs, int depth, float[] c, int c0, int cp) {
        int b1 = b0 + 1 * bs;
        int b2 = b0 + 2 * bs;
        int b3 = b0 + 3 * bs;
        FloatVector p00 = FloatVector.zero(FLOATS);
        FloatVector q00 = FloatVector.zero(FLOATS);
        FloatVector p01 = FloatVector.zero(FLOATS);
        FloatVector q01 = FloatVector.zero(FLOATS);
        FloatVector p02 = FloatVector.zero(FLOATS);
        FloatVector q02 = FloatVector.zero(FLOATS);
        FloatVector p03 = FloatVector.zero(FLOATS);
        FloatVector q03 = FloatVector.zero(FLOATS);
        for (int k = 0; k < depth; k++) {
            FloatVector x0 = FloatVector.broadcast(FLOATS, a[a0 + k]);
            FloatVector u0 = FloatVector.fromArray(FLOATS, b, b0 + k * WIDTH);
            p00 = x0.fma(u0, p00);
            FloatVector v0 = FloatVector.fromArray(FLOATS, b, b0 + k * WIDTH + COUNT);
            q00 = x0.fma(v0, q00);
            FloatVector u1 = FloatVector.fromArray(FLOATS, b, b1 + k * WIDTH);
            p01 = x0.fma(u1, p01);
            FloatVector v1 = FloatVector.fromArray(FLOATS, b, b1 + k * WIDTH + COUNT);
            q01 = x0.fma(v1, q01);
            FloatVector u2 = FloatVector.fromArray(FLOATS, b, b2 + k * WIDTH);
            p02 = x0.fma(u2, p02);
            FloatVector v2 = FloatVector.fromArray(FLOATS, b, b2 + k * WIDTH + COUNT);
            q02 = x0.fma(v2, q02);
            FloatVector u3 = FloatVector.fromArray(FLOATS, b, b3 + k * WIDTH);
            p03 = x0.fma(u3, p03);
            FloatVector v3 = FloatVector.fromArray(FLOATS, b, b3 + k * WIDTH + COUNT);
            q03 = x0.fma(v3, q03);
        }
        p00.intoArray(c, c0);
        q00.intoArray(c, c0 + COUNT);
        p01.intoArray(c, c0 + 1 * cp);
        q01.intoArray(c, c0 + 1 * cp + COUNT);
        p02.intoArray(c, c0 + 2 * cp);
        q02.intoArray(c, c0 + 2 * cp + COUNT);
        p03.intoArray(c, c0 + 3 * cp);
        q03.intoArray(c, c0 + 3 * cp + COUNT);
    }

    /** Adds to 1 row times 4 panels that start {@code bs} apart; panel p of c starts at {@code c0 + p * cp}. */
    static void add1x4(float[] a, int a0, float[] b, int b0, int bs, int depth, float[] c, int c0, int cp) {
        int b1 = b0 + 1 * bs;
        int b2 = b0 + 2 * bs;
        int b3 = b0 + 3 * bs;
        FloatVector p00 = FloatVector.fromArray(FLOATS, c, c0);
        FloatVector q00 = FloatVector.fromArray(FLOATS, c, c0 + COUNT);
        FloatVector p01 = FloatVector.fromArray(FLOATS, c, c0 + 1 * cp);
        FloatVector q01 = FloatVector.fromArray(FLOATS, c, c0 + 1 * cp + COUNT);
        FloatVector p02 = FloatVector.fromArray(FLOATS, c, c0 + 2 * cp);
        FloatVector q02 = FloatVector.fromArray(FLOATS, c, c0 + 2 * cp + COUNT);
        FloatVector p03 = FloatVector.fromArray(FLOATS, c, c0 + 3 * cp);
        FloatVector q03 = FloatVector.fromArray(FLOATS, c, c0 + 3 * cp + COUNT);
        for (int k = 0; k < depth; k++) {
            FloatVector x0 = FloatVector.broadcast(FLOATS, a[a0 + k]);
            FloatVector u0 = FloatVector.fromArray(FLOATS, b, b0 + k * WIDTH);
            p00 = x0.fma(u0, p00);
            FloatVector v0 = FloatVector.fromArray(FLOATS, b, b0 + k * WIDTH + COUNT);
            q00 = x0.fma(v0, q00);
            FloatVector u1 = FloatVector.fromArray(FLOATS, b, b1 + k * WIDTH);
            p01 = x0.fma(u1, p01);
            FloatVector v1 = FloatVector.fromArray(FLOATS, b, b1 + k * WIDTH + COUNT);
            q01 = x0.fma(v1, q01);
            FloatVector u2 = FloatVector.fromArray(FLOATS, b, b2 + k * WIDTH);
            p02 = x0.fma(u2, p02);
            FloatVector v2 = FloatVector.fromArray(FLOATS, b, b2 + k * WIDTH + COUNT);
            q02 = x0.fma(v2, q02);
            FloatVector u3 = FloatVector.fromArray(FLOATS, b, b3 + k * WIDTH);
            p03 = x0.fma(u3, p03);
            FloatVector v3 = FloatVector.fromArray(FLOATS, b, b3 + k * WIDTH + COUNT);
            q03 = x0.fma(v3, q03);
        }
        p00.intoArray(c, c0);
        q00.intoArray(c, c0 + COUNT);
        p01.intoArray(c, c0 + 1 * cp);
        q01.intoArray(c, c0 + 1 * cp + COUNT);
        p02.intoArray(c, c0 + 2 * cp);
        q02.intoArray(c, c0 + 2 * cp + COUNT);
        p03.intoArray(c, c0 + 3 * cp);
        q03.intoArray(c, c0 + 3 * cp + COUNT);
    }

    /** Computes 2 rows times 2 panels that start {@code bs} apart; panel p of c starts at {@code c0 + p * cp}. */
    static void zero2x2(float[] a, int a0, float[] b, int b0, int bs, int depth, float[] c, int c0, int cp) {
        int b1 = b0 + 1 * bs;
        FloatVector p00 = FloatVector.zero(FLOATS);
        FloatVector q00 = FloatVector.zero(FLOATS);
        FloatVector p01 = FloatVector.zero(FLOATS);
        FloatVector q01 = FloatVector.zero(FLOATS);
        FloatVector p10 = FloatVector.zero(FLOATS);
        FloatVector q10 = FloatVector.zero(FLOATS);
        FloatVector p11 = FloatVector.zero(FLOATS);
        FloatVector q11 = FloatVector.zero(FLOATS);
        for (int k = 0; k < depth; k++) {
            FloatVector x0 = FloatVector.broadcast(FLOATS, a[a0 + k]);
            FloatVector x1 = FloatVector.broadcast(FLOATS, a[a0 + k + STRIDE]);
            FloatVector u0 = FloatVector.fromArray(FLOATS, b, b0 + k * WIDTH);
            p00 = x0.fma(u0, p00);
            p10 = x1.fma(u0, p10);
            FloatVector v0 = FloatVector.fromArray(FLOATS, b, b0 + k * WIDTH + COUNT);
            q00 = x0.fma(v0, q00);
            q10 = x1.fma(v0, q10);
            FloatVector u1 = FloatVector.fromArray(FLOATS, b, b1 + k * WIDTH);
            p01 = x0.fma(u1, p01);
            p11 = x1.fma(u1, p11);
            FloatVector v1 = FloatVector.fromArray(FLOATS, b, b1 + k * WIDTH + COUNT);
            q01 = x0.fma(v1, q01);
            q11 = x1.fma(v1, q11);
        }
        p00.intoArray(c, c0);
        q00.intoArray(c, c0 + COUNT);
        p01.intoArray(c, c0 + 1 * cp);
        q01.intoArray(c, c0 + 1 * cp + COUNT);
        p10.intoArray(c, c0 + WIDTH);
        q10.intoArray(c, c0 + WIDTH + COUNT);
        p11.intoArray(c, c0 + 1 * cp + WIDTH);
        q11.intoArray(c, c0 + 1 * cp + WIDTH + COUNT);
    }

    /** Adds to 2 rows times 2 panels that start {@code bs} apart; panel p of c starts at {@code c0 + p * cp}. */
    static void add2x2(float[] a, int a0, float[] b, int b0, int bs, int depth, float[] c, int c0, int cp) {
        int b1 = b0 + 1 * bs;
        FloatVector p00 = FloatVector.fromArray(FLOATS, c, c0);
        FloatVector q00 = FloatVector.fromArray(FLOATS, c, c0 + COUNT);
        FloatVector p01 = FloatVector.fromArray(FLOATS, c, c0 + 1 * cp);
        FloatVector q01 = FloatVector.fromArray(FLOATS, c, c0 + 1 * cp + COUNT);
        FloatVector p10 = FloatVector.fromArray(FLOATS, c, c0 + WIDTH);
        FloatVector q10 = FloatVector.fromArray(FLOATS, c, c0 + WIDTH + COUNT);
        FloatVector p11 = FloatVector.fromArray(FLOATS, c, c0 + 1 * cp + WIDTH);
        FloatVector q11 = FloatVector.fromArray(FLOATS, c, c0 + 1 * cp + WIDTH + COUNT);
        for (int k = 0; k < depth; k++) {
            FloatVector x0 = FloatVector.broadcast(FLOATS, a[a0 + k]);
            FloatVector x1 = FloatVector.broadcast(FLOATS, a[a0 + k + STRIDE]);
            FloatVector u0 = FloatVector.fromArray(FLOATS, b, b0 + k * WIDTH);
            p00 = x0.fma(u0, p00);
            p10 = x1.fma(u0, p10);
            FloatVector v0 = FloatVector.fromArray(FLOATS, b, b0 + k * WIDTH + COUNT);
            q00 = x0.fma(v0, q00);
            q10 = x1.fma(v0, q10);
            FloatVector u1 = FloatVector.fromArray(FLOATS, b, b1 + k * WIDTH);
            p01 = x0.fma(u1, p01);
            p11 = x1.fma(u1, p11);
            FloatVector v1 = FloatVector.fromArray(FLOATS, b, b1 + k * WIDTH + COUNT);
            q01 = x0.fma(v1, q01);
            q11 = x1.fma(v1, q11);
        }
        p00.intoArray(c, c0);
        q00.intoArray(c, c0 + COUNT);
        p01.intoArray(c, c0 + 1 * cp);
        q01.intoArray(c, c0 + 1 * cp + COUNT);
        p10.intoArray(c, c0 + WIDTH);
        q10.intoArray(c, c0 + WIDTH + COUNT);
        p11.intoArray(c, c0 + 1 * cp + WIDTH);
        q11.intoArray(c, c0 + 1 * cp + WIDTH + COUNT);
    }
}
