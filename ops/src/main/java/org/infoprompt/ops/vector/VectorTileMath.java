package org.infoprompt.ops.vector;

import static org.infoprompt.ops.vector.Lanes.COUNT;
import static org.infoprompt.ops.vector.Lanes.FLOATS;

import java.lang.foreign.MemorySegment;
import java.nio.ByteOrder;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorOperators;
import org.infoprompt.ops.Activation;
import org.infoprompt.ops.panel.TileMath;

/** Inner loops on float vectors; every row and panel is whole vectors long. */
final class VectorTileMath extends TileMath {
    static final VectorTileMath INSTANCE = new VectorTileMath();

    /** From this many columns on the JDK's bulk copy is faster than single vectors. */
    private static final int BULK_COLUMNS = 4 * TileProducts.WIDTH;

    private VectorTileMath() {}

    @Override
    public int width() {
        return TileProducts.WIDTH;
    }

    @Override
    public int pitch(int columns) {
        return TileProducts.WIDTH;
    }

    @Override
    public int height() {
        return TileProducts.HEIGHT;
    }

    @Override
    public int heightFor(int rows) {
        return TileProducts.heightFor(rows);
    }

    @Override
    public int panelsAtOnce(int rows) {
        return rows == 1 ? 4 : rows == 2 ? 2 : 1;
    }

    @Override
    public int maxDepth() {
        return TileProducts.MAX_DEPTH;
    }

    @Override
    public int stride() {
        return TileProducts.STRIDE;
    }

    @Override
    public int padded(int n) {
        return (n + COUNT - 1) / COUNT * COUNT;
    }

    @Override
    public void multiply(
            int height, float[] a, int a0, float[] b, int b0, int columns, int depth, float[] c, int c0, int cs) {
        TileProducts.multiply(height, a, a0, b, b0, depth, c, c0, cs);
    }

    @Override
    public void multiplyAdd(
            int height, float[] a, int a0, float[] b, int b0, int columns, int depth, float[] c, int c0, int cs) {
        TileProducts.multiplyAdd(height, a, a0, b, b0, depth, c, c0, cs);
    }

    @Override
    public void transposedAdd(
            int height, float[] a, int a0, float[] b, int b0, int columns, int depth, float[] c, int c0, int cs) {
        TileProducts.transposedAdd(height, a, a0, b, b0, depth, c, c0, cs);
    }

    @Override
    public void multiplyPanels(
            boolean add, int rows, float[] a, int a0, float[] b, int b0, int bs, int depth, float[] c, int c0, int cp) {
        if (rows == 1) {
            if (add) {
                TileProducts.add1x4(a, a0, b, b0, bs, depth, c, c0, cp);
            } else {
                TileProducts.zero1x4(a, a0, b, b0, bs, depth, c, c0, cp);
            }
        } else if (add) {
            TileProducts.add2x2(a, a0, b, b0, bs, depth, c, c0, cp);
        } else {
            TileProducts.zero2x2(a, a0, b, b0, bs, depth, c, c0, cp);
        }
    }

    @Override
    public void addBias(float[] c, int c0, int rows, int pitch, float[] bias, int bias0) {
        FloatVector left = FloatVector.fromArray(FLOATS, bias, bias0);
        FloatVector right = FloatVector.fromArray(FLOATS, bias, bias0 + COUNT);
        for (int r = 0; r < rows; r++) {
            int i = c0 + r * TileProducts.WIDTH;
            FloatVector.fromArray(FLOATS, c, i).add(left).intoArray(c, i);
            FloatVector.fromArray(FLOATS, c, i + COUNT).add(right).intoArray(c, i + COUNT);
        }
    }

    @Override
    public void add(float[] c, int c0, float[] x, int n) {
        for (int i = 0; i < n; i += COUNT) {
            FloatVector.fromArray(FLOATS, c, c0 + i).add(FloatVector.fromArray(FLOATS, x, i)).intoArray(c, c0 + i);
        }
    }

