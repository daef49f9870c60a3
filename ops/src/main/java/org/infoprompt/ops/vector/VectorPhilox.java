package org.infoprompt.ops.vector;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.LongVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/**
 * The normals of {@link org.infoprompt.ops.Noise}, one counter a lane. Each 32-bit word of the counters sits in the lower
 * half of a long lane, because the generator needs 64-bit products; even and odd float lanes have their counters in two
 * sets of long vectors, which interleave by a shift and an or.
 *
 * <p>A lane's result does not depend on its place or its neighbours. Box-Muller goes in three short methods, so that the
 * compiler has nodes enough for each.
 */
final class VectorPhilox {
    private static final VectorSpecies<Long> LONGS = VectorSpecies.of(long.class, Lanes.FLOATS.vectorShape());
    private static final LongVector EVEN = LongVector.zero(LONGS).addIndex(2);
    private static final long WORD = 0xFFFFFFFFL;
    private static final long MULTIPLIER_0 = 0xD2511F53L;
    private static final long MULTIPLIER_1 = 0xCD9E8D57L;
    private static final int KEY_STEP_0 = 0x9E3779B9;
    private static final int KEY_STEP_1 = 0xBB67AE85;
    private static final int ROUNDS = 10;

    /** 2⁻²⁴: the spacing of the uniforms. */
    private static final float SPACING = 0x1p-24f;

    /** The float √½ as bits. */
    private static final int SQRT_HALF_BITS = 0x3F3504F3;

    private static final float LN2 = (float) Math.log(2);

    private static final float RADIANS = (float) (2 * Math.PI * 0x1p-24);

    private VectorPhilox() {}

    /**
     * Writes four vectors of normals: those of lane i belong to block (four consecutive latent numbers) {@code block +
     * i·blockStep} of sample {@code sample + i·sampleStep}.
     *
     * @param row the row's number in the batch
     * @param call step·4 + stream
     * @param seed the run's seed
     * @param words scratch memory for four vectors
     * @param n scratch memory for one vector
     * @param f scratch memory for one vector
     * @param out receives number j of lane i's four at {@code offset + j·COUNT + i}
     */
    static void fill(
            int block,
            int blockStep,
            int sample,
            int sampleStep,
            int row,
            int call,
            long seed,
            int[] words,
            float[] n,
            float[] f,
            float[] out,
            int offset) {
        encrypt(block, blockStep, sample, sampleStep, row, call, (int) seed, (int) (seed >>> 32), words);
        for (int pair = 0; pair < 4 * Lanes.COUNT; pair += 2 * Lanes.COUNT) {
            split(words, pair, n, f);
            radii(n, f, out, offset + pair);
            angles(words, pair + Lanes.COUNT, out, offset + pair);
        }
    }

    /** Writes the upper 24 bits of the four words of each lane. */
    private static void encrypt(
            int block,
            int blockStep,
            int sample,
            int sampleStep,
            int row,
            int call,
            int firstKey0,
            int firstKey1,
            int[] words) {
        LongVector a0 = EVEN.mul(blockStep).add(block);
        LongVector b0 = a0.add(blockStep);
        LongVector a1 = EVEN.mul(sampleStep).add(sample);
        LongVector b1 = a1.add(sampleStep);
        LongVector a2 = LongVector.broadcast(LONGS, row & WORD);
        LongVector b2 = a2;
        LongVector a3 = LongVector.broadcast(LONGS, call & WORD);
        LongVector b3 = a3;
        LongVector m0 = LongVector.broadcast(LONGS, MULTIPLIER_0);
        LongVector m1 = LongVector.broadcast(LONGS, MULTIPLIER_1);
        int key0 = firstKey0;
        int key1 = firstKey1;
        for (int round = 0; round < ROUNDS; round++) {
            // Upper halves collect rubbish; only the factors need them cleared.
            LongVector k0 = LongVector.broadcast(LONGS, key0 & WORD);
            LongVector k1 = LongVector.broadcast(LONGS, key1 & WORD);
            LongVector p0 = a0.and(WORD).mul(m0);
            LongVector p1 = a2.and(WORD).mul(m1);
            a0 = p1.lanewise(VectorOperators.LSHR, 32)
                    .lanewise(VectorOperators.XOR, a1)
                    .lanewise(VectorOperators.XOR, k0);
            a1 = p1;
            a2 = p0.lanewise(VectorOperators.LSHR, 32)
                    .lanewise(VectorOperators.XOR, a3)
                    .lanewise(VectorOperators.XOR, k1);
            a3 = p0;
            p0 = b0.and(WORD).mul(m0);
            p1 = b2.and(WORD).mul(m1);
            b0 = p1.lanewise(VectorOperators.LSHR, 32)
                    .lanewise(VectorOperators.XOR, b1)
                    .lanewise(VectorOperators.XOR, k0);
            b1 = p1;
            b2 = p0.lanewise(VectorOperators.LSHR, 32)
                    .lanewise(VectorOperators.XOR, b3)
                    .lanewise(VectorOperators.XOR, k1);
            b3 = p0;
            key0 += KEY_STEP_0;
            key1 += KEY_STEP_1;
        }
        a0.and(WORD)
                .or(b0.lanewise(VectorOperators.LSHL, 32))
                .reinterpretAsInts()
                .lanewise(VectorOperators.LSHR, 8)
                .intoArray(words, 0);
        a1.and(WORD)
                .or(b1.lanewise(VectorOperators.LSHL, 32))
                .reinterpretAsInts()
                .lanewise(VectorOperators.LSHR, 8)
                .intoArray(words, Lanes.COUNT);
        a2.and(WORD)
                .or(b2.lanewise(VectorOperators.LSHL, 32))
                .reinterpretAsInts()
                .lanewise(VectorOperators.LSHR, 8)
                .intoArray(words, 2 * Lanes.COUNT);
        a3.and(WORD)
                .or(b3.lanewise(VectorOperators.LSHL, 32))
                .reinterpretAsInts()
                .lanewise(VectorOperators.LSHR, 8)
                .intoArray(words, 3 * Lanes.COUNT);
    }

