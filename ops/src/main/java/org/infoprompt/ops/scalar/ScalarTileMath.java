package org.infoprompt.ops.scalar;

import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import org.infoprompt.ops.Activation;
import org.infoprompt.ops.panel.TileMath;

/**
 * Inner loops in plain Java. The compiler vectorises a loop over several arrays only when all are indexed by the same
 * expression, so rows of the panel and of the result are first copied to arrays of their own. Not thread-safe.
 */
final class ScalarTileMath extends TileMath {
    private static final int WIDTH = 384;
    private static final int HEIGHT = 8;
    private static final int STRIDE = WIDTH + 16;

    private final float[] b0Row = new float[WIDTH];
    private final float[] b1Row = new float[WIDTH];
    private final float[] b2Row = new float[WIDTH];
    private final float[] b3Row = new float[WIDTH];
    private final float[][] cRows = new float[HEIGHT][WIDTH];

    @Override
    public int width() {
        return WIDTH;
    }

    @Override
    public int pitch(int columns) {
        return columns;
    }

    @Override
    public int height() {
        return HEIGHT;
    }

    @Override
    public int heightFor(int rows) {
        return rows;
    }

    @Override
    public int panelsAtOnce(int rows) {
        return 1;
    }

    @Override
    public int maxDepth() {
        return WIDTH;
    }

    @Override
    public int stride() {
        return STRIDE;
    }

    @Override
    public int padded(int n) {
        return n;
    }

    @Override
    public void multiply(
            int height, float[] a, int a0, float[] b, int b0, int columns, int depth, float[] c, int c0, int cs) {
        for (int r = 0; r < height; r++) {
            Arrays.fill(cRows[r], 0, columns, 0f);
        }
        product(height, a, a0, STRIDE, 1, b, b0, columns, depth, c, c0, cs);
    }

    @Override
    public void multiplyAdd(
            int height, float[] a, int a0, float[] b, int b0, int columns, int depth, float[] c, int c0, int cs) {
        copyRows(height, c, c0, cs, columns);
        product(height, a, a0, STRIDE, 1, b, b0, columns, depth, c, c0, cs);
    }

    @Override
    public void transposedAdd(
            int height, float[] a, int a0, float[] b, int b0, int columns, int depth, float[] c, int c0, int cs) {
        copyRows(height, c, c0, cs, columns);
        product(height, a, a0, 1, STRIDE, b, b0, columns, depth, c, c0, cs);
    }

    @Override
    public void multiplyPanels(
            boolean add, int rows, float[] a, int a0, float[] b, int b0, int bs, int depth, float[] c, int c0, int cp) {
        throw new UnsupportedOperationException("one panel at a time");
    }

    private void copyRows(int height, float[] c, int c0, int cs, int columns) {
        for (int r = 0; r < height; r++) {
            System.arraycopy(c, c0 + r * cs, cRows[r], 0, columns);
        }
    }

    private void product(
            int height,
            float[] a,
            int a0,
            int rowStep,
            int depthStep,
            float[] b,
            int b0,
            int columns,
            int depth,
            float[] c,
            int c0,
            int cs) {
        int k = 0;
        for (; k + 4 <= depth; k += 4) {
            int from = b0 + k * columns;
            System.arraycopy(b, from, b0Row, 0, columns);
            System.arraycopy(b, from + columns, b1Row, 0, columns);
            System.arraycopy(b, from + 2 * columns, b2Row, 0, columns);
            System.arraycopy(b, from + 3 * columns, b3Row, 0, columns);
            for (int r = 0; r < height; r++) {
                int i = a0 + r * rowStep + k * depthStep;
                addFour(
                        columns,
                        cRows[r],
                        a[i],
                        b0Row,
                        a[i + depthStep],
                        b1Row,
                        a[i + 2 * depthStep],
                        b2Row,
                        a[i + 3 * depthStep],
                        b3Row);
            }
        }
        for (; k < depth; k++) {
            System.arraycopy(b, b0 + k * columns, b0Row, 0, columns);
            for (int r = 0; r < height; r++) {
                addOne(columns, cRows[r], a[a0 + r * rowStep + k * depthStep], b0Row);
            }
        }
        for (int r = 0; r < height; r++) {
            System.arraycopy(cRows[r], 0, c, c0 + r * cs, columns);
        }
    }

