package org.infoprompt.ops.panel;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import org.infoprompt.ops.Activation;

/**
 * The inner loops of products, activations and softmax on {@code float[]} blocks.
 *
 * <p>A panel holds up to {@link #width()} columns of a right operand as [k][pitch]; rows of a left operand lie {@link
 * #stride()} apart and are cut at every {@link #maxDepth()} values of k. Every sum over k is one chain in ascending order,
 * whatever the height of the tile, so that a row's result does not depend on the rows computed with it. Segments are
 * touched by {@link #load} and {@link #store} only. Bounds are the caller's business.
 */
@SuppressWarnings("doclint:missing")
public abstract class TileMath {
    /** Elements of segments: little-endian at any alignment. */
    public static final ValueLayout.OfFloat FLOAT = ValueLayout.JAVA_FLOAT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

    /** Creates the loops; they have no state. */
    protected TileMath() {}

    /** Returns the most columns of a panel; divides {@link #maxDepth()}. */
    public abstract int width();

    /** Returns the elements between the rows of a panel of this many columns. */
    public abstract int pitch(int columns);

    /** Returns how many rows the highest tile has. */
    public abstract int height();

    /** Returns the height of the tile to use for this many rows, at least as many. */
    public abstract int heightFor(int rows);

    /** Returns how many panels {@link #multiplyPanels} takes at once for a product of so many rows. */
    public abstract int panelsAtOnce(int rows);

    /** Returns the most values of k in one call. */
    public abstract int maxDepth();

    /** Returns the elements between the rows of a left operand, at least 16 more than {@link #maxDepth()}. */
    public abstract int stride();

    /** Returns n rounded up to what the row functions write: {@code n} or whole vectors. */
    public abstract int padded(int n);

    /** c[r][j] = Σ a[r][k]·b[k][j]; {@code cs} elements lie between rows of c. */
    public abstract void multiply(
            int height, float[] a, int a0, float[] b, int b0, int columns, int depth, float[] c, int c0, int cs);

    /** c[r][j] += Σ a[r][k]·b[k][j]. */
    public abstract void multiplyAdd(
            int height, float[] a, int a0, float[] b, int b0, int columns, int depth, float[] c, int c0, int cs);

    /** c[r][j] += Σ a[k][r]·b[k][j]. */
    public abstract void transposedAdd(
            int height, float[] a, int a0, float[] b, int b0, int columns, int depth, float[] c, int c0, int cs);

    /**
     * Multiplies {@code rows} rows with {@link #panelsAtOnce} panels that start {@code bs} apart, into blocks of c that start
     * {@code cp} apart; adds to c, or overwrites it.
     */
    public abstract void multiplyPanels(
            boolean add, int rows, float[] a, int a0, float[] b, int b0, int bs, int depth, float[] c, int c0, int cp);

    /** c[r][j] += bias[bias0 + j] for tightly stored rows. */
    public abstract void addBias(float[] c, int c0, int rows, int pitch, float[] bias, int bias0);

    /** c[i] += x[i] for n elements, n a multiple of the pitch. */
    public abstract void add(float[] c, int c0, float[] x, int n);

    /** c[i] = activation(c[i]); {@code scratch} has room for n elements. */
    public abstract void activate(Activation activation, float[] c, int c0, float[] scratch, int n);

    /** c[i] *= x[i]. */
    public abstract void multiplyBy(float[] c, int c0, float[] x, int n);

    /** c[i] *= activation'(pre[i]); {@code pre} has room for 2n more elements as scratch. */
    public abstract void multiplySlope(Activation activation, float[] c, int c0, float[] pre, int n);

    /** c[i] = alpha·c[i] + beta·x[i]. */
    public abstract void combine(float alpha, float[] c, int c0, float beta, float[] x, int n);

    /** c[i] *= factor. */
    public abstract void scale(float factor, float[] c, int c0, int n);

    /** Returns the greatest of n scores; those up to {@link #padded} must be -infinity. */
    public abstract float max(float[] s, int s0, int n);

    /** s[i] = exp(scale·s[i] - shift) up to {@link #padded}; returns the sum. */
    public abstract float expSum(float[] s, int s0, int n, float scale, float shift);

    /** Returns Σ p[i]·d[i] up to {@link #padded}. */
    public abstract float dot(float[] p, float[] d, int start, int n);

    /** d[i] = scale·p[i]·(d[i] - mean). */
    public abstract void softmaxGradient(float[] p, float[] d, int start, int n, float scale, float mean);

    /** Copies rows from a segment, {@code rowBytes} apart there and {@code stride} elements apart in {@code to}. */
    public abstract void load(
            MemorySegment from, long offset, long rowBytes, int rows, int columns, float[] to, int start, int stride);

    /** Copies rows to a segment. */
    public abstract void store(
            float[] from, int start, int stride, int rows, int columns, MemorySegment to, long offset, long rowBytes);
}
