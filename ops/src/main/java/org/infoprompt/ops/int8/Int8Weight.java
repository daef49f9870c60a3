package org.infoprompt.ops.int8;

import java.lang.foreign.MemorySegment;
import org.infoprompt.ops.PackedWeight;
import org.infoprompt.ops.WeightUse;
import org.infoprompt.ops.check.MatmulChecks;
import org.infoprompt.ops.panel.TileMath;

/**
 * A frozen weight as integers in [-127, 127] times a scale for each output: max |w| / 127. An output whose scale is below 2⁻¹²⁰ counts as
 * zeros; one that is not finite gives NaN.
 */
final class Int8Weight implements PackedWeight {
    /** A smaller scale has no inverse worth using. */
    static final float LEAST_SCALE = 0x1p-120f;

    /** Shorts, because the JIT compiler has an instruction for the sums of products of pairs of them. */
    private final short[] values;

    private final float[] scales;
    private final int inputSize;

    private Int8Weight(short[] values, float[] scales, int inputSize) {
        this.values = values;
        this.scales = scales;
        this.inputSize = inputSize;
    }

    /**
     * Rounds a weight.
     *
     * @param weight [out, in] float32, row-major
     * @param out rows of the weight
     * @param in columns of the weight
     * @param use must be {@link WeightUse#FORWARD}
     * @throws IndexOutOfBoundsException if the segment is too short
     * @throws IllegalArgumentException for gradients, or if {@code in} is larger than exact sums allow
     */
    static Int8Weight pack(MemorySegment weight, int out, int in, WeightUse use) {
        MatmulChecks.pack(Float.BYTES, weight, out, in);
        MatmulChecks.packInt8(in, use);
        short[] values = new short[Math.multiplyExact(out, in)];
        float[] scales = new float[out];
        float[] row = new float[in];
        for (int n = 0; n < out; n++) {
            MemorySegment.copy(weight, TileMath.FLOAT, (long) n * in * Float.BYTES, row, 0, in);
            float largest = 0;
            for (float value : row) {
                largest = Math.max(largest, Math.abs(value));
            }
            float scale = Float.isFinite(largest) ? largest / 127 : Float.NaN;
            scales[n] = scale < LEAST_SCALE ? 0 : scale;
            float inverse = scale >= LEAST_SCALE ? 1 / scale : 0;
            for (int k = 0; k < in && inverse > 0; k++) {
                values[n * in + k] = (short) Math.rint(row[k] * inverse);
            }
        }
        return new Int8Weight(values, scales, in);
    }

    /** Returns the sum of products of row n with a row of integers. */
    int sum(int n, short[] row) {
        int sum = 0;
        int start = n * inputSize;
        for (int k = 0; k < inputSize; k++) {
            sum += row[k] * values[start + k];
        }
        return sum;
    }

    float scale(int n) {
        return scales[n];
    }

    @Override
    public int inputSize() {
        return inputSize;
    }

    @Override
    public int outputSize() {
        return scales.length;
    }

    @Override
    public long byteSize() {
        return (long) values.length * Short.BYTES + (long) scales.length * Float.BYTES;
    }
}