    private static void addFour(
            int n, float[] c, float x0, float[] b0, float x1, float[] b1, float x2, float[] b2, float x3, float[] b3) {
        for (int j = 0; j < n; j++) {
            c[j] = c[j] + x0 * b0[j] + x1 * b1[j] + x2 * b2[j] + x3 * b3[j];
        }
    }

    private static void addOne(int n, float[] c, float x, float[] b) {
        for (int j = 0; j < n; j++) {
            c[j] = c[j] + x * b[j];
        }
    }

    @Override
    public void addBias(float[] c, int c0, int rows, int pitch, float[] bias, int bias0) {
        for (int r = 0; r < rows; r++) {
            for (int j = 0; j < pitch; j++) {
                c[c0 + r * pitch + j] += bias[bias0 + j];
            }
        }
    }

    @Override
    public void add(float[] c, int c0, float[] x, int n) {
        for (int i = 0; i < n; i++) {
            c[c0 + i] += x[i];
        }
    }

    @Override
    public void multiplyBy(float[] c, int c0, float[] x, int n) {
        for (int i = 0; i < n; i++) {
            c[c0 + i] *= x[i];
        }
    }

    @Override
    public void activate(Activation activation, float[] c, int c0, float[] scratch, int n) {
        int end = c0 + n;
        switch (activation) {
            case GELU_ERF -> {
                for (int i = c0; i < end; i++) {
                    c[i] = ScalarMath.geluErf(c[i]);
                }
            }
            case GELU_TANH -> {
                for (int i = c0; i < end; i++) {
                    c[i] = ScalarMath.geluTanh(c[i]);
                }
            }
            case RELU -> {
                for (int i = c0; i < end; i++) {
                    c[i] = ScalarMath.relu(c[i]);
                }
            }
        }
    }

    @Override
    public void multiplySlope(Activation activation, float[] c, int c0, float[] pre, int n) {
        switch (activation) {
            case GELU_ERF -> {
                for (int i = 0; i < n; i++) {
                    c[c0 + i] *= ScalarMath.geluErfDerivative(pre[i]);
                }
            }
            case GELU_TANH -> {
                for (int i = 0; i < n; i++) {
                    c[c0 + i] *= ScalarMath.geluTanhDerivative(pre[i]);
                }
            }
            case RELU -> {
                for (int i = 0; i < n; i++) {
                    c[c0 + i] *= ScalarMath.reluDerivative(pre[i]);
                }
            }
        }
    }

    @Override
    public void combine(float alpha, float[] c, int c0, float beta, float[] x, int n) {
        for (int i = 0; i < n; i++) {
            c[c0 + i] = alpha * c[c0 + i] + beta * x[i];
        }
    }

    @Override
    public void scale(float factor, float[] c, int c0, int n) {
        for (int i = c0; i < c0 + n; i++) {
            c[i] *= factor;
        }
    }

    @Override
    public float max(float[] s, int s0, int n) {
        float max = s[s0];
        for (int i = 1; i < n; i++) {
            max = Math.max(max, s[s0 + i]);
        }
        return max;
    }

    @Override
    public float expSum(float[] s, int s0, int n, float scale, float shift) {
        float sum = 0;
        for (int i = s0; i < s0 + n; i++) {
            s[i] = ScalarMath.exp(s[i] * scale - shift);
            sum += s[i];
        }
        return sum;
    }

    @Override
    public float dot(float[] p, float[] d, int start, int n) {
        float sum = 0;
        for (int i = start; i < start + n; i++) {
            sum += p[i] * d[i];
        }
        return sum;
    }

    @Override
    public void softmaxGradient(float[] p, float[] d, int start, int n, float scale, float mean) {
        for (int i = start; i < start + n; i++) {
            d[i] = p[i] * ((d[i] - mean) * scale);
        }
    }

    @Override
    public void load(
            MemorySegment from, long offset, long rowBytes, int rows, int columns, float[] to, int start, int stride) {
        for (int r = 0; r < rows; r++) {
            MemorySegment.copy(from, FLOAT, offset + r * rowBytes, to, start + r * stride, columns);
        }
    }

    @Override
    public void store(
            float[] from, int start, int stride, int rows, int columns, MemorySegment to, long offset, long rowBytes) {
        for (int r = 0; r < rows; r++) {
            MemorySegment.copy(from, start + r * stride, to, FLOAT, offset + r * rowBytes, columns);
        }
    }
}
