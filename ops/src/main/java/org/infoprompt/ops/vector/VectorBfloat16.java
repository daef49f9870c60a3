package org.infoprompt.ops.vector;

import java.lang.foreign.MemorySegment;
import java.nio.ByteOrder;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.ShortVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorShape;
import jdk.incubator.vector.VectorSpecies;

/** Rounding to bfloat16, the upper half of a float: to the nearest, ties to even; NaN stays NaN. */
public final class VectorBfloat16 {
    private static final VectorSpecies<Short> HALVES =
            VectorSpecies.of(short.class, VectorShape.forBitSize(Lanes.FLOATS.vectorBitSize() / 2));

    private static final int INFINITY = 0x7f800000;
    private static final int MAGNITUDE = 0x7fffffff;
    private static final int QUIET_NAN = 0x7fc0;

    private VectorBfloat16() {}

    /**
     * Rounds consecutive elements.
     *
     * @param from float32, little-endian
     * @param offset of the first, in bytes
     * @param n how many
     * @param to receives their bits
     * @param start of the first there
     */
    public static void round(MemorySegment from, long offset, int n, short[] to, int start) {
        int whole = n / Lanes.COUNT * Lanes.COUNT;
        for (int i = 0; i < whole; i += Lanes.COUNT) {
            IntVector bits = IntVector.fromMemorySegment(
                    Lanes.INTS, from, offset + (long) i * Float.BYTES, ByteOrder.LITTLE_ENDIAN);
            IntVector odd = bits.lanewise(VectorOperators.LSHR, 16).and(1);
            IntVector rounded = bits.add(0x7fff).add(odd).lanewise(VectorOperators.LSHR, 16);
            VectorMask<Integer> isNan = bits.and(MAGNITUDE).compare(VectorOperators.GT, INFINITY);
            ((ShortVector) rounded.blend(QUIET_NAN, isNan).convertShape(VectorOperators.I2S, HALVES, 0))
                    .intoArray(to, start + i);
        }
        for (int i = whole; i < n; i++) {
            to[start + i] = round(from.get(Memory.FLOAT, offset + (long) i * Float.BYTES));
        }
    }

    /**
     * {@return the bits of the nearest bfloat16}
     *
     * @param value any float
     */
    public static short round(float value) {
        int bits = Float.floatToRawIntBits(value);
        return (bits & MAGNITUDE) > INFINITY ? QUIET_NAN : (short) ((bits + 0x7fff + ((bits >>> 16) & 1)) >>> 16);
    }
}