    @Override
    public void activate(Activation activation, float[] c, int c0, int n) {
        switch (activation) {
            case GELU_ERF -> geluErf(c, c0, n);
            case GELU_TANH -> geluTanh(c, c0, n);
            case RELU -> relu(c, c0, n);
        }
    }

    @Override
    public void multiplySlope(Activation activation, float[] c, int c0, float[] pre, int n) {
        switch (activation) {
            case GELU_ERF -> {
                normalCdfs(pre, n);
                geluErfSlope(c, c0, pre, n);
            }
            case GELU_TANH -> {
                geluTanhExponentials(pre, n);
                geluTanhSlope(c, c0, pre, n);
            }
            case RELU -> reluSlope(c, c0, pre, n);
        }
    }

    private static void geluErf(float[] c, int c0, int n) {
        for (int i = 0; i < n; i += COUNT) {
            VectorMath.geluErf(FloatVector.fromArray(FLOATS, c, c0 + i)).intoArray(c, c0 + i);
        }
    }

    private static void geluTanh(float[] c, int c0, int n) {
        for (int i = 0; i < n; i += COUNT) {
            VectorMath.geluTanh(FloatVector.fromArray(FLOATS, c, c0 + i)).intoArray(c, c0 + i);
        }
    }

    private static void relu(float[] c, int c0, int n) {
        for (int i = 0; i < n; i += COUNT) {
            VectorMath.relu(FloatVector.fromArray(FLOATS, c, c0 + i)).intoArray(c, c0 + i);
        }
    }

    private static void normalCdfs(float[] pre, int n) {
        for (int i = 0; i < n; i += COUNT) {
            VectorMath.normalCdf(FloatVector.fromArray(FLOATS, pre, i)).intoArray(pre, n + i);
        }
    }

    private static void geluErfSlope(float[] c, int c0, float[] pre, int n) {
        for (int i = 0; i < n; i += COUNT) {
            FloatVector slope = VectorMath.normalDensityTimes(FloatVector.fromArray(FLOATS, pre, i)).add(FloatVector.fromArray(FLOATS, pre, n + i));
            FloatVector.fromArray(FLOATS, c, c0 + i).mul(slope).intoArray(c, c0 + i);
        }
    }

    private static void geluTanhExponentials(float[] pre, int n) {
        for (int i = 0; i < n; i += COUNT) {
            VectorMath.geluTanhExponential(FloatVector.fromArray(FLOATS, pre, i)).intoArray(pre, n + i);
        }
    }

    private static void geluTanhSlope(float[] c, int c0, float[] pre, int n) {
        for (int i = 0; i < n; i += COUNT) {
            FloatVector slope = VectorMath.geluTanhSlope(FloatVector.fromArray(FLOATS, pre, i), FloatVector.fromArray(FLOATS, pre, n + i));
            FloatVector.fromArray(FLOATS, c, c0 + i).mul(slope).intoArray(c, c0 + i);
        }
    }

    private static void reluSlope(float[] c, int c0, float[] pre, int n) {
        for (int i = 0; i < n; i += COUNT) {
            FloatVector.fromArray(FLOATS, c, c0 + i).mul(VectorMath.reluDerivative(FloatVector.fromArray(FLOATS, pre, i))).intoArray(c, c0 + i);
        }
    }

    @Override
    public void combine(float alpha, float[] c, int c0, float beta, float[] x, int n) {
        FloatVector vAlpha = FloatVector.broadcast(FLOATS, alpha);
        FloatVector vBeta = FloatVector.broadcast(FLOATS, beta);
        for (int i = 0; i < n; i += COUNT) {
            FloatVector.fromArray(FLOATS, c, c0 + i).mul(vAlpha).add(FloatVector.fromArray(FLOATS, x, i).mul(vBeta)).intoArray(c, c0 + i);
        }
    }

