package org.infoprompt.ops.reference;

import org.infoprompt.ops.Noise;

/**
 * The counter-based generator Philox4x32-10 (Salmon et al., Parallel Random Numbers: As Easy as 1, 2, 3, SC 2011) and the
 * normals that {@link Noise} defines on it.
 */
public final class Philox {
    private static final long MULTIPLIER_0 = 0xD2511F53L;
    private static final long MULTIPLIER_1 = 0xCD9E8D57L;
    private static final int KEY_STEP_0 = 0x9E3779B9;
    private static final int KEY_STEP_1 = 0xBB67AE85;
    private static final int ROUNDS = 10;
    private static final long WORD = 0xFFFFFFFFL;

    private Philox() {}

    /**
     * Encrypts a counter in place.
     *
     * @param counter four words, replaced by the four random words
     * @param key0 first word of the key
     * @param key1 second word of the key
     */
    public static void block(int[] counter, int key0, int key1) {
        int k0 = key0;
        int k1 = key1;
        for (int round = 0; round < ROUNDS; round++) {
            long product0 = MULTIPLIER_0 * (counter[0] & WORD);
            long product1 = MULTIPLIER_1 * (counter[2] & WORD);
            counter[0] = (int) (product1 >>> 32) ^ counter[1] ^ k0;
            counter[1] = (int) product1;
            counter[2] = (int) (product0 >>> 32) ^ counter[3] ^ k1;
            counter[3] = (int) product0;
            k0 += KEY_STEP_0;
            k1 += KEY_STEP_1;
        }
    }

    /**
     * Writes the normals of one sample.
     *
     * @param noise seed, step and row numbers
     * @param stream one of the constants of {@link Noise}
     * @param localRow the row in the call
     * @param sample k
     * @param width Z, how many
     * @param scratch four words
     * @param out receives {@code width} normals
     */
    public static void normals(
            Noise noise, int stream, int localRow, int sample, int width, int[] scratch, double[] out) {
        int key0 = (int) noise.seed();
        int key1 = (int) (noise.seed() >>> 32);
        for (int l = 0; l < width; l += 4) {
            scratch[0] = l / 4;
            scratch[1] = sample;
            scratch[2] = noise.row(localRow);
            scratch[3] = noise.step() * 4 + stream;
            block(scratch, key0, key1);
            for (int pair = 0; pair < 4 && l + pair < width; pair += 2) {
                double radius = Math.sqrt(-2 * Math.log(uniform(scratch[pair])));
                double angle = 2 * Math.PI * uniform(scratch[pair + 1]);
                out[l + pair] = radius * Math.cos(angle);
                if (l + pair + 1 < width) {
                    out[l + pair + 1] = radius * Math.sin(angle);
                }
            }
        }
    }

    /** ((w >>> 8) + ½)·2⁻²⁴, in (0, 1). */
    private static double uniform(int word) {
        return ((word >>> 8) + 0.5) * 0x1p-24;
    }
}
