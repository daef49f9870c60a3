package org.infoprompt.ops.reference;

import static org.assertj.core.api.Assertions.assertThat;

import org.infoprompt.ops.Noise;
import org.junit.jupiter.api.Test;

/** Known answers of the authors' library (Random123, kat_vectors, philox 4x32 with 10 rounds). */
final class PhiloxTest {
    @Test
    void zeros() {
        assertBlock(0, 0, 0, 0, 0, 0, 0x6627e8d5, 0xe169c58d, 0xbc57ac4c, 0x9b00dbd8);
    }

    @Test
    void ones() {
        assertBlock(-1, -1, -1, -1, -1, -1, 0x408f276d, 0x41c83b0e, 0xa20bc7c6, 0x6d5451fd);
    }

    @Test
    void digitsOfPi() {
        assertBlock(
                0x243f6a88,
                0x85a308d3,
                0x13198a2e,
                0x03707344,
                0xa4093822,
                0x299f31d0,
                0xd16cfe09,
                0x94fdcceb,
                0x5001e420,
                0x24126ea1);
    }

    @Test
    void normalsFollowTheDefinition() {
        Noise noise = new Noise(1);
        noise.set(0x299f31d0_a4093822L, 7);
        noise.setRow(0, 5);
        double[] out = new double[6];
        Philox.normals(noise, Noise.NEGATIVE, 0, 9, 6, new int[4], out);
        int[] words = {1, 9, 5, 7 * 4 + Noise.NEGATIVE};
        Philox.block(words, 0xa4093822, 0x299f31d0);
        double u0 = ((words[0] >>> 8) + 0.5) / (1 << 24);
        double u1 = ((words[1] >>> 8) + 0.5) / (1 << 24);
        assertThat(out[4]).isEqualTo(Math.sqrt(-2 * Math.log(u0)) * Math.cos(2 * Math.PI * u1));
        assertThat(out[5]).isEqualTo(Math.sqrt(-2 * Math.log(u0)) * Math.sin(2 * Math.PI * u1));
    }

    private static void assertBlock(
            int c0, int c1, int c2, int c3, int key0, int key1, int w0, int w1, int w2, int w3) {
        int[] counter = {c0, c1, c2, c3};
        Philox.block(counter, key0, key1);
        assertThat(counter).containsExactly(w0, w1, w2, w3);
    }
}