    /** Splits (j + ½)·2⁻²⁴ into 2ⁿ(1 + f) for the logarithm. */
    private static void split(int[] words, int from, float[] n, float[] f) {
        IntVector j = IntVector.fromArray(Lanes.INTS, words, from);
        FloatVector u =
                ((FloatVector) j.convert(VectorOperators.I2F, 0)).add(0.5f).mul(SPACING);
        IntVector bits = u.reinterpretAsInts();
        IntVector exponent = bits.sub(SQRT_HALF_BITS).lanewise(VectorOperators.ASHR, 23);
        FloatVector rest = bits.sub(exponent.lanewise(VectorOperators.LSHL, 23))
                .reinterpretAsFloats()
                .sub(1f);
        // Above √½ the sum j + ½ may round and u may become 1: there f = u - 1 is taken from 2²⁴ - j, which is exact.
        IntVector distance = j.neg().add(1 << 24);
        FloatVector nearOne = ((FloatVector) distance.convert(VectorOperators.I2F, 0))
                .neg()
                .add(0.5f)
                .mul(SPACING);
        VectorMask<Float> near = exponent.compare(VectorOperators.GE, 0).cast(Lanes.FLOATS);
        ((FloatVector) exponent.convert(VectorOperators.I2F, 0)).blend(0f, near).intoArray(n, 0);
        rest.blend(nearOne, near).intoArray(f, 0);
    }

    /** √(-2·ln(2ⁿ(1 + f))). */
    private static void radii(float[] n, float[] f, float[] out, int offset) {
        FloatVector x = FloatVector.fromArray(Lanes.FLOATS, f, 0);
        FloatVector p = VectorMath.logPolynomial(x);
        FloatVector square = x.mul(x);
        FloatVector log = p.mul(x).mul(square).sub(square.mul(0.5f)).add(x);
        FloatVector.fromArray(Lanes.FLOATS, n, 0)
                .mul(LN2)
                .add(log)
                .mul(-2f)
                .sqrt()
                .intoArray(out, offset);
    }

    /** Turns the radii at {@code offset} into cosines there and sines in the next vector. */
    private static void angles(int[] words, int from, float[] out, int offset) {
        IntVector bits = IntVector.fromArray(Lanes.INTS, words, from);
        // Nearest quarter turn and the rest, both exact: only the product with 2π is rounded.
        IntVector quarter = bits.add(1 << 21).lanewise(VectorOperators.LSHR, 22);
        IntVector rest = bits.sub(quarter.lanewise(VectorOperators.LSHL, 22));
        FloatVector t =
                ((FloatVector) rest.convert(VectorOperators.I2F, 0)).add(0.5f).mul(RADIANS);
        FloatVector u = t.mul(t);
        // Minimax on [-π/4, π/4], relative errors 4e-9 and 2e-10 before rounding.
        FloatVector s = u.mul(-0.00019515282f).add(0.00833216f);
        s = s.mul(u).add(-0.16666655f).mul(u).fma(t, t);
        FloatVector c = u.mul(2.4433157e-5f).add(-0.0013887316f);
        c = c.mul(u).add(0.041666646f).mul(u).add(-0.5f).mul(u).add(1f);
        VectorMask<Float> swapped =
                quarter.and(1).compare(VectorOperators.NE, 0).cast(Lanes.FLOATS);
        IntVector cosSign = quarter.add(1).and(2).lanewise(VectorOperators.LSHL, 30);
        IntVector sinSign = quarter.and(2).lanewise(VectorOperators.LSHL, 30);
        FloatVector radius = FloatVector.fromArray(Lanes.FLOATS, out, offset);
        FloatVector cos = radius.mul(c.blend(s, swapped));
        FloatVector sin = radius.mul(s.blend(c, swapped));
        cos.reinterpretAsInts()
                .lanewise(VectorOperators.XOR, cosSign)
                .reinterpretAsFloats()
                .intoArray(out, offset);
        sin.reinterpretAsInts()
                .lanewise(VectorOperators.XOR, sinSign)
                .reinterpretAsFloats()
                .intoArray(out, offset + Lanes.COUNT);
    }
}