    @Override
    public void scale(float factor, float[] c, int c0, int n) {
        FloatVector v = FloatVector.broadcast(FLOATS, factor);
        for (int i = 0; i < n; i += COUNT) {
            FloatVector.fromArray(FLOATS, c, c0 + i).mul(v).intoArray(c, c0 + i);
        }
    }

    @Override
    public float max(float[] s, int s0, int n) {
        FloatVector max = FloatVector.fromArray(FLOATS, s, s0);
        for (int i = COUNT; i < n; i += COUNT) {
            max = max.max(FloatVector.fromArray(FLOATS, s, s0 + i));
        }
        return max.reduceLanes(VectorOperators.MAX);
    }

    @Override
    public float expSum(float[] s, int s0, int n, float scale, float shift) {
        FloatVector vScale = FloatVector.broadcast(FLOATS, scale);
        FloatVector vShift = FloatVector.broadcast(FLOATS, -shift);
        FloatVector sum = FloatVector.zero(FLOATS);
        for (int i = 0; i < n; i += COUNT) {
            FloatVector p = VectorMath.exp(FloatVector.fromArray(FLOATS, s, s0 + i).fma(vScale, vShift));
            p.intoArray(s, s0 + i);
            sum = sum.add(p);
        }
        return sum.reduceLanes(VectorOperators.ADD);
    }

    @Override
    public float dot(float[] p, float[] d, int start, int n) {
        FloatVector sum = FloatVector.zero(FLOATS);
        for (int i = 0; i < n; i += COUNT) {
            sum = FloatVector.fromArray(FLOATS, p, start + i).fma(FloatVector.fromArray(FLOATS, d, start + i), sum);
        }
        return sum.reduceLanes(VectorOperators.ADD);
    }

    @Override
    public void softmaxGradient(float[] p, float[] d, int start, int n, float scale, float mean) {
        FloatVector vScale = FloatVector.broadcast(FLOATS, scale);
        FloatVector vMean = FloatVector.broadcast(FLOATS, mean);
        for (int i = 0; i < n; i += COUNT) {
            FloatVector slope = FloatVector.fromArray(FLOATS, d, start + i).sub(vMean).mul(vScale);
            FloatVector.fromArray(FLOATS, p, start + i).mul(slope).intoArray(d, start + i);
        }
    }

    @Override
    public void load(
            MemorySegment from, long offset, long rowBytes, int rows, int columns, float[] to, int start, int stride) {
        if (columns < BULK_COLUMNS && columns % COUNT == 0) {
            for (int r = 0; r < rows; r++) {
                long row = offset + r * rowBytes;
                for (int i = 0; i < columns; i += COUNT) {
                    FloatVector.fromMemorySegment(FLOATS, from, row + (long) i * Float.BYTES, ByteOrder.LITTLE_ENDIAN)
                            .intoArray(to, start + r * stride + i);
                }
            }
            return;
        }
        for (int r = 0; r < rows; r++) {
            MemorySegment.copy(from, FLOAT, offset + r * rowBytes, to, start + r * stride, columns);
        }
    }

    @Override
    public void store(
            float[] from, int start, int stride, int rows, int columns, MemorySegment to, long offset, long rowBytes) {
        if (columns == TileProducts.WIDTH) {
            for (int r = 0; r < rows; r++) {
                long row = offset + r * rowBytes;
                int i = start + r * stride;
                FloatVector.fromArray(FLOATS, from, i).intoMemorySegment(to, row, ByteOrder.LITTLE_ENDIAN);
                FloatVector.fromArray(FLOATS, from, i + COUNT).intoMemorySegment(to, row + (long) COUNT * Float.BYTES, ByteOrder.LITTLE_ENDIAN);
            }
            return;
        }
        for (int r = 0; r < rows; r++) {
            MemorySegment.copy(from, start + r * stride, to, FLOAT, offset + r * rowBytes, columns);
        }
    }
}
