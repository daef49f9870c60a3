package org.infoprompt.ops.vector;

import org.infoprompt.ops.Noise;

/** Lays the normals of {@link VectorPhilox} out as the losses want them. */
final class NoiseGenerator {
    private final int[] words = new int[4 * Lanes.COUNT];
    private final float[] n = new float[Lanes.COUNT];
    private final float[] f = new float[Lanes.COUNT];
    private final float[] blocks = new float[4 * Lanes.COUNT];

    NoiseGenerator() {}

    /**
     * Writes consecutive numbers of one sample.
     *
     * @param start number of the first, a multiple of 4
     * @param count at most 4·COUNT
     * @param out receives them from its beginning
     */
    void consecutive(Noise noise, int stream, int localRow, int sample, int start, int count, float[] out) {
        fill(noise, stream, localRow, start / 4, 1, sample, 0, blocks, 0);
        for (int i = 0; i < count; i++) {
            out[i] = blocks[(i & 3) * Lanes.COUNT + (i >> 2)];
        }
    }

    /** Writes one vector's worth of samples: number l of sample {@code first + i} at {@code l·COUNT + i}. */
    void tile(Noise noise, int stream, int localRow, int first, int width, float[] out) {
        for (int l = 0; l < width; l += 4) {
            fill(noise, stream, localRow, l / 4, 0, first, 1, out, l * Lanes.COUNT);
        }
    }

    private void fill(
            Noise noise,
            int stream,
            int localRow,
            int block,
            int blockStep,
            int sample,
            int sampleStep,
            float[] out,
            int offset) {
        int call = noise.step() * 4 + stream;
        VectorPhilox.fill(
                block,
                blockStep,
                sample,
                sampleStep,
                noise.row(localRow),
                call,
                noise.seed(),
                words,
                n,
                f,
                out,
                offset);
    }
}
