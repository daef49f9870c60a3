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
public final class VectorTileMath extends TileMath {
    /** The only instance. */
    public static final VectorTileMath INSTANCE = new VectorTileMath();

    /** From this many columns on the JDK's bulk copy is faster than single vectors. */
    private static final int BULK_COLUMNS = 4 * TileProducts.WIDTH;

    private static final float TANH_SCALE = 0.7978846f;
    private static final float TANH_CUBIC = 0.044715f;
    /** 1/√(2π). */
    private static final float DENSITY_AT_ZERO = 0.3989423f;

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
            FloatVector.fromArray(FLOATS, c, c0 + i)
                    .add(FloatVector.fromArray(FLOATS, x, i))
                    .intoArray(c, c0 + i);
        }
    }

    @Override
    public void multiplyBy(float[] c, int c0, float[] x, int n) {
        for (int i = 0; i < n; i += COUNT) {
            FloatVector.fromArray(FLOATS, c, c0 + i)
                    .mul(FloatVector.fromArray(FLOATS, x, i))
                    .intoArray(c, c0 + i);
        }
    }

    @Override
    public void activate(Activation activation, float[] c, int c0, float[] scratch, int n) {
        switch (activation) {
            case GELU_ERF -> {
                VectorLoops.normalCdf(c, c0, scratch, 0, n);
                multiplyFromMinus14(c, c0, scratch, n);
            }
            case GELU_TANH -> {
                tanhExponents(c, c0, scratch, n);
                VectorLoops.expSum(scratch, 0, n, 1f, 0f);
                divideFromMinus14(c, c0, scratch, n);
            }
            case RELU -> relu(c, c0, n);
        }
    }

    @Override
    public void multiplySlope(Activation activation, float[] c, int c0, float[] pre, int n) {
        switch (activation) {
            case GELU_ERF -> {
                VectorLoops.normalCdf(pre, 0, pre, n, n);
                densityExponents(pre, n);
                VectorLoops.expSum(pre, 2 * n, n, 1f, 0f);
                multiplyErfSlope(c, c0, pre, n);
            }
            case GELU_TANH -> {
                slopeExponents(pre, n);
                VectorLoops.expSum(pre, n, n, 1f, 0f);
                multiplyTanhSlope(c, c0, pre, n);
            }
            case RELU -> multiplyReluSlope(c, c0, pre, n);
        }
    }

    /** c·Φ; below -5.6 Φ is 0, and -14 stands for everything smaller so that infinity times 0 does not occur. */
    private static void multiplyFromMinus14(float[] c, int c0, float[] factors, int n) {
        for (int i = 0; i < n; i += COUNT) {
            FloatVector x = FloatVector.fromArray(FLOATS, c, c0 + i);
            x = x.blend(-14f, x.compare(VectorOperators.LT, -14f));
            x.mul(FloatVector.fromArray(FLOATS, factors, i)).intoArray(c, c0 + i);
        }
    }

    /** c/(1 + e); the divisor is infinite far above -14 already. */
    private static void divideFromMinus14(float[] c, int c0, float[] exponentials, int n) {
        for (int i = 0; i < n; i += COUNT) {
            FloatVector x = FloatVector.fromArray(FLOATS, c, c0 + i);
            x = x.blend(-14f, x.compare(VectorOperators.LT, -14f));
            x.div(FloatVector.fromArray(FLOATS, exponentials, i).add(1f)).intoArray(c, c0 + i);
        }
    }

    /** -2z with z = √(2/π)(c + 0.044715c³), where ½(1 + tanh z) = 1/(1 + e⁻²ᶻ). */
    private static void tanhExponents(float[] c, int c0, float[] to, int n) {
        for (int i = 0; i < n; i += COUNT) {
            FloatVector x = FloatVector.fromArray(FLOATS, c, c0 + i);
            x = x.blend(-14f, x.compare(VectorOperators.LT, -14f));
            FloatVector inner = x.mul(x).mul(-2f * TANH_CUBIC * TANH_SCALE).add(-2f * TANH_SCALE);
            x.mul(inner).intoArray(to, i);
        }
    }

    private static void relu(float[] c, int c0, int n) {
        for (int i = 0; i < n; i += COUNT) {
            FloatVector x = FloatVector.fromArray(FLOATS, c, c0 + i);
            x.blend(0f, x.compare(VectorOperators.LE, 0f)).intoArray(c, c0 + i);
        }
    }

    /** Clamps pre to where the normal density is not 0, and writes -pre²/2 behind the first 2n elements. */
    private static void densityExponents(float[] pre, int n) {
        for (int i = 0; i < n; i += COUNT) {
            FloatVector x = FloatVector.fromArray(FLOATS, pre, i);
            x = x.blend(-14f, x.compare(VectorOperators.LT, -14f));
            x = x.blend(14f, x.compare(VectorOperators.GT, 14f));
            x.intoArray(pre, i);
            x.mul(x).mul(-0.5f).intoArray(pre, 2 * n + i);
        }
    }

    /** c·(Φ + x·φ). */
    private static void multiplyErfSlope(float[] c, int c0, float[] pre, int n) {
        for (int i = 0; i < n; i += COUNT) {
            FloatVector density = FloatVector.fromArray(FLOATS, pre, 2 * n + i).mul(DENSITY_AT_ZERO);
            FloatVector slope =
                    FloatVector.fromArray(FLOATS, pre, i).fma(density, FloatVector.fromArray(FLOATS, pre, n + i));
            FloatVector.fromArray(FLOATS, c, c0 + i).mul(slope).intoArray(c, c0 + i);
        }
    }

    /** Clamps pre to where the slope is neither 0 nor 1, and writes -2|z| behind the first n elements. */
    private static void slopeExponents(float[] pre, int n) {
        for (int i = 0; i < n; i += COUNT) {
            FloatVector x = FloatVector.fromArray(FLOATS, pre, i);
            x = x.blend(-12f, x.compare(VectorOperators.LT, -12f));
            x = x.blend(12f, x.compare(VectorOperators.GT, 12f));
            x.intoArray(pre, i);
            FloatVector inner = x.mul(x).mul(-2f * TANH_CUBIC * TANH_SCALE).add(-2f * TANH_SCALE);
            x.abs().mul(inner).intoArray(pre, n + i);
        }
    }

    /**
     * c times the slope from e = e^(-2|z|): both ½(1 + tanh|z|) = 1/(1 + e) and ¼(1 - tanh²z) = e/(1 + e)² are free of
     * cancellation.
     */
    private static void multiplyTanhSlope(float[] c, int c0, float[] pre, int n) {
        for (int i = 0; i < n; i += COUNT) {
            FloatVector x = FloatVector.fromArray(FLOATS, pre, i);
            FloatVector e = FloatVector.fromArray(FLOATS, pre, n + i);
            FloatVector r = FloatVector.broadcast(FLOATS, 1f).div(e.add(1f));
            FloatVector falling = e.mul(r);
            FloatVector cdf = r.blend(falling, x.compare(VectorOperators.LT, 0f));
            FloatVector inner = x.mul(x).mul(6f * TANH_CUBIC * TANH_SCALE).add(2f * TANH_SCALE);
            FloatVector slope = x.mul(falling.mul(r)).fma(inner, cdf);
            FloatVector.fromArray(FLOATS, c, c0 + i).mul(slope).intoArray(c, c0 + i);
        }
    }

    /** c where pre is positive, else 0; keeps NaN. */
    private static void multiplyReluSlope(float[] c, int c0, float[] pre, int n) {
        for (int i = 0; i < n; i += COUNT) {
            FloatVector x = FloatVector.fromArray(FLOATS, pre, i);
            FloatVector slope = x.blend(0f, x.compare(VectorOperators.LE, 0f));
            slope = slope.blend(1f, x.compare(VectorOperators.GT, 0f));
            FloatVector.fromArray(FLOATS, c, c0 + i).mul(slope).intoArray(c, c0 + i);
        }
    }

    @Override
    public void combine(float alpha, float[] c, int c0, float beta, float[] x, int n) {
        FloatVector vAlpha = FloatVector.broadcast(FLOATS, alpha);
        FloatVector vBeta = FloatVector.broadcast(FLOATS, beta);
        for (int i = 0; i < n; i += COUNT) {
            FloatVector.fromArray(FLOATS, c, c0 + i)
                    .mul(vAlpha)
                    .add(FloatVector.fromArray(FLOATS, x, i).mul(vBeta))
                    .intoArray(c, c0 + i);
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
        return VectorLoops.expSum(s, s0, n, scale, shift);
    }

    @Override
    public float dot(float[] p, float[] d, int start, int n) {
        FloatVector sum = FloatVector.zero(FLOATS);
        for (int i = 0; i < n; i += COUNT) {
            sum = FloatVector.fromArray(FLOATS, p, start + i).fma(FloatVector.fromArray(FLOATS, d, start + i), sum);
        }
        // Written out: a vector that crosses a call of ours may be allocated.
        sum = COUNT < 16 ? sum : sum.add(sum.rearrange(Folds.BY_8));
        sum = COUNT < 8 ? sum : sum.add(sum.rearrange(Folds.BY_4));
        sum = COUNT < 4 ? sum : sum.add(sum.rearrange(Folds.BY_2));
        return sum.add(sum.rearrange(Folds.BY_1)).lane(0);
    }

    @Override
    public void softmaxGradient(float[] p, float[] d, int start, int n, float scale, float mean) {
        FloatVector vScale = FloatVector.broadcast(FLOATS, scale);
        FloatVector vMean = FloatVector.broadcast(FLOATS, mean);
        for (int i = 0; i < n; i += COUNT) {
            FloatVector slope =
                    FloatVector.fromArray(FLOATS, d, start + i).sub(vMean).mul(vScale);
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
                FloatVector.fromArray(FLOATS, from, i + COUNT)
                        .intoMemorySegment(to, row + (long) COUNT * Float.BYTES, ByteOrder.LITTLE_ENDIAN);
            }
            return;
        }
        for (int r = 0; r < rows; r++) {
            MemorySegment.copy(from, start + r * stride, to, FLOAT, offset + r * rowBytes, columns);
        }
    }
}
